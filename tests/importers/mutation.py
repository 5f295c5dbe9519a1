"""Mutations of sample files with fixed seeds: whatever comes out, reading it gives tables or one InputError."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pyarrow as pa

from listmerge.errors import InputError, ListmergeError
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
        assert error.code and error.what, name
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
    worker.sheets = _in_a_fork
    signal.signal(signal.SIGALRM, _hangs)
    found = []
    for seed in seeds:
        target = folder / f"{seed}-{path.name}"
        target.write_bytes(mutated(path.read_bytes(), seed))
        signal.alarm(PATIENCE)
        try:
            found.append(outcome(target, path.name))
        except Exception as error:
            raise AssertionError(f"{path.name} seed {seed}: {type(error).__name__}: {error}") from error
        finally:
            signal.alarm(0)
        target.unlink()
    return found


def _hangs(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("it takes too long")


def _in_a_fork(kind: str, data: Any, name: str, settings: dict[str, Any]) -> list[Any]:
    """As the worker does it, with its limits, but without the time that a new interpreter takes."""
    with tempfile.TemporaryFile() as pipe:
        if (child := os.fork()) == 0:
            _extract(kind, bytes(data), name, settings, pipe.fileno())
        os.waitpid(child, 0)
        pipe.seek(0)
        done = subprocess.CompletedProcess[bytes]([], 0, pipe.read(), b"")
    return [worker._sheet(sheet, name) for sheet in worker._answer(done, name)]


def _extract(kind: str, data: bytes, name: str, settings: dict[str, Any], pipe: int) -> None:
    """Never comes back."""
    try:
        signal.alarm(0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)        # readers that abort have much to say
        held = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        worker.limit(held + worker.MEMORY, worker.SECONDS)
        module = import_module(f"listmerge.importers.{kind}")
        try:
            answer: dict[str, Any] = {"sheets": module.extract(data, name, settings)}
        except InputError as error:
            answer = {"error": [error.code, error.what, error.where, error.hint]}
        os.write(pipe, json.dumps(answer).encode())
    finally:
        os._exit(0)
