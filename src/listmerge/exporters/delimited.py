"""CSV: UTF-8, comma, LF, quotes where needed, and no cell that a spreadsheet would take for a formula.

Written column by column: each batch of rows is joined by Arrow into one string array whose bytes are the file's.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.exporters.columns import all_bytes, batches, begins_with, byte_set, holds, replaced
from listmerge.importers.cells import GUARD

_SUSPECT: Final = byte_set("=+-@\t\r'")
_QUOTED: Final = byte_set('",\r\n')

#: What a spreadsheet takes for a formula (OWASP, CSV injection), and what import would take an apostrophe off from.
FORMULA: Final = rf"(?s)^[=+\-@\t\r]|{GUARD}"
#: An E.164 number, or several numbers of which it is the first, as they stand in `phone` and `phones`: no formula.
PHONES: Final = r"^\+[0-9]{4,15}(\\?;ext=[0-9]+)?(; \+?[0-9][0-9 ()./-]*(\\?;ext=[0-9]+)?)*$"


def write_csv(table: pa.Table, path: Path) -> None:
    """Writes the table with its header to `path`. The csv module reads back the same cells, formulas guarded."""
    texts = frozenset(field.name for field in table.schema if pa.types.is_string(field.type))
    with path.open("wb") as file:
        file.write(_header(table.column_names))
        for columns in batches(table):
            cells = [guarded(column) if name in texts else column
                     for name, column in zip(table.column_names, columns, strict=True)]
            file.write(_lines(cells))


def write_plain(table: pa.Table, path: Path, *, line_end: str = "\n", byte_order_mark: bool = False) -> None:
    """Writes a table of text as it is, with its header: nothing is guarded here."""
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf" if byte_order_mark else b"")
        file.write(_lines([pa.array([name]) for name in table.column_names], line_end))
        for columns in batches(table):
            file.write(_lines(columns, line_end))


def guarded(column: pa.Array) -> pa.Array:
    """The text column with an apostrophe before each cell that a spreadsheet would take for a formula.

    E.164 phone numbers stay as they are. Import takes the apostrophe off again.
    """
    where = begins_with(column, _SUSPECT)
    if not where.any():
        return column
    suspects = column.filter(pa.array(where))
    formula = pc.and_not(pc.match_substring_regex(suspects, FORMULA), pc.match_substring_regex(suspects, PHONES))
    return replaced(column, where, pc.if_else(formula, pc.binary_join_element_wise("'", suspects, ""), suspects))


def _quoted(column: pa.Array) -> pa.Array:
    where = holds(column, _QUOTED)
    if not where.any():
        return column
    doubled = pc.replace_substring(column.filter(pa.array(where)), '"', '""')
    return replaced(column, where, pc.binary_join_element_wise('"', doubled, '"', ""))


def _lines(columns: list[pa.Array], line_end: str = "\n") -> memoryview:
    """The bytes of the rows: an array of whole lines holds them one after the other, as the file does."""
    cells = [_quoted(column) for column in columns]
    if len(cells) == 1:     # a lone empty cell would be a blank line, which readers skip
        cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
    cells[-1] = pc.binary_join_element_wise(cells[-1], line_end, "")
    return all_bytes(pc.binary_join_element_wise(*cells, ","))


def _header(names: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(guarded(pa.array(names)).to_pylist())
    return text.getvalue().encode()
