"""The rows of a sheet that are records, taken as their layout says that they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from listmerge.engine.spool import forget, laid
from listmerge.importers import continued
from listmerge.importers.cells import told, unwrapped
from listmerge.layouts.layout import load_layouts
from listmerge.model import Issue, Mapping

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet

SHOWN: Final = 1_000  # issues of one kind that are listed one by one; the others are counted


@dataclass(frozen=True, slots=True)
class Taken:
    """The records of a sheet, `lines` being those where they begin. `numbers` has for each row that was taken the
    number of its record: some go on with the record above. `issues` tell of that, and of what was taken off."""

    cells: pa.Table
    header: tuple[str, ...]
    mapping: Mapping
    lines: pa.Array
    numbers: np.ndarray[Any, Any]
    issues: list[Issue]


def take_records(
    sheet: Sheet, header: tuple[str, ...], mapping: Mapping, records: np.ndarray[Any, Any], options: ReadOptions
) -> Taken:
    """The records as their layout says that they are written."""
    import numpy as np
    import pyarrow as pa

    cells, lines = _take(sheet, records, options.scratch)
    numbers = np.arange(1, len(records) + 1)
    layout = next((one for one in load_layouts(options.layout_files) if one.id == mapping.layout), None)
    if layout is None:
        return Taken(cells, header, mapping, lines, numbers, [])
    cells, off = unwrapped(cells, layout.wrapped) if layout.wrapped else (cells, [])
    further = continued.find(cells, header, mapping, layout.goes_on)
    numbers = numbers if further is None else np.searchsorted(further.owners, numbers - 1, side="right")
    every = np.arange(len(records))
    issues = [named(issue, header, every, numbers) for issue in told(off, sheet.name, lines)]
    if further is None:
        return Taken(cells, header, mapping, lines, numbers, issues)
    cells, header, mapping = continued.joined(cells, header, mapping, further, options.scratch)
    issues += row_issues(*_CONTINUED, further.rows, lines, sheet.name, numbers)
    return Taken(cells, header, mapping, lines.take(pa.array(further.owners)), numbers, issues)


_CONTINUED: Final = ("row-continued", "The row goes on with the record above and was read as part of it.")


def named(
    issue: Issue, header: tuple[str, ...], records: np.ndarray[Any, Any], numbers: np.ndarray[Any, Any]
) -> Issue:
    """What was taken off a cell, with the name of its column and the number of its record; 0 when it is in none."""
    import numpy as np

    at = int(np.searchsorted(records, issue.source_row - 1))
    found = issue.source_row > 0 and at < len(records) and records[at] == issue.source_row - 1
    return replace(issue, field=header[int(issue.field)], source_row=int(numbers[at]) if found else 0)


def _take(sheet: Sheet, records: np.ndarray[Any, Any], scratch: Path | None) -> tuple[pa.Table, pa.Array]:
    """The rows that are records; a slice where they stand together, which costs nothing."""
    import pyarrow as pa

    first, count = int(records[0]), len(records)
    if int(records[-1]) - first + 1 == count:
        return sheet.cells.slice(first, count), sheet.lines.slice(first, count)
    return laid(_chosen(sheet.cells, records), scratch), sheet.lines.take(pa.array(records))


def _chosen(cells: pa.Table, rows: np.ndarray[Any, Any]) -> Iterator[pa.Table]:
    """The rows with these numbers, batch by batch."""
    import numpy as np
    import pyarrow as pa

    wanted = np.zeros(cells.num_rows, bool)
    wanted[rows] = True
    before = 0
    for batch in cells.to_batches():
        yield pa.Table.from_batches([batch.filter(pa.array(wanted[before : before + batch.num_rows]))])
        before += batch.num_rows
        forget()


def row_issues(
    code: str, message: str, rows: np.ndarray[Any, Any], lines: pa.Array, name: str,
    numbers: np.ndarray[Any, Any] | None = None,
) -> Iterator[Issue]:
    """One issue a row, and of very many the number of the rest; `numbers` are those of the rows' records."""
    import numpy as np

    found = np.flatnonzero(rows)
    for row in found[:SHOWN].tolist():
        number = row + 1 if numbers is None else int(numbers[row])
        yield Issue(code, message, source_file=name, source_row=number, source_line=lines[row].as_py())
    if len(found) > SHOWN:
        yield Issue(code, f"The same holds for {len(found) - SHOWN:,} rows more.", source_file=name)
