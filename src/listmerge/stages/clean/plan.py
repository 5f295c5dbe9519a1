"""From the columns of a file to the values of its rows: which columns make one value, and in which slot it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.dates import proofs, settled
from listmerge.fields.text import bytes_of, is_filled, plain, same_text, trim
from listmerge.model import FIELDS, Column, Mapping

#: Units of which every column is a value of its own, whatever its group.
_COLUMN_WISE: Final = frozenset({"identifier"})
#: Units that have one slot: all their columns say something of the row.
_ONE_SLOT: Final = frozenset({
    "consent", "record", "other", "dropped", "notes", "categories", "relationship", "language",
})
#: Meanings of consent columns that are dates.
DATES: Final = ("opt-in-date", "confirm-date", "opt-out-date", "bounce-date", "status-date")
#: Unit -> characters of the longest cell that is read as such a value. The longest names, jobs and addresses have a few
#: hundred; a cell of e-mails or phones may hold a good many of them. What is longer is some other text, and reading it
#: letter by letter would take the time of a whole list.
LONGEST: Final = {"name": 1_000, "job": 1_000, "address": 2_000, "website": 4_000, "email": 5_000, "phone": 5_000,
                  "categories": 20_000}
_BLANK: Final = 32
_TO_TRIM: Final = r"[^ -~]|^ | $"
_PRINTABLE: Final = bytes(range(32, 127))
#: Bytes of letters in UTF-8 of which none is a blank, a control or a quotation mark: U+00C0 to U+07FF.
_OF_LETTERS: Final = bytes((*range(0x80, 0xC0), *range(0xC3, 0xE0)))


@dataclass(frozen=True, slots=True)
class Value:
    """The columns that make one value of a row: one unit of one part, in one group."""

    part: int
    unit: str
    slot: int
    group: str
    columns: tuple[Column, ...]

    def of(self, *fields: str) -> tuple[Column, ...]:
        """Its columns of these fields, in the file's order."""
        return tuple(column for column in self.columns if column.field in fields)

    def label(self, field: str) -> str:
        """The label that the mapping gives to the value."""
        return next((column.label for column in self.of(field) if column.label), "")


def plan_values(mapping: Mapping) -> list[Value]:
    """The values that a row of this mapping may have. Slots count a unit's groups in the mapping's order: 0, 1, …"""
    found: dict[tuple[int, str, str | int], list[Column]] = {}
    for column in mapping.columns:
        unit = FIELDS[column.field]
        group = column.index if unit in _COLUMN_WISE else column.group
        found.setdefault((column.part, unit, group), []).append(column)
    slots: dict[tuple[int, str], int] = {}
    values = []
    for (part, unit, _), columns in found.items():
        slot = 0 if unit in _ONE_SLOT else slots.get((part, unit), 0)
        slots[part, unit] = slot + 1
        values.append(Value(part, unit, slot, columns[0].group, tuple(columns)))
    return values


class Cells:
    """The cells of the rows that are read: trimmed, with '' for the words that this system writes for nothing."""

    def __init__(self, records: pa.Table, mapping: Mapping, orders: Iterable[tuple[int, str]] = ()) -> None:
        rejected = plain(records.column("rejected"))
        self.kept: Any = np.flatnonzero(pc.equal(rejected, "").to_numpy(zero_copy_only=False))
        self._records = records if len(self.kept) == records.num_rows else records.take(pa.array(self.kept))
        self._nothing = pa.array(sorted({word.strip().casefold() for word in mapping.null_words}), pa.string())
        self._texts: dict[int, pa.Array] = {}
        self._longest = {column.index: longest_of(column.field) for column in mapping.columns}
        self.too_long: dict[int, Any] = {}      # index of a column -> rows whose cells are no values of it
        self._orders, self._mapping = dict(orders), mapping
        self.rows: int = len(self.kept)

    def column(self, name: str) -> pa.Array:
        """A column of the records themselves."""
        return self._records.column(name).combine_chunks()

    def raw(self, index: int) -> pa.Array:
        """The cells of a column as they were read."""
        return plain(self._records.column(f"c{index}"))

    def text(self, index: int) -> pa.Array:
        """The cells of a column, trimmed; '' where one is too long for what the column holds."""
        if index not in self._texts:
            self._texts[index] = self._without_null_words(trimmed(self._short(index)))
        return self._texts[index]

    def _short(self, index: int) -> pa.Array:
        texts = self.raw(index)
        long = too_long(texts, self._longest.get(index, 0))
        if not pc.any(long, min_count=0).as_py():
            return texts
        self.too_long[index] = np.flatnonzero(long)
        return pc.if_else(long, "", texts)

    def date_order(self, index: int) -> str:
        """The order of day and month in a column: as it is known of the whole list, else as these cells prove it."""
        if index not in self._orders:
            self._orders |= dict(date_orders([self.date_proofs()], self._mapping))
        return self._orders[index]

    def date_proofs(self) -> dict[int, frozenset[str]]:
        """The orders of day and month that the values prove, in each column of dates."""
        return {index: proofs(self.text(index).unique().to_pylist()) for index in _date_columns(self._mapping)}

    def joined(self, columns: Sequence[Column], separator: str) -> pa.Array:
        """The texts of some columns in one, empty ones left out; '' everywhere when there are none."""
        if not columns:
            return self.blank()
        texts = [self.text(column.index) for column in columns]
        return texts[0] if len(texts) == 1 else join(texts, separator)

    def blank(self) -> pa.Array:
        """A column without text."""
        return same_text("", self.rows)

    def _without_null_words(self, texts: pa.Array) -> pa.Array:
        if not len(self._nothing):
            return texts
        return pc.if_else(pc.is_in(pc.utf8_lower(texts), value_set=self._nothing), "", texts)


