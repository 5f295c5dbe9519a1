"""A worker process with limits, for files whose reader could be made to take all memory, hang, abort.

The parent names the file, the worker reads it with `extract(data, name, options)` of the family's module and hands back
sheets or raw tables (`carrying`). One worker reads all files of a call; each file has limits of its own, which grow
with its size (`limits`). A worker that dies is replaced, and its file is one error.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from listmerge.errors import InputError, ListmergeError, OptionError
from listmerge.importers import carrying, limits
from listmerge.importers.source import Mapped, load

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

FAMILIES: Final = frozenset({
    "excel", "ods", "html", "spreadsheetml", "vcard", "ldif", "mail", "jsonlines", "iif", "parquet", "archive"})
#: The options that a reader asks for; what is known of other sources stays with the parent.
_TOLD: Final = ("layout", "maps", "encoding", "region", "password", "visible_only", "source_hint", "remembered")
#: Memory that is set aside once and never used counts as used; one thread and the plain allocator set none aside.
_FRUGAL: Final = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
                  "MALLOC_ARENA_MAX": "1"}
_BEGIN: Final = "import sys; sys.path[:] = {path!r}; from listmerge.importers import worker; worker.work()"
_ERRORS: Final[dict[str, type[ListmergeError]]] = {"InputError": InputError, "OptionError": OptionError}
_held = threading.local()       # `.desk` of each thread: its worker and where results lie


@contextmanager
def kept() -> Iterator[None]:
    """Within it one worker reads all files; it ends with the outermost."""
    if getattr(_held, "desk", None):
        yield
        return
    with TemporaryDirectory(prefix="listmerge-", ignore_cleanup_errors=True) as folder:
        _held.desk = _Desk(Path(folder))
        try:
            yield
        finally:
            _held.desk.end()
            _held.desk = None


def extract(family: str, data: Data, name: str, options: ReadOptions) -> list[carrying.Found]:
    """What `extract` of the family's module finds. Raises InputError, `too-large` when a limit was reached."""
    said = {name: getattr(options, name) for name in _TOLD}
    said |= {"layout_files": [str(path.absolute()) for path in options.layout_files]}
    with kept():
        desk: _Desk = _held.desk
        answer = desk.ask({"family": family, "path": desk.path_of(data), "name": name, "options": said}, len(data))
        return carrying.unpack(answer, desk.folder)


def unpack(data: Data, member: str, size: int, name: str, password: str) -> Path:
    """A member of a ZIP as a file of its own, which is the caller's to take away, within `kept`. Raises InputError."""
    desk: _Desk = _held.desk
    task = {"family": "archive", "path": desk.path_of(data), "name": name, "member": member, "password": password}
    desk.ask(task, size)
    return desk.folder / "member"


class _Desk:
    """A worker, started when it is wanted, and the folder through which it gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def path_of(self, data: Data) -> str:
        """Where the worker finds the file; what came through a pipe is written down."""
        if isinstance(data, Mapped):
            return str(data.path)
        path = self.folder / "given"
        path.write_bytes(data)
        return str(path)

    def ask(self, task: dict[str, Any], size: int) -> list[dict[str, Any]]:
        """The worker's answer, with an error that it met raised here; a worker that died is an error of the file."""
        process = self._process = self._process or self._start()
        late = threading.Timer(limits.clock(size), process.kill)
        late.start()
        try:
            answer = self._exchange(process, task | {"size": size, "folder": str(self.folder)})
        finally:
            late.cancel()
        if answer is None:
            raise self._died(process, task["name"])
        if answer["last"]:
            self.end()
        if "error" in answer:
            kind, code, what, where, hint = answer["error"]
            raise _ERRORS[kind](code, what, where=where, hint=hint)
        found: list[dict[str, Any]] = answer["found"]
        return found

    def _exchange(self, process: subprocess.Popen[bytes], task: dict[str, Any]) -> dict[str, Any] | None:
        """None when the worker died, or wrote what is no answer."""
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(task).encode() + b"\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
        except (OSError, ValueError):
            return None
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _BEGIN.format(path=sys.path)]
        with (self.folder / "said").open("wb") as said:
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
                                    env=os.environ | _FRUGAL)

    def _died(self, process: subprocess.Popen[bytes], name: str) -> InputError:
        self.end()
        if process.returncode != 1:
            return too_large(name, "reading it needs more memory or time than any list of contacts")
        last = (self.folder / "said").read_text("utf-8", "replace").strip().rpartition("\n")[2]
        return InputError("reader-failed", f"{name} could not be read: {last[:200]}.", where=name,
                          hint="this is a defect of listmerge; save the list in another format meanwhile.")

    def end(self) -> None:
        """Ends the worker, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin and process.stdout
            process.stdin.close()
            try:
                process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def too_large(name: str, why: str) -> InputError:
    """The error for a file that a limit stopped."""
    return InputError("too-large", f"{name} was not read: {why}.", where=name,
                      hint="open it, copy the contacts into a new list, and save that as CSV or .xlsx.")


# --- in the worker ----------------------------------------------------------------------------------------------------


def work() -> None:
    """What a worker does until nothing more is sent: a task is a line of JSON, and so is its answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits.begin()
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)           # what a library prints is no answer
        for line in sys.stdin.buffer:
            task = json.loads(line)
            with limits.for_file(task["size"]):
                answer = _answer(task)
            answers.write(json.dumps(answer | {"last": limits.is_worn()}).encode() + b"\n")
            answers.flush()


def _answer(task: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"found": _done(task)}
    except (InputError, OptionError) as error:
        return _told(error)
    except (MemoryError, RecursionError):
        return _told(too_large(task["name"], "it needs more memory than any list of contacts, or is nested too deeply"))


def _told(error: ListmergeError) -> dict[str, Any]:
    return {"error": [type(error).__name__, error.code, error.what, error.where, error.hint]}


def _done(task: dict[str, Any]) -> list[dict[str, Any]]:
    from listmerge.importers import ReadOptions

    if task["family"] not in FAMILIES:
        raise SystemExit(2)
    module = import_module(f"listmerge.importers.{task['family']}")
    data = load(Path(task["path"]), task["name"])
    if "member" in task:
        module.unpack(data, task["member"], task["size"], task["name"], task["password"],
                      Path(task["folder"]) / "member")
        return []
    said = task["options"]
    known = {"layout_files": tuple(map(Path, said["layout_files"])), "maps": tuple(map(tuple, said["maps"])),
             "remembered": tuple((tuple(headers), mapping) for headers, mapping in said["remembered"])}
    return carrying.pack(module.extract(data, task["name"], ReadOptions(**said | known)),
                         Path(task["folder"]))
