"""Delimited text: comma, semicolon, tab or pipe, in any code page, with or without a header.

A regular file is read by Arrow (`fast`), any other by the csv module (`irregular`); both give the same sheet, which a
test holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from listmerge.errors import InputError
from listmerge.importers import charset as charsets
from listmerge.importers import dialect as dialects
from listmerge.importers import fast as regular
from listmerge.importers import irregular
from listmerge.importers.body import Body, as_utf8
from listmerge.importers.cells import may_hide, told
from listmerge.importers.sheets import Sheet
from listmerge.importers.tables import make_tables
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

LONGEST_LINE: Final = 32 << 20
FAST_FROM: Final = 1 << 20  # smaller files are read at once either way


def read(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The tables of a delimited text; raises InputError."""
    return make_tables(read_sheet(data, name, options.encoding, scratch=options.scratch), options)


def read_sheet(data: Data, name: str, encoding: str = "", fast: bool = True, scratch: Path | None = None) -> Sheet:
    """The text as a sheet, whatever is header or data in it, its cells cleaned; raises InputError `too-large`,
    `encoding`. A regular one lies in a file in `scratch`, where that is given.

    With `fast=False` Arrow is not tried; the result is the same.
    """
    check_lines(data, name)     # first: it looks no further than it must
    charset = charsets.find(data, name, encoding)
    issues = [*charset.issues, *_zeros(data, charset, name)]
    body = as_utf8(data, charset, scratch)
    head, (text, complete) = body.opening()[0], body.from_text().opening()
    dialect = dialects.find(text, complete)
    facts = {**charset.facts, "delimiter": dialect.delimiter, "quoting": dialect.quoting}
    hidden = may_hide(body.pieces())
    found = regular.read_table(body, head, dialect, name, hidden, scratch) if fast and body.size >= FAST_FROM else None
    if found is None:
        found, unbalanced = irregular.read_table(body, text, dialect, name, hidden, scratch)
        issues += unbalanced
    taken = told(found.taken, name, found.lines)
    return Sheet(name, found.cells, found.lines, facts, tuple(issues), cleaned=tuple(taken))


def _zeros(data: Data, charset: charsets.Charset, name: str) -> list[Issue]:
    """An issue when there are zero characters, which are left out."""
    if charset.encoding.startswith(("utf-16", "utf-32")) or not Body(data, 0, len(data)).bytes_of(b"\x00"):
        return []
    return [Issue("zero-characters", "The file holds zero characters (NUL); they were left out.", source_file=name)]


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
