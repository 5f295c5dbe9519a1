"""A worker process with limits, for files whose parser could be made to take all memory, hang, abort.

The parent sends the bytes and gets JSON back: nothing that came out of a hostile file is unpickled. The limits grow
with the size of the file: a small one has ten seconds and one gigabyte.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from listmerge.errors import InputError
from listmerge.model import Issue

if TYPE_CHECKING:
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data

SECONDS: Final = 8  # of processor time, for a small file; two more for each MB
PATIENCE: Final = 4  # times as long by the clock, for a machine that is busy
MEMORY: Final = 900 << 20  # address space; and forty times the size of the file
MOST_BYTES: Final = 256 << 20
KINDS: Final = frozenset({"excel", "ods", "html", "spreadsheetml"})


def sheets(kind: str, data: Data, name: str, settings: dict[str, Any]) -> list[Sheet]:
    """The sheets of a workbook, read by `extract(data, name, settings)` of module `kind` in a process of its own.

    Raises InputError, `too-large` when a limit was reached.
    """
    if len(data) > MOST_BYTES:
        raise _too_large(name, f"it has more than {MOST_BYTES >> 20} MB")
    megabytes = len(data) >> 20
    request = json.dumps(
        {
            "kind": kind,
            "name": name,
            "settings": settings,
            "memory": MEMORY + 40 * len(data),
            "seconds": SECONDS + megabytes * 2,
        }
    )
    command = [sys.executable, "-P", "-X", "utf8", "-m", "listmerge.importers.worker", request]
    try:
        done = subprocess.run(
            command, input=bytes(data), capture_output=True, timeout=PATIENCE * (SECONDS + megabytes * 2), check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_large(name, "it takes too long to read") from error
    return [_sheet(raw, name) for raw in _answer(done, name)]


def _answer(done: subprocess.CompletedProcess[bytes], name: str) -> list[dict[str, Any]]:
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise _too_large(name, "reading it needs more memory or time than any list of contacts") from None
    if "error" in answer:
        code, what, where, hint = answer["error"]
        raise InputError(code, what, where=where, hint=hint)
    found: list[dict[str, Any]] = answer["sheets"]
    return found


def _too_large(name: str, why: str) -> InputError:
    return InputError(
        "too-large",
        f"{name} was not read: {why}.",
        where=name,
        hint="open it, copy the contacts into a new sheet, and save that as .xlsx or CSV.",
    )


def _sheet(raw: dict[str, Any], name: str) -> Sheet:
    import pyarrow as pa

    from listmerge.importers.sheets import Sheet, columns_of, names

    columns = raw["columns"]
    cells = (
        pa.table([pa.array(column, pa.string()) for column in columns], names=names(len(columns)))
        if columns
        else columns_of([], 0)
    )
    title = f"{name}!{raw['name']}" if raw["name"] else name
    issues = tuple(
        Issue(code, message, value=value, source_file=title, source_line=line)
        for code, message, value, line in raw["issues"]
    )
    return Sheet(title, cells, pa.array(raw["lines"], pa.int32()), raw["facts"], issues)


# --- in the worker ----------------------------------------------------------------------------------------------------


def main(request: str) -> None:
    """Reads bytes from stdin, writes JSON to stdout: {"sheets": [...]} or {"error": [code, what, where, hint]}."""
    told = json.loads(request)
    limit(told["memory"], told["seconds"])
    if told["kind"] not in KINDS:
        raise SystemExit(2)
    module = import_module(f"listmerge.importers.{told['kind']}")
    try:
        answer: dict[str, Any] = {"sheets": module.extract(sys.stdin.buffer.read(), told["name"], told["settings"])}
    except InputError as error:
        answer = {"error": [error.code, error.what, error.where, error.hint]}
    sys.stdout.write(json.dumps(answer))


def limit(memory: int, seconds: int) -> None:
    """Limits this process, where the system knows such limits; nothing is left to write but pipes."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    main(sys.argv[1])
