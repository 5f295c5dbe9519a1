"""What the workers of all workbook families share: cells as text, rows as a sheet in JSON. Loads no heavy library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

EXACT: Final = 1e15  # beyond this a spreadsheet has lost digits


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
