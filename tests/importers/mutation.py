"""Mutations of sample files with fixed seeds: whatever comes out, reading it gives tables or one InputError."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from listmerge.errors import ListmergeError
from listmerge.importers import ReadOptions, read

AWKWARD: Final = (
    b"\x00",
    b'"',
    b"\r",
    b"\n",
    b",",
    b";",
    b"\t",
    b"\xff",
    b"\xef\xbb\xbf",
    b"=",
    b"<",
    b">",
    b"\x1a",
    b":",
    b"\\",
    b"\xc3",
    b"BEGIN:VCARD\n",
    b"99999999999",
    b"&a;",
    b"{",
    b"[",
    b"--",
    b"\xed\xa0\x80",
    b"\r\r\n",
    b"'",
    b"PK\x03\x04",
)


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _insert(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        data[at:at] = chance.choice(AWKWARD) * chance.choice((1, 1, 2, 100))


def _delete(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.randint(1, 64)]


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    part = bytes(data[at : at + chance.randint(1, 200)])
    data[at:at] = part * chance.choice((1, 5, 50))


def _swap(data: bytearray, chance: random.Random) -> None:
    lines = bytes(data).split(b"\n")
    chance.shuffle(lines)
    data[:] = b"\n".join(lines)


MUTATIONS: Final[tuple[Callable[[bytearray, random.Random], None], ...]] = (
    _flip,
    _insert,
    _delete,
    _cut,
    _repeat,
    _swap,
)


def mutated(original: bytes, seed: int) -> bytes:
    """The file after one to three mutations."""
    chance = random.Random(seed)
    data = bytearray(original)
    for _ in range(chance.randint(1, 3)):
        if data:
            chance.choice(MUTATIONS)(data, chance)
    return bytes(data)


def outcome(path: Path, name: str) -> str:
    """'read' or the code of the error; any other exception is a defect and is raised. The promises of a table hold."""
    try:
        tables = read(path, name, ReadOptions())
    except ListmergeError as error:
        assert error.code and error.what, name
        return error.code
    for table in tables:
        assert table.cells.num_rows == len(table.rows) == len(table.lines) == len(table.rejected) > 0
        assert table.cells.num_columns == len(table.headers)
        assert all(column.null_count == 0 for column in table.cells.columns)
    return "read"
