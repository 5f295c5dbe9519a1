"""What the merge works on: every row of a contact beside the cluster that it is in, and what is known of its addresses.

All of it is SQL over the tables of the run. The rows are ordered here, where that is cheapest.
"""

from __future__ import annotations

from typing import Final

from listmerge.engine import Engine
from listmerge.model import CONTACTS

#: Of these only whether there is a text matters here; a nickname shows nowhere.
_FLAGS: Final = ("notes", "language")
_FLAG: Final = "CASE WHEN c.{0} <> '' THEN 'x' ELSE '' END AS {0}"
_SHOWN: Final = tuple(name for name, _ in CONTACTS if name != "nickname")
_COLUMNS: Final = ", ".join((_FLAG if name in _FLAGS else "c.{0}").format(name) for name in _SHOWN)

_NUMBERED = """
    SELECT record_id, part, source, CAST(row_number() OVER (ORDER BY record_id, part) - 1 AS INTEGER) AS contact
    FROM contacts
"""
_MEMBERS = f"""
    SELECT k.cluster, k.contact, k.probability, {_COLUMNS},
           coalesce(s.trust, 0) AS trust, coalesce(s.reference_only, FALSE) AS reference_only,
           coalesce(s.use_until, '') AS use_until, coalesce(s.snapshot_date, '') AS snapshot_date,
           coalesce(s.relationship, '') AS source_relationship, coalesce(s.permission, '') AS source_permission,
           CASE WHEN c.given_key = '' THEN 0 ELSE g.many END + CASE WHEN c.family_key = '' THEN 0 ELSE f.many END
           AS name_count
    FROM contacts c
    JOIN (SELECT given_key, count(*) AS many FROM contacts GROUP BY given_key) g ON c.given_key = g.given_key
    JOIN (SELECT family_key, count(*) AS many FROM contacts GROUP BY family_key) f ON c.family_key = f.family_key
    JOIN merge_numbered n ON c.record_id = n.record_id AND c.part = n.part
    JOIN clusters k ON n.contact = k.contact
    LEFT JOIN sources s ON c.source = s.source
    ORDER BY k.cluster, k.contact
"""
_VALUES = """
    SELECT k.cluster, v.* FROM {table} v JOIN clusters k ON v.contact = k.contact ORDER BY k.cluster, k.contact
"""

# Facts that hold for an address wherever it stands, whoever said them: refusals and bounces of every record, of
# records that are gone, and those entered by hand.
_SAID = """
    SELECT DISTINCT v.channel, v.address_key, v.fact, v.value, v.date, m.source, FALSE AS by_hand
    FROM merge_statements v JOIN merge_numbered m ON v.contact = m.contact
    WHERE v.fact IN ('refusal', 'deliverability') AND v.value <> '' AND v.address_key <> ''
    UNION
    SELECT channel, address_key, 'refusal' AS fact, refusal AS value, date, source, by_hand
    FROM standing_refusals WHERE refusal <> '' AND address_key <> ''
"""
_POSTAL_KEY = "v.street_key || '|' || v.number_key || '|' || v.city_key || '|' || v.postal_key"
_REACHED = """
    SELECT v.cluster, s.* FROM merge_emails v JOIN merge_said s ON s.channel = 'email' AND s.address_key = v.email_key
    UNION
    SELECT v.cluster, s.* FROM merge_phones v
    JOIN merge_said s ON s.channel IN ('phone', 'sms') AND s.address_key = v.phone_key
    UNION
    SELECT v.cluster, s.* FROM merge_addresses v
    JOIN merge_said s ON s.channel = 'post' AND s.address_key = {postal_key}
    UNION
    SELECT v.cluster, s.* FROM merge_statements v
    JOIN merge_said s ON s.channel = v.channel AND s.address_key = v.address_key
    UNION
    SELECT v.cluster, v.channel, v.address_key, v.fact, v.value, v.date, m.source, FALSE AS by_hand
    FROM merge_statements v JOIN merge_numbered m ON v.contact = m.contact
    WHERE v.fact = 'refusal' AND v.value <> '' AND v.address_key = ''
"""

#: The tables made here, in order, with their queries.
QUERIES: Final = (
    ("merge_numbered", _NUMBERED),
    ("merge_members", _MEMBERS),
    ("merge_emails", _VALUES.format(table="emails")),
    ("merge_phones", _VALUES.format(table="phones")),
    ("merge_addresses", _VALUES.format(table="addresses")),
    ("merge_statements", _VALUES.format(table="statements")),
    ("merge_identifiers", _VALUES.format(table="identifiers")),
    ("merge_said", _SAID),
    ("merge_facts", _REACHED.format(postal_key=_POSTAL_KEY)),
)

#: The tables whose rows come together by `cluster`, in the order in which a batch takes them.
TOGETHER: Final = ("identities", "merge_members", "merge_emails", "merge_phones", "merge_addresses",
                   "merge_statements", "merge_identifiers", "merge_facts")


def gather(engine: Engine) -> None:
    """Makes the tables of `QUERIES`."""
    for name, query in QUERIES:
        engine.sql(name, query)


def forget(engine: Engine) -> None:
    """Drops them again."""
    engine.drop(*(name for name, _ in QUERIES))
