"""Delimited text: comma, semicolon, tab or pipe, in any code page, with or without a header.

A regular file is read by Arrow (`fast`), any other by the csv module; both give the same sheet, which a test holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from listmerge.errors import InputError
from listmerge.importers import charset as charsets
from listmerge.importers import dialect as dialects
from listmerge.importers import fast as regular
from listmerge.importers.cells import may_hide
from listmerge.importers.records import Records
from listmerge.importers.sheets import Sheet, check_width, columns_of, stack
from listmerge.importers.tables import make_tables
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    import pyarrow as pa

    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

HEAD: Final = 1 << 18
LONGEST_LINE: Final = 32 << 20
FAST_FROM: Final = 1 << 20  # smaller files are read at once either way
BATCH: Final = 20_000


def read(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The tables of a delimited text; raises InputError."""
    return make_tables(read_sheet(data, name, options.encoding), options)


def read_sheet(data: Data, name: str, encoding: str = "", fast: bool = True) -> Sheet:
    """The text as a sheet, whatever is header or data in it; raises InputError `too-large`, `encoding`.

    With `fast=False` Arrow is not tried; the result is the same.
    """
    check_lines(data, name)     # first: it looks no further than it must
    charset = charsets.find(data, name, encoding)
    body = as_utf8(data, charset)
    head, complete = opening(body)
    dialect = dialects.find(head, complete)
    found = regular.read_table(body, head, dialect, name) if fast and len(body) >= FAST_FROM else None
    cells, lines, issues = (*found, []) if found else read_records(body.decode("utf-8", "replace"), dialect, head, name)
    facts = {"encoding": charset.encoding, "delimiter": dialect.delimiter, "quoting": dialect.quoting}
    return Sheet(name, cells, lines, facts, (*charset.issues, *_zeros(data, charset, name), *issues), may_hide(body))


def _zeros(data: Data, charset: charsets.Charset, name: str) -> list[Issue]:
    """An issue when there are zero characters, which are left out."""
    if charset.encoding.startswith(("utf-16", "utf-32")) or data.find(b"\x00") < 0:
        return []
    return [Issue("zero-characters", "The file holds zero characters (NUL); they were left out.", source_file=name)]


def as_utf8(data: Data, charset: charsets.Charset) -> bytes:
    """The text as UTF-8 without what breaks readers.

    That is: zero characters, the last 0x1A, blank lines at the end, and the line ends of bad downloads (CR CR LF).
    """
    body = data if charset.encoding == "utf-8" else charsets.decode(data, charset).encode("utf-8", "replace")
    start, end = charset.skip if body is data else 0, len(body)
    while end > start and body[end - 1] in b"\r\n\x1a":
        end -= 1
    text = bytes(body[start:end])
    text = text.replace(b"\x00", b"") if b"\x00" in text else text
    return text.replace(b"\r\r\n", b"\r\n") if b"\r" in text else text


def opening(body: bytes) -> tuple[str, bool]:
    """The first part of the text, cut at a line's end, and whether that is all of it."""
    if len(body) <= HEAD:
        return body.decode("utf-8", "replace"), True
    part = body[:HEAD]
    cut = max(part.rfind(b"\n"), part.rfind(b"\r")) + 1
    return part[: cut or HEAD].decode("utf-8", "ignore"), False


def check_lines(data: Data, name: str) -> None:
    """Raises InputError `too-large` when a line is longer than any contact can be."""
    for start in range(0, len(data), LONGEST_LINE):
        end = start + LONGEST_LINE
        if end < len(data) and data.find(b"\n", start, end) < 0 and data.find(b"\r", start, end) < 0:
            raise InputError(
                "too-large",
                f"{name} has a line of more than {LONGEST_LINE >> 20} MB.",
                where=name,
                hint="this is hardly a list of contacts; check how it was made.",
            )


def normalise(text: str) -> str:
    """Without zero characters, a last 0x1A, and with the line ends of bad downloads (CR CR LF) made one."""
    return text.replace("\x00", "").rstrip("\r\n\x1a").replace("\r\r\n", "\r\n")


def read_records(text: str, dialect: dialects.Dialect, head: str, name: str) -> tuple[pa.Table, pa.Array, list[Issue]]:
    """All records by the csv module, with the physical line where each begins, and what was wrong with their quotes."""
    import pyarrow as pa

    tables, lines, issues = [], [], []
    widths = Counter(dialects.widths(head, dialect))
    reader = Records(text, dialect, widths.most_common(1)[0][0] if widths else 1)
    for rows, starts in _batches(reader):
        width = max(map(len, rows))
        check_width(width, name)
        tables.append(columns_of(rows, width))
        lines += starts
    issues = [
        Issue(
            "unbalanced-quote",
            "A quotation mark is not closed; the line was read without quotes.",
            source_file=name,
            source_line=line,
        )
        for line in reader.unbalanced[:100]
    ]
    return stack(tables), pa.array(lines, pa.int32()), issues


def _batches(reader: Records) -> Iterator[tuple[list[list[str]], list[int]]]:
    rows: list[list[str]] = []
    starts: list[int] = []
    for row, line in reader:
        rows.append(row)
        starts.append(line)
        if len(rows) == BATCH:
            yield rows, starts
            rows, starts = [], []
    if rows:
        yield rows, starts
