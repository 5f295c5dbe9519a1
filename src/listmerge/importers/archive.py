"""A ZIP of lists: each member is its own input, called `archive.zip!member`.

Before anything is unpacked the directory of the archive is looked at: number of members, total and single size, ratio,
names that point outside, encryption. A member that cannot be read becomes an issue; the archive is an error only when
none can.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from listmerge.errors import InputError
from listmerge.importers import worker
from listmerge.importers.excel import protected
from listmerge.importers.sniff import family_of
from listmerge.importers.source import ZIP_ERRORS, as_file, damaged, load, not_a_list
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

MOST_MEMBERS: Final = 2_000
MOST_BYTES: Final = 2 << 30
MOST_RATIO: Final = 60  # text shrinks to a twentieth, at best to a fortieth; bombs to a thousandth
BLOCK: Final = 1 << 20
SMALL: Final = 1 << 20  # below this any ratio is harmless
#: Members that come along with exports and are no lists.
IGNORED: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
IGNORED_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".gif", ".pdf", ".html", ".htm", ".md", ".doc", ".docx")


def read(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The tables of all members; raises InputError `unsafe-archive`, `password-protected`, `not-a-contact-list`."""
    with zipfile.ZipFile(as_file(data)) as archive:
        members = [member for member in archive.infolist() if not _is_ignored(member)]
    check(members, name, options.password)
    tables: list[RawTable] = []
    refused: list[InputError] = []
    for member in sorted(members, key=lambda each: each.filename):
        try:
            tables += _read_member(data, member, name, options)
        except InputError as error:
            refused.append(error)
    if not tables:
        raise refused[0] if len(refused) == 1 else not_a_list(name, f"none of its {len(members)} files is one")
    return [replace(tables[0], issues=(*tables[0].issues, *map(_as_issue, refused))), *tables[1:]]


def _is_ignored(member: zipfile.ZipInfo) -> bool:
    last = member.filename.rsplit("/", 1)[-1]
    return (
        member.is_dir()
        or member.filename.startswith(IGNORED)
        or last in IGNORED
        or last.startswith("._")
        or last.lower().endswith(IGNORED_ENDINGS)
    )


def check(members: list[zipfile.ZipInfo], name: str, password: str = "") -> None:
    """Raises InputError when unpacking could do harm."""
    if len(members) > MOST_MEMBERS:
        raise _unsafe(name, f"it holds {len(members):,} files")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise _unsafe(name, "it unpacks to more than 2 GB")
    for member in members:
        if member.file_size > SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise _unsafe(
                name,
                f"'{member.filename}' unpacks to {member.file_size // max(member.compress_size, 1):,} times its size",
            )
        if (
            member.filename.startswith(("/", "\\"))
            or ".." in member.filename.replace("\\", "/").split("/")
            or ":" in member.filename[:3]
        ):
            raise _unsafe(name, f"'{member.filename}' points outside of the archive")
        if member.flag_bits & 1 and not password:
            raise protected(name)


def _unsafe(name: str, why: str) -> InputError:
    return InputError(
        "unsafe-archive",
        f"{name} was not unpacked: {why}.",
        where=name,
        hint="unpack it yourself and import the files that you trust.",
    )


def _read_member(data: Data, member: zipfile.ZipInfo, name: str, options: ReadOptions) -> list[RawTable]:
    from listmerge.importers import read_file

    label = f"{name}!{member.filename}"
    path = worker.unpack(data, member.filename, member.file_size, label, options.password)
    try:
        content = load(path, label)
        if family_of(content, label) == "archive":
            raise _unsafe(label, "an archive in an archive is not opened")
        return read_file(content, label, options)
    finally:
        path.unlink(missing_ok=True)


def unpack(data: Data, member: str, size: int, name: str, password: str, target: Path) -> None:
    """Writes a member of the archive, which says that it has `size` bytes, to a file; runs in the worker."""
    from pyzipper import AESZipFile, BadZipFile

    try:
        with (AESZipFile if password else zipfile.ZipFile)(as_file(data)) as archive, target.open("wb") as file:
            packed = archive.open(member, pwd=password.encode() or None)
            while block := packed.read(BLOCK):
                file.write(block)
                if file.tell() > size:
                    raise _unsafe(name, "it is larger than it says")
    except (BadZipFile, *ZIP_ERRORS) as error:
        if "password" in str(error).lower():
            raise protected(name, "the given password does not open it") from error
        raise damaged(name, "it cannot be unpacked") from error


def _as_issue(error: InputError) -> Issue:
    return Issue(error.code, f"{error.what} Skipped.", source_file=error.where, suggestion=error.hint)
