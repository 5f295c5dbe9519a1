"""The tables of a sheet, which may hold several: a title of one cell with another header below begins a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from listmerge.importers import structure
from listmerge.layouts.recognise import RecogniseOptions, TableStart, find_table, recognise

if TYPE_CHECKING:
    import pyarrow as pa

    from listmerge.importers.sheets import Sheet

HEAD_ROWS: Final = 40
MOST_TITLES: Final = 50


def _head(cells: pa.Table) -> tuple[list[list[str]], list[int]]:
    """The first rows in which something stands, and where; a list may begin below any number of blank ones."""
    import numpy as np
    import pyarrow as pa

    found: list[int] = []
    start, size = 0, HEAD_ROWS
    while len(found) < HEAD_ROWS and start < cells.num_rows:
        found += (np.flatnonzero(structure.filled(cells.slice(start, size))) + start).tolist()
        start, size = start + size, 2 * size
    del found[HEAD_ROWS:]
    return _texts(cells.slice(0, start).take(pa.array(found, pa.int64()))), found


def _texts(cells: pa.Table) -> list[list[str]]:
    return [list(row.values()) for row in cells.to_pylist()]


def _begins(cells: pa.Table, told: RecogniseOptions) -> TableStart:
    """Where the table begins, its header counted among all rows."""
    head, rows = _head(cells)
    start = find_table(head, told)
    return start if start.header is None else replace(start, header=rows[start.header])


def sections(sheet: Sheet, told: RecogniseOptions) -> Iterator[tuple[Sheet, TableStart]]:
    """The tables of a sheet: a one-cell title with another header below begins a new one."""
    if sheet.header is not None:
        head = _texts(sheet.cells.slice(0, HEAD_ROWS))
        yield sheet, TableStart(sheet.header, recognise(head[sheet.header], head[sheet.header + 1 :], told))
        return
    titles = _titles(sheet.cells, told)
    starts, ends = [0, *titles], [*titles, sheet.cells.num_rows]
    for begin, end in zip(starts, ends, strict=True):
        if begin == end:
            continue
        title = sheet.cells.column(0)[begin].as_py() if begin in titles else ""
        part = _slice(sheet, begin, end, title)
        if title:
            head, _ = _head(part.cells)
            yield part, TableStart(1, recognise(head[1], head[2:], told))
        else:
            yield part, _begins(part.cells, told)


def _titles(cells: pa.Table, told: RecogniseOptions) -> list[int]:
    """The rows with a section's title: one cell, and a header below that is not the one of the section before. A header
    of unknown words is one when half of them stand in the headers of other sections."""
    import numpy as np

    if cells.num_columns < 2:
        return []
    counts = structure.filled(cells)
    first = structure.is_filled(cells.column(0))
    alone = np.flatnonzero((counts[:-1] == 1) & first[:-1] & (counts[1:] > 1))[:MOST_TITLES]
    found: list[int] = []
    start = _begins(cells, told).header if len(alone) else None
    seen = [] if start is None or start > alone[0] else _texts(cells.slice(start, 1))
    for at in alone:
        below = _texts(cells.slice(int(at) + 1, 3))
        if below[0] in seen or "@" in cells.column(0)[int(at)].as_py():
            continue
        if find_table(below, told).header == 0 or _shares_words(below[0], seen):
            found.append(int(at))
            seen.append(below[0])
    return found


def _shares_words(row: list[str], headers: list[list[str]]) -> bool:
    words = {cell for cell in row if cell}
    return any(len(words.intersection(header)) * 2 >= len(words) for header in headers)


def _slice(sheet: Sheet, start: int, end: int, title: str) -> Sheet:
    if not start and end == sheet.cells.num_rows:
        return sheet
    name = f"{sheet.name}!{title[:60]}" if title else sheet.name
    return replace(
        sheet,
        name=name,
        cells=sheet.cells.slice(start, end - start),
        lines=sheet.lines.slice(start, end - start),
        before=start,
        issues=() if title else sheet.issues,
    )
