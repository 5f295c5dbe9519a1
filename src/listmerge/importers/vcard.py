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
from listmerge.importers.entries import Entry, Kind, gather, make_table
from listmerge.importers.source import as_file
from listmerge.importers.vcard_columns import PICTURES, RULES, SKIPPED
from listmerge.importers.vcard_values import READERS, Values, apple_label, read_other
from listmerge.layouts.layout import Layout, load_layouts
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

FALLBACK: Final = "cp1252"  # of quoted-printable text that is neither marked nor UTF-8
VERSIONS: Final = ("2.1", "3.0", "4.0")
TELLING: Final = 200  # cards that are asked which program wrote them
MOST_VALUES: Final = 50  # of one property in one card; more is no person


@dataclass(slots=True)
class Card:
    """A card while it is read."""

    line: int
    found: list[Property] = field(default_factory=list)
    closed: bool = False
    agent: bool = False


@dataclass(slots=True)
class Seen:
    """What the cards tell of the file they stand in, while they are read one by one."""

    page: str
    issues: list[Issue]
    rows: int = 0
    pictures: int = 0
    names: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    versions: Counter[str] = field(default_factory=Counter)

    def look(self, card: Card) -> None:
        """Takes note of a card; the first ones tell which program wrote it."""
        self.rows += 1
        for each in card.found:
            self.pictures += each.name in PICTURES
            if each.name == "VERSION" and (version := each.text(self.page).strip()) in VERSIONS:
                self.versions[version] += 1
            if self.rows <= TELLING:
                self.names.add(each.name)
                if each.name == "PRODID":
                    self.products.add(each.text(self.page)[:200])

    @property
    def facts(self) -> dict[str, str]:
        """For people: code page, versions, what was left out."""
        guessed = any(issue.code == "encoding-guessed" for issue in self.issues)
        return {"encoding": self.page if guessed else "utf-8", "versions": ", ".join(sorted(self.versions)),
                "pictures and keys left out": str(self.pictures)}


def extract(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The cards of the file as one table; raises InputError."""
    check_lines(data, name)
    raw, page, issues = _bytes(data, name, options.encoding)
    seen = Seen(page, issues)
    gathered = gather(_entries(collect(properties(numbered_lines(raw))), seen, name))
    return [make_table(gathered, _kind(seen, options), name, options, seen.facts, issues)]


def _entries(cards: Iterable[Card], seen: Seen, name: str) -> Iterator[Entry]:
    """An entry for each card; what is wrong with it becomes an issue."""
    for card in cards:
        seen.look(card)
        entry, dropped = to_entry(card, seen.page)
        flaws = [*_flaws(card), *(("too-many-values", f"Only {MOST_VALUES} of them were kept.", of) for of in dropped)]
        seen.issues += [Issue(code, message, field=of, source_file=name, source_row=seen.rows, source_line=card.line)
                        for code, message, of in flaws]
        yield entry


def _bytes(data: Data, name: str, encoding: str) -> tuple[Data, str, list[Issue]]:
    """The file in bytes of one-byte or UTF-8 letters, the code page of what is not UTF-8, and what was guessed."""
    head = bytes(data[:4096])
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)) or b"\x00" in head
    if encoding or marked:
        charset = charsets.find(data, name, encoding)
        if charset.encoding.startswith("utf"):
            return charsets.decode(data, charset).encode("utf-8", "replace"), FALLBACK, list(charset.issues)
        return data, charset.encoding, list(charset.issues)
    return (data, FALLBACK, []) if charsets.fits(data, "utf-8") else _mixed(data, name)


def _mixed(data: Data, name: str) -> tuple[Data, str, list[Issue]]:
    """One code page for all lines that name none and are not UTF-8."""
    odd = [
        line
        for line in iter(as_file(data).readline, b"")
        if not line.isascii() and b"CHARSET=" not in line.upper() and not charsets.fits(line, "utf-8")
    ]
    if not odd:
        return data, FALLBACK, []
    charset = charsets.guess(b"\n".join(odd), name)
    return data, charset.encoding, list(charset.issues)


def collect(found: Iterable[Property]) -> Iterator[Card]:
    """The cards in the order in which they begin; a card within a card is one of its own, but for an AGENT."""
    begun: list[Card] = []          # since the last time that none was open
    open_cards: list[Card] = []
    agent = False
    for each in found:
        if each.name == "BEGIN" and "VCARD" in each.raw[0].upper():
            open_cards.append(Card(each.line, agent=agent))
            begun.append(open_cards[-1])
            agent = False
        elif each.name == "END" and "VCARD" in each.raw[0].upper():
            if open_cards:
                open_cards.pop().closed = True
            if not open_cards:
                yield from (card for card in begun if not card.agent)
                begun = []
        elif open_cards:
            open_cards[-1].found.append(each)
            agent = each.name == "AGENT" and not each.raw[0].strip()
    yield from (card for card in begun if not card.agent)


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


def _kind(seen: Seen, options: ReadOptions) -> Kind:
    """The layout by the program that wrote the file, as PRODID tells it or a property of its own, else by version."""
    layouts = [layout for layout in load_layouts(options.layout_files) if layout.family == "vcard"]
    for told in (" ".join(sorted(seen.products)).upper(), " ".join(sorted(seen.names))):
        for layout in layouts:
            if any(mark.upper() in told for mark in layout.marks):
                return _kind_of(layout)
    version = seen.versions.most_common(1)
    name = f"vcard-{version[0][0] if version else '2.1'}"
    return _kind_of(next(layout for layout in layouts if layout.id == name))


def _kind_of(layout: Layout) -> Kind:
    more = {"constants": layout.constants, "relationship": layout.relationship, "permission": layout.permission,
            "reference_only": layout.reference_only, "null_words": layout.null_words}
    return Kind(layout.id, layout.system, RULES, layout.certainty, more=more)
