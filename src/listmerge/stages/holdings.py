"""Which contacts of the last run are still there, and which clusters hold contacts of which of its masters.

Contacts are looked up by number: they stand in the order of their keys, so that nothing as wide as a text is joined.
Most clusters hold the contacts of one master, and most masters are held by one cluster: these are told by comparing
each row with the first of its cluster, and only the ids of the others are made into numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from listmerge.fields.text import bytes_of
from listmerge.stages.clean.tables import first_digits

if TYPE_CHECKING:
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

MOST_PARTS: Final = 1 << 16                                 # people in one record
_ID_SIZE: Final = 17                                        # of a master's id: a letter and sixteen digits
#: An odd number without a pattern, by which one half of an id is mixed into the other.
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Held:
    """Which clusters hold contacts of which old masters, once each: `shared` contacts, the master's `old` number among
    `masters`, its age and first import."""

    cluster: Numbers
    old: Numbers
    shared: Numbers
    age: Numbers
    first_imported: pa.Array
    masters: pa.Array

    def contest(self) -> pa.Table:
        """The rows as `keep_ids` asks for them."""
        import pyarrow as pa

        ids = pa.DictionaryArray.from_arrays(pa.array(self.old), self.masters)
        return pa.table({"cluster": self.cluster, "master_id": ids, "age": self.age, "shared": self.shared})


def contacts_of(contacts: pa.Table, assigned: pa.Table) -> Numbers:
    """The number of each assigned contact (record_id, part), -1 where it is gone. `contacts` are in the order of these.

    It needs nothing else: it may be worked out beside other work."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ids, wanted = contacts["record_id"].combine_chunks(), assigned["record_id"].combine_chunks()
    if not (len(ids) and len(wanted)):
        return np.full(len(wanted), -1)
    number, sought = first_digits(ids), first_digits(wanted)
    if not (number.any() and sought.any()):     # some have no such digits: none is told apart by them
        number[:] = sought[:] = 0
    part, wanted_part = contacts["part"].to_numpy(), assigned["part"].to_numpy()
    place: Numbers = np.minimum(np.searchsorted(number, sought), len(ids) - 1)
    place = np.clip(place + wanted_part - part[place], 0, len(ids) - 1)
    found = part[place] == wanted_part
    found &= pc.equal(ids.take(pa.array(place)), wanted).to_numpy(zero_copy_only=False)
    others = np.flatnonzero(~found)
    alike = np.flatnonzero(_within(number, sought[others]))
    place[others] = _by_text(contacts, alike, assigned.take(pa.array(others)))
    return place


def _within(number: Numbers, sought: Numbers) -> Numbers:
    """Which of the numbers, which ascend, are sought."""
    change = np.zeros(len(number) + 1, np.int64)
    np.add.at(change, np.searchsorted(number, sought), 1)
    np.add.at(change, np.searchsorted(number, sought, side="right"), -1)
    within: Numbers = np.cumsum(change[:-1]) > 0
    return within


def _by_text(contacts: pa.Table, alike: Numbers, assigned: pa.Table) -> Numbers:
    """The number of each assigned contact, which is one of `alike` or -1: by its record id as a text, and its part."""
    import pyarrow as pa
    import pyarrow.compute as pc

    some = contacts.select(["record_id", "part"]).take(pa.array(alike))
    records = some["record_id"].combine_chunks().dictionary_encode()
    record = pc.fill_null(pc.index_in(assigned["record_id"], value_set=records.dictionary), -1).to_numpy()
    wanted = record.astype(np.int64) * MOST_PARTS + assigned["part"].to_numpy()
    keys = records.indices.to_numpy().astype(np.int64) * MOST_PARTS + some["part"].to_numpy()
    place = np.searchsorted(keys, wanted)       # they ascend, since contacts do
    found = (np.append(keys, -1)[place] == wanted) & (record >= 0)
    return np.where(found, np.append(alike, -1)[place], -1)


