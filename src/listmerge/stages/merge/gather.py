"""What the merge works on: the rows of some clusters out of the lists, and what is known of their addresses.

The lists stay where they are: a batch takes only its own rows, so that nothing of their width is copied or sorted as a
whole (a join of all contacts took 1.2 GB more at a million). What concerns an address whoever said it is SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from listmerge.engine import Engine
from listmerge.model import CONTACTS
from listmerge.stages.merge.batch import in_order
from listmerge.stages.merge.groups import Numbers, filled, labels, numbers, taken, text

#: The tables of values of contacts.
VALUES: Final = ("emails", "phones", "addresses", "statements", "identifiers")
#: Columns of contacts that show in no master: a nickname.
_UNUSED: Final = frozenset({"nickname"})

# Facts that hold for an address wherever it stands, whoever said them: refusals and bounces of every record, of
# records that are gone, and those entered by hand.
_SAID = """
    SELECT DISTINCT v.channel, v.address_key, v.fact, v.value, v.date, m.source, FALSE AS by_hand
    FROM statements v JOIN merge_sources m ON v.contact = m.contact
    WHERE v.fact IN ('refusal', 'deliverability') AND v.value <> '' AND v.address_key <> ''
    UNION
    SELECT channel, address_key, 'refusal' AS fact, refusal AS value, date, source, by_hand
    FROM standing_refusals WHERE refusal <> '' AND address_key <> ''
"""
_POSTAL_KEY = "v.street_key || '|' || v.number_key || '|' || v.city_key || '|' || v.postal_key"
_REACHED = f"""
    SELECT k.cluster, s.* FROM emails v JOIN clusters k ON v.contact = k.contact
    JOIN merge_said s ON s.channel = 'email' AND s.address_key = v.email_key
    UNION
    SELECT k.cluster, s.* FROM phones v JOIN clusters k ON v.contact = k.contact
    JOIN merge_said s ON s.channel IN ('phone', 'sms') AND s.address_key = v.phone_key
    UNION
    SELECT k.cluster, s.* FROM addresses v JOIN clusters k ON v.contact = k.contact
    JOIN merge_said s ON s.channel = 'post' AND s.address_key = {_POSTAL_KEY}
    UNION
    SELECT k.cluster, s.* FROM statements v JOIN clusters k ON v.contact = k.contact
    JOIN merge_said s ON s.channel = v.channel AND s.address_key = v.address_key
    UNION
    SELECT k.cluster, v.channel, v.address_key, v.fact, v.value, v.date, m.source, FALSE AS by_hand
    FROM statements v JOIN clusters k ON v.contact = k.contact JOIN merge_sources m ON v.contact = m.contact
    WHERE v.fact = 'refusal' AND v.value <> '' AND v.address_key = ''
"""


@dataclass(frozen=True)
class Lists:
    """The tables of all contacts, each sorted by contact; `name_count` is how many contacts bear the given name and the
    family name of each, in sum; `starts` says for each table of values where those of a contact begin. The last of
    `sources` is that of which nothing is said."""

    contacts: pa.Table
    sources: pa.Table
    values: dict[str, pa.Table]
    starts: dict[str, Numbers]
    name_count: Numbers

    @classmethod
    def of(cls, engine: Engine) -> Lists:
        """The lists of a run."""
        contacts = engine.get("contacts", [name for name, _ in CONTACTS if name not in _UNUSED]).combine_chunks()
        values = {name: engine.get(name) for name in VALUES}
        values = {name: in_order(one, *_place(one)).combine_chunks() for name, one in values.items()}
        every = np.arange(contacts.num_rows + 1, dtype=np.int32)
        starts = {name: np.searchsorted(numbers(one, "contact"), every).astype(np.int32)
                  for name, one in values.items()}
        return cls(contacts, _with_unknown(engine.get("sources")), values, starts,
                   _bearers(text(contacts, "given_key")) + _bearers(text(contacts, "family_key")))

    def members(self, clusters: pa.Table) -> pa.Table:
        """The contacts of some rows of `clusters`, sorted by cluster."""
        rows = in_order(clusters, numbers(clusters, "cluster"), numbers(clusters, "contact")).combine_chunks()
        contact = numbers(rows, "contact")
        members = taken(self.contacts, contact).append_column("name_count", pa.array(self.name_count[contact]))
        for name in rows.column_names:
            members = members.append_column(name, rows[name])
        return members

    def of_members(self, name: str, members: pa.Table) -> tuple[pa.Table, Numbers]:
        """The values of a batch of contacts, contact by contact in the order of their slots; and of each the row of its
        contact in the batch."""
        contact, table, starts = numbers(members, "contact"), self.values[name], self.starts[name]
        first = starts[contact].astype(np.int64)
        count = starts[contact + 1] - first
        at = np.repeat(np.arange(len(contact)), count)
        return taken(table, (first - np.cumsum(count) + count)[at] + np.arange(len(at))), at


def _place(values: pa.Table) -> list[Numbers]:
    """What values are sorted by."""
    return [numbers(values, name) for name in ("contact", "slot") if name in values.column_names]


def _with_unknown(sources: pa.Table) -> pa.Table:
    """The sources, and one of which nothing is said."""
    nothing = [pa.array([""]) if pa.types.is_string(field.type) else pa.array([0]).cast(field.type)
               for field in sources.schema]
    unknown = pa.table(nothing, schema=sources.schema)
    return pa.concat_tables([sources, unknown]).combine_chunks()


def _bearers(names: pa.Array) -> Numbers:
    """How many rows have the name of each row; 0 for no name."""
    number = labels(names)
    return np.where(filled(names), np.bincount(number, minlength=1)[number], 0) if len(number) else number


def gather_facts(engine: Engine) -> None:
    """Makes `said`: what holds for the addresses of each cluster, whoever said it."""
    source = engine.get("contacts", ["source"]).combine_chunks()
    engine.put("merge_sources", source.append_column("contact", pa.array(np.arange(source.num_rows, dtype=np.int32))))
    engine.sql("merge_said", _SAID)
    engine.sql("said", _REACHED)
    engine.drop("merge_sources", "merge_said")
