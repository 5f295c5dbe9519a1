"""What the families of workbooks share: which sheets are taken, and how a cell becomes text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from listmerge.errors import InputError
from listmerge.importers import worker
from listmerge.importers.source import no_records
from listmerge.importers.tables import make_tables
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data

EXACT: Final = 1e15  # beyond this a spreadsheet has lost digits


def read_workbook(kind: str, data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The tables of all sheets that hold contacts; the others are named as issues. Raises InputError."""
    found = worker.sheets(kind, data, name, {"visible_only": options.visible_only, "password": options.password})
    tables: list[RawTable] = []
    refused: list[tuple[Sheet, InputError]] = []
    left_out: list[Issue] = []
    for sheet in found:
        if "hidden" in sheet.facts:
            left_out.append(_hidden(sheet))
            continue
        try:
            tables += make_tables(sheet, options)
        except InputError as error:
            refused.append((sheet, error))
    if not tables:
        raise refused[0][1] if refused else no_records(name)
    left_out += [
        Issue(
            "sheet-ignored",
            f"The sheet holds no contacts that could be read ({sheet.cells.num_rows} rows).",
            value=sheet.name.rpartition("!")[2],
            source_file=sheet.name,
        )
        for sheet, _ in refused
        if sheet.cells.num_rows
    ]
    return [replace(tables[0], issues=(*tables[0].issues, *left_out)), *tables[1:]]


def _hidden(sheet: Sheet) -> Issue:
    return Issue(
        "hidden-sheet",
        f"The sheet is hidden ({sheet.cells.num_rows} rows) and was left out.",
        value=sheet.name.rpartition("!")[2],
        source_file=sheet.name,
        suggestion="unhide it and save when its people belong to the list",
    )


# --- in the worker ----------------------------------------------------------------------------------------------------


def as_sheet(
    name: str,
    rows: Sequence[Sequence[str]],
    lines: Iterable[int],
    facts: dict[str, str],
    issues: Sequence[Sequence[Any]],
) -> dict[str, Any]:
    """A sheet as JSON: columns of texts, without the empty columns at the right and the empty rows at the end."""
    numbered = list(zip(lines, rows, strict=False))
    while numbered and not any(numbered[-1][1]):
        numbered.pop()
    width = max((_width(row) for _, row in numbered), default=0)
    columns: list[list[str]] = [[] for _ in range(width)]
    for _, row in numbered:
        for index, column in enumerate(columns):
            column.append(row[index] if index < len(row) else "")
    return {
        "name": name,
        "columns": columns,
        "lines": [line for line, _ in numbered],
        "facts": facts,
        "issues": list(issues),
    }


def _width(row: Sequence[str]) -> int:
    width = len(row)
    while width and not row[width - 1]:
        width -= 1
    return width


def as_text(cell: Any) -> str:
    """A cell as text: dates as ISO, whole numbers without `.0`, numbers that lost digits with their exponent."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell).upper()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, timedelta):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
