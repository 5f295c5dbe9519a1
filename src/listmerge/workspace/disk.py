"""What touches the disk: whole files or none, safe after a power cut, readable by their owner only."""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from listmerge.errors import DiskError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
TEMPORARY = ".tmp-"      # what begins so was never finished; a later command sweeps it

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def disk_errors(where: Path) -> Iterator[None]:
    """Turns an OSError into the DiskError that says whether the disk is full or the place not writable."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, where) from error


def disk_error(error: OSError, where: Path | str) -> DiskError:
    """The DiskError for `error`, which happened while writing at `where`."""
    if error.errno in _FULL:
        return DiskError("disk-full", "there is no room left to write.", where=str(where),
                         hint="free some space and run the same command again; nothing was changed.")
    return DiskError("not-writable", f"cannot write here: {error.strerror or error}.", where=str(where),
                     hint="choose another place or correct its permissions; nothing was changed.")


def make_private_folder(folder: Path) -> None:
    """Makes `folder` and its parents; only the last one is made private. Raises DiskError."""
    with disk_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def sync(path: Path) -> None:
    """Makes the kernel write `path`, a file or (where the system can) a folder, to the disk."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


#: Has an entry when the command of this process has brought something to its end.
_done: Final[list[bool]] = []


def begin() -> None:
    """A command begins: nothing is done yet."""
    _done.clear()


def is_done() -> bool:
    """Whether the command has changed what it was to change, so that a signal comes too late."""
    return bool(_done)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What is begun in here is brought to its end: SIGINT and SIGTERM come too late for it."""
    if threading.current_thread() is not threading.main_thread():       # signals are the main thread's
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
        _done.append(True)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def write_whole(path: Path, write: Callable[[Path], None], mode: int = PRIVATE_FILE) -> None:
    """Calls `write` with a temporary path beside `path` and renames: `path` is there whole or not at all.

    Raises DiskError; the temporary file is gone then.
    """
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    with disk_errors(path):
        try:
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode))
            write(temporary)
            sync(temporary)
            temporary.replace(path)
            sync(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def is_disk_error(error: OSError) -> bool:
    """Whether the disk is the reason: full, read-only or not permitted."""
    return error.errno in _FULL | {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
