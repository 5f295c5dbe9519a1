"""Reads a file of any known family into raw tables: everything is text, nothing is interpreted.

    read(path, name, options) -> [RawTable, …]

The family is found by the file's bytes, never by its extension (`sniff`). Each family is one module with
`read(data, name, options)`, or with `extract(data, name, options)` where that runs in a worker with limits; it is
loaded when a file of it comes along, so that importing this package is cheap. What cannot be read is one `InputError`;
what can be read with doubts is a table with issues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from listmerge.importers import worker
from listmerge.importers.named import by_name
from listmerge.importers.sniff import family_of
from listmerge.importers.source import load

if TYPE_CHECKING:
    from listmerge.importers.source import Data
    from listmerge.model import RawTable

#: Family -> what it holds, for people. The module of the same name in this package reads it.
FAMILIES: Final[dict[str, str]] = {
    "delimited": "comma, semicolon, tab or pipe separated text, with or without a header",
    "excel": "workbooks: .xlsx, .xlsm, .xls, .xlsb",
    "ods": "LibreOffice and OpenOffice workbooks: .ods",
    "html": "a web page's tables, often saved as .xls",
    "spreadsheetml": "Excel 2003 XML, often saved as .xls",
    "vcard": "vCards 2.1, 3.0 and 4.0",
    "ldif": "LDIF of Thunderbird and directory servers",
    "text": "plain lists of addresses",
    "mail": "delivery reports and complaints: .eml, .mbox",
    "jsonlines": "JSON lines and JSON, Amazon SES notifications among them",
    "parquet": "Parquet tables",
    "iif": "QuickBooks Desktop lists: .iif",
    "archive": "a ZIP of any of these",
}


#: Families that are read here: plain text is as large in memory as it is on the disk, and an archive's members are
#: files of their own. All others are read in a worker.
HERE: Final = frozenset({"delimited", "text", "archive"})


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person said about a file; the defaults mean: find out.

    `layout` names a layout, `layout_files` are layouts of the user's own, `maps` pins (field, column), `encoding` is
    the code page, `region` the ISO country of national phone numbers, `visible_only` leaves out hidden rows and columns
    of workbooks, `source_hint` is the source that the file is for, where that is known. `known_emails` tells an
    address that other sources hold; `remembered` are (headers, mapping as JSON) that a person confirmed before.
    `scratch` is a folder for tables that need not be in memory; without it they are.
    """

    layout: str = ""
    layout_files: tuple[Path, ...] = ()
    maps: tuple[tuple[str, str], ...] = ()
    encoding: str = ""
    region: str = ""
    password: str = ""
    visible_only: bool = False
    source_hint: str = ""
    known_emails: Callable[[str], bool] | None = None
    remembered: tuple[tuple[tuple[str, ...], str], ...] = ()
    scratch: Path | None = None


def families() -> dict[str, str]:
    """The file families that can be read, each with a word for people."""
    return dict(FAMILIES)


def read(path: Path, name: str, options: ReadOptions | None = None) -> list[RawTable]:
    """The tables of the file at `path`, which is called `name` (with '/') in everything that is said about it.

    Raises InputError with one of the codes `missing-file, unreadable, directory, empty-file, no-records,
    not-a-contact-list, password-protected, encoding, damaged-file, too-large, unsafe-archive`.
    """
    return read_file(load(path, name), name, options or ReadOptions())


def read_file(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The tables of a file that was loaded, such as a member of an archive; raises InputError."""
    family = family_of(data, name)
    if family not in HERE:
        from listmerge.importers.found import tables_of

        found = tables_of(worker.extract(family, data, name, options), name, options)
    else:
        with worker.kept():
            found = import_module(f"{__name__}.{family}").read(data, name, options)
    return [by_name(table) for table in found]
