"""The conflict report as a workbook: every cell text, headers frozen, filters, and a mark where members differ."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from listmerge.report.material import Material
from listmerge.report.sheets import ANSWER, Sheet, sheets

_LONGEST: Final = 32_767       # characters that Excel keeps in a cell; what is cut off is said, and where it is whole
_CUT: Final = " … [cut]"
_NARROW, _WIDE = 8, 44
_TITLE: Final = 16              # titles of columns wrap
_LINE, _MOST_LINES = 15, 12     # points of a line of text
_A4: Final = 9
_MADE: Final = datetime(2000, 1, 1)      # files must not differ by the hour at which they were made
_COUNTING: Final = frozenset({"summary", "by source"})
_COUNT: Final = re.compile(r"[0-9,]+( of [0-9,]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}")


def write_workbook(material: Material, path: Path) -> None:
    """Writes report.xlsx to `path`. Raises OSError when it cannot be written."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"title": "Contact list report", "created": _MADE})
        formats = {name: book.add_format(look) for name, look in _LOOKS.items()}
        for sheet in sheets(material):
            _write(book.add_worksheet(sheet.name), sheet, formats)


_CELL: Final = {"num_format": "@", "valign": "top", "text_wrap": True}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "head": {"bold": True, "bottom": 1, "valign": "bottom", "text_wrap": True},
    "cell": _CELL,
    "figure": {**_CELL, "align": "right"},
    "mark": {**_CELL, "bg_color": "#FFF0B8"},
    "band": {**_CELL, "bg_color": "#F1F4F5"},
    "answer": {**_CELL, "bg_color": "#E4F2E9", "border": 1, "border_color": "#B9C4BD"},
    "note": {"italic": True},
}


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    widths = _widths(sheet)
    _set_up(page, sheet, widths, formats)
    looks = ["figure" if _figures(sheet, column) else "" for column in range(len(sheet.header))]
    for column, title in enumerate(sheet.header):
        page.write_string(0, column, title, formats["head"])
    asked = list(sheet.header).index(ANSWER) if sheet.answers else -1
    for row, cells in enumerate(sheet.rows):
        band = "band" if sheet.groups and sheet.groups[row] % 2 == 0 else "cell"
        page.set_row(row + 1, _LINE * _lines(cells, widths), formats[band])
        for column, cell in enumerate(cells):
            if cell:
                look = "mark" if (row, column) in sheet.marks else looks[column] or band
                page.write_string(row + 1, column, _fitting(cell), formats[look])
            elif column == asked:
                page.write_blank(row + 1, column, None, formats["answer"])
    if sheet.cut:
        page.write_string(len(sheet.rows) + 2, 0, f"These are the first {len(sheet.rows):,} of {sheet.total:,}, worst "
                                                  f"first; all are in {sheet.rest}.", formats["note"])


    cut = sum(len(cell) > _LONGEST for cells in sheet.rows for cell in cells)
    if cut:
        page.write_string(len(sheet.rows) + 3, 0, f"Longer than a cell can be, and cut off where it says “{_CUT}”: "
                                                  f"{cut:,}; the CSV files have them whole.", formats["note"])


def _fitting(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else cell[: _LONGEST - len(_CUT)] + _CUT


def _set_up(page: Any, sheet: Sheet, widths: list[int], formats: dict[str, Any]) -> None:
    """Widths, frozen header, filter, answers to choose from, and one page wide on paper."""
    for column, width in enumerate(widths):
        page.set_column(column, column, width, formats["cell"])
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


def _figures(sheet: Sheet, column: int) -> bool:
    """Whether the column holds nothing but counts."""
    cells = [row[column] for row in sheet.rows if row[column]]
    return sheet.name in _COUNTING and column > 0 and all(_COUNT.fullmatch(cell) for cell in cells)


def _widths(sheet: Sheet) -> list[int]:
    """Wide enough for most cells of a column, and for its title."""
    columns = zip(*(row for row in sheet.rows[:500]), strict=True) if sheet.rows else [()] * len(sheet.header)
    return [min(max(_NARROW, min(len(title) + 3, _TITLE), _typical(column)), _WIDE)
            for title, column in zip(sheet.header, columns, strict=True)]


def _lines(cells: Any, widths: list[int]) -> int:
    """How many lines the fullest cell of a row takes: programs do not all work out heights by themselves."""
    taken = (sum(-(-max(len(line), 1) // width) for line in cell.split("\n"))
             for cell, width in zip(cells, widths, strict=True) if len(cell) > width or "\n" in cell)
    return min(max(taken, default=1), _MOST_LINES)


def _typical(cells: Any) -> int:
    lengths = sorted(max(map(len, cell.split("\n"))) for cell in cells if cell)
    return lengths[int(len(lengths) * 0.9)] + 2 if lengths else 0
