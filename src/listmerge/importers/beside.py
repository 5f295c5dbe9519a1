"""What stands in a workbook of any kind beside the values, and how it changes the texts: number formats, merged cells,
links, hidden rows and columns. `xlsxparts`, `xlsbrecords` and `xlsrecords` find it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from listmerge.importers.grids import as_sheet
from listmerge.importers.numberformats import shown

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet

Issues = list[tuple[str, str, str, int]]
HEADERS: Final = 30     # rows among which a header is looked for
EPOCH: Final = date(1899, 12, 30)
EPOCH_MAC: Final = date(1904, 1, 1)
LAST_DAY: Final = 2_950_000         # in the year 9976
UNREAD: Final = "The values alone were read: number formats (zeros in front), hidden and merged cells could not be"


class Unreadable(Exception):
    """A part of the workbook cannot be read as what it should be."""


@dataclass(slots=True)
class Found:
    """What was found in a sheet; rows count from 1, columns from 0.

    `padded` cells, each with its number format, hold a number where `numbers` says so; else they may hold anything or
    nothing. `dated` cells hold days since `epoch`. `hidden`: the sheet itself is. `unread`: why nothing was found.
    """

    padded: list[tuple[int, int, str]] = field(default_factory=list)
    dated: list[tuple[int, int]] = field(default_factory=list)
    epoch: date = EPOCH
    without_value: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    numbers: bool = False
    unread: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """Counts for people."""
        counts = {"hidden rows": len(self.hidden_rows), "hidden columns": len(self.hidden_columns)}
        shown = {"hidden": "yes"} if self.hidden else {}
        return {name: str(count) for name, count in counts.items() if count} | shown

    def visible(self, rows: list[list[str]], lines: Sequence[int]) -> tuple[list[list[str]], list[int]]:
        """The rows that are not hidden, without the columns that are, and their lines."""
        kept = [index for index in range(len(rows)) if index + 1 not in self.hidden_rows]
        cells = [[cell for place, cell in enumerate(rows[index]) if place not in self.hidden_columns] for index in kept]
        return cells, [lines[index] for index in kept]

    def agreeing(self, grid: list[list[Any]]) -> Found:
        """This, or nothing when it names a number where the values have no cell."""
        outside = self.numbers and any(_at(grid, row, column) is None for row, column, _ in self.padded)
        return Found(unread="two readers see different cells") if outside else self


def finished(found: Found, file: str, title: str, rows: list[list[str]], lines: Sequence[int], grid: list[list[Any]],
             options: ReadOptions) -> Sheet:
    """The sheet of these texts with what was found put into them; `grid` are the values of `padded` and `dated` cells.

    Rows are counted in `found` as they stand in `rows`, and in what is told by their `lines`.
    """
    issues = [(code, message, value, lines[row - 1] if 0 < row <= len(lines) else row)
              for code, message, value, row in apply(found, rows, grid)]
    if options.visible_only:
        rows, lines = found.visible(rows, lines)
    return as_sheet(file, title, rows, lines, found.facts, issues)


def apply(found: Found, rows: list[list[str]], grid: list[list[Any]]) -> Issues:
    """Puts what was found into the texts of a sheet; returns (code, message, value, line)."""
    _show_numbers(found, rows, grid)
    _spread_headers(found, rows)
    for row in sorted({row for row, _, end, _ in found.merged if row == end < min(HEADERS, len(rows))}):
        join_levels(rows[row - 1], rows[row])
    return [*_issues(found), *_take_links(found, rows)]


def _show_numbers(found: Found, rows: list[list[str]], grid: list[list[Any]]) -> None:
    for row, column, code in found.padded:
        if (text := shown(_at(grid, row, column), code)) is not None:
            rows[row - 1][column] = text
    for row, column in found.dated:
        value = _at(grid, row, column)
        if type(value) is int and 0 < value < LAST_DAY:
            rows[row - 1][column] = (found.epoch + timedelta(days=value)).isoformat()


def _issues(found: Found) -> Issues:
    message = "The cell holds a formula and no value; open and save the workbook in Excel."
    issues: Issues = [("formula-without-value", message, "", row) for row, _ in found.without_value[:20]]
    if found.hidden_rows:
        message = f"{len(found.hidden_rows)} rows are hidden; they were read unless --visible-only is given."
        issues.append(("hidden-rows", message, "", 0))
    if found.unread:
        issues.append(("formats-not-read", f"{UNREAD} ({found.unread}).", "", 0))
    return issues


def _at(rows: list[list[Any]], row: int, column: int) -> Any:
    return rows[row - 1][column] if 0 < row <= len(rows) and column < len(rows[row - 1]) else None


def _spread_headers(found: Found, rows: list[list[str]]) -> None:
    """A merged cell among the first rows shows its text in each of its columns."""
    for row, left, end, right in found.merged:
        text = _at(rows, row, left)
        if (
            text
            and row <= HEADERS
            and row == end
            and right - left < 100
            and any(rows[row][left : right + 1] if row < len(rows) else ())
        ):
            for column in range(left + 1, min(right + 1, len(rows[row - 1]))):
                rows[row - 1][column] = rows[row - 1][column] or text


def join_levels(above: list[str], below: list[str]) -> None:
    """Names that stand twice below, under different ones above, are told apart by these: `Home | Phone`."""
    names = [name.strip().casefold() for name in below]
    joined = {column: f"{text.strip()} | {below[column]}" for column, text in enumerate(above[: len(below)])
              if text.strip() and names[column] and names.count(names[column]) > 1}
    if len(set(joined.values())) == len(joined):
        for column, text in joined.items():
            below[column] = text


def _take_links(found: Found, rows: list[list[str]]) -> Issues:
    """An address behind a text that is none, in a column of addresses; a difference is told."""
    issues: Issues = []
    for row, column, target in found.links:
        text = _at(rows, row, column)
        address = re.sub(r"^mailto:", "", target, flags=re.I).split("?")[0]
        if text is None or not target.lower().startswith("mailto:") or address.casefold() == text.strip().casefold():
            continue
        taken = "@" not in text and any("@" in (_at(rows, other, column) or "") for other in (row - 1, row + 1))
        if taken:
            rows[row - 1][column] = address
        issues.append(
            (
                "link-differs",
                f"The link goes to {address}; the {'link' if taken else 'text'} was taken.",
                text[:200],
                row,
            )
        )
    return issues[:20]
