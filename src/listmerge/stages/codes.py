"""Values as numbers: each distinct text has a code, so that it is looked at once, and counted by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Codes = Any       # numpy array of int32 (numpy's own types say less than the words here)

NONE: Final = -1
#: Numbers below this can be packed into one of 64 bits.
LARGEST: Final = 2**62
#: Values of these qualities are nobody's: they are not compared.
UNUSABLE: Final = ("placeholder", "invalid", "damaged")


def encode(column: Any) -> tuple[Codes, pa.Array]:
    """Text column -> code per row (NONE for '') and the distinct texts by code, which stay Arrow's: as many objects of
    Python would hold the interpreter and 70 bytes each."""
    encoded = pc.dictionary_encode(column)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks() if encoded.num_chunks else pa.array([], encoded.type)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    codes, texts = encoded.indices.fill_null(NONE).to_numpy(zero_copy_only=False), encoded.dictionary
    empty = pc.index(texts, "").as_py()
    if empty < 0:
        return codes, texts
    without = codes - (codes > empty)
    without[codes == empty] = NONE
    return without, pa.concat_arrays([texts[:empty], texts[empty + 1:]])


def coded_among(known: pa.Array, codes: Codes, texts: pa.Array) -> tuple[Codes, pa.Array]:
    """Codes and their texts as codes of the texts that are `known`, and these with those after them that are new."""
    place = pc.index_in(texts, known)
    new = place.is_null().to_numpy(zero_copy_only=False)
    places = np.where(new, len(known) - 1 + np.cumsum(new), place.fill_null(0).to_numpy()).astype(np.int32)
    return np.append(places, np.int32(NONE))[codes], pa.concat_arrays([known, texts.filter(pa.array(new))])


def texts_at(texts: pa.Array, codes: Codes) -> pa.Array:
    """The text of each code, '' for NONE."""
    codes = pa.array(codes, mask=codes < 0)
    return pc.fill_null(texts.take(codes), "") if codes.null_count else texts.take(codes)


def distinct(numbers: Any) -> Any:
    """Each number once, sorted (numpy's own `unique` hashes, which is slow where most are different)."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def combine(left: Codes, right: Codes) -> Codes:
    """Two codes as one (int64, no larger than need be, in the order of the first, then the second), NONE where either
    is."""
    both = left.astype(np.int64) * (int(right.max(initial=NONE)) + 1) + right
    both[(left < 0) | (right < 0)] = NONE
    return both


def ranked(keys: Any) -> tuple[Codes, Any]:
    """Keys of 0 or more -> the rank of each among the different ones, and the first row of each of these."""
    if not len(keys):
        return np.empty(0, np.int32), np.empty(0, np.int64)
    rows, ordered = _sorted(keys)
    new = np.append(True, ordered[1:] != ordered[:-1])
    ranks = np.empty(len(keys), np.int32)
    ranks[rows] = np.cumsum(new, dtype=np.int32) - np.int32(1)
    return ranks, np.minimum.reduceat(rows, np.flatnonzero(new))


def _sorted(keys: Any) -> tuple[Any, Any]:
    """The rows in the order of their keys, and these keys. Key and row are sorted as one number where they fit into
    one: that takes a third of the time of sorting the rows."""
    bits = len(keys).bit_length()
    if int(keys.max()) >= LARGEST >> bits:
        rows = np.argsort(keys)
        return rows, keys[rows]
    both = np.sort((keys.astype(np.int64) << bits) | np.arange(len(keys)))
    return both & ((1 << bits) - 1), both >> bits


def recode(keys: Any) -> tuple[Codes, int]:
    """Any integer keys -> codes 0…k-1 (NONE stays) and k."""
    known = keys >= 0
    ranks, first = ranked(keys[known])
    codes = np.full(len(keys), NONE, np.int32)
    codes[known] = ranks
    return codes, len(first)


def together(columns: Sequence[Codes]) -> tuple[Codes, int]:
    """Rows of several codes -> codes 0…k-1 for all of them together (NONE where all are) and k."""
    whole, room = np.zeros(len(columns[0]), np.int64), 1
    filled = np.zeros(len(whole), bool)
    most = LARGEST >> len(whole).bit_length()       # `ranked` is quick below it
    for codes in columns:
        size = int(codes.max(initial=NONE)) + 2
        if room * size >= most:
            whole, room = recode(whole)
        whole, room = whole.astype(np.int64) * size + (codes + 1), room * size
        filled |= codes >= 0
    return recode(np.where(filled, whole, NONE))


@dataclass(frozen=True, slots=True)
class Values:
    """Values of which a contact may have several: `codes[offsets[c]:offsets[c + 1]]` are those of contact c.

    `texts` are the distinct values by code (a text column); `people` counts the people behind each.
    """

    offsets: Codes
    codes: Codes
    texts: Any
    people: Any
    rows: Codes           # row of the source table that each of `codes` stands for

    def owners(self) -> Codes:
        """The contact of each value."""
        return np.repeat(np.arange(len(self.offsets) - 1, dtype=np.int32), np.diff(self.offsets))


@dataclass(frozen=True, slots=True)
class Who:
    """Codes per contact for who it is: `surely` others where they differ (initials), `probably` others (names), and for
    those without a name who they are by their own e-mail, phone or row (`nameless`)."""

    surely: Codes
    probably: Codes
    nameless: Codes


def people_behind(codes: Codes, people: Codes, size: int) -> Any:
    """For each value 0…size-1: how many different people have it; one 0 more, so that NONE has an answer too."""
    known = (codes >= 0) & (people >= 0)
    pairs = distinct((codes[known].astype(np.int64) << 32) | people[known].astype(np.int64))
    return np.bincount(pairs >> 32, minlength=size + 1).astype(np.int32)


def people_of(codes: Codes, who: Who, owners: Codes, size: int) -> Any:
    """About how many people have each value: initials count few people surely, names count many. Two without a name may
    be one who wrote their address in two ways."""
    few = people_behind(codes, who.surely[owners], size)
    named = np.where(few > 2, people_behind(codes, who.probably[owners], size), few)
    return np.maximum(named, people_behind(codes, who.nameless[owners], size) - 1)


def crowd_of(codes: Codes, who: Who, owners: Codes, size: int) -> Any:
    """About how many people have each value that many people have."""
    return np.maximum(people_behind(codes, who.probably[owners], size),
                      people_behind(codes, who.nameless[owners], size))


def values_of(table: pa.Table, encoded: tuple[Codes, Any], count: int, who: Who) -> Values:
    """The values of a table with columns contact and quality, by contact; `encoded` has a code per row."""
    codes, texts = encoded
    owners = table["contact"].to_numpy()
    if "quality" in table.column_names:
        usable = pc.invert(pc.is_in(table["quality"], pa.array(UNUSABLE))).to_numpy(zero_copy_only=False)
        codes = np.where(usable, codes, NONE)
    known = by_owner(owners, np.flatnonzero(codes >= 0))
    return Values(offsets_of(owners[known], count), codes[known], texts, people_of(codes, who, owners, len(texts)),
                  known.astype(np.int32))


def by_owner(owners: Codes, rows: Any) -> Any:
    """The rows in the order of their owners; most tables are in it."""
    mine = owners[rows]
    return rows if (mine[1:] >= mine[:-1]).all() else rows[np.argsort(mine, kind="stable")]


def offsets_of(owners: Codes, count: int) -> Any:
    """Where the values of each owner begin, and the end of the last one's; the owners are sorted."""
    return np.append(0, np.cumsum(np.bincount(owners, minlength=count)))


@dataclass(frozen=True, slots=True)
class WordLists:
    """The words of some texts: `values` has one owner per text, `bits` how rare each word is among the texts."""

    values: Values
    bits: Any

    def weight_of(self, texts: Codes) -> Any:
        """Bits of all words of each text."""
        total = np.bincount(self.values.owners(), self.bits[self.values.codes], minlength=len(self.values.offsets) - 1)
        return total[texts]


def word_lists(texts: pa.Array) -> WordLists:
    """The different words of each text, with a rarity among these texts (in short lists, a common one)."""
    listed = pc.split_pattern(texts, " ")
    owners, (codes, words) = np.asarray(pc.list_parent_indices(listed)), encode(pc.list_flatten(listed))
    alphabetical = pc.rank(words).to_numpy().astype(np.int64) - 1
    known = codes >= 0
    pairs = distinct((owners[known].astype(np.int64) << 32) | alphabetical[codes[known]])
    owners, codes = pairs >> 32, (pairs & 0xFFFFFFFF).astype(np.int32)
    different = words.take(pc.sort_indices(words))
    often = np.bincount(codes, minlength=len(different))
    bits = -np.log2((np.maximum(often - 1, 0) + 0.5) / (len(texts) + 60))
    return WordLists(Values(offsets_of(owners, len(texts)), codes, different, often, np.arange(len(codes))),
                     np.maximum(bits, 0.1))
