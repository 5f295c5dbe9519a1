"""The bytes of a file: mapped into memory rather than read, so that a large file costs little."""

from __future__ import annotations

import io
import lzma
import mmap
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final, cast

from listmerge.errors import InputError


class Mapped(mmap.mmap):
    """A file mapped into memory that knows where it lies, and is a file for those who want to seek in one."""

    path: Path

    def seekable(self) -> bool:
        """Always; mmap says so itself only from Python 3.13 on."""
        return True


Data = bytes | Mapped


def as_file(data: Data) -> IO[bytes]:
    """The bytes as an open file; a mapped one is not copied."""
    if isinstance(data, Mapped):
        data.seek(0)
        return cast("IO[bytes]", data)
    return io.BytesIO(data)



MOST_DIRECTORY: Final = 8 << 20
#: What zipfile raises for broken archives, beside its own error.
ZIP_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, ValueError, NotImplementedError, EOFError,
    RuntimeError, KeyError, IndexError, OverflowError,
)  # fmt: skip


def check_directory(data: Data, name: str) -> None:
    """Raises InputError `unsafe-archive` when a ZIP lists more than is worth looking at.

    The size stands in its last record (APPNOTE 4.3.16), or in the one for large archives before that (4.3.14).
    """
    tail = data[-(1 << 16) - 256 :]
    at, large = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    size = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if size == (1 << 32) - 1 and large >= 0:
        size = int.from_bytes(tail[large + 40 : large + 48], "little")
    if size > MOST_DIRECTORY:
        raise InputError("unsafe-archive", f"{name} was not unpacked: its directory alone has {size >> 20} MB.",
                         where=name, hint="unpack it yourself and import the files that you trust.")


def load(path: Path, name: str) -> Data:
    """The bytes of `path`. Raises InputError: `missing-file`, `directory`, `unreadable`, `empty-file`."""
    try:
        with path.open("rb") as file:
            if not path.is_file():
                return file.read()  # a pipe: /dev/stdin, <(…)
            if path.stat().st_size == 0:
                raise empty(name)
            data = Mapped(file.fileno(), 0, access=mmap.ACCESS_READ)
            data.path = path.absolute()
            return data
    except FileNotFoundError as error:
        raise InputError(
            "missing-file",
            f"{name} does not exist.",
            where=str(path),
            hint="check the path; quote it when it has blanks.",
        ) from error
    except IsADirectoryError as error:
        raise InputError(
            "directory", f"{name} is a folder, not a file.", where=str(path), hint="name the files in it."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            "unreadable",
            f"{name} cannot be read: {reason}.",
            where=str(path),
            hint="check that you may read it and that its disk is there.",
        ) from error


def empty(name: str) -> InputError:
    """The error for a file without any content."""
    return InputError("empty-file", f"{name} is empty.", where=name, hint="export the list again.")


def no_records(name: str) -> InputError:
    """The error for a file that has a header, or nothing but blank lines, and no record."""
    return InputError(
        "no-records",
        f"{name} holds no records.",
        where=name,
        hint="export the list again; when it is meant to be empty, leave the file out.",
    )


def not_a_list(name: str, what: str, hint: str = "") -> InputError:
    """The error for a file that is no contact list; `what` says what it is instead."""
    return InputError(
        "not-a-contact-list",
        f"{name} is no contact list: {what}.",
        where=name,
        hint=hint or "export the contacts as CSV, Excel or vCard.",
    )


def damaged(name: str, what: str) -> InputError:
    """The error for a file whose form is broken."""
    return InputError("damaged-file", f"{name} is damaged: {what}.", where=name, hint="export or download it again.")
