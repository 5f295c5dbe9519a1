"""Excel 2003 XML, often saved as .xls: cells may name their place (ss:Index), and merged ones skip columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from listmerge.errors import InputError
from listmerge.importers.grids import as_sheet, as_text
from listmerge.importers.source import as_file, damaged

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data

LAST_ROW: Final = 1 << 21
WIDEST: Final = 20_000


def extract(data: Data, name: str, options: ReadOptions) -> list[Sheet]:
    """The sheets; raises InputError."""
    sheets: list[Sheet] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    title, line = "", 0
    try:
        for event, element in iterparse(as_file(data), events=("start", "end"), forbid_dtd=True):
            tag = str(element.tag).rpartition("}")[2]
            if tag == "Worksheet" and event == "start":
                title, rows, lines, line = _get(element, "Name"), [], [], 0
            elif tag == "Row" and event == "end":
                line = _index(element, line, LAST_ROW, name)
                rows.append(_cells(element, name))
                lines.append(line)
                element.clear()
            elif tag == "Worksheet":
                sheets.append(as_sheet(name, title, rows, lines))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise damaged(name, f"its XML cannot be read ({str(error)[:150]})") from error
    return sheets


def _index(element: Element, before: int, last: int, name: str) -> int:
    given = _get(element, "Index")
    place = int(given) if given.isdigit() else before + 1
    if place > last:
        raise InputError(
            "too-large",
            f"{name} has a cell at place {place:,}.",
            where=name,
            hint="copy the contacts into a new sheet.",
        )
    return place


def _cells(row: Element, name: str) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if str(cell.tag).endswith("Cell"):
            place = _index(cell, len(cells), WIDEST, name)
            cells += [""] * (place - 1 - len(cells)) + [_text(cell)]
            merged = _get(cell, "MergeAcross")
            cells += [""] * min(int(merged), WIDEST) if merged.isdigit() else []
    return cells


def _text(cell: Element) -> str:
    data = next((child for child in cell if str(child.tag).endswith("Data")), None)
    if data is None:
        return ""
    text, kind = "".join(data.itertext()), _get(data, "Type")
    if kind == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00")
    if kind == "Boolean":
        return "TRUE" if text.strip() == "1" else "FALSE"
    return as_text(float(text)) if kind == "Number" and "E" in text.upper() else text


def _get(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
