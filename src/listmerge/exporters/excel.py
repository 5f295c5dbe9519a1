"""Excel: one sheet, every cell text, so that postcode 0800 and phone +61 … look right; header frozen, with filters."""

from __future__ import annotations

import io
import re
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.exporters.columns import all_bytes, as_text, batches
from listmerge.exporters.inline import cells, write_filled

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Files must not differ by the hour at which they were made.
_MADE: Final = datetime(2000, 1, 1)
#: Where XlsxWriter says how far the sheet reaches, the style of its columns, and where the rows end.
_DIMENSION: Final = re.compile(rb'(<dimension ref="A1:[A-Z]+)1(?=")')
_STYLE: Final = re.compile(rb'<col [^>]*style="(\d+)"')
_END: Final = b"</sheetData>"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_NARROW, _WIDE = 9, 42
_ROWS_AT_ONCE: Final = 8_192    # XML is ten times as large as the text in it


def write_xlsx(table: pa.Table, path: Path, sheet: str = "master") -> None:
    """Writes the table as the only sheet of a workbook. Raises OSError when it cannot be written.

    A text of more than LONGEST characters is cut and ends in CUT.
    """
    write_filled(_empty_workbook(table, sheet), path, {_SHEET: partial(_filled, table=table)})


def _empty_workbook(table: pa.Table, sheet: str) -> io.BytesIO:
    """The workbook with its header and looks, and no rows."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        for index, width in enumerate(_widths(table)):
            page.write_string(0, index, table.column_names[index], bold)
            page.set_column(index, index, width, text)
        page.freeze_panes(1, 3 if table.num_columns > 6 else 0)
        page.autofilter(0, 0, max(table.num_rows, 1), table.num_columns - 1)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{table.num_rows + 2}"})
    return made


def _filled(sheet: bytes, table: pa.Table) -> Iterator[bytes | memoryview]:
    head, end, tail = sheet.partition(_END)
    [style] = set(_STYLE.findall(head)) or {b"0"}
    yield _DIMENSION.sub(lambda match: b"%b%d" % (match[1], table.num_rows + 1), head)
    first = 2
    for columns in batches(table, _ROWS_AT_ONCE):
        yield _rows(columns, first, style.decode())
        first += len(columns[0])
    yield end + tail


def _rows(columns: list[pa.Array], first: int, style: str) -> memoryview:
    """The XML of the rows from row `first` on."""
    from xlsxwriter.utility import xl_col_to_name

    numbers = pa.array(np.arange(first, first + len(columns[0]))).cast(pa.string())
    made = [cells(column, xl_col_to_name(index), numbers, style) for index, column in enumerate(columns)]
    return all_bytes(pc.binary_join_element_wise('<row r="', numbers, '">', *made, "</row>", ""))


def _widths(table: pa.Table) -> list[int]:
    """Wide enough for most values of the first rows, and for the title."""
    first = table.slice(0, 1000)
    lengths = [sorted(filter(None, map(len, as_text(column).to_pylist()))) for column in first.columns]
    typical = [most[int(len(most) * 0.9)] + 2 if most else 0 for most in lengths]
    return [min(max(_NARROW, len(name) + 4, width), _WIDE)
            for name, width in zip(table.column_names, typical, strict=True)]
