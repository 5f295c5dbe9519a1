"""Workbooks of LibreOffice and OpenOffice (.ods), read from content.xml as a stream.

The text that is shown decides for numbers (postcodes keep their zeros), the stored value for dates. Repeated rows and
cells are expanded only where they hold something.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from listmerge.errors import InputError
from listmerge.importers import odslock
from listmerge.importers.excel import WRONG, check_unpacked, protected
from listmerge.importers.grids import as_sheet
from listmerge.importers.source import ZIP_ERRORS, as_file, damaged

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data

MOST_ROWS: Final = 2_000_000
MOST_REPEATS: Final = 10_000  # of a row or a cell that holds something
WIDEST: Final = 20_000


def extract(data: Data, name: str, options: ReadOptions) -> list[Sheet]:
    """The sheets; raises InputError, `too-large` for what unpacks to more than a list of contacts."""
    check_unpacked(data, name)
    try:
        with zipfile.ZipFile(as_file(data)) as archive:
            if odslock.is_locked(archive):
                if not options.password:
                    raise protected(name)
                return _unlocked(odslock.opened(archive, options.password), name, options)
            with archive.open(odslock.CONTENT) as content:
                return list(_sheets(content, name))
    except odslock.WrongPasswordError as error:
        raise protected(name, WRONG) from error
    except (ParseError, DefusedXmlException, *ZIP_ERRORS) as error:
        raise damaged(name, f"no sheet can be read from it ({str(error)[:150]})") from error


def _unlocked(plain: bytes, name: str, options: ReadOptions) -> list[Sheet]:
    """From what was encrypted: the content, or the package."""
    return extract(plain, name, options) if plain.startswith(b"PK") else list(_sheets(io.BytesIO(plain), name))


def _sheets(content: Any, name: str) -> Iterator[Sheet]:
    rows: list[list[str]] = []
    lines: list[int] = []
    title, line = "", 1
    inside = False
    for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
        tag = _tag(element)
        if tag == "table" and event == "start":
            title, rows, lines, line, inside = _get(element, "name"), [], [], 1, True
        elif tag == "table":
            yield as_sheet(name, title, rows, lines)
            inside = False
            element.clear()
        elif tag == "table-row" and event == "end" and inside:
            cells, times = _cells(element, name), _repeats(element, "number-rows-repeated")
            if any(cells):
                if times > MOST_REPEATS or len(rows) > MOST_ROWS:
                    raise InputError(
                        "too-large",
                        f"{name} repeats a row {times:,} times.",
                        where=name,
                        hint="copy the contacts into a new sheet.",
                    )
                rows += [cells] * times
                lines += range(line, line + times)
            line = min(line + times, 1 << 30)
            element.clear()


def _cells(row: Element, name: str) -> list[str]:
    cells: list[str] = []
    empty = 0
    for cell in row:
        if _tag(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times, text = _repeats(cell, "number-columns-repeated"), _text(cell)
        if not text:
            empty += times
            continue
        if empty + times + len(cells) > WIDEST:
            raise InputError(
                "too-large", f"{name} has more than {WIDEST:,} columns.", where=name, hint="save the columns you need."
            )
        cells += [""] * empty + [text] * times
        empty = 0
    return cells


def _text(cell: Element) -> str:
    kind = _get(cell, "value-type")
    if kind == "date":
        return _get(cell, "date-value").removesuffix("T00:00:00")
    if kind == "boolean":
        return _get(cell, "boolean-value").upper()
    shown = "\n".join(_paragraph(part) for part in cell if _tag(part) == "p")
    value = _get(cell, "value")
    if kind in ("float", "currency", "percentage") and value:
        return shown if _keeps_digits(shown, value) else _plain(value)
    return shown


def _paragraph(element: Element) -> str:
    """The text of a paragraph with its spans, links, blanks and line breaks; notes are left out."""
    parts = [element.text or ""]
    for child in element:
        tag = _tag(child)
        if tag == "s":
            parts.append(" " * min(_repeats(child, "c"), 100))
        elif tag in ("tab", "line-break"):
            parts.append("\t" if tag == "tab" else "\n")
        elif tag not in ("annotation", "note", "ruby-text"):
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _keeps_digits(shown: str, value: str) -> bool:
    """Whether the text shows the whole number, perhaps with zeros and separators: 01067 for 1067."""
    digits = "".join(letter for letter in shown if letter.isdigit())
    return value.isdigit() and digits.lstrip("0") == value.lstrip("0") and "," not in shown and "." not in shown


def _plain(value: str) -> str:
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else value


def _repeats(element: Element, name: str) -> int:
    text = _get(element, name)
    return max(1, int(text)) if text.isdigit() else 1


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _get(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
