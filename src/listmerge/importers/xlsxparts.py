"""What stands in the parts of an .xlsx beside the values: number formats, hidden rows and columns, merged cells, links,
formulas without a value. Found by patterns in the sheet's XML, which is faster than to build its tree; the small
parts are parsed by defusedxml.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from listmerge.importers.source import Data, as_file

Issues = list[tuple[str, str, str, int]]
_CELL: Final = rb'<c\b[^>]*?\bs="(%s)"[^>]*>'
_REFERENCE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_NO_VALUE: Final = re.compile(rb"<c\b([^>]*)>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_HIDDEN_ROW: Final = re.compile(rb'<row\b([^>]*\bhidden="(?:1|true)"[^>]*)>')
_HIDDEN_COLUMN: Final = re.compile(rb'<col\b([^>]*\bhidden="(?:1|true)"[^>]*)>')
_MERGED: Final = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_LINK: Final = re.compile(rb"<hyperlink\b([^>]*)/?>")
HEADERS: Final = 30     # rows among which a header is looked for
_PATTERN: Final = re.compile(r'^(?:[0#?]|[-+()/. ]|\\.|"[^"]*")+$')


class Unreadable(Exception):
    """A part of the workbook cannot be parsed, or defines entities."""


@dataclass(slots=True)
class Part:
    """One sheet's XML with what other parts say of it: formats by style number, link targets by id."""

    xml: bytes
    formats: dict[str, str]
    links: dict[str, str]


@dataclass(slots=True)
class Found:
    """What was found in a sheet; rows count from 1, columns from 0."""

    padded: list[tuple[int, int, str]] = field(default_factory=list)
    without_value: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def facts(self) -> dict[str, str]:
        """Counts for people."""
        counts = {"hidden rows": len(self.hidden_rows), "hidden columns": len(self.hidden_columns)}
        return {name: str(count) for name, count in counts.items() if count}


