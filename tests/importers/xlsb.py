"""A small writer of .xlsb, for tests: record by record as [MS-XLSB] 2.4 has them, no more than readers need."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.importers.hostile import zipped

Cell = str | float | tuple[float, int]      # a text, a number, a number with its style
LINK, OUTSIDE = "hyperlink", 'TargetMode="External"'
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/>'
    '<Override PartName="/xl/styles.bin" ContentType="application/vnd.ms-excel.styles"/></Types>'
)


@dataclass
class Sheet:
    """The rows and what stands beside them, rows and columns from 0."""

    rows: Sequence[Sequence[Cell]]
    formats: Sequence[str] = ()                 # style 1 has the first
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: Sequence[tuple[int, int, int, int]] = ()
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    of_1904: bool = False


def xlsb(sheet: Sheet) -> bytes:
    """A workbook with this one sheet, named People."""
    return zipped({name: part.encode() if isinstance(part, str) else part for name, part in {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.bin")]),
        "xl/_rels/workbook.bin.rels": _relations([("rId1", "worksheet", "worksheets/sheet1.bin"),
                                                  ("rId2", "styles", "styles.bin")]),
        "xl/workbook.bin": _part([
            (131, b""), (153, struct.pack("<III", sheet.of_1904, 0, 0)), (143, b""),
            (156, struct.pack("<II", 0, 1) + _text("rId1") + _text("People")), (144, b""), (132, b"")]),
        "xl/styles.bin": _styles(sheet.formats),
        "xl/worksheets/sheet1.bin": _part(_sheet(sheet)),
        "xl/worksheets/_rels/sheet1.bin.rels": _relations(
            [(f"rId{index}", LINK, target) for index, target in enumerate(sheet.links.values())]),
    }.items()})


def record(kind: int, content: bytes) -> bytes:
    """A record with its kind and size."""
    return _sevens(kind) + _sevens(len(content)) + content


def _part(records: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(record(kind, content) for kind, content in records)


def _sevens(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _sevens(rest) if rest else bytes([low])


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _relations(relations: Iterable[tuple[str, str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{id_}" Type="{_DOC}/{kind}" Target="{target}" {OUTSIDE if kind == LINK else ""}/>'
                    for id_, kind, target in relations)
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACK}">{inner}</Relationships>'


def _styles(formats: Sequence[str]) -> bytes:
    count = len(formats)
    return _part([
        (278, b""),
        (615, struct.pack("<I", count)),
        *((44, struct.pack("<H", 164 + index) + _text(code)) for index, code in enumerate(formats)),
        (616, b""),
        (611, struct.pack("<I", 1)),
        (43, struct.pack("<HHHHBBBB8sB", 220, 0, 400, 0, 0, 2, 0, 0, b"\x07" + bytes(7), 2) + _text("Calibri")),
        (612, b""),
        (626, struct.pack("<I", 1)), (47, struct.pack("<H", 0xFFFF) + bytes(14)), (627, b""),
        (617, struct.pack("<I", count + 1)),
        *((47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, *range(164, 164 + count))),
        (618, b""),
        (279, b""),
    ])


def _sheet(sheet: Sheet) -> Iterable[tuple[int, bytes]]:
    yield 129, b""
    yield 148, struct.pack("<IIII", 0, len(sheet.rows) - 1, 0, max(map(len, sheet.rows)) - 1)
    yield 390, b""
    for column in sorted(sheet.hidden_columns):
        yield 60, struct.pack("<IIIIH", column, column, 0, 0, 1)
    yield 391, b""
    yield 145, b""
    for row, cells in enumerate(sheet.rows):
        yield 0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0x10 * (row in sheet.hidden_rows), 0, 0)
        yield from (_cell(column, cell) for column, cell in enumerate(cells) if cell != "")
    yield 146, b""
    if sheet.merged:
        yield 177, struct.pack("<I", len(sheet.merged))
        yield from ((176, struct.pack("<IIII", row, end, left, right)) for row, left, end, right in sheet.merged)
        yield 178, b""
    for index, (row, column) in enumerate(sheet.links):
        yield 494, struct.pack("<IIII", row, row, column, column) + _text(f"rId{index}") + 3 * _text("")
    yield 130, b""


def _cell(column: int, cell: Cell) -> tuple[int, bytes]:
    if isinstance(cell, str):
        return 6, struct.pack("<II", column, 0) + _text(cell)
    number, style = cell if isinstance(cell, tuple) else (cell, 0)
    if number == int(number) and abs(number) < 1 << 29:
        return 2, struct.pack("<IIi", column, style, int(number) << 2 | 2)
    return 5, struct.pack("<IId", column, style, number)
