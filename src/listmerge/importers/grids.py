"""What all workbook families share: cells as text, rows as a sheet, elements without their namespaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from xml.etree.ElementTree import Element

from listmerge.importers.sheets import Sheet, columns_of, stack
from listmerge.model import Issue

BATCH: Final = 20_000
EXACT: Final = 10**15   # from here on Excel writes zeros for digits that it lost
WHOLE: Final = 2**53    # from here on nobody has all digits


def as_sheet(
    file: str,
    title: str,
    rows: Sequence[Sequence[str]],
    lines: Iterable[int],
    facts: dict[str, str] | None = None,
    issues: Sequence[tuple[str, str, str, int]] = (),
) -> Sheet:
    """The sheet `title` of a file without the empty columns at the right and the empty rows at the end.

    An issue is (code, message, value, line).
    """
    import pyarrow as pa

    numbered = list(zip(lines, rows, strict=False))
    while numbered and not any(numbered[-1][1]):
        numbered.pop()
    width = max((_width(row) for _, row in numbered), default=0)
    cells = stack([columns_of([row[:width] for _, row in numbered[start : start + BATCH]], width)
                   for start in range(0, len(numbered), BATCH)])
    name = f"{file}!{title}" if title else file
    found = tuple(Issue(code, text, value=value, source_file=name, source_line=line)
                  for code, text, value, line in issues)
    return Sheet(name, cells, pa.array([line for line, _ in numbered], pa.int32()), facts or {}, found)


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
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, timedelta):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number(number: float) -> str:
    if not number.is_integer() or abs(number) >= WHOLE:
        return repr(number).upper()
    rounded = abs(number) >= EXACT and number % 10 == 0
    return f"{Decimal(number).normalize():E}" if rounded else str(int(number))


def tag_of(element: Element) -> str:
    """What the element is called."""
    return str(element.tag).rpartition("}")[2]


def facts_of(element: Element) -> dict[str, str]:
    """The element's attributes."""
    return {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
