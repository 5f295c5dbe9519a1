"""vCards 2.1, 3.0 and 4.0: each card is a record, its properties are columns.

Headers: `FN`, `N.family`, `ORG.name`, `EMAIL.1`, `EMAIL.1.label`, `ADR.1.city` …; a property without a rule keeps its
own name. Preferred values come first. Photos, sounds and keys are left out and counted; groups are rejected rows.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from listmerge.importers import charset as charsets
from listmerge.importers.cards import Property, is_charset, numbered_lines, properties
from listmerge.importers.delimited import check_lines
from listmerge.importers.entries import Entry, Kind, make_table
from listmerge.importers.vcard_columns import PICTURES, RULES, SKIPPED
from listmerge.importers.vcard_values import READERS, Values, apple_label, read_other
from listmerge.layouts.layout import Layout, load_layouts
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

FALLBACK: Final = "cp1252"  # of quoted-printable text that is neither marked nor UTF-8
MOST_VALUES: Final = 50  # of one property in one card; more is no person


@dataclass(slots=True)
class Card:
    """A card while it is read."""

    line: int
    found: list[Property] = field(default_factory=list)
    closed: bool = False
    agent: bool = False


def read(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The cards of the file as one table; raises InputError."""
    check_lines(data, name)
    raw, page, issues = _bytes(data, name, options.encoding)
    cards = collect(properties(numbered_lines(raw)))
    entries = []
    for row, card in enumerate(cards, 1):
        entry, dropped = to_entry(card, page)
        entries.append(entry)
        flaws = [*_flaws(card), *(("too-many-values", f"Only {MOST_VALUES} of them were kept.", of) for of in dropped)]
        issues += [Issue(code, message, field=of, source_file=name, source_row=row, source_line=card.line)
                   for code, message, of in flaws]
    return [make_table(entries, _kind(cards, page, options), name, options, _facts(cards, page, issues), issues)]


def _bytes(data: Data, name: str, encoding: str) -> tuple[bytes, str, list[Issue]]:
    """The file in bytes of one-byte or UTF-8 letters, the code page of what is not UTF-8, and what was guessed."""
    head = bytes(data[:4096])
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)) or b"\x00" in head
    if encoding or marked:
        charset = charsets.find(data, name, encoding)
        if charset.encoding.startswith("utf"):
            return charsets.decode(data, charset).encode("utf-8", "replace"), FALLBACK, list(charset.issues)
        return bytes(data), charset.encoding, list(charset.issues)
    return (bytes(data), FALLBACK, []) if charsets.fits(data, "utf-8") else _mixed(bytes(data), name)


def _mixed(data: bytes, name: str) -> tuple[bytes, str, list[Issue]]:
    """One code page for all lines that name none and are not UTF-8."""
    odd = [
        line
        for line in data.split(b"\n")
        if not line.isascii() and b"CHARSET=" not in line.upper() and not charsets.fits(line, "utf-8")
    ]
    if not odd:
        return data, FALLBACK, []
    charset = charsets.guess(b"\n".join(odd), name)
    return data, charset.encoding, list(charset.issues)


def collect(found: Iterable[Property]) -> list[Card]:
    """The cards in the order in which they begin; a card within a card is one of its own, but for an AGENT."""
    cards: list[Card] = []
    open_cards: list[Card] = []
    agent = False
    for each in found:
        if each.name == "BEGIN" and "VCARD" in each.raw[0].upper():
            open_cards.append(Card(each.line, agent=agent))
            cards.append(open_cards[-1])
            agent = False
        elif each.name == "END" and "VCARD" in each.raw[0].upper():
            if open_cards:
                open_cards.pop().closed = True
        elif open_cards:
            open_cards[-1].found.append(each)
            agent = each.name == "AGENT" and not each.raw[0].strip()
    return [card for card in cards if not card.agent]


# --- one card ---------------------------------------------------------------------------------------------------------


