"""Workbooks of LibreOffice and OpenOffice (.ods), read from content.xml as a stream.

The text that is shown decides for numbers (postcodes keep their zeros), the stored value for dates. Repeated rows and
cells are expanded only where they hold something. What stands beside the texts is applied as in other workbooks.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from listmerge.errors import InputError
from listmerge.importers import odslock
from listmerge.importers.beside import Found, finished
from listmerge.importers.excel import WRONG, check_unpacked, protected
from listmerge.importers.grids import facts_of, tag_of
from listmerge.importers.numberformats import shown as shown_by
from listmerge.importers.source import ZIP_ERRORS, as_file, damaged

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data

MOST_ROWS: Final = 2_000_000
MOST_REPEATS: Final = 10_000  # of a row or a cell that holds something
WIDEST: Final = 20_000
WIDEST_HEADER: Final = 100      # columns under one header


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
                return list(_sheets(content, name, options))
    except odslock.WrongPasswordError as error:
        raise protected(name, WRONG) from error
    except (ParseError, DefusedXmlException, *ZIP_ERRORS) as error:
        raise damaged(name, f"no sheet can be read from it ({str(error)[:150]})") from error


def _unlocked(plain: bytes, name: str, options: ReadOptions) -> list[Sheet]:
    """From what was encrypted: the content, or the package."""
    return extract(plain, name, options) if plain.startswith(b"PK") else list(_sheets(io.BytesIO(plain), name, options))


def _sheets(content: Any, name: str, options: ReadOptions) -> Iterator[Sheet]:
    hidden: set[str] = set()            # styles of sheets that are not shown
    table: _Table | None = None
    for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
        tag = tag_of(element)
        if tag == "table" and event == "start":
            table = _Table(name, facts_of(element).get("name", ""))
            table.found.hidden = facts_of(element).get("style-name") in hidden
        elif event == "start":
            continue
        elif tag == "style" and any(facts_of(part).get("display") == "false" for part in element):
            hidden.add(facts_of(element).get("name", ""))
        elif table and tag == "table":
            yield finished(table.found, name, table.title, table.rows, table.lines, [], options)
            table = None
            element.clear()
        elif table and tag == "table-column":
            table.take_column(element)
        elif table and tag == "table-row":
            table.take_row(element)
            element.clear()


@dataclass(slots=True)
class _Table:
    """A sheet while it is read; rows are counted in what was found as they stand in `rows`, and have their `lines`."""

    file: str
    title: str
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    columns: int = 0
    line: int = 1

    def take_column(self, element: Element) -> None:
        """One column or several that are alike."""
        end = min(self.columns + _repeats(facts_of(element), "number-columns-repeated"), WIDEST)
        if _is_hidden(element):
            self.found.hidden_columns.update(range(self.columns, end))
        self.columns = end

    def take_row(self, element: Element) -> None:
        """One row or several that are alike, if there is anything in them. Raises InputError `too-large`."""
        times, cells = _repeats(facts_of(element), "number-rows-repeated"), self._cells(element)
        if any(cells):
            if times > MOST_REPEATS or len(self.rows) > MOST_ROWS:
                raise _too_large(self.file, f"repeats a row {times:,} times", "copy the contacts into a new sheet.")
            if _is_hidden(element):
                self.found.hidden_rows.update(range(len(self.rows) + 1, len(self.rows) + times + 1))
            self.rows += [list(cells) for _ in range(times)]
            self.lines += range(self.line, self.line + times)
        self.line = min(self.line + times, 1 << 30)

    def _cells(self, row: Element) -> list[str]:
        cells: list[str] = []
        empty = covered = 0
        for cell in row:
            if tag_of(cell) not in ("table-cell", "covered-table-cell"):
                continue
            facts = facts_of(cell)
            times, text = _repeats(facts, "number-columns-repeated"), _text(cell, facts)
            if not text:
                empty += times
                continue
            if empty + times + len(cells) > WIDEST:
                raise _too_large(self.file, f"has more than {WIDEST:,} columns", "save the columns you need.")
            cells += [""] * empty
            covered = max(covered, self._look(cell, facts, len(cells)))
            cells += [text] * times
            empty = 0
        return cells + [""] * (covered - len(cells))

    def _look(self, cell: Element, facts: dict[str, str], column: int) -> int:
        """Notes what a cell is beside its text; how many columns there are up to the last that it covers."""
        row, wide = len(self.rows) + 1, _repeats(facts, "number-columns-spanned")
        parts = (part for paragraph in cell if len(paragraph) for part in paragraph.iter())
        self.found.links += [(row, column, facts_of(part).get("href", "")) for part in parts if tag_of(part) == "a"]
        if wide == 1:
            return 0
        self.found.merged.append((row, column, row + _repeats(facts, "number-rows-spanned") - 1, column + wide - 1))
        return column + min(wide, WIDEST_HEADER)


def _is_hidden(element: Element) -> bool:
    return facts_of(element).get("visibility") in ("collapse", "filter")


def _too_large(name: str, what: str, hint: str) -> InputError:
    return InputError("too-large", f"{name} {what}.", where=name, hint=hint)


def _text(cell: Element, facts: dict[str, str]) -> str:
    kind, value = facts.get("value-type", ""), facts.get("value", "")
    if kind == "date":
        return facts.get("date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return facts.get("boolean-value", "").upper()
    shown = "\n".join(_paragraph(part) for part in cell if tag_of(part) == "p")
    if kind == "percentage" and value:
        return shown_by(float(value), "0%") or shown
    if kind in ("float", "currency") and value:
        return shown if _keeps_digits(shown, value) else _plain(value)
    return shown


def _paragraph(element: Element) -> str:
    """The text of a paragraph with its spans, links, blanks and line breaks; notes are left out."""
    parts = [element.text or ""]
    for child in element:
        tag = tag_of(child)
        if tag == "s":
            parts.append(" " * min(_repeats(facts_of(child), "c"), 100))
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


def _repeats(facts: dict[str, str], name: str) -> int:
    text = facts.get(name, "")
    return max(1, int(text)) if text.isdigit() else 1