def longest_of(field: str) -> int:
    """Characters of the longest cell that is read as a value of this field; 0 where there is no bound."""
    return LONGEST.get(FIELDS[field], 0)


def too_long(texts: pa.Array, longest: int) -> pa.Array:
    """Which texts have more characters than that; none where it is 0."""
    _, ends = bytes_of(texts)
    if not longest or np.diff(ends).max(initial=0) <= longest:      # there are no more characters than bytes
        return pa.repeat(pa.scalar(False), len(texts))
    return pc.greater(pc.utf8_length(texts), longest)


def date_proofs(records: pa.Table, mapping: Mapping) -> dict[int, frozenset[str]]:
    """The orders of day and month that the values prove, in each column of dates; `date_orders` settles them."""
    columns = [f"c{index}" for index in _date_columns(mapping)]
    return Cells(records.select(["rejected", *columns]), mapping).date_proofs()


def _date_columns(mapping: Mapping) -> list[int]:
    return list(dict.fromkeys(column.index for column in mapping.columns
                              if column.field in ("birthday", "updated") or column.meaning in DATES))


def date_orders(proved: Iterable[dict[int, frozenset[str]]], mapping: Mapping) -> tuple[tuple[int, str], ...]:
    """The order of day and month in each column of a list that is cleaned piece by piece; `proved` by its pieces. A
    column that proves none has the system's, else the one that the list's other columns prove."""
    found: dict[int, frozenset[str]] = {}
    for piece in proved:
        found = {index: found.get(index, frozenset()) | proof for index, proof in piece.items()}
    others = settled(frozenset().union(*found.values()) & {"dmy", "mdy"}, "")
    return tuple((index, settled(proof, mapping.date_order or others)) for index, proof in found.items())


def trimmed(texts: pa.Array) -> pa.Array:
    """`text.trim` for a column; only texts that are not plain already are touched."""
    mask = _to_trim(texts)
    if not pc.any(mask, min_count=0).as_py():
        return texts
    odd = pc.filter(texts, mask).dictionary_encode()
    mended = pa.array([trim(text) for text in odd.dictionary.to_pylist()], pa.string()).take(odd.indices)
    return pc.replace_with_mask(texts, mask, mended)


def _to_trim(texts: pa.Array) -> pa.Array:
    """Which texts match _TO_TRIM; asked in parts, which is quicker, where the bytes show that there are no controls."""
    letters = texts.buffers()[2]
    unusual = letters.to_pybytes().translate(None, _PRINTABLE + _OF_LETTERS) if letters else b""
    if unusual and min(unusual) < 128:
        return pc.match_substring_regex(texts, _TO_TRIM)
    edges = pa.array(_has_blank_end(texts))
    return pc.or_(edges, pc.invert(pc.string_is_ascii(texts))) if unusual else edges


def _has_blank_end(texts: pa.Array) -> Any:
    """Which texts begin or end with a blank."""
    data, ends = bytes_of(texts)
    filled = np.flatnonzero(ends[1:] > ends[:-1])
    found = np.zeros(len(texts), bool)
    found[filled] = (data[ends[:-1][filled]] == _BLANK) | (data[ends[1:][filled] - 1] == _BLANK)
    return found


def join(texts: Sequence[pa.Array], separator: str) -> pa.Array:
    """Texts of several columns in one, empty ones left out."""
    joined = texts[0]
    for text in texts[1:]:
        both = pc.and_(filled_mask(joined), filled_mask(text))
        joined = pc.binary_join_element_wise(joined, text, pc.if_else(both, separator, ""))
    return joined


def filled_mask(texts: pa.Array) -> pa.Array:
    """Which cells are not empty, as an Arrow column."""
    return pc.not_equal(texts, "")


def any_filled(columns: Sequence[pa.Array]) -> Any:
    """In which rows one of some columns is not empty, as a numpy column."""
    return np.logical_or.reduce([is_filled(column) for column in columns])
