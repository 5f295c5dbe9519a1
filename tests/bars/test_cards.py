"""Real cards of many programs, for reading only: all cards, names, addresses and numbers, none cut at a comma.

What to expect is read here by a parser of its own, as plain as the format allows.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from listmerge.errors import InputError
from listmerge.importers import read
from listmerge.model import RawTable


class Line(NamedTuple):
    """A property: its name, its parameters, its value as text without escapes, and whether that is surely right."""

    name: str
    params: str
    value: str
    sure: bool


@pytest.fixture(scope="module")
def cards(shared: Path) -> list[Path]:
    found = sorted(path for path in (shared / "vcards").rglob("*.vcf"))
    assert len(found) > 90
    return found


def text_of(path: Path) -> tuple[str, bool]:
    """The file as text, and whether its letters are known: of an old code page only the ASCII ones are."""
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16"), True
    try:
        return data.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return data.decode("latin-1"), False


def lines_of(path: Path) -> Iterator[Line]:
    text, sure = text_of(path)
    unfolded: list[str] = []
    for line in re.split(r"\r\r\n|\r\n|\r|\n", text):
        last = unfolded[-1] if unfolded else ""
        if "QUOTED-PRINTABLE" in last.partition(":")[0].upper() and last.endswith("="):
            unfolded[-1] = last[:-1] + line
        elif line[:1] in (" ", "\t") and line.strip() and last:
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    for line in unfolded:
        head, colon, value = re.fullmatch(r'((?:"[^"]*"|[^":])*)(:?)(.*)', line, re.S).groups()   # type: ignore[union-attr]
        name = re.split(r"[;]", head.strip())[0].rpartition(".")[2].upper()
        if colon and re.fullmatch(r"[A-Z-]+", name):
            yield Line(name, head.upper(), *decoded(head.upper(), value, sure))


def decoded(params: str, value: str, sure: bool) -> tuple[str, bool]:
    page = re.search(r"CHARSET=\"?([\w-]+)", params)
    if "QUOTED-PRINTABLE" in params:
        data = quopri.decodestring(value.encode("latin-1", "replace"))
        try:
            return data.decode(page[1] if page else "utf-8"), True
        except (UnicodeDecodeError, LookupError):
            return data.decode("latin-1"), False
    if page and not sure:
        value, sure = value.encode("latin-1").decode(page[1], "replace"), True
    return re.sub(r"\\([,;:\\])", r"\1", re.sub(r"\\[nN]", "\n", value)), sure


def cards_of(path: Path) -> list[list[Line]]:
    """The cards of a file, those within others among them, in the order in which they begin."""
    found: list[list[Line]] = []
    open_cards: list[list[Line]] = []
    for line in lines_of(path):
        if line.name == "BEGIN":
            found.append([])
            open_cards.append(found[-1])
        elif line.name == "END" and open_cards:
            open_cards.pop()
        elif open_cards:
            open_cards[-1].append(line)
    return found


def values(card: list[Line], name: str) -> list[Line]:
    return [line for line in card if line.name == name and line.value.strip()]


def plain(text: str, sure: bool = True) -> str:
    """A text without what reading may change: blanks; and the letters of unknown code pages."""
    text = " ".join(text.split())
    return text if sure else "".join(letter for letter in text if letter.isascii())


def cells(table: RawTable, row: int, pattern: str) -> list[str]:
    return [text for index, header in enumerate(table.headers) if re.fullmatch(pattern, header)
            and (text := table.cells.column(index)[row].as_py())]


def table_of(path: Path) -> RawTable | None:
    try:
        table, = read(path, path.name)
    except InputError:
        return None
    return table


def test_broken_cards_are_reported_one_by_one(cards: list[Path]) -> None:
    found = {(path.name, issue.code, issue.source_row) for path in cards if (table := table_of(path))
             for issue in table.issues if issue.source_row}
    assert found == {
        ("Cropped_2_1.vcf", "unclosed-card", 1), ("Cropped_2_1.vcf", "stray-line", 1),
        ("Murks.vcf", "unknown-charset", 1),
        ("AnsiIssueInvalidEncoding.vcf", "unknown-charset", 1), ("v21_adr_multiple_line.vcf", "stray-line", 1),
        ("vcard-antoni-kontact.vcf", "stray-line", 1),
    }


def test_every_card_is_read(cards: list[Path]) -> None:
    counts = {str(path): (len(cards_of(path)), table.cells.num_rows if (table := table_of(path)) else 0)
              for path in cards}
    assert sum(expected for expected, _ in counts.values()) > 2000
    assert {name: both for name, both in counts.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize(("name", "pattern"), [
    ("FN", r"FN(\.is-email)?"), ("TITLE", r"TITLE(\.\d+)?"), ("NOTE", r"NOTE(\.\d+)?"), ("EMAIL", r"EMAIL\.\d+"),
    ("TEL", r"TEL\.\d+"),
])
def test_every_value_is_read_whole(cards: list[Path], name: str, pattern: str) -> None:
    missing, count = [], 0
    for path in cards:
        table = table_of(path)
        for row, card in enumerate(cards_of(path)) if table else ():
            for line in values(card, name):
                count += 1
                texts = " ".join(plain(text, line.sure) for text in cells(table, row, pattern))
                if plain(line.value, line.sure).removeprefix("tel:").removeprefix("mailto:") not in texts:
                    missing.append((path.name, row + 1, line, texts))
    assert count > 25
    assert missing == []