def held(assigned: pa.Table, now: Numbers) -> Held:
    """The old masters of the contacts that are still there; `now` is the cluster of each."""
    import pyarrow as pa

    ids = assigned["master_id"].combine_chunks()
    first = _first_rows(now)
    contested = _contested(ids, now, first)
    shared = np.flatnonzero(contested[now])
    lone = np.flatnonzero((first >= 0) & ~contested)
    codes = ids.take(pa.array(shared)).dictionary_encode()
    pairs, pair = np.unique((now[shared] << 32) | codes.indices.to_numpy(), return_inverse=True)
    which = (np.cumsum((first >= 0) & ~contested) - 1)[now]
    which[shared] = len(lone) + pair
    return Held(
        np.concatenate([lone, pairs >> 32]), np.concatenate([np.arange(len(lone)), len(lone) + (pairs & 0xFFFFFFFF)]),
        np.bincount(which, minlength=len(lone) + len(pairs)),
        _least(assigned["age"].to_numpy(), which, len(lone) + len(pairs)),
        _earliest(assigned["first_imported"], which, len(lone) + len(pairs)),
        pa.concat_arrays([ids.take(pa.array(first[lone])), codes.dictionary]))


def _first_rows(now: Numbers) -> Numbers:
    """The first row of each cluster, -1 where it has none."""
    first = np.full(now.max(initial=-1) + 1, -1)
    first[now[::-1]] = np.arange(len(now))[::-1]
    return first


def _contested(ids: pa.Array, now: Numbers, first: Numbers) -> Numbers:
    """The clusters that hold contacts of several masters, or share a master with another cluster: all that do, and
    seldom one that does not."""
    halves = _halves(ids)
    if halves is None:
        return np.ones(len(first), bool)
    head = first[now]
    odd = np.flatnonzero((halves[0] != halves[0][head]) | (halves[1] != halves[1][head]))
    shown = np.concatenate([first[first >= 0], odd])
    contested = np.zeros(len(first), bool)
    contested[now[odd]] = True
    contested[now[shown[_alike((halves[0][shown] * _MIXER) ^ halves[1][shown])]]] = True
    return contested


def _alike(numbers: Numbers) -> Numbers:
    """The places of numbers of which there is a second one, told by their upper bits: the lower ones hold the place."""
    size = np.uint64(len(numbers).bit_length())
    ordered = np.sort((numbers >> size << size) | np.arange(len(numbers), dtype=np.uint64))
    same = (ordered[1:] ^ ordered[:-1]) >> size == 0
    alike = ordered[np.append(same, False) | np.append(False, same)]
    places: Numbers = (alike & ((np.uint64(1) << size) - np.uint64(1))).astype(np.int64)
    return places


def _halves(ids: pa.Array) -> tuple[Numbers, Numbers] | None:
    """What follows the first letter of the ids of masters, as two numbers each; None where one is no such id."""
    data, ends = bytes_of(ids)
    if not len(ids) or (np.diff(ends) != _ID_SIZE).any():
        return None
    texts = data[ends[0] : ends[-1]].reshape(-1, _ID_SIZE)
    if (texts[:, 0] != texts[0, 0]).any():
        return None
    words = texts[:, 1:].view(np.uint64)
    return words[:, 0].copy(), words[:, 1].copy()


def _least(values: Numbers, which: Numbers, count: int) -> Numbers:
    """The least of the values of each of `count` rows."""
    least = np.full(count, values.max(initial=0))
    np.minimum.at(least, which, values)
    return least


def _earliest(days: pa.ChunkedArray, which: Numbers, count: int) -> pa.Array:
    """The same of days."""
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = days.combine_chunks().dictionary_encode()
    order = pc.sort_indices(codes.dictionary)
    rank = np.empty(len(order), np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    return codes.dictionary.take(order).take(pa.array(_least(rank[codes.indices.to_numpy()], which, count)))