def to_entry(card: Card, page: str) -> tuple[Entry, list[str]]:
    """The card's values by header, and the headers of which there were too many."""
    values: dict[str, str] = {}
    labels = {
        each.group: apple_label(each.text(page)) for each in card.found if each.name == "X-ABLABEL" and each.group
    }
    counts: Counter[str] = Counter()
    dropped: set[str] = set()
    for each in sorted(card.found, key=_preference):
        if each.name in SKIPPED or each.is_binary:
            continue
        counts[each.name] += 1
        if counts[each.name] > MOST_VALUES:
            dropped.add(each.name)
            continue
        label = labels.get(each.group, "") if each.group else ""
        reader = READERS.get(each.name, read_other)
        values |= {key: text for key, text in reader(each, each.text(page), values, label).items() if text}
    return _finish(card, values), sorted(dropped)


def _flaws(card: Card) -> Iterator[tuple[str, str, str]]:
    """What is wrong with how a card is written: code, message, property."""
    if not card.closed:
        yield "unclosed-card", "The card has no END:VCARD; it was read as far as it goes.", ""
    for each in card.found:
        if each.strays:
            yield "stray-line", f"{each.strays} lines are no properties; they were added to the value.", each.name
        charset = each.params.get("CHARSET", "")
        if charset and not is_charset(charset):
            yield "unknown-charset", f"There is no code page {charset[:40]}; it was taken as not named.", each.name


def _preference(each: Property) -> tuple[str, int]:
    """Preferred values first, otherwise as written; properties of one name only compete among each other."""
    pref = each.params.get("PREF", "")
    if pref.isdigit():
        return ("", min(int(pref), 100))
    return ("", 1 if "PREF" in each.types else 100)


def _finish(card: Card, values: Values) -> Entry:
    """Last looks at the whole card: labels without an address, a name that is an e-mail, groups."""
    emails = {text.casefold() for key, text in values.items() if re.fullmatch(r"EMAIL\.\d+", key)}
    for header in ("FN", "N.given", "N.family"):
        if values.get(header, "").casefold() in emails:
            values[f"{header}.is-email"] = values.pop(header)
    if not any(key.startswith("ADR.") for key in values):
        for key in [key for key in values if re.fullmatch(r"LABEL\.\d+", key)]:
            values[key.replace("LABEL", "ADDRESS")] = values.pop(key)
    if values.get("KIND") == "group":
        return Entry(card.line, values, "group")
    return Entry(card.line, values, "" if values else "no-contact")


# --- the file ---------------------------------------------------------------------------------------------------------


def _kind(cards: list[Card], page: str, options: ReadOptions) -> Kind:
    """The layout by the program that wrote the file, as PRODID tells it or a property of its own, else by version."""
    layouts = [layout for layout in load_layouts(options.layout_files) if layout.family == "vcard"]
    found = {each.name for card in cards[:200] for each in card.found}
    products = {each.text(page)[:200] for card in cards[:200] for each in card.found if each.name == "PRODID"}
    for told in (" ".join(products).upper(), " ".join(found)):
        for layout in layouts:
            if any(mark.upper() in told for mark in layout.marks):
                return _kind_of(layout)
    version = _versions(cards, page).most_common(1)
    name = f"vcard-{version[0][0] if version else '2.1'}"
    return _kind_of(next(layout for layout in layouts if layout.id == name))


def _kind_of(layout: Layout) -> Kind:
    more = {"constants": layout.constants, "relationship": layout.relationship, "permission": layout.permission,
            "reference_only": layout.reference_only, "null_words": layout.null_words}
    return Kind(layout.id, layout.system, RULES, layout.certainty, more=more)


def _versions(cards: list[Card], page: str) -> Counter[str]:
    return Counter(
        each.text(page).strip()
        for card in cards
        for each in card.found
        if each.name == "VERSION" and each.text(page).strip() in ("2.1", "3.0", "4.0")
    )


def _facts(cards: list[Card], page: str, issues: list[Issue]) -> dict[str, str]:
    pictures = sum(each.name in PICTURES for card in cards for each in card.found)
    versions = ", ".join(sorted(_versions(cards, page)))
    encoding = page if any(issue.code == "encoding-guessed" for issue in issues) else "utf-8"
    return {"encoding": encoding, "versions": versions, "pictures and keys left out": str(pictures)}
