"""The books: every row and every filled cell that was read has exactly one fate, or listmerge stops.

Two sides are counted apart and must agree: the cells as they stand in the records, and the fates that the merge gave to
the values of each contact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import Bug
from listmerge.model import FATES

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


def balance(
    books: Iterable[Book], contacts: pa.Table, fate_rows: pa.Table, values: Mapping[str, int] | None = None
) -> Balance:
    """The balance of all raw parts. `values` is how many values of a unit the run has (`{"email": emails.num_rows}`):
    each must have one fate. Raises Bug when anything is counted twice or not at all."""
    fates = Fates(contacts, fate_rows)
    made = Balance()
    for book in books:
        _add(made, _Page.of(book, fates))
        del book        # or it would be in memory together with the next one
    for unit, count in (values or {}).items():
        if fates.count(unit) != count:
            made.wrong.append(f"{count} values of {unit} have {fates.count(unit)} fates")
    for side in (made.rows, made.cells):
        if side["read"] != sum(side.values()) - side["read"]:
            made.wrong.append(f"{side['read']} read, {sum(side.values()) - side['read']} accounted for")
    if made.wrong:
        raise Bug("unbalanced", f"The books do not balance: {'; '.join(made.wrong[:5])}.",
                  hint="please report this; nothing was published.")
    return made


class Fates:
    """The fates of the values of each contact, and which contacts a file has."""

    def __init__(self, contacts: pa.Table, fate_rows: pa.Table) -> None:
        self._size = contacts.num_rows
        self._record = contacts["record_id"].combine_chunks()
        self._part, self._row = (contacts[name].to_numpy() for name in ("part", "source_row"))
        self._of_file = _buckets(contacts["source_file"].combine_chunks())
        fate_rows = fate_rows.unify_dictionaries()
        self._of_unit = _buckets(fate_rows["unit"].combine_chunks())
        self._contact, self._slot = fate_rows["contact"].to_numpy(), fate_rows["slot"].to_numpy()
        words = fate_rows["fate"].combine_chunks().dictionary_encode()
        known = [FATES.index(word) if word in FATES else -1 for word in words.dictionary.to_pylist()]
        self._fate = np.array([*known, -1], np.int8)[words.indices.to_numpy()]
        if (self._fate < 0).any():
            raise Bug("unbalanced", "A value has a fate that is none.")
        self._known: dict[tuple[str, int], Numbers] = {}

    def count(self, unit: str) -> int:
        """How many values of a unit have a fate."""
        return len(self._of_unit.get(unit, ()))

    def contacts_of(self, book: Book, part: int) -> Numbers:
        """The contact of each record of a book in one part of the row, -1 for none."""
        rows = self._of_file.get(book.name, np.zeros(0, np.int64))
        rows = rows[self._part[rows] == part]
        ids = book.records["record_id"].combine_chunks()
        found = self._in_its_row(book, rows)
        alike = pc.equal(ids, self._record.take(pa.array(found, mask=found < 0)))
        if pc.all(alike).as_py() is not False:
            return found
        place: Numbers = pc.fill_null(pc.index_in(ids, self._record.take(pa.array(rows))), -1).to_numpy()
        return np.append(rows, -1)[place]

    def _in_its_row(self, book: Book, contacts: Numbers) -> Numbers:
        """Of each record the one of `contacts` that says it stands in the same row, -1 for none; in a file that was
        given twice it may be another record's."""
        at, row = self._row[contacts], book.records["source_row"].to_numpy()
        holder = np.full(max(at.max(initial=0), row.max(initial=0)) + 1, -1, np.int64)
        holder[at] = contacts
        found: Numbers = holder[row]
        return found

    def of(self, unit: str, slot: int) -> Numbers:
        """Of each contact the best fate in a slot, as places in FATES, -1 for none; at the end one more, for nobody."""
        if (unit, slot) not in self._known:
            rows = self._of_unit.get(unit, np.zeros(0, np.int64))
            rows = rows[self._slot[rows] == slot]
            rows = rows[np.argsort(-self._fate[rows], kind="stable")]
            best = np.full(self._size + 1, -1, np.int8)
            best[self._contact[rows]] = self._fate[rows]
            self._known[unit, slot] = best
        return self._known[unit, slot]


def _buckets(texts: pa.Array) -> dict[str, Numbers]:
    """The rows of each text."""
    encoded = texts.dictionary_encode()
    code = encoded.indices.to_numpy()
    if len(encoded.dictionary) < 1 << 15:       # short numbers are sorted without being compared
        code = code.astype(np.int16)
    order = np.argsort(code, kind="stable")
    cuts = np.searchsorted(code[order], np.arange(len(encoded.dictionary)))[1:]
    return dict(zip(encoded.dictionary.to_pylist(), np.split(order, cuts), strict=False))


