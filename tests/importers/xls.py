"""A small writer of .xls, for tests: an OLE container ([MS-CFB]) with one stream of records ([MS-XLS] 2.4)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Final

Records = Sequence[tuple[int, bytes]]
END, FAT, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
EXCEL_95: Final = 0x0500
EXCEL_97: Final = 0x0600
SHEET_BEGINS: Final = (0x0809, struct.pack("<HHHH", EXCEL_97, 0x10, 0, 0))
ENDS: Final = (0x000A, b"")


def xls(sheet: Records, formats: Sequence[str] = (), version: int = EXCEL_97) -> bytes:
    """A workbook with one sheet, named People, of these records; style 1 has the first format."""
    begin = (0x0809, struct.pack("<HHHH", version, 5, 0, 0))
    styles = [(0x00E0, struct.pack("<HH", 0, number) + bytes(16)) for number in (0, *range(164, 164 + len(formats)))]
    before = [begin, (0x0042, struct.pack("<H", 1252 if version < EXCEL_97 else 1200)),
              *((0x041E, struct.pack("<H", 164 + index) + _text(code, version)) for index, code in enumerate(formats)), *styles]
    name = b"\x06People" if version < EXCEL_97 else b"\x06\x00People"
    start = len(stream([*before, (0x0085, bytes(6) + name), ENDS]))
    inner = [(0x0809, struct.pack("<HHHH", version, 0x10, 0, 0)), *sheet, ENDS]
    return container(stream([*before, (0x0085, struct.pack("<IH", start, 0) + name), ENDS, *inner]),
                     "Book" if version < EXCEL_97 else "Workbook")


def rows(cells: Iterable[Sequence[str | float | tuple[float, int]]], version: int = EXCEL_97) -> list[tuple[int, bytes]]:
    """The records of cells: texts, numbers, numbers with their style."""
    return [_cell(row, column, cell, version) for row, line in enumerate(cells) for column, cell in enumerate(line)]


def stream(records: Iterable[tuple[int, bytes]]) -> bytes:
    """Records one after the other."""
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in records)


def container(content: bytes, name: str = "Workbook") -> bytes:
    """An OLE file with one stream."""
    content = content.ljust(4096, b"\0") + bytes(-max(len(content), 4096) % 512)
    sectors = len(content) // 512
    tables = next(count for count in range(1, 110) if count * 128 >= sectors + 1 + count)
    chains = [*range(1, sectors), END, END, *[FAT] * tables]
    fat = struct.pack(f"<{tables * 128}I", *chains, *[FREE] * (tables * 128 - len(chains)))
    places = [*range(sectors + 1, sectors + 1 + tables), *[FREE] * (109 - tables)]
    head = struct.pack("<8s16xHHHHH6xIIIIIIIIII109I", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6, 0, tables,
                       sectors, 0, 4096, END, 0, END, 0, 0, *places)[:76] + struct.pack("<109I", *places)
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry(name, 2, FREE, 0, len(content)) + 2 * _entry("", 0, FREE, 0, 0)
    return head + content + directory + fat


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIQ", text, len(text) if name else 0, kind, 1, FREE, FREE, child, start, size)


def _text(text: str, version: int) -> bytes:
    if version < EXCEL_97:
        return bytes([len(text)]) + text.encode("cp1252")
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _cell(row: int, column: int, cell: str | float | tuple[float, int], version: int) -> tuple[int, bytes]:
    if isinstance(cell, str):
        raw = cell.encode("cp1252") if version < EXCEL_97 else b"\x01" + cell.encode("utf-16-le")
        return 0x0204, struct.pack("<HHHH", row, column, 0, len(cell)) + raw
    number, style = cell if isinstance(cell, tuple) else (cell, 0)
    return 0x0203, struct.pack("<HHHd", row, column, style, number)
