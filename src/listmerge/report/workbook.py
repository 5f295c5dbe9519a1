"""The conflict report as a workbook: every cell text, headers frozen, filters, and a mark where members differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from listmerge.report.material import Material
from listmerge.report.sheets import Sheet, sheets

_LONGEST: Final = 32_767       # characters that Excel keeps in a cell
_NARROW, _WIDE = 8, 48


def write_workbook(material: Material, path: Path) -> None:
    """Writes report.xlsx to `path`. Raises OSError when it cannot be written."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False}) as book:
        formats = {name: book.add_format(look) for name, look in _LOOKS.items()}
        for sheet in sheets(material):
            _write(book.add_worksheet(sheet.name), sheet, formats)


_CELL: Final = {"num_format": "@", "valign": "top", "text_wrap": True}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "head": {"bold": True, "bottom": 1, "valign": "bottom", "text_wrap": True},
    "cell": _CELL,
    "mark": {**_CELL, "bg_color": "#FFF0B8"},
    "band": {**_CELL, "bg_color": "#F4F6F7"},
    "note": {"italic": True},
}


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width, formats["cell"])
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.header) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{len(sheet.rows) + 3}"})
    for column, title in enumerate(sheet.header):
        page.write_string(0, column, title, formats["head"])
    for row, cells in enumerate(sheet.rows):
        _write_row(page, sheet, row, cells, formats)
    if sheet.total > len(sheet.rows):
        page.write_string(len(sheet.rows) + 2, 0, f"The first {len(sheet.rows):,} of {sheet.total:,}, worst first; "
                                                  f"all are in {sheet.rest}.", formats["note"])


def _write_row(page: Any, sheet: Sheet, row: int, cells: Any, formats: dict[str, Any]) -> None:
    plain = "band" if sheet.groups and sheet.groups[row] % 2 == 0 else "cell"
    for column, cell in enumerate(cells):
        look = "mark" if (row, column) in sheet.marks else plain
        if cell:
            page.write_string(row + 1, column, cell[:_LONGEST], formats[look])
        else:
            page.write_blank(row + 1, column, None, formats[look])


def _widths(sheet: Sheet) -> list[int]:
    """Wide enough for most cells of a column, and for its title."""
    columns = zip(*(row for row in sheet.rows[:500]), strict=True) if sheet.rows else [()] * len(sheet.header)
    return [min(max(_NARROW, len(title) + 3, _typical(column)), _WIDE)
            for title, column in zip(sheet.header, columns, strict=True)]


def _typical(cells: Any) -> int:
    lengths = sorted(max(map(len, cell.split("\n"))) for cell in cells if cell)
    return lengths[int(len(lengths) * 0.9)] + 2 if lengths else 0
