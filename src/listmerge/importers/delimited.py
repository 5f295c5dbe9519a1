"""Delimited text: comma, semicolon, tab or pipe, in any code page, with or without a header.

A regular file is read by Arrow (`fast`), any other by the csv module; both give the same sheet, which a test holds.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from listmerge.errors import InputError
from listmerge.importers import charset as charsets
from listmerge.importers import dialect as dialects
from listmerge.importers.sheets import Sheet, check_width, columns_of, stack
from listmerge.importers.source import damaged
from listmerge.importers.tables import make_tables
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    import pyarrow as pa

    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

HEAD: Final = 1 << 18
LONGEST_LINE: Final = 32 << 20
BATCH: Final = 20_000


def read(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The tables of a delimited text; raises InputError."""
    return make_tables(read_sheet(data, name, options.encoding), options)


def read_sheet(data: Data, name: str, encoding: str = "") -> Sheet:
    """The text as a sheet, whatever is header or data in it; raises InputError `too-large`, `encoding`."""
    charset = charsets.find(data, name, encoding)
    check_lines(data, name)
    text = normalise(charsets.decode(data, charset))
    dialect = dialects.find(text[:HEAD], complete=len(text) <= HEAD)
    cells, lines = read_records(text, dialect, name)
    facts = {"encoding": charset.encoding, "delimiter": dialect.delimiter, "quoting": dialect.quoting}
    return Sheet(name, cells, lines, facts, charset.issues)


def check_lines(data: Data, name: str) -> None:
    """Raises InputError `too-large` when a line is longer than any contact can be."""
    for start in range(0, len(data), LONGEST_LINE):
        end = start + LONGEST_LINE
        if end < len(data) and data.find(b"\n", start, end) < 0 and data.find(b"\r", start, end) < 0:
            raise InputError("too-large", f"{name} has a line of more than {LONGEST_LINE >> 20} MB.", where=name,
                             hint="this is hardly a list of contacts; check how it was made.")


def normalise(text: str) -> str:
    """Without zero characters, a last 0x1A, and with the line ends of bad downloads (CR CR LF) made one."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return re.sub(r"\x1a\s*\Z", "", text[-64:]).join([text[:-64], ""]).replace("\r\r\n", "\r\n")


def read_records(text: str, dialect: dialects.Dialect, name: str) -> tuple[pa.Table, pa.Array]:
    """All records by the csv module, with the physical line where each begins; raises InputError `damaged-file`."""
    import pyarrow as pa

    tables, lines = [], []
    for rows, starts in _batches(text, dialect, name):
        width = max(map(len, rows))
        check_width(width, name)
        tables.append(columns_of(rows, width))
        lines += starts
    return stack(tables), pa.array(lines, pa.int32())


def _batches(text: str, dialect: dialects.Dialect, name: str) -> Iterator[tuple[list[list[str]], list[int]]]:
    reader = csv.reader(io.StringIO(text, newline=""), **dialect.options())
    rows: list[list[str]] = []
    starts: list[int] = []
    before = 0
    try:
        for row in reader:
            rows.append(row)
            starts.append(before + 1)
            before = reader.line_num
            if len(rows) == BATCH:
                yield rows, starts
                rows, starts = [], []
    except csv.Error as error:
        raise damaged(name, f"line {reader.line_num} cannot be read ({error})") from error
    if rows:
        yield rows, starts


__all__ = ["Issue", "read"]
