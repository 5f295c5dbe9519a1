"""Which master id each cluster bears: the one it had, as far as that can be said, else one made from its content.

A cluster keeps the id of the old master with which it shares most contacts (ties: the older master, then the smaller
id). Of a split master the largest part keeps the id; when masters join, the ids that are given up become aliases, and
no id that was ever given up or is in use is given to anybody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from listmerge.engine import Engine
from listmerge.model import ALIASES, IDENTITIES, SEEN, MasterId, arrow_schema
from listmerge.stages import Findings, Settings, Stage, holdings
from listmerge.stages.holdings import Held, contacts_of

if TYPE_CHECKING:
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"        # RFC 4648 base 32
DIGEST_BYTES: Final = 10                                    # 80 bits: sixteen digits of five bits
_KEYS_AT_ONCE: Final = 100_000


def first_id(key: str) -> MasterId:
    """The id of a master whose smallest contact has this key (`model.contact_key`): 'M' and sixteen base-32 digits."""
    return MasterId("M" + short_ids([key])[0])


def short_ids(keys: list[str]) -> list[str]:
    """Sixteen base-32 digits (80 bits of BLAKE2b) for each key."""
    return [str(text, "ascii") for text in _digits(keys).view("S16").ravel().tolist()]


def ids_of(letter: str, keys: pa.Array) -> pa.Array:
    """The letter and sixteen digits for each key, as a column; some thousand keys at a time are Python's."""
    import pyarrow as pa

    made = [_digits(part.to_pylist()) for part in _slices(keys)]
    digits = np.concatenate(made) if made else np.zeros((0, 16), np.uint8)
    texts = np.concatenate([np.full((len(digits), 1), ord(letter), np.uint8), digits], axis=1)
    ends = np.arange(len(digits) + 1, dtype=np.int32) * texts.shape[1]
    return pa.StringArray.from_buffers(len(digits), pa.py_buffer(ends), pa.py_buffer(texts.tobytes()))


def _digits(keys: list[str]) -> Numbers:
    digests = b"".join([hashlib.blake2b(key.encode(), digest_size=DIGEST_BYTES).digest() for key in keys])
    bits = np.unpackbits(np.frombuffer(digests, np.uint8)).reshape(-1, 5)
    letters = np.frombuffer(ALPHABET.encode(), np.uint8)
    found: Numbers = letters[bits @ np.array([16, 8, 4, 2, 1], np.uint8)].reshape(-1, 16)
    return found


def _slices(keys: pa.Array) -> Iterator[pa.Array]:
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        yield keys.slice(start, _KEYS_AT_ONCE)


def keep_ids(held: pa.Table) -> Numbers:
    """Which rows of (cluster, master_id, age, shared) hold: every cluster and every master at most once, the pairs with
    most shared contacts first (then the older, the smaller id, the smaller cluster). A Boolean per row."""
    import pyarrow.compute as pc

    cluster, ids = held["cluster"].to_numpy(), pc.dictionary_encode(held["master_id"]).combine_chunks()
    kept = _is_alone(cluster) & _is_alone(ids.indices.to_numpy())
    contested = np.flatnonzero(~kept)
    kept[contested[_best_first(held.take(_array(contested)))]] = True
    return kept


