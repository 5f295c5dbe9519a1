"""Excel 2003 XML, often saved as .xls: cells may name their place (ss:Index), and merged ones skip columns. What stands
beside the texts is applied as in other workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from listmerge.errors import InputError
from listmerge.importers.beside import Found, finished
from listmerge.importers.grids import as_text, facts_of, tag_of
from listmerge.importers.numberformats import padding, shown
from listmerge.importers.source import as_file, damaged

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data

LAST_ROW: Final = 1 << 21
WIDEST: Final = 20_000
NAMED: Final = {"Percent": "0.00%"}
_PLAIN: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,20})?")


def extract(data: Data, name: str, options: ReadOptions) -> list[Sheet]:
    """The sheets; raises InputError."""
    try:
        return list(_sheets(data, name, options))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise damaged(name, f"its XML cannot be read ({str(error)[:150]})") from error


def _sheets(data: Data, name: str, options: ReadOptions) -> Iterator[Sheet]:
    formats: dict[str, str] = {}        # style -> number format, where that adds zeros or signs to whole numbers
    table = _Table(name, formats)
    for event, element in iterparse(as_file(data), events=("start", "end"), forbid_dtd=True):
        tag = tag_of(element)
        if event == "start":
            table = _Table(name, formats) if tag == "Worksheet" else table
        elif tag == "Style":
            formats |= _format(element, formats)
        elif tag == "Column":
            table.take_column(element)
        elif tag == "Row":
            table.take_row(element)
            element.clear()
        elif tag == "Visible":
            table.found.hidden = element.text in ("SheetHidden", "SheetVeryHidden")
        elif tag == "Worksheet":
            yield finished(table.found, name, facts_of(element).get("Name", ""), table.rows, table.lines, [], options)


def _format(style: Element, known: dict[str, str]) -> dict[str, str]:
    facts = facts_of(style)
    codes = [facts_of(part).get("Format", "") for part in style if tag_of(part) == "NumberFormat"]
    code = padding(NAMED.get(codes[0], codes[0])) if codes else known.get(facts.get("Parent", ""), "")
    return {facts.get("ID", ""): code} if code else {}


@dataclass(slots=True)
class _Table:
    """A sheet while it is read; rows are counted in what was found as they stand in `rows`, and have their `lines`."""

    file: str
    formats: dict[str, str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    column: int = 0
    styles: dict[int, str] = field(default_factory=dict)        # number formats of columns

    def take_column(self, element: Element) -> None:
        """A column, or several that are alike. Raises InputError."""
        facts = facts_of(element)
        first = _index(facts, self.column, WIDEST, self.file) - 1
        self.column = min(first + 1 + _number(facts, "Span"), WIDEST)
        if facts.get("Hidden") == "1":
            self.found.hidden_columns.update(range(first, self.column))
        if code := self.formats.get(facts.get("StyleID", ""), ""):
            self.styles |= dict.fromkeys(range(first, self.column), code)

    def take_row(self, element: Element) -> None:
        """A row. Raises InputError `too-large`."""
        facts = facts_of(element)
        self.lines.append(_index(facts, self.lines[-1] if self.lines else 0, LAST_ROW, self.file))
        if facts.get("Hidden") == "1":
            self.found.hidden_rows.add(len(self.lines))
        self.rows.append(self._cells(element, self.formats.get(facts.get("StyleID", ""))))

    def _cells(self, row: Element, style: str | None) -> list[str]:
        cells: list[str] = []
        number = len(self.lines)
        for cell in row:
            if tag_of(cell) != "Cell":
                continue
            facts = facts_of(cell)
            place = _index(facts, len(cells), WIDEST, self.file) - 1
            across = min(_number(facts, "MergeAcross"), WIDEST)
            code = self.formats.get(facts["StyleID"], "") if "StyleID" in facts else style or self.styles.get(place, "")
            cells += [""] * (place - len(cells)) + [_text(cell, code)] + [""] * across
            if across:
                self.found.merged.append((number, place, number + _number(facts, "MergeDown"), place + across))
            if "HRef" in facts:
                self.found.links.append((number, place, facts["HRef"]))
        return cells


def _index(facts: dict[str, str], before: int, last: int, name: str) -> int:
    place = _number(facts, "Index") or before + 1
    if place > last:
        raise InputError(
            "too-large",
            f"{name} has a cell at place {place:,}.",
            where=name,
            hint="copy the contacts into a new sheet.",
        )
    return place


def _text(cell: Element, code: str) -> str:
    data = next((child for child in cell if tag_of(child) == "Data"), None)
    if data is None:
        return ""
    text, kind = "".join(data.itertext()), facts_of(data).get("Type")
    if kind == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00")
    if kind == "Boolean":
        return "TRUE" if text.strip() == "1" else "FALSE"
    if kind != "Number":
        return text
    text = as_text(float(text)) if "E" in text.upper() else text
    return (shown(float(text), code) if code and _PLAIN.fullmatch(text) else None) or text


def _number(facts: dict[str, str], name: str) -> int:
    text = facts.get(name, "")
    return int(text) if text.isdigit() else 0
