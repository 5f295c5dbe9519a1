"""Which master id each cluster bears: the one it had, as far as that can be said, else one made from its content.

A cluster keeps the id of the old master with which it shares most contacts (ties: the older master, then the smaller
id). Of a split master the largest part keeps the id; when masters join, the ids that are given up become aliases, and
no id that was ever given up or is in use is given to anybody else.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from listmerge.engine import Engine
from listmerge.model import Columns, MasterId
from listmerge.stages import Findings, Settings, Stage

if TYPE_CHECKING:
    import pyarrow as pa

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"        # RFC 4648 base 32
DIGEST_BYTES: Final = 10                                    # 80 bits: sixteen digits of five bits

KEPT: Final[Columns] = (("cluster", "int32"), ("master_id", "string"))
FRESH: Final[Columns] = (("cluster", "int32"), ("key", "string"), ("master_id", "string"))

#: Helper tables in the order in which they are made; `{attempt}` tables come between the last two.
_HELD = """
    SELECT k.cluster, a.master_id, min(a.age) AS age, min(a.first_imported) AS first_imported, count(*) AS shared,
           CAST(dense_rank() OVER (ORDER BY a.master_id) AS INTEGER) AS old
    FROM assigned a JOIN identify_members k ON a.record_id = k.record_id AND a.part = k.part
    GROUP BY k.cluster, a.master_id
"""
_MEMBERS = """
    SELECT n.contact, n.record_id, n.part, n.source, k.cluster
    FROM (SELECT record_id, part, source,
                 CAST(row_number() OVER (ORDER BY record_id, part) - 1 AS INTEGER) AS contact
          FROM contacts) n
    JOIN clusters k ON n.contact = k.contact
"""
_EDGES = """
    SELECT cluster AS "left", CAST(old + (SELECT count(*) FROM contacts) AS INTEGER) AS "right" FROM identify_held
"""
_TOGETHER = """
    SELECT h.cluster, h.master_id, h.age, h.shared, p.cluster AS together
    FROM identify_held h JOIN identify_parts p ON h.cluster = p.contact
"""
_KEYLESS = """
    SELECT m.cluster, m.record_id, m.part FROM identify_members m LEFT JOIN identify_kept k ON m.cluster = k.cluster
    WHERE m.contact = m.cluster AND k.cluster IS NULL
"""
_TAKEN = "SELECT master_id FROM assigned UNION SELECT master_id FROM retired"
_FIRSTS = """
    SELECT m.cluster, min(CASE WHEN s.first_imported > '' THEN s.first_imported END) AS first_imported
    FROM identify_members m LEFT JOIN sources s ON m.source = s.source GROUP BY m.cluster
"""
_IDENTITIES = """
    SELECT h.cluster, h.master_id, CAST(h.age AS BIGINT) AS age, h.first_imported
    FROM identify_held h JOIN identify_kept k ON h.cluster = k.cluster AND h.master_id = k.master_id
    UNION ALL
    SELECT f.cluster, f.master_id, (SELECT CAST(coalesce(max(age), 0) + 1 AS BIGINT) FROM assigned) AS age,
           CASE WHEN (SELECT count(*) FROM assigned) > 0 THEN '{today}' ELSE coalesce(d.first_imported, '{today}') END
           AS first_imported
    FROM identify_fresh f JOIN identify_firsts d ON f.cluster = d.cluster
    ORDER BY cluster
"""
_ALIASES = """
    SELECT l.master_id AS old_id, i.master_id AS new_id, '' AS run
    FROM (SELECT h.master_id, h.cluster,
                 row_number() OVER (PARTITION BY h.master_id ORDER BY h.shared DESC, h.cluster) AS place
          FROM identify_held h LEFT JOIN identify_kept k ON h.master_id = k.master_id
          WHERE k.master_id IS NULL) l
    JOIN identities i ON l.cluster = i.cluster
    WHERE l.place = 1 ORDER BY l.master_id