def parts_of(data: Data) -> dict[str, Part]:
    """The sheets by name; {} for .xlsb, whose parts are binary. Raises Unreadable."""
    with zipfile.ZipFile(as_file(data)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            return {}
        formats = _formats(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
        targets = _relations(archive, names, "xl/_rels/workbook.xml.rels")
        found = {}
        for sheet in _tree(archive.read("xl/workbook.xml")).iter():
            if _tag(sheet) == "sheet":
                path = _path(targets.get(_attribute(sheet, "id"), ""))
                if path in names:
                    links = _relations(archive, names, path.replace("worksheets/", "worksheets/_rels/") + ".rels")
                    found[sheet.get("name", "")] = Part(archive.read(path), formats, links)
        return found


def _tree(xml: bytes) -> Element:
    try:
        tree: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(f"its XML cannot be read: {error}") from error
    return tree


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _relations(archive: zipfile.ZipFile, names: set[str], path: str) -> dict[str, str]:
    if path not in names:
        return {}
    return {
        each.get("Id", ""): each.get("Target", "")
        for each in _tree(archive.read(path)).iter()
        if _tag(each) == "Relationship"
    }


def _formats(xml: bytes) -> dict[str, str]:
    """Style number -> number format, for the formats that add zeros or signs to whole numbers."""
    tree = _tree(xml)
    codes = {each.get("numFmtId", ""): each.get("formatCode", "") for each in tree.iter() if _tag(each) == "numFmt"}
    styles = next((each for each in tree if _tag(each) == "cellXfs"), None)
    numbered = enumerate(styles if styles is not None else ())
    wanted = {str(index): codes.get(style.get("numFmtId", ""), "").split(";")[0] for index, style in numbered}
    return {
        index: code
        for index, code in wanted.items()
        if _PATTERN.match(code) and "0" in code and "." not in code.strip(".") and code not in ("0", "#")
    }


def look(part: Part) -> Found:
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
    found.hidden_rows = frozenset(
        int(number) for tag in _HIDDEN_ROW.findall(xml) for number in re.findall(rb'\br="(\d+)"', tag)
    )
    found.hidden_columns = frozenset(_hidden_columns(xml))
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


# --- applied to the texts ---------------------------------------------------------------------------------------------


def apply(found: Found, rows: list[list[str]], grid: list[list[Any]]) -> Issues:
    """Puts what was found into the texts of a sheet; returns (code, message, value, line)."""
    for row, column, code in found.padded:
        value = _at(grid, row, column)
        if (
            isinstance(value, float | int)
            and not isinstance(value, bool)
            and float(value).is_integer()
            and 0 <= value < 1e15
        ):
            rows[row - 1][column] = shown(int(value), code)
    issues: Issues = [
        (
            "formula-without-value",
            "The cell holds a formula and no value; open and save the workbook in Excel.",
            "",
            row,
        )
        for row, _ in found.without_value[:20]
    ]
    if found.hidden_rows:
        issues.append(
            (
                "hidden-rows",
                f"{len(found.hidden_rows)} rows are hidden; they were read unless --visible-only is given.",
                "",
                0,
            )
        )
    _spread_headers(found, rows)
    for row in sorted({row for row, _, end, _ in found.merged if row == end < min(HEADERS, len(rows))}):
        join_levels(rows[row - 1], rows[row])
    return [*issues, *_take_links(found, rows)]


def _at(rows: list[list[Any]], row: int, column: int) -> Any:
    return rows[row - 1][column] if 0 < row <= len(rows) and column < len(rows[row - 1]) else None


def shown(number: int, code: str) -> str:
    """A whole number as its format shows it: 1067 under `00000` is 01067."""
    digits = list(str(number))
    out: list[str] = []
    for token in reversed(re.findall(r'\\.|"[^"]*"|.', code)):
        if token in "0#?":
            if digits or token == "0":
                out.append(digits.pop() if digits else "0")
        else:
            out.append(token.strip('"')[::-1] if token.startswith('"') else token[-1])
    first = next((index for index, token in enumerate(code) if token in "0#?"), 0)
    prefix = re.sub(r'[\\"]', "", code[:first])
    text = "".join(reversed(out))
    return prefix + "".join(digits) + text[len(prefix) :] if digits else text


def _spread_headers(found: Found, rows: list[list[str]]) -> None:
    """A merged cell among the first rows shows its text in each of its columns."""
    for row, left, end, right in found.merged:
        text = _at(rows, row, left)
        if (
            text
            and row <= HEADERS
            and row == end
            and right - left < 100
            and any(rows[row][left : right + 1] if row < len(rows) else ())
        ):
            for column in range(left + 1, min(right + 1, len(rows[row - 1]))):
                rows[row - 1][column] = rows[row - 1][column] or text


def join_levels(above: list[str], below: list[str]) -> None:
    """Names that stand twice below, under different ones above, are told apart by these: `Home | Phone`."""
    names = [name.strip().casefold() for name in below]
    joined = {column: f"{text.strip()} | {below[column]}" for column, text in enumerate(above[: len(below)])
              if text.strip() and names[column] and names.count(names[column]) > 1}
    if len(set(joined.values())) == len(joined):
        for column, text in joined.items():
            below[column] = text


def _take_links(found: Found, rows: list[list[str]]) -> Issues:
    """An address behind a text that is none, in a column of addresses; a difference is told."""
    issues: Issues = []
    for row, column, target in found.links:
        text = _at(rows, row, column)
        address = re.sub(r"^mailto:", "", target, flags=re.I).split("?")[0]
        if text is None or not target.lower().startswith("mailto:") or address.casefold() == text.strip().casefold():
            continue
        taken = "@" not in text and any("@" in (_at(rows, other, column) or "") for other in (row - 1, row + 1))
        if taken:
            rows[row - 1][column] = address
        issues.append(
            (
                "link-differs",
                f"The link goes to {address}; the {'link' if taken else 'text'} was taken.",
                text[:200],
                row,
            )
        )
    return issues[:20]
