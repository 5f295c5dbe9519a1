"""The books: every row and every filled cell that was read has exactly one fate, or listmerge stops.

Two sides are counted apart and must agree: the cells as they stand in the records, and the fates that the merge gave to
the values of each contact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import Bug
from listmerge.model import FATES, count_column, fate_column
from listmerge.stages.pages import Numbers, Page, Pages

#: Units whose fate does not hang on a value: they are kept with the record.
FIXED: Final[Mapping[str, str]] = {"record": "other-column", "other": "other-column"}
#: Units of which a contact has one value, from the first group of columns that is filled.
FIRST_FILLED: Final = frozenset({"job", "website"})
#: Units whose cells are counted by cleaning exactly as the merge gives them fates.
EXACT: Final = frozenset({"email", "phone", "address"})
OTHER: Final = FATES.index("other-column")
#: What is counted of rows: `read` is the sum of the others.
ROWS: Final = ("read", "kept", "gone", "rejected", "structure")


@dataclass(slots=True)
class Balance:
    """`rows`: read, kept, gone, rejected, structure; `cells`: read, and how many have each fate."""

    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROWS, 0))
    cells: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("read", *FATES), 0))
    wrong: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, dict[str, int]]:
        """For run.json."""
        return {"rows": dict(self.rows), "cells": dict(self.cells)}


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


class _Fates:
    """The fates of the values of each contact: the columns in any order of contacts, and the row of each contact."""

    def __init__(self, fates: pa.Table, contacts: int) -> None:
        self._table = fates
        contact = fates["contact"].to_numpy()
        self.row = np.full(contacts + 1, -1)        # at the end one more, for nobody
        self.row[contact] = np.arange(len(contact))
        if len(contact) != contacts or (self.row[:-1] < 0).any():
            raise Bug("unbalanced", f"{contacts} contacts, {len(contact)} rows of fates: each must have one.")
        if not all(_are_fates(column) for column in fates.columns if pa.types.is_int8(column.type)):
            raise Bug("unbalanced", "A value has a fate that is none.")
        self._known: dict[str, Numbers] = {}

    def count(self, unit: str) -> int:
        """How many values of a unit have a fate."""
        return int(pc.sum(self._table[count_column(unit)]).as_py() or 0)

    def of(self, unit: str, slot: int) -> Numbers:
        """Of each row the best fate in a slot, as places in FATES, -1 for none; at the end one more, for nobody."""
        name = fate_column(unit, slot)
        if name not in self._known:
            there = name in self._table.column_names
            column = self._table[name].to_numpy() if there else np.full(len(self.row) - 1, -1, np.int8)
            self._known[name] = np.append(column, np.int8(-1))
        return self._known[name]


def _are_fates(column: pa.ChunkedArray) -> bool:
    places = pc.min_max(column).as_py()
    return column.null_count == 0 and (places["min"] is None or -1 <= places["min"] <= places["max"] < len(FATES))


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
