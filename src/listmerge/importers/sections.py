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


def _head(cells: pa.Table) -> list[list[str]]:
    return [list(row.values()) for row in cells.slice(0, HEAD_ROWS).to_pylist()]


def sections(sheet: Sheet, told: RecogniseOptions) -> Iterator[tuple[Sheet, TableStart]]:
    """The tables of a sheet: a one-cell title with another header below begins a new one."""
    head = _head(sheet.cells)
    if sheet.header is not None:
        yield sheet, TableStart(sheet.header, recognise(head[sheet.header], head[sheet.header + 1 :], told))
        return
    titles = _titles(sheet.cells, told)
    starts, ends = [0, *titles], [*titles, sheet.cells.num_rows]
    for begin, end in zip(starts, ends, strict=True):
        if begin == end:
            continue
        title = sheet.cells.column(0)[begin].as_py() if begin in titles else ""
        part = _slice(sheet, begin, end, title)
        head = _head(part.cells)
        yield part, TableStart(1, recognise(head[1], head[2:], told)) if title else find_table(head, told)


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
    start = find_table(_head(cells), told).header if len(alone) else None
    seen = [] if start is None or start > alone[0] else [_head(cells)[start]]
    for at in alone:
        below = _head(cells.slice(int(at) + 1, 3))
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