"""


def first_id(key: str) -> MasterId:
    """The id of a master whose smallest contact has this key (`model.contact_key`): 'M' and sixteen base-32 digits."""
    return MasterId("M" + short_ids([key])[0])


def short_ids(keys: list[str]) -> list[str]:
    """Sixteen base-32 digits (80 bits of BLAKE2b) for each key."""
    digests = b"".join([hashlib.blake2b(key.encode(), digest_size=DIGEST_BYTES).digest() for key in keys])
    bits = np.unpackbits(np.frombuffer(digests, np.uint8)).reshape(-1, 5)
    digits = bits @ np.array([16, 8, 4, 2, 1], np.uint8)
    letters = np.frombuffer(ALPHABET.encode(), np.uint8)[digits]
    return [str(text, "ascii") for text in letters.view("S16").tolist()]


def keep_ids(held: pa.Table) -> np.ndarray[Any, Any]:
    """Which rows of (cluster, master_id, age, shared) hold: every cluster and every master at most once, the pairs with
    most shared contacts first (then the older, the smaller id, the smaller cluster). A Boolean per row."""
    columns = {name: held[name].to_numpy() for name in ("cluster", "age", "shared")}
    masters = held["master_id"].to_numpy()
    best_first = np.lexsort((columns["cluster"], masters.astype("U"), columns["age"], -columns["shared"]))
    clusters = np.unique(columns["cluster"], return_inverse=True)[1][best_first]
    olds = np.unique(masters.astype("U"), return_inverse=True)[1][best_first]
    kept = np.zeros(len(best_first), bool)
    rest = np.arange(len(best_first))
    while len(rest):
        mutual = _is_first(clusters[rest]) & _is_first(olds[rest])
        kept[best_first[rest[mutual]]] = True
        settled = np.isin(clusters[rest], clusters[rest[mutual]]) | np.isin(olds[rest], olds[rest[mutual]])
        rest = rest[~settled]
    return kept


def _is_first(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """True where a value stands for the first time."""
    first = np.zeros(len(values), bool)
    first[np.unique(values, return_index=True)[1]] = True
    return first


def _kept(held: pa.Table) -> list[pa.Table]:
    import pyarrow as pa

    return [held.filter(pa.array(keep_ids(held))).select(["cluster", "master_id"])]


def _with_ids(keyless: pa.Table) -> list[pa.Table]:
    import pyarrow.compute as pc

    part = pc.cast(keyless["part"], "string")
    key = pc.binary_join_element_wise(keyless["record_id"].cast("string"), part, ".")
    return [_identified(keyless["cluster"], key)]


def _identified(cluster: Any, key: Any) -> pa.Table:
    import pyarrow as pa

    ids = ["M" + digits for digits in short_ids(key.to_pylist())]
    return pa.table({"cluster": cluster, "key": key, "master_id": pa.array(ids, pa.string())})


def _once_more(collided: pa.Table) -> list[pa.Table]:
    """The same keys with one more sign, so that they give other ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    key = pc.binary_join_element_wise(collided["key"].cast("string"), pa.scalar("+"), "")
    return [_identified(collided["cluster"], key)]


def _give_fresh_ids(engine: Engine) -> list[str]:
    """Makes `identify_fresh` (cluster, key, master_id) with ids neither in use nor given up; names what to drop."""
    engine.map({"identify_try0": FRESH}, ["identify_keyless"], _with_ids)
    parts, made, attempt = [], ["identify_try0"], 0
    while True:
        tried = f"identify_try{attempt}"
        join = f"FROM {tried} f LEFT JOIN identify_taken t ON f.master_id = t.master_id"
        engine.sql(f"identify_good{attempt}", f"SELECT f.* {join} WHERE t.master_id IS NULL")
        engine.sql(f"identify_bad{attempt}", f"SELECT f.cluster, f.key {join} WHERE t.master_id IS NOT NULL")
        parts.append(f"SELECT * FROM identify_good{attempt}")
        made += [f"identify_good{attempt}", f"identify_bad{attempt}"]
        if not engine.get(f"identify_bad{attempt}", ["cluster"]).num_rows:
            break
        attempt += 1
        engine.map({f"identify_try{attempt}": FRESH}, [f"identify_bad{attempt - 1}"], _once_more)
        made.append(f"identify_try{attempt}")
    engine.sql("identify_fresh", " UNION ALL ".join(parts))
    return [*made, "identify_fresh"]


def run(engine: Engine, settings: Settings, findings: Findings) -> None:
    """Makes `identities` and `aliases`; counts new, kept and retired ids."""
    engine.sql("identify_members", _MEMBERS)
    engine.sql("identify_held", _HELD)
    engine.sql("identify_edges", _EDGES)
    engine.components("identify_parts", "identify_edges")
    engine.sql("identify_together", _TOGETHER)
    engine.map({"identify_kept": KEPT}, ["identify_together"], _kept, together="together")
    engine.sql("identify_keyless", _KEYLESS)
    engine.sql("identify_taken", _TAKEN)
    made = _give_fresh_ids(engine)
    engine.sql("identify_firsts", _FIRSTS)
    engine.sql("identities", _IDENTITIES.format(today=settings.today.replace("'", "")))
    engine.sql("aliases", _ALIASES)
    findings.counts["masters_new"] = engine.get("identify_fresh", ["cluster"]).num_rows
    findings.counts["masters_kept"] = engine.get("identify_kept", ["cluster"]).num_rows
    findings.counts["masters_retired"] = engine.get("aliases", ["old_id"]).num_rows
    engine.drop("identify_members", "identify_held", "identify_edges", "identify_parts", "identify_together",
                "identify_kept", "identify_keyless", "identify_taken", "identify_firsts", *made)


IDENTIFY: Final = Stage(
    name="identify",
    reads=("contacts", "clusters", "sources", "assigned", "retired"),
    makes=("identities", "aliases"),
    run=run,
)
