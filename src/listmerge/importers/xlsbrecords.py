"""What stands in an .xlsb beside the values: number formats, hidden rows and columns, merged cells, links.

Its parts are records: kind and size in bytes of seven bits, then the record ([MS-XLSB] 2.1.4, the numbers 2.3.2). No
library that is kept tells formats, so the few records that matter are read here. Dates are told by calamine but for
those that are written as whole numbers, as Excel does.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from listmerge.importers.beside import EPOCH, EPOCH_MAC, Found, Unreadable
from listmerge.importers.numberformats import is_date, padded
from listmerge.importers.source import ZIP_ERRORS
from listmerge.importers.xlsxparts import path_of, relations, sheet_links

WORKBOOK: Final = 153
SHEET: Final = 156
FORMAT: Final = 44
BEGIN_STYLES: Final = 617
STYLE: Final = 47
END_STYLES: Final = 618
ROW: Final = 0
LINK: Final = 494
SHORT: Final = 2
NUMBERS: Final = frozenset({SHORT, 5, 9})       # the others are long, and what a formula gave
#: Number formats that have no code in the file and show dates ([ECMA-376] part 1, 18.8.30).
DATES: Final = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58})
HIDDEN: Final = 0x10                        # bit of a row
LAST_COLUMN: Final = 16383
_PAIR: Final = struct.Struct("<II")
_FOUR: Final = struct.Struct("<IIII")


class _Styles(NamedTuple):
    """Style number -> number format, for those that add zeros or signs to whole numbers; the styles of dates."""

    padded: dict[int, str]
    dates: set[int]


def look(archive: zipfile.ZipFile) -> dict[str, Found]:
    """What is found in the sheets, by name. Raises Unreadable."""
    try:
        return dict(_sheets(archive))
    except (struct.error, *ZIP_ERRORS) as error:
        raise Unreadable(str(error)[:100]) from error


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, Found]]:
    targets = relations(archive, "xl/_rels/workbook.bin.rels")
    styles = _styles(archive.read("xl/styles.bin") if "xl/styles.bin" in archive.NameToInfo else b"")
    epoch = EPOCH
    for kind, record in _records(archive.read("xl/workbook.bin")):
        if kind == WORKBOOK and record[0] & 1:
            epoch = EPOCH_MAC
        elif kind == SHEET:
            relation, at = _text(record, 8)
            path = path_of(targets.get(relation, ""))
            if path in archive.NameToInfo:
                found = Found(numbers=True, epoch=epoch)
                _look(found, archive.read(path), styles, sheet_links(archive, path))
                yield _text(record, at)[0], found


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        yield kind, part[at : at + size]
        at += size
    if at > len(part):
        raise Unreadable("it ends within a record")


def _number(part: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number in bytes of seven bits, the lowest first, and where it ends."""
    number = 0
    for shift in range(0, 7 * longest, 7):
        number |= (part[at] & 0x7F) << shift
        at += 1
        if part[at - 1] < 0x80:
            break
    return number, at


def _text(record: bytes, at: int) -> tuple[str, int]:
    """A text that stands there, '' for none, and where it ends."""
    length = struct.unpack_from("<I", record, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    return record[at + 4 : at + 4 + 2 * length].decode("utf-16-le", "replace"), at + 4 + 2 * length


def _styles(part: bytes) -> _Styles:
    codes: dict[int, str] = {}
    numbers: list[int] = []
    of_cells = False
    for kind, record in _records(part):
        if kind == FORMAT:
            codes[struct.unpack_from("<H", record)[0]] = _text(record, 2)[0]
        elif kind in (BEGIN_STYLES, END_STYLES):
            of_cells = kind == BEGIN_STYLES
        elif kind == STYLE and of_cells:
            numbers.append(struct.unpack_from("<H", record, 2)[0])
    return _Styles(padded(codes, numbers),
                   {style for style, number in enumerate(numbers) if number in DATES or is_date(codes.get(number, ""))})


def _look(found: Found, part: bytes, styles: _Styles, links: dict[str, str]) -> None:
    row = 0
    for kind, record in _records(part):
        if kind in NUMBERS:
            column, style = _PAIR.unpack_from(record)
            style &= 0xFFFFFF
            if style in styles.padded:
                found.padded.append((row, column, styles.padded[style]))
            elif kind == SHORT and style in styles.dates:
                found.dated.append((row, column))
        elif kind == ROW:
            row = _row(found, record)
        elif kind == LINK:
            start, _, column, _ = _FOUR.unpack_from(record)
            found.links.append((start + 1, column, links.get(_text(record, 16)[0], "")))
        elif kind in TAKEN:
            TAKEN[kind](found, record)


def _row(found: Found, record: bytes) -> int:
    row: int = struct.unpack_from("<I", record)[0] + 1
    if record[11] & HIDDEN:
        found.hidden_rows.add(row)
    return row


def _columns(found: Found, record: bytes) -> None:
    if struct.unpack_from("<H", record, 16)[0] & 1:
        first, last = _PAIR.unpack_from(record)
        found.hidden_columns.update(range(first, min(last, LAST_COLUMN) + 1))


def _merged(found: Found, record: bytes) -> None:
    row, end, left, right = _FOUR.unpack_from(record)
    found.merged.append((row + 1, left, end + 1, right))


TAKEN: Final[dict[int, Callable[[Found, bytes], None]]] = {60: _columns, 176: _merged}
