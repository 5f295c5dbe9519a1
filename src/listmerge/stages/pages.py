"""The side of the records: raw parts opened for the books, each record with its contact.

Nothing of it needs a fate, so that it can be done before the merge has begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.text import bytes_of, is_filled

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Book:
    """One raw part: its `records` (record_id, source_row), which of their cells are `filled` (c0, c1, …: see
    `filled_in`), what cleaning says of its columns (`cells`, model.CELLS), which records make no contact (`rejected`:
    '' or the reason), and the rows and filled cells that were no records. `gone` marks records that a newer snapshot
    replaced; None for none."""

    name: str
    records: pa.Table
    filled: pa.Table
    cells: pa.Table
    rejected: pa.Array
    structure_rows: int = 0
    structure_cells: int = 0
    gone: Numbers | None = None


def filled_in(records: pa.Table) -> pa.Table:
    """Whether there is a text in each cell (c0, c1, …) of some records: what books are made of."""
    cells = {name: pc.greater(pc.binary_length(records[name]), 0) for name in records.column_names if _is_cell(name)}
    return pa.table({name: pc.fill_null(filled, False) for name, filled in cells.items()})


def _is_cell(column: str) -> bool:
    """Whether a column of records holds cells: c0, c1, …"""
    return column[:1] == "c" and column[1:].isdecimal()


@dataclass(frozen=True, slots=True)
class Page:
    """A book opened: of each record whether it is `rejected`, `gone` or neither (`standing`), and its `contact` in each
    part of the row, -1 for none."""

    name: str
    filled: pa.Table
    cells: pa.Table
    structure_rows: int
    structure_cells: int
    rejected: Numbers
    gone: Numbers
    standing: Numbers
    contact: Mapping[int, Numbers]

    def column(self, number: int) -> Numbers:
        """The records in which a column has a cell."""
        return self.filled[f"c{number}"].to_numpy()       # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Pages:
    """All books of a run opened, and how many `contacts` it has."""

    contacts: int
    pages: list[Page]


def opened(books: Iterable[Book], contacts: pa.Table) -> Pages:
    """All raw parts with the contacts of their records: seven bytes a record are kept of these, and four for each
    further person whom a row may hold."""
    held = _Contacts(contacts)
    return Pages(contacts.num_rows, [_page(book, held) for book in books])


def _page(book: Book, contacts: _Contacts) -> Page:
    parts = sorted({0, *pc.unique(book.cells["part"]).to_pylist()})
    rejected = is_filled(book.rejected)
    gone = np.zeros(book.records.num_rows, bool) if book.gone is None else book.gone
    return Page(book.name, book.filled, book.cells, book.structure_rows, book.structure_cells, rejected, gone,
                ~rejected & ~gone, {part: contacts.of(book, part) for part in parts})


class _Contacts:
    """Which contact each record of a file is."""

    def __init__(self, contacts: pa.Table) -> None:
        self._ids = _one_piece(contacts["record_id"])
        self._part, self._row = (contacts[name].to_numpy() for name in ("part", "source_row"))
        files = _one_piece(contacts["source_file"]).dictionary_encode()
        self._file, names = files.indices.to_numpy(), files.dictionary.to_pylist()
        self._number = dict(zip(names, range(len(names)), strict=True))
        rows = np.zeros(len(names), self._row.dtype)        # of each file: one more than the number of its last row
        np.maximum.at(rows, self._file, self._row + 1)
        self._starts = np.append(0, np.cumsum(rows))
        self._holders: dict[int, Numbers] = {}

    def of(self, book: Book, part: int) -> Numbers:
        """The contact of each record of a book in one part of the row, -1 for none."""
        ids = _one_piece(book.records["record_id"])
        found = self._in_its_row(book, part)
        others = np.flatnonzero((found >= 0) & ~_alike(ids, self._ids, found))
        if len(others):
            rows = np.flatnonzero((self._file == self._number[book.name]) & (self._part == part)).astype(np.int32)
            place = pc.index_in(ids.take(pa.array(others)), self._ids.take(pa.array(rows)))
            found[others] = np.append(rows, np.int32(-1))[pc.fill_null(place, -1).to_numpy()]
        return found

    def _in_its_row(self, book: Book, part: int) -> Numbers:
        """Of each record the contact that says it stands in the same row, -1 for none; in a file that was given twice
        it may be another record's."""
        number, row = self._number.get(book.name, -1), book.records["source_row"].to_numpy()
        if number < 0:
            return np.full(len(row), -1, np.int32)
        holder = self._holder(part)[self._starts[number]:self._starts[number + 1]]
        found: Numbers = np.take(holder, row, mode="clip")
        found[row >= len(holder)] = -1
        return found

    def _holder(self, part: int) -> Numbers:
        """Of each row of each file, one below the other, the contact in one part of it; -1 for none."""
        if part not in self._holders:
            mine = np.flatnonzero(self._part == part)
            holder = np.full(self._starts[-1], -1, np.int32)
            holder[self._starts[self._file[mine]] + self._row[mine]] = mine
            self._holders[part] = holder
        return self._holders[part]


def _one_piece(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _alike(ids: pa.Array, others: pa.Array, at: Numbers) -> Numbers:
    """Whether each id is that of `others` which stands at its place (-1: at none, nothing is said of it); ids of one
    length are compared as numbers."""
    mine, theirs = _as_numbers(ids), _as_numbers(others)
    if mine is None or theirs is None or mine.shape[1] != theirs.shape[1]:
        same = pc.equal(ids, others.take(pa.array(at, mask=at < 0)))
        return np.asarray(pc.fill_null(same, False).to_numpy(zero_copy_only=False), bool)
    alike = np.ones(len(ids), bool)
    for letters in range(mine.shape[1]):
        alike &= theirs[at, letters] == mine[:, letters]
    return alike


def _as_numbers(ids: pa.Array) -> Numbers | None:
    """Texts of one length as rows of numbers of eight letters each; None where there are others."""
    data, ends = bytes_of(ids)
    length = int(ends[1] - ends[0]) if len(ids) else 0
    if not length or length % 8 or (np.diff(ends) != length).any():
        return None
    numbers: Numbers = data[ends[0]:ends[-1]].view(np.uint64).reshape(len(ids), length // 8)
    return numbers
