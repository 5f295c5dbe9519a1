"""The conflict report as a workbook: every cell text, headers frozen, filters, and a mark where members differ."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.exporters.columns import all_bytes
from listmerge.exporters.inline import CUT, cells, is_too_long, write_filled
from listmerge.report.material import Material
from listmerge.report.sheets import ANSWER, Sheet, sheets

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NARROW, _WIDE = 8, 44
_TITLE: Final = 16              # titles of columns wrap
_LINE, _MOST_LINES = 15, 12     # points of a line of text
_A4: Final = 9
_MADE: Final = datetime(2000, 1, 1)      # files must not differ by the hour at which they were made
_COUNTING: Final = frozenset({"summary", "by source"})
_COUNT: Final = re.compile(r"[0-9,]+( of [0-9,]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: How far an empty sheet reaches; its row of patterns, the place of which the rows take; the styles in that.
_DIMENSION: Final = re.compile(rb'(?<=<dimension ref=")[^"]*')
_PATTERN: Final = re.compile(rb'<row r="2".*</row>')
_STYLE: Final = re.compile(rb' s="(\d+)"')

_CELL: Final = {"num_format": "@", "valign": "top", "text_wrap": True}
_LOOKS: Final[tuple[dict[str, Any], ...]] = (
    _CELL,
    {**_CELL, "bg_color": "#F1F4F5"},
    {**_CELL, "align": "right"},
    {**_CELL, "bg_color": "#FFF0B8"},
    {**_CELL, "bg_color": "#E4F2E9", "border": 1, "border_color": "#B9C4BD"},
    {"italic": True},
)
CELL, BAND, FIGURE, MARK, ANSWERED, NOTE = range(len(_LOOKS))
_HEAD: Final = {"bold": True, "bottom": 1, "valign": "bottom", "text_wrap": True}


def write_workbook(material: Material, path: Path) -> None:
    """Writes report.xlsx to `path`. Raises OSError when it cannot be written."""
    made = sheets(material)
    fills = {f"xl/worksheets/sheet{number}.xml": partial(_filled, sheet=sheet) for number, sheet in enumerate(made, 1)}
    write_filled(_empty_workbook(made), path, fills)


def _empty_workbook(made: Sequence[Sheet]) -> io.BytesIO:
    """The workbook with its headers and looks, and no rows but the row of patterns in each sheet."""
    import xlsxwriter

    empty = io.BytesIO()
    with xlsxwriter.Workbook(empty, {"constant_memory": True}) as book:
        book.set_properties({"title": "Contact list report", "created": _MADE})
        head, *looks = (book.add_format(look) for look in (_HEAD, *_LOOKS))
        for sheet in made:
            page = book.add_worksheet(sheet.name)
            _set_up(page, sheet, _widths(sheet), looks[CELL])
            for column, title in enumerate(sheet.header):
                page.write_string(0, column, title, head)
            for column, look in enumerate(looks):
                page.write_blank(1, column, None, look)
    return empty


def _set_up(page: Any, sheet: Sheet, widths: Sequence[int], cell: Any) -> None:
    """Widths, frozen header, filter, answers to choose from, and one page wide on paper."""
    for column, width in enumerate(widths):
        page.set_column(column, column, width, cell)
    last = max(len(sheet.rows), 1)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last, len(sheet.header) - 1)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 3}"})
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    if sheet.answers and sheet.rows:
        column = list(sheet.header).index(ANSWER)
        page.data_validation(1, column, last, column, {"validate": "list", "source": list(sheet.answers)})


def _filled(empty: bytes, sheet: Sheet) -> Iterator[bytes | memoryview]:
    """The empty sheet with its rows, and notes below them."""
    from xlsxwriter.utility import xl_col_to_name

    pattern = _PATTERN.search(empty)
    assert pattern
    styles = [style.decode() for style in _STYLE.findall(pattern[0])]
    notes = _notes(sheet)
    last = max([len(sheet.rows) + 1, *notes])
    yield _DIMENSION.sub(f"A1:{xl_col_to_name(len(sheet.header) - 1)}{last}".encode(), empty[: pattern.start()])
    if sheet.rows:
        yield _rows(sheet, pa.array(styles))
    for row, note in notes.items():
        number = pa.array([str(row)])
        yield _lines(number, "", [cells(pa.array([note]), "A", number, styles[NOTE])])
    yield empty[pattern.end() :]


def _rows(sheet: Sheet, styles: pa.Array) -> memoryview:
    """The XML of all rows."""
    from xlsxwriter.utility import xl_col_to_name

    looks, widths = _looks(sheet), _widths(sheet)
    numbers = pa.array([str(row) for row in range(2, len(sheet.rows) + 2)])
    columns = [pa.array(column, pa.string()) for column in zip(*sheet.rows, strict=True)]
    made = [cells(column, xl_col_to_name(place), numbers, styles.take(pa.array(looks[place])))
            for place, column in enumerate(columns)]
    if sheet.answers:
        asked = list(sheet.header).index(ANSWER)
        blank = f'" s="{styles[ANSWERED]}"/>'
        made[asked] = pc.if_else(
            pc.equal(columns[asked], ""),
            pc.binary_join_element_wise(f'<c r="{xl_col_to_name(asked)}', numbers, blank, ""), made[asked])
    band = pc.binary_join_element_wise(' s="', styles.take(pa.array(_bands(sheet))), '" customFormat="1"', "")
    heights = pa.array([_height(row, widths) for row in sheet.rows])
    return _lines(numbers, pc.binary_join_element_wise(band, heights, ""), made)


def _lines(numbers: pa.Array, attributes: str | pa.Array, made: Sequence[pa.Array]) -> memoryview:
    return all_bytes(pc.binary_join_element_wise('<row r="', numbers, '"', attributes, ">", *made, "</row>", ""))


def _bands(sheet: Sheet) -> NDArray[np.int64]:
    """The look of each row: those of every second group are darker."""
    return np.where(np.array(sheet.groups) % 2 == 0, BAND, CELL) if sheet.groups else np.full(len(sheet.rows), CELL)


def _looks(sheet: Sheet) -> list[NDArray[np.int64]]:
    """The look of each cell, column by column."""
    bands = _bands(sheet)
    looks = [np.full(len(bands), FIGURE) if _figures(sheet, column) else bands.copy()
             for column in range(len(sheet.header))]
    for row, column in sheet.marks:
        looks[column][row] = MARK
    return looks


def _notes(sheet: Sheet) -> dict[int, str]:
    """What is said below the rows, by the row in which it stands."""
    below, said = len(sheet.rows) + 3, {}
    if sheet.cut:
        said[below] = (f"These are the first {len(sheet.rows):,} of {sheet.total:,}, worst first; all are in"
                       f" {sheet.rest}.")
    cut = sum(map(is_too_long, chain.from_iterable(sheet.rows)))
    if cut:
        said[below + 1] = (f"Longer than a cell can be, and cut off where it says “{CUT}”: {cut:,}; the CSV files have"
                           " them whole.")
    return said


def _figures(sheet: Sheet, column: int) -> bool:
    """Whether the column holds nothing but counts."""
    figures = [row[column] for row in sheet.rows if row[column]]
    return sheet.name in _COUNTING and column > 0 and all(_COUNT.fullmatch(figure) for figure in figures)


def _widths(sheet: Sheet) -> list[int]:
    """Wide enough for most cells of a column, and for its title."""
    columns = zip(*(row for row in sheet.rows[:500]), strict=True) if sheet.rows else [()] * len(sheet.header)
    return [min(max(_NARROW, min(len(title) + 3, _TITLE), _typical(column)), _WIDE)
            for title, column in zip(sheet.header, columns, strict=True)]


def _height(row: Sequence[str], widths: Sequence[int]) -> str:
    """The height of a row as its fullest cell needs it: programs do not all work it out by themselves."""
    taken = [sum(-(-max(len(line), 1) // width) for line in cell.split("\n"))
             for cell, width in zip(row, widths, strict=True) if len(cell) > width or "\n" in cell]
    lines = min(max(taken, default=1), _MOST_LINES)
    return f' ht="{_LINE * lines}" customHeight="1"' if lines > 1 else ""


def _typical(column: Any) -> int:
    lengths = sorted(max(map(len, cell.split("\n"))) for cell in column if cell)
    return lengths[int(len(lengths) * 0.9)] + 2 if lengths else 0
