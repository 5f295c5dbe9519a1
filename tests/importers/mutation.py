"""Mutations of sample files with fixed seeds: whatever comes out, reading it gives tables or one InputError."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

import pyarrow as pa

from listmerge.errors import ListmergeError
from listmerge.importers import ReadOptions, read, worker
from listmerge.model import RECORDS, RawTable
from listmerge.stages.clean import CleanSettings, clean_part
from listmerge.workspace import identity

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
    """'read' or the code of the error; any other exception is a defect and is raised. The promises of a table hold, and
    what was read can be cleaned."""
    try:
        tables = read(path, name, ReadOptions())
    except ListmergeError as error:
        assert error.what and error.code not in ("", "reader-failed"), f"{name}: {error}"
        return error.code
    for table in tables:
        assert table.cells.num_rows == len(table.rows) == len(table.lines) == len(table.rejected) > 0
        assert table.cells.num_columns == len(table.headers)
        assert all(column.null_count == 0 for column in table.cells.columns)
    for table, ids in zip(tables, identity.record_ids("fuzz", tables), strict=True):
        cleaned = clean_part(records_of(table, ids), table.mapping, CleanSettings(key=b"fuzz"))
        assert len(cleaned.rejected) == table.cells.num_rows
    return "read"


def records_of(table: RawTable, ids: pa.Array) -> pa.Table:
    count = len(ids)
    known = {"record_id": ids, "source_row": table.rows, "source_line": table.lines, "rejected": table.rejected}
    columns = {column: known.get(column, pa.array([""] * count, pa.string())) for column, _ in RECORDS}
    return pa.table(columns | {name: table.cells.column(name) for name in table.cells.column_names})


# --- many cases -------------------------------------------------------------------------------------------------------

PATIENCE: Final = 20       # seconds for one case


def outcomes(path: Path, seeds: Sequence[int], folder: Path) -> list[str]:
    """The outcome of each mutation of a file; this process must be one of its own."""
    signal.signal(signal.SIGALRM, _hangs)
    with worker.kept():
        return [_outcome(path, seed, folder / f"{seed}-{path.name}") for seed in seeds]


def _outcome(path: Path, seed: int, target: Path) -> str:
    target.write_bytes(mutated(path.read_bytes(), seed))
    signal.alarm(PATIENCE)
    try:
        return outcome(target, path.name)
    except Exception as error:
        raise AssertionError(f"{path.name} seed {seed}: {type(error).__name__}: {error}") from error
    finally:
        signal.alarm(0)
        target.unlink()


def _hangs(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("it takes too long")
