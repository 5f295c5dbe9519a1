"""The bytes of a file: mapped into memory rather than read, so that a large file costs little."""

from __future__ import annotations

import lzma
import mmap
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final

from listmerge.errors import InputError

Data = bytes | mmap.mmap

#: What zipfile raises for broken archives, beside its own error.
ZIP_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, ValueError, NotImplementedError, EOFError,
    RuntimeError, KeyError, IndexError, OverflowError,
)  # fmt: skip


def load(path: Path, name: str) -> Data:
    """The bytes of `path`. Raises InputError: `missing-file`, `directory`, `unreadable`, `empty-file`."""
    try:
        with path.open("rb") as file:
            if not path.is_file():
                return file.read()  # a pipe: /dev/stdin, <(…)
            if path.stat().st_size == 0:
                raise empty(name)
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
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
