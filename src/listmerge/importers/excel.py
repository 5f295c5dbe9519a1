"""Workbooks of Excel: .xlsx, .xlsm, .xlsb, .xls. Values by calamine, what stands beside them by `xlsxparts`,
`xlsbrecords` and `xlsrecords`.

Formulas are never evaluated, links never followed, macros ignored.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from xml.parsers.expat import ExpatError

from listmerge.errors import InputError
from listmerge.importers import beside, xlsbrecords, xlsrecords, xlsxparts
from listmerge.importers.grids import as_text
from listmerge.importers.source import ZIP_ERRORS, as_file, damaged, not_a_list

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data

ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
OLE: Final = b"\xd0\xcf\x11\xe0"
WORKBOOKS: Final = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
EXCELS_OWN: Final = "VelvetSweatshop"       # [MS-OFFCRYPTO] 2.3.5 and 2.4.2.3
WRONG: Final = "the given password does not open it"
#: What msoffcrypto raises for a workbook that is damaged, beside its own errors.
BROKEN: Final = (*ZIP_ERRORS, ExpatError, AttributeError, LookupError, TypeError, NameError, AssertionError)
MOST_UNPACKED: Final = 1 << 30
UNKNOWN: Final = beside.Found(unread="two readers see different sheets")


def extract(data: Data, name: str, options: ReadOptions) -> list[Sheet]:
    """The sheets of the workbook; raises InputError."""
    from python_calamine import CalamineError, CalamineWorkbook

    data = opened(data, name, options.password)
    try:
        with _without_panic():
            book = CalamineWorkbook.from_filelike(as_file(data))
            found = _beside(data, book.sheet_names)
            return [
                _sheet(book, meta, found.get(meta.name, UNKNOWN), name, options)
                for meta in book.sheets_metadata
                if str(meta.typ) == "SheetTypeEnum.WorkSheet" and "Very" not in str(meta.visible)
            ]
    except (CalamineError, beside.Unreadable, *ZIP_ERRORS) as error:
        raise damaged(name, f"no workbook can be read from it ({str(error)[:150]})") from error


@contextmanager
def _without_panic() -> Iterator[None]:
    """What calamine raises for some damage is no Exception, and its type cannot be named: a ValueError instead."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ValueError(str(error)) from error


def opened(data: Data, name: str, password: str) -> Data:
    """The workbook, decrypted if it must be.

    Raises InputError `password-protected`, `not-a-contact-list`, `too-large` before anything is read.
    """
    if data[:4] == OLE and (data.find(ENCRYPTED) >= 0 or xlsrecords.is_locked(data)):
        data = decrypted(data, name, password)
    if data[:4] == OLE and not any(data.find(mark) >= 0 for mark in WORKBOOKS):
        raise not_a_list(name, "it is an old Office document or a message, not a workbook")
    if data[:2] == b"PK":
        check_unpacked(data, name)
    return data


def decrypted(data: Data, name: str, password: str) -> bytes:
    """The workbook without its encryption. Raises InputError `password-protected`, also for a wrong password.

    Without one that which Excel itself uses is tried: for workbooks that anybody may read and not everybody change.
    """
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    plain = io.BytesIO()
    try:
        file = OfficeFile(as_file(data))
        file.load_key(password=password or EXCELS_OWN)
        file.decrypt(plain)
    except (InvalidKeyError, DecryptionError, FileFormatError, ParseError, *BROKEN) as error:
        if not password:
            raise protected(name) from error
        if isinstance(error, InvalidKeyError | DecryptionError):
            raise protected(name, WRONG) from error
        raise damaged(name, f"it cannot be decrypted ({str(error)[:100]})") from error
    return plain.getvalue()


def protected(name: str, why: str = "no password was given") -> InputError:
    """The error for a file that needs a password."""
    return InputError(
        "password-protected",
        f"{name} is password-protected; {why}.",
        where=name,
        hint="say --password-file FILE, whose first line is the password, or save it without one.",
    )


def check_unpacked(data: Data, name: str) -> None:
    """Raises InputError `too-large` when the parts of a zipped workbook unpack to what no list of contacts needs."""
    with zipfile.ZipFile(as_file(data)) as archive:
        sizes = [(part.file_size, part.compress_size) for part in archive.infolist()]
    bomb = any(size > (64 << 20) and size > 500 * max(packed, 1) for size, packed in sizes)
    if bomb or sum(size for size, _ in sizes) > MOST_UNPACKED or len(sizes) > 20_000:
        raise InputError(
            "too-large",
            f"{name} was not read: it unpacks to far more than a list of contacts.",
            where=name,
            hint="copy the contacts into a new workbook.",
        )


def _beside(data: Data, names: list[str]) -> dict[str, beside.Found]:
    """What stands beside the values of the sheets, by name. Of an .xls or .xlsb that cannot be found it is told why.

    Raises Unreadable for an .xlsx, which is then damaged or hostile.
    """
    if data[:2] != b"PK":
        return _told(names, lambda: _in_order(names, xlsrecords.look(data)))
    with zipfile.ZipFile(as_file(data)) as archive:
        if "xl/workbook.xml" in archive.NameToInfo:
            return xlsxparts.look(archive)
        return _told(names, lambda: xlsbrecords.look(archive))


def _told(names: list[str], look: Callable[[], dict[str, beside.Found]]) -> dict[str, beside.Found]:
    try:
        return look()
    except beside.Unreadable as error:
        return dict.fromkeys(names, beside.Found(unread=str(error)))


def _in_order(names: list[str], found: list[beside.Found]) -> dict[str, beside.Found]:
    return dict(zip(names, found, strict=True)) if len(names) == len(found) else {}


def _sheet(book: Any, meta: Any, found: beside.Found, name: str, options: ReadOptions) -> Sheet:
    grid = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
    rows = [list(map(as_text, row)) for row in grid]
    found = replace(found.agreeing(grid), hidden=str(meta.visible) != "SheetVisibleEnum.Visible")
    return beside.finished(found, name, meta.name, rows, range(1, len(rows) + 1), grid, options)