def _best_first(held: pa.Table) -> Numbers:
    """`keep_ids` among the masters and clusters that are not each other's only one: the rows that hold."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cluster, age, shared = (held[name].to_numpy() for name in ("cluster", "age", "shared"))
    old = pc.rank(held["master_id"].cast(pa.string()), tiebreaker="dense").to_numpy()
    rest, kept = np.lexsort((cluster, old, age, -shared)), [np.empty(0, np.int64)]
    while len(rest):
        mutual = _is_first(cluster[rest]) & _is_first(old[rest])
        kept.append(rest[mutual])
        rest = rest[~(np.isin(cluster[rest], cluster[rest[mutual]]) | np.isin(old[rest], old[rest[mutual]]))]
    return np.concatenate(kept)


def _is_alone(values: Numbers) -> Numbers:
    """True where a value, a number from 0, stands once only."""
    alone: Numbers = (np.bincount(values) == 1)[values] if len(values) else np.zeros(0, bool)
    return alone


def _is_first(values: Numbers) -> Numbers:
    """True where a value stands for the first time."""
    order = np.argsort(values, kind="stable")
    first = np.ones(len(values), bool)
    first[order[1:]] = values[order][1:] != values[order][:-1]
    return first


def _fresh_ids(contacts: pa.Table, heads: Numbers, taken: pa.Array) -> pa.Array:
    """An id for the cluster of each of these smallest contacts, neither in use nor given up."""
    import pyarrow as pa
    import pyarrow.compute as pc

    smallest = contacts.select(["record_id", "part"]).take(_array(heads)).combine_chunks()
    keys = pc.binary_join_element_wise(smallest["record_id"], smallest["part"].cast(pa.string()), ".")
    keys = keys.combine_chunks()
    ids = ids_of("M", keys)
    while len(met := taken.filter(pc.is_in(taken, value_set=ids))):
        again = pc.is_in(ids, value_set=met)        # the same keys with one more sign, so that they give other ids
        keys = pc.if_else(again, pc.binary_join_element_wise(keys, "+", ""), keys)
        ids = pc.replace_with_mask(ids, again, ids_of("M", keys.filter(again)))
    return ids


def _first_imports(contacts: pa.Table, cluster: Numbers, sources: pa.Table, today: str) -> pa.Array:
    """For each cluster, in order, the earliest day on which a source of its contacts was imported."""
    import pyarrow as pa
    import pyarrow.compute as pc

    days = sorted({day for day in sources["first_imported"].to_pylist() if day})
    rank = {row["source"]: days.index(row["first_imported"]) for row in sources.to_pylist() if row["first_imported"]}
    names = contacts["source"].combine_chunks().dictionary_encode()
    of_source = np.array([rank.get(name, len(days)) for name in names.dictionary.to_pylist()], np.int64)
    earliest = np.full(len(cluster), len(days))
    np.minimum.at(earliest, cluster, of_source[names.indices.to_numpy()])
    heads = np.flatnonzero(cluster == np.arange(len(cluster)))
    return pc.take(pa.array([*days, today], pa.string()), _array(earliest[heads]))


def _identities(engine: Engine, held: Held, kept: Numbers, cluster: Numbers, today: str) -> pa.Table:
    """Every cluster with the id that it kept or is given."""
    import pyarrow as pa
    import pyarrow.compute as pc

    contacts, assigned = engine.get("contacts", ["record_id", "part", "source"]), engine.get("assigned")
    heads = np.flatnonzero(cluster == np.arange(len(cluster)))
    row = np.full(len(cluster), -1)
    row[held.cluster[kept]] = np.flatnonzero(kept)
    row = row[heads]
    new = row < 0
    taken = pa.concat_arrays([*assigned["master_id"].chunks, *engine.get("retired")["master_id"].chunks,
                              pa.array([], pa.string())])
    since = (pa.repeat(today, len(heads)) if assigned.num_rows
             else _first_imports(contacts, cluster, engine.get("sources"), today))
    age = np.where(new, (pc.max(assigned["age"]).as_py() or 0) + 1, np.append(held.age, 0)[row])
    fresh = _fresh_ids(contacts, heads[new], taken)
    ids = pa.concat_arrays([held.masters, fresh])
    which = np.where(new, len(held.masters) + np.cumsum(new) - 1, np.append(held.old, 0)[row])
    since = pc.if_else(_array(new), since, held.first_imported.take(pa.array(row, mask=new)))
    return pa.table([pa.array(heads, pa.int32()), ids.take(_array(which)), pa.array(age), since],
                    schema=arrow_schema(IDENTITIES))


def _aliases(held: Held, kept: Numbers, identities: pa.Table) -> pa.Table:
    """The ids that no cluster keeps, each with that of the cluster which has most of its contacts."""
    import pyarrow as pa

    lost = np.flatnonzero(~np.isin(held.old, held.old[kept]))
    best = lost[np.lexsort((held.cluster[lost], -held.shared[lost], held.old[lost]))]
    best = best[_is_first(held.old[best])]
    row = np.searchsorted(identities["cluster"].to_numpy(), held.cluster[best])
    made = pa.table([held.masters.take(_array(held.old[best])), identities["master_id"].take(_array(row)),
                     pa.repeat("", len(best))], schema=arrow_schema(ALIASES))
    return made.sort_by("old_id")


def run(engine: Engine, settings: Settings, findings: Findings) -> None:
    """Makes `identities`, `aliases`, `seen` and `absent`, the rows of `assigned` whose contacts are gone; counts new,
    kept and retired ids."""
    contacts, clusters = engine.get("contacts", ["record_id", "part"]), engine.get("clusters", ["contact", "cluster"])
    cluster = np.empty(contacts.num_rows, np.int64)
    cluster[clusters["contact"].to_numpy()] = clusters["cluster"].to_numpy()
    assigned = engine.get("assigned")
    contact = contacts_of(contacts, assigned)
    here = contact >= 0
    held = holdings.held(assigned if here.all() else assigned.filter(_array(here)), cluster[contact[here]])
    kept = keep_ids(held.contest())
    identities = _identities(engine, held, kept, cluster, settings.today)
    aliases = _aliases(held, kept, identities)
    engine.put("identities", identities)
    engine.put("aliases", aliases)
    engine.put("absent", assigned.filter(_array(~here)))
    engine.put("seen", _seen(assigned, contact, contacts.num_rows))
    findings.counts["masters_new"] = identities.num_rows - int(kept.sum())
    findings.counts["masters_kept"] = int(kept.sum())
    findings.counts["masters_retired"] = aliases.num_rows


def _seen(assigned: pa.Table, contact: Numbers, size: int) -> pa.Table:
    """SEEN of all contacts; `contact` is the number of each that is assigned, -1 for one that is gone."""
    import pyarrow as pa

    here = np.flatnonzero(contact >= 0)
    row, before = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
    row[contact[here]] = here
    before[contact[here]] = assigned["contact"].to_numpy()[here]
    return pa.table([before, row], schema=arrow_schema(SEEN))


def _array(values: Numbers) -> pa.Array:
    import pyarrow as pa

    return pa.array(values)


IDENTIFY: Final = Stage(
    name="identify",
    reads=("contacts", "clusters", "sources", "assigned", "retired"),
    makes=("identities", "aliases", "absent", "seen"),
    run=run,
)
