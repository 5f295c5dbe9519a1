"""The books: every row and every filled cell that was read has exactly one fate, or listmerge stops.

Two sides are counted apart and must agree: the cells as they stand in the records, and the fates that the merge gave to
the values of each contact. What the first side asks for, whose contact each record is, needs no fate: it can be opened
before the merge has begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import Bug
from listmerge.fields.text import bytes_of, is_filled
from listmerge.model import FATES, count_column, fate_column

Numbers = np.ndarray[Any, Any]

#: Units whose fate does not hang on a value: they are kept with the record.
FIXED: Final[Mapping[str, str]] = {"record": "other-column", "other": "other-column"}
#: Units of which a contact has one value, from the first group of columns that is filled.
FIRST_FILLED: Final = frozenset({"job", "website"})
#: Units whose cells are counted by cleaning exactly as the merge gives them fates.
EXACT: Final = frozenset({"email", "phone", "address"})
OTHER: Final = FATES.index("other-column")
#: What is counted of rows: `read` is the sum of the others.
ROWS: Final = ("read", "kept", "gone", "rejected", "structure")


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


@dataclass(slots=True)
class Balance:
    """`rows`: read, kept, gone, rejected, structure; `cells`: read, and how many have each fate."""

    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROWS, 0))
    cells: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("read", *FATES), 0))
    wrong: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, dict[str, int]]:
        """For run.json."""
        return {"rows": dict(self.rows), "cells": dict(self.cells)}


def opened(books: Iterable[Book], contacts: pa.Table) -> Pages:
    """All raw parts with the contacts of their records: some six bytes a record are kept of these."""
    held = _Contacts(contacts)
    return Pages(contacts.num_rows, [_page(book, held) for book in books])


def balance(pages: Pages, fates: pa.Table, values: Mapping[str, int] | None = None) -> Balance:
    """The balance of all raw parts. `fates` are as model.fates_columns says; `values` is how many values of a unit the
    run has (`{"email": emails.num_rows}`): each must have one fate. Raises Bug when anything is counted twice or not at
    all."""
    held, made = _Fates(fates, pages.contacts), Balance()
    for page in pages.pages:
        _add_rows(made, page)
        _add_cells(made, page, held)
    for unit, count in (values or {}).items():
        if held.count(unit) != count:
            made.wrong.append(f"{count} values of {unit} have {held.count(unit)} fates")
    for side in (made.rows, made.cells):
        if side["read"] != sum(side.values()) - side["read"]:
            made.wrong.append(f"{side['read']} read, {sum(side.values()) - side['read']} accounted for")
    if made.wrong:
        raise Bug("unbalanced", f"The books do not balance: {'; '.join(made.wrong[:5])}.",
                  hint="please report this; nothing was published.")
    return made


# --- the side of the records ----------------------------------------------------------------------------------------


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
        rows = np.zeros(len(names), np.int64)       # of each file: one more than the number of its last row
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
    alike: Numbers = (np.take(theirs, at, axis=0) == mine).all(axis=1)
    return alike


def _as_numbers(ids: pa.Array) -> Numbers | None:
    """Texts of one length as rows of numbers of eight letters each; None where there are others."""
    data, ends = bytes_of(ids)
    length = int(ends[1] - ends[0]) if len(ids) else 0
    if not length or length % 8 or (np.diff(ends) != length).any():
        return None
    numbers: Numbers = data[ends[0]:ends[-1]].view(np.uint64).reshape(len(ids), length // 8)
    return numbers


# --- the side of the fates ------------------------------------------------------------------------------------------


class _Fates:
    """The fates of the values of each contact: the columns in any order of contacts, and the row of each contact."""

    def __init__(self, fates: pa.Table, contacts: int) -> None:
        self._table = fates
        contact = fates["contact"].to_numpy()
        self.row = np.full(contacts + 1, -1)        # at the end one more, for nobody
        self.row[contact] = np.arange(len(contact))
        if len(contact) != contacts or (self.row[:-1] < 0).any():
            raise Bug("unbalanced", f"{contacts} contacts, {len(contact)} rows of fates: each must have one.")
        self._known: dict[str, Numbers] = {}

    def count(self, unit: str) -> int:
        """How many values of a unit have a fate."""
        return int(pc.sum(self._table[count_column(unit)]).as_py() or 0)

    def of(self, unit: str, slot: int) -> Numbers:
        """Of each row the best fate in a slot, as places in FATES, -1 for none; at the end one more, for nobody."""
        name = fate_column(unit, slot)
        if name not in self._known:
            self._known[name] = self._column(name)
        return self._known[name]

    def _column(self, name: str) -> Numbers:
        if name not in self._table.column_names:
            return np.full(len(self.row), -1, np.int8)
        column = np.append(self._table[name].to_numpy(), np.int8(-1))
        if column.min() < -1 or column.max() >= len(FATES):
            raise Bug("unbalanced", "A value has a fate that is none.")
        return column


def _add_rows(made: Balance, page: Page) -> None:
    """Rows: each record is rejected, gone, or has a contact."""
    has_contact = np.logical_or.reduce([contact >= 0 for contact in page.contact.values()])
    counts = {
        "read": len(page.rejected) + page.structure_rows, "kept": _count(has_contact & page.standing),
        "gone": _count(page.gone & ~page.rejected), "rejected": _count(page.rejected),
        "structure": page.structure_rows,
    }
    for name, count in counts.items():
        made.rows[name] += count


def _add_cells(made: Balance, page: Page, fates: _Fates) -> None:
    """Cells: each filled one is counted under its fate."""
    claimed: dict[tuple[int, str], Numbers] = {}
    places = {part: fates.row[contact] for part, contact in page.contact.items()}
    for group in _groups(page):
        fate = _fates_of(page, fates, places[group.key[0]], group, claimed)
        stands = (fate >= 0) & page.standing
        fate[fate < 0] = OTHER
        for column in group.columns:
            filled = page.column(column)
            _check(made, page, column, group.key[1], _count(filled & stands))
            made.cells["read"] += _count(filled)
            for place, word in enumerate(FATES):
                made.cells[word] += _count(filled & (fate == place))
    made.cells["read"] += page.structure_cells
    made.cells["structure"] += page.structure_cells


def _count(mask: Numbers) -> int:
    return int(np.count_nonzero(mask))


@dataclass(frozen=True)
class _Group:
    """The columns that make one value: `key` is (part, unit, slot)."""

    key: tuple[int, str, int]
    columns: tuple[int, ...]


def _groups(page: Page) -> list[_Group]:
    """All columns of cells by what they feed, slots in order; unmapped ones feed `other`."""
    said = {row["column"]: (row["part"], row["unit"], row["slot"])
            for row in page.cells.to_pylist() if row["unit"] != "nothing"}
    found: dict[tuple[int, str, int], list[int]] = {}
    for name in page.filled.column_names:
        found.setdefault(said.get(int(name[1:]), (0, "other", 0)), []).append(int(name[1:]))
    return [_Group(key, tuple(columns)) for key, columns in sorted(found.items())]


def _fates_of(
    page: Page, fates: _Fates, places: Numbers, group: _Group, claimed: dict[tuple[int, str], Numbers]
) -> Numbers:
    """The fate of a value by record, -1 where it stands nowhere in its contact; `places` are the rows of the fates of
    the records' contacts."""
    part, unit, slot = group.key
    if unit == "dropped":
        return np.full(len(places), FATES.index("dropped-by-policy"), np.int8)
    if unit in FIXED:
        fate = np.full(len(places), FATES.index(FIXED[unit]), np.int8)
    else:
        first = unit in FIRST_FILLED
        fate = fates.of(unit, 0 if first else slot)[places]
        if first:
            before = claimed.setdefault((part, unit), np.zeros(len(fate), bool))
            fate[before] = -1
            claimed[part, unit] = before | np.logical_or.reduce([page.column(column) for column in group.columns])
    fate[page.gone] = FATES.index("gone")
    fate[page.rejected] = FATES.index("rejected-row")
    return fate


def _check(made: Balance, page: Page, column: int, unit: str, standing: int) -> None:
    """Where cleaning and merging count the same cells, they must agree."""
    if unit in EXACT and not page.gone.any():
        mine = page.cells.filter(pc.equal(page.cells["column"], column))
        expected = pc.sum(mine.filter(pc.equal(mine["unit"], unit))["filled"]).as_py() or 0
        if expected != standing:
            made.wrong.append(f"column {column + 1} of {page.name} has {expected} values, {standing} with a fate")
