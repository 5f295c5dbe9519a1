"""What stands in an .xls beside the values: number formats, hidden rows and columns, merged cells, links.

A workbook is a stream of records: two bytes kind, two bytes size, then the record ([MS-XLS] 2.1.4, the numbers 2.3.1).
Each byte is looked at once, whatever the records say, so that a damaged workbook costs no more than a sound one. Texts
are written in another way by Excel 5 and 95.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import olefile

from listmerge.importers.beside import Found, Unreadable
from listmerge.importers.numberformats import padded
from listmerge.importers.source import Data, as_file

BOF: Final = 0x0809
EOF: Final = 0x000A
BOUND_SHEET: Final = 0x0085
FORMAT: Final = 0x041E
FILE_PASS: Final = 0x002F
STYLE: Final = 0x00E0
OF_THE_BOOK: Final = frozenset({BOUND_SHEET, FORMAT, STYLE})
EXCEL_97: Final = 0x0600
HIDDEN: Final = 0x20            # bit of a row
LAST_COLUMN: Final = 255
#: Before the address that a link leads to ([MS-OSHARED] 2.3.7.6).
URL: Final = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
CELLS: Final = 0                # what a sheet has, not a chart or a macro
#: What olefile and struct raise for what is broken.
_BROKEN: Final = (OSError, ValueError, LookupError, TypeError, struct.error, RecursionError)
_SHEET: Final = struct.Struct("<IxB")
_HEAD: Final = struct.Struct("<HH")
_THREE: Final = struct.Struct("<HHH")
_FOUR: Final = struct.Struct("<HHHH")


def look(data: Data) -> list[Found]:
    """What is found in the sheets, in the order of the workbook. Raises Unreadable."""
    try:
        stream = _stream(data)
        version = _HEAD.unpack_from(stream, 4)[0]
        globals_ = list(_records(stream, 0, len(stream)))
        formats = _formats(globals_, version)
        sheets = [_SHEET.unpack_from(record) for kind, record in globals_ if kind == BOUND_SHEET]
        ends = dict(pairwise(sorted([*(start for start, _ in sheets), len(stream)])))
        if len(ends) < len(sheets):
            raise Unreadable("two sheets begin at one place")
        return [_look(_records(stream, at, ends[at]), formats) if what == CELLS else Found() for at, what in sheets]
    except _BROKEN as error:
        raise Unreadable(str(error)[:100] or type(error).__name__) from error


def is_locked(data: Data) -> bool:
    """Whether the workbook is encrypted: a record near its beginning says so ([MS-XLS] 2.4.117)."""
    try:
        stream, at = _stream(data), 0
        for _ in range(4):
            kind, size = _HEAD.unpack_from(stream, at)
            if kind == FILE_PASS:
                return True
            at += 4 + size
    except _BROKEN:
        return False
    return False


def _stream(data: Data) -> bytes:
    with olefile.OleFileIO(as_file(data)) as parts:
        name = next((name for name in ("Workbook", "Book") if parts.exists(name)), "")
        stream: bytes = parts.openstream(name).read()
    return stream


def _records(stream: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The records from a beginning to its end, without what lies nested between, as charts do."""
    depth = 0
    if at + 4 > end or _HEAD.unpack_from(stream, at)[0] != BOF:
        raise Unreadable("a sheet does not begin where it should")
    while at + 4 <= end:
        kind, size = _HEAD.unpack_from(stream, at)
        depth += (kind == BOF) - (kind == EOF)
        if depth == 1 and (kind in TAKEN or kind in OF_THE_BOOK):
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if depth == 0:
            return
    raise Unreadable("it ends within a sheet")


def _formats(records: list[tuple[int, bytes]], version: int) -> dict[int, str]:
    """Style number -> number format, for the formats that add zeros or signs to whole numbers."""
    codes = {_HEAD.unpack_from(record)[0]: _code(record, version) for kind, record in records if kind == FORMAT}
    return padded(codes, (_HEAD.unpack_from(record)[1] for kind, record in records if kind == STYLE))


def _code(record: bytes, version: int) -> str:
    if version < EXCEL_97:
        return record[3 : 3 + record[2]].decode("cp1252", "replace")
    length, wide = struct.unpack_from("<HB", record, 2)
    width, coding = (2, "utf-16-le") if wide & 1 else (1, "latin-1")
    return record[5 : 5 + length * width].decode(coding, "replace")


def _look(records: Iterator[tuple[int, bytes]], formats: dict[int, str]) -> Found:
    found = Found(numbers=True)
    for kind, record in records:
        if kind in TAKEN:
            TAKEN[kind](found, formats, record)
    return found


def _cell(found: Found, formats: dict[int, str], record: bytes) -> None:
    row, column, style = _THREE.unpack_from(record)
    if style in formats:
        found.padded.append((row + 1, column, formats[style]))


def _cells(found: Found, formats: dict[int, str], record: bytes) -> None:
    """Cells side by side, six bytes each after the place of the first."""
    row, first = _HEAD.unpack_from(record)
    for index in range((len(record) - 6) // 6):
        _cell(found, formats, _THREE.pack(row, first + index, *_HEAD.unpack_from(record, 4 + 6 * index)[:1]))


def _row(found: Found, _: dict[int, str], record: bytes) -> None:
    if record[12] & HIDDEN:
        found.hidden_rows.add(_HEAD.unpack_from(record)[0] + 1)


def _columns(found: Found, _: dict[int, str], record: bytes) -> None:
    if record[8] & 1:
        first, last = _HEAD.unpack_from(record)
        found.hidden_columns.update(range(first, min(last, LAST_COLUMN) + 1))


def _merged(found: Found, _: dict[int, str], record: bytes) -> None:
    for at in range(2, len(record) - 7, 8):
        row, end, left, right = _FOUR.unpack_from(record, at)
        found.merged.append((row + 1, left, end + 1, right))


def _link(found: Found, _: dict[int, str], record: bytes) -> None:
    row, _end, column, _right = _FOUR.unpack_from(record)
    at = record.find(URL)
    if at >= 0:
        size = struct.unpack_from("<I", record, at + 16)[0]
        target = record[at + 20 : at + 20 + size].decode("utf-16-le", "replace")
        found.links.append((row + 1, column, target.partition("\0")[0]))


#: What is done with a record of a sheet; others are passed over.
TAKEN: Final[dict[int, Callable[[Found, dict[int, str], bytes], None]]] = {
    0x0006: _cell,              # a formula, with the number it gave
    0x0203: _cell,
    0x027E: _cell,
    0x00BD: _cells,
    0x0208: _row,
    0x007D: _columns,
    0x00E5: _merged,
    0x01B8: _link,
}