@dataclass(frozen=True)
class _Page:
    """A book opened: masks and contacts by record, worked out once."""

    book: Book
    fates: Fates
    rejected: Numbers
    gone: Numbers
    contact: Mapping[int, Numbers]

    @classmethod
    def of(cls, book: Book, fates: Fates) -> _Page:
        parts = sorted({0, *pc.unique(book.cells["part"]).to_pylist()})
        gone = np.zeros(book.records.num_rows, bool) if book.gone is None else book.gone
        return cls(book, fates, _differs(book.rejected), gone, {part: fates.contacts_of(book, part) for part in parts})

    def filled(self, column: int) -> Numbers:
        """The records in which a column has a cell."""
        return self.book.filled[f"c{column}"].to_numpy()       # type: ignore[no-any-return]

    @property
    def standing(self) -> Numbers:
        return ~self.rejected & ~self.gone


def _differs(texts: pa.Array) -> Numbers:
    return np.asarray(pc.greater(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False), bool)


def _add(made: Balance, page: _Page) -> None:
    _add_rows(made, page)
    _add_cells(made, page)


def _add_rows(made: Balance, page: _Page) -> None:
    """Rows: each record is rejected, gone, or has a contact."""
    has_contact = np.logical_or.reduce([contact >= 0 for contact in page.contact.values()])
    counts = {
        "read": len(page.rejected) + page.book.structure_rows, "kept": int((has_contact & page.standing).sum()),
        "gone": int((page.gone & ~page.rejected).sum()), "rejected": int(page.rejected.sum()),
        "structure": page.book.structure_rows,
    }
    for name, count in counts.items():
        made.rows[name] += count


def _add_cells(made: Balance, page: _Page) -> None:
    """Cells: each filled one is counted under its fate."""
    claimed: dict[tuple[int, str], Numbers] = {}
    for group in _groups(page.book):
        fate = _fates_of(page, *group.key, group.columns, claimed)
        for column in group.columns:
            filled = page.filled(column)
            stands = fate >= 0
            _check(made, page, column, group.key[1], int((filled & stands & page.standing).sum()))
            counts = np.bincount(np.where(stands, fate, OTHER)[filled], minlength=len(FATES))
            made.cells["read"] += int(filled.sum())
            for word, count in zip(FATES, counts, strict=True):
                made.cells[word] += int(count)
    made.cells["read"] += page.book.structure_cells
    made.cells["structure"] += page.book.structure_cells


@dataclass(frozen=True)
class _Group:
    """The columns that make one value: `key` is (part, unit, slot)."""

    key: tuple[int, str, int]
    columns: tuple[int, ...]


def _groups(book: Book) -> list[_Group]:
    """All columns of cells by what they feed, slots in order; unmapped ones feed `other`."""
    said = {row["column"]: (row["part"], row["unit"], row["slot"])
            for row in book.cells.to_pylist() if row["unit"] != "nothing"}
    found: dict[tuple[int, str, int], list[int]] = {}
    for name in book.filled.column_names:
        found.setdefault(said.get(int(name[1:]), (0, "other", 0)), []).append(int(name[1:]))
    return [_Group(key, tuple(columns)) for key, columns in sorted(found.items())]


def _fates_of(
    page: _Page, part: int, unit: str, slot: int, columns: tuple[int, ...], claimed: dict[tuple[int, str], Numbers]
) -> Numbers:
    """The fate of a value by record, -1 where it stands nowhere in its contact."""
    if unit == "dropped":
        return np.full(len(page.rejected), FATES.index("dropped-by-policy"))
    if unit in FIXED:
        fate = np.full(len(page.rejected), FATES.index(FIXED[unit]))
    else:
        first = unit in FIRST_FILLED
        fate = page.fates.of(unit, 0 if first else slot)[page.contact[part]].astype(np.int64)
        if first:
            before = claimed.setdefault((part, unit), np.zeros(len(fate), bool))
            fate[before] = -1
            claimed[part, unit] = before | np.logical_or.reduce([page.filled(column) for column in columns])
    fate[page.gone] = FATES.index("gone")
    fate[page.rejected] = FATES.index("rejected-row")
    return fate


def _check(made: Balance, page: _Page, column: int, unit: str, standing: int) -> None:
    """Where cleaning and merging count the same cells, they must agree."""
    if unit in EXACT and not page.gone.any():
        mine = page.book.cells.filter(pc.equal(page.book.cells["column"], column))
        expected = pc.sum(mine.filter(pc.equal(mine["unit"], unit))["filled"]).as_py() or 0
        if expected != standing:
            made.wrong.append(f"column {column + 1} of {page.book.name} has {expected} values, {standing} with a fate")
