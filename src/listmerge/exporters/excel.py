"""Excel: one sheet, every cell text, so that postcode 0800 and phone +61 … look right; header frozen, with filters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from listmerge.exporters.columns import batches

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def write_xlsx(table: pa.Table, path: Path, sheet: str = "master") -> None:
    """Writes the table as the only sheet of a workbook. Raises OSError when it cannot be written."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True})
        for index, name in enumerate(table.column_names):
            page.write_string(0, index, name, bold)
        _fill(page, table)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, table.num_rows, table.num_columns - 1)


def _fill(page: Worksheet, table: pa.Table) -> None:
    row = 0
    for columns in batches(table):
        for cells in zip(*(column.to_pylist() for column in columns), strict=True):
            row += 1
            _fill_row(page, row, cells)


def _fill_row(page: Any, row: int, cells: tuple[str, ...]) -> None:
    for index, cell in enumerate(cells):
        if cell:
            page.write_string(row, index, cell)
