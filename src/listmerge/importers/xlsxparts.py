"""What stands in the parts of an .xlsx beside the values: number formats, hidden rows and columns, merged cells, links,
formulas without a value. Found by patterns in the sheet's XML, which is faster than to build its tree; the small
parts are parsed by defusedxml.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from listmerge.importers.beside import Found, Unreadable
from listmerge.importers.grids import facts_of, tag_of
from listmerge.importers.numberformats import padded

_CELL: Final = rb'<c\b[^>]*?\bs="(%s)"[^>]*>'
_REFERENCE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_NO_VALUE: Final = re.compile(rb"<c\b([^>]*)>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_HIDDEN_ROW: Final = re.compile(rb'<row\b([^>]*\bhidden="(?:1|true)"[^>]*)>')
_HIDDEN_COLUMN: Final = re.compile(rb'<col\b([^>]*\bhidden="(?:1|true)"[^>]*)>')
_MERGED: Final = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_LINK: Final = re.compile(rb"<hyperlink\b([^>]*)/?>")


@dataclass(slots=True)
class Part:
    """One sheet's XML with what other parts say of it: formats by style number, link targets by id."""

    xml: bytes
    formats: dict[str, str]
    links: dict[str, str]


def look(archive: zipfile.ZipFile) -> dict[str, Found]:
    """What is found in the sheets, by name. Raises Unreadable."""
    return {name: _look(part) for name, part in _parts(archive)}


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, Part]]:
    names = set(archive.namelist())
    formats = _formats(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
    targets = relations(archive, "xl/_rels/workbook.xml.rels")
    for sheet in _tree(archive.read("xl/workbook.xml")).iter():
        path = path_of(targets.get(facts_of(sheet).get("id", ""), ""))
        if tag_of(sheet) == "sheet" and path in names:
            yield sheet.get("name", ""), Part(archive.read(path), formats, sheet_links(archive, path))


def sheet_links(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """Where the links of a sheet lead, by id; `path` is the sheet's. Raises Unreadable."""
    return relations(archive, path.replace("worksheets/", "worksheets/_rels/") + ".rels")


def _tree(xml: bytes) -> Element:
    try:
        tree: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(f"its XML cannot be read: {error}") from error
    return tree


def path_of(target: str) -> str:
    """The name in the archive of what a relation of the workbook leads to."""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def relations(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """Id -> target, as the part at `path` has them; {} when there is none. Raises Unreadable."""
    if path not in archive.NameToInfo:
        return {}
    return {
        each.get("Id", ""): each.get("Target", "")
        for each in _tree(archive.read(path)).iter()
        if tag_of(each) == "Relationship"
    }


def _formats(xml: bytes) -> dict[str, str]:
    """Style number -> number format, for the formats that matter."""
    tree = _tree(xml)
    codes = {_number(each): each.get("formatCode", "") for each in tree.iter() if tag_of(each) == "numFmt"}
    styles = next((each for each in tree if tag_of(each) == "cellXfs"), None)
    found = padded(codes, map(_number, styles if styles is not None else ()))
    return {str(style): code for style, code in found.items()}


def _number(element: Element) -> int:
    """The number of the format that an element of the styles names or is; -1 for none."""
    number = element.get("numFmtId", "")
    return int(number) if re.fullmatch("[0-9]{1,9}", number) else -1


def _look(part: Part) -> Found:
    """What the sheet's XML says beside the values."""
    found = Found()
    xml = part.xml
    if part.formats:
        pattern = re.compile(_CELL % b"|".join(index.encode() for index in part.formats))
        found.padded = [
            (*place, part.formats[match.group(1).decode()])
            for match in pattern.finditer(xml)
            if (place := _place(match.group()))
        ]
    if b"<f" in xml:
        found.without_value = [place for match in _NO_VALUE.finditer(xml) if (place := _place(match.group(1)))]
    found.merged = [
        (int(row), _column(left), int(end), _column(right)) for left, row, right, end in _MERGED.findall(xml)
    ]
    found.hidden_rows = {
        int(number) for tag in _HIDDEN_ROW.findall(xml) for number in re.findall(rb'\br="(\d+)"', tag)
    }
    found.hidden_columns = _hidden_columns(xml)
    found.links = _links(part)
    return found


def _hidden_columns(xml: bytes) -> set[int]:
    columns: set[int] = set()
    for tag in _HIDDEN_COLUMN.findall(xml):
        first, last = (re.search(rb'\b%s="(\d+)"' % name, tag) for name in (b"min", b"max"))
        if first and last:
            columns.update(range(int(first.group(1)) - 1, min(int(last.group(1)), 16384)))
    return columns


def _links(part: Part) -> list[tuple[int, int, str]]:
    found = []
    for tag in _LINK.findall(part.xml):
        place = re.search(rb'\bref="([A-Z]{1,3})([0-9]{1,7})"', tag)
        target = re.search(rb'\bid="([^"]*)"', tag)
        if place and target:
            found.append(
                (
                    int(place.group(2)),
                    _column(place.group(1)),
                    part.links.get(target.group(1).decode("utf-8", "replace"), ""),
                )
            )
    return found


def _place(tag: bytes) -> tuple[int, int] | None:
    match = _REFERENCE.search(tag)
    return (int(match.group(2)), _column(match.group(1))) if match else None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
