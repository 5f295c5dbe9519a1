"""vCards 2.1, 3.0 and 4.0: each card is a record, its properties are columns.

Headers: `FN`, `N.family`, `ORG.name`, `EMAIL.1`, `EMAIL.1.label`, `ADR.1.city` …; a property without a rule keeps its own
name. Preferred values come first. Photos, sounds and keys are left out and counted; groups are rejected rows.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from listmerge.importers import charset as charsets
from listmerge.importers.cards import Property, decode, numbered_lines, properties, split, unescape
from listmerge.importers.delimited import check_lines
from listmerge.importers.entries import Entry, Kind, Rules, make_table
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

RULES: Final[Rules] = (
    ("FN", {"field": "full_name"}),
    (r"N\.prefix", {"field": "prefix"}), (r"N\.given", {"field": "given_name"}),
    (r"N\.additional", {"field": "middle_name"}), (r"N\.family", {"field": "family_name"}),
    (r"N\.suffix", {"field": "suffix"}), ("NICKNAME", {"field": "nickname"}),
    ("TITLE", {"field": "job_title"}), (r"ORG\.name", {"field": "company"}), (r"ORG\.unit", {"field": "department"}),
    (r"EMAIL\.(\d+)", {"field": "email"}), (r"EMAIL\.(\d+)\.label", {"field": "email_label"}),
    (r"TEL\.(\d+)", {"field": "phone"}), (r"TEL\.(\d+)\.label", {"field": "phone_label"}),
    (r"ADR\.(\d+)\.po_box", {"field": "po_box"}), (r"ADR\.(\d+)\.street", {"field": "street"}),
    (r"ADR\.(\d+)\.extended", {"field": "street"}), (r"ADR\.(\d+)\.city", {"field": "city"}),
    (r"ADR\.(\d+)\.region", {"field": "region"}), (r"ADR\.(\d+)\.postal_code", {"field": "postal_code"}),
    (r"ADR\.(\d+)\.country", {"field": "country"}), (r"ADR\.(\d+)\.label", {"field": "address_label"}),
    (r"ADDRESS\.(\d+)", {"field": "address"}),
    (r"URL\.(\d+)", {"field": "website"}), ("BDAY", {"field": "birthday"}), ("NOTE", {"field": "notes"}),
    ("CATEGORIES", {"field": "categories", "separator": ";"}), ("LANG", {"field": "language"}),
    ("UID", {"field": "source_id"}), ("REV", {"field": "updated"}), ("KIND", {"field": "kind"}),
)
N_PARTS: Final = ("family", "given", "additional", "prefix", "suffix")
ADR_PARTS: Final = ("po_box", "extended", "street", "city", "region", "postal_code", "country")
#: Properties that hold data and no text, or say how the card is written.
SKIPPED: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "X-MS-OL-DESIGN", "VERSION", "PRODID", "X-ABADR",
                            "X-ABLABEL", "AGENT", "BEGIN", "END", "PROFILE", "SOURCE", "NAME", "FBURL", "CLIENTPIDMAP"})
PICTURES: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"})
#: Types that say where or what; the others (VOICE, PREF, INTERNET) say nothing to a reader.
LABELS: Final = {"CELL": "mobile", "IPHONE": "mobile", "WORK": "work", "HOME": "home", "FAX": "fax", "PAGER": "pager",
                 "MAIN": "main", "OTHER": "other", "CAR": "car", "CALLBACK": "callback", "ASSISTANT": "assistant",
                 "DOM": "", "TEXT": "", "VIDEO": "video"}
#: What PRODID or a property of its own says about the program, and the layout's name.
PROGRAMS: Final = (
    (re.compile(r"-//Apple|-//ABLib", re.I), "apple-vcard", "Apple Contacts"),
    (re.compile(r"Google|X-PHONETIC-FIRST-NAME|GRAND_CENTRAL", re.I), "google-vcard", "Google Contacts"),
    (re.compile(r"Outlook|X-MS-OL-", re.I), "outlook-vcard", "Microsoft Outlook"),
    (re.compile(r"Sabre|Nextcloud|ownCloud|Baikal", re.I), "nextcloud-vcard", "Nextcloud"),
    (re.compile(r"X-ANDROID-CUSTOM|Android", re.I), "android-vcard", "Android"),
    (re.compile(r"Thunderbird", re.I), "thunderbird-vcard", "Mozilla Thunderbird"),
)
MOST_VALUES: Final = 50                     # of one property in one card; more is no person


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
    issues += [Issue("unclosed-card", "The card has no END:VCARD; it was read as far as it goes.", source_file=name,
                     source_row=row, source_line=card.line) for row, card in enumerate(cards, 1) if not card.closed]
    entries = []
    for row, card in enumerate(cards, 1):
        entry, dropped = to_entry(card, page)
        entries.append(entry)
        issues += [Issue("too-many-values", f"Only the first {MOST_VALUES} were kept.", field=header, source_file=name,
                         source_row=row, source_line=card.line) for header in dropped]
    return [make_table(entries, _kind(cards, page), name, options, _facts(cards, page), issues)]


def _bytes(data: Data, name: str, encoding: str) -> tuple[bytes, str, list[Issue]]:
    """The file in bytes of one-byte or UTF-8 letters, the code page of what is not UTF-8, and what was guessed."""
    head = bytes(data[:4])
    if not encoding and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)) \
            and b"\x00" not in data[:4096]:
        return (bytes(data), "utf-8", []) if charsets.fits(data, "utf-8") else _mixed(bytes(data), name)
    charset = charsets.find(data, name, encoding)
    if charset.encoding.startswith("utf"):
        return charsets.decode(data, charset).encode("utf-8", "replace"), "utf-8", list(charset.issues)
    return bytes(data), charset.encoding, list(charset.issues)


def _mixed(data: bytes, name: str) -> tuple[bytes, str, list[Issue]]:
    """One code page for all lines that name none and are not UTF-8."""
    odd = [line for line in data.split(b"\n") if not line.isascii() and b"CHARSET=" not in line.upper()
           and not charsets.fits(line, "utf-8")]
    if not odd:
        return data, "cp1252", []
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
    labels = {each.group: _apple_label(each.text(page)) for each in card.found if each.name == "X-ABLABEL" and each.group}
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
        reader = READERS.get(each.name, _other)
        values |= {key: text for key, text in reader(each, each.text(page), values, label).items() if text}
    return _finish(card, values), sorted(dropped)


def _preference(each: Property) -> tuple[str, int]:
    """Preferred values first, otherwise as written; properties of one name only compete among each other."""
    pref = each.params.get("PREF", "")
    if pref.isdigit():
        return ("", min(int(pref), 100))
    return ("", 1 if "PREF" in each.types else 100)


def _apple_label(text: str) -> str:
    return unescape(re.sub(r"^_\$!<(.*)>!\$_$", r"\1", text.strip()))


def _label(each: Property, own: str) -> str:
    words = [LABELS[word] for word in ("HOME", "WORK", "CELL", "IPHONE", "FAX", "PAGER", "MAIN", "OTHER", "CAR", "CALLBACK",
                                       "ASSISTANT") if word in each.types]
    return own or " ".join(dict.fromkeys(word for word in words if word))


def _number(values: dict[str, str], name: str) -> int:
    number = 1
    while any(key in values for key in (f"{name}.{number}", f"{name}.{number}.street", f"{name}.{number}.city",
                                        f"{name}.{number}.postal_code", f"{name}.{number}.country", f"{name}.{number}.region",
                                        f"{name}.{number}.po_box", f"{name}.{number}.extended")):
        number += 1
    return number


Values = dict[str, str]


def _name(each: Property, text: str, values: Values, label: str) -> Values:
    if any(f"N.{part}" in values for part in N_PARTS):
        return _other(each, text, values, label)
    return {f"N.{part}": word.strip() for part, word in zip(N_PARTS, split(text, ";"), strict=False)}


def _organisation(each: Property, text: str, values: Values, label: str) -> Values:
    if "ORG.name" in values or "ORG.unit" in values:
        return _other(each, text, values, label)
    parts = [part.strip() for part in split(text, ";")]
    return {"ORG.name": parts[0], "ORG.unit": ", ".join(part for part in parts[1:] if part)}


def _address(each: Property, text: str, values: Values, label: str) -> Values:
    parts = [part.strip() for part in split(text, ";")]
    parts = [*parts[:6], ";".join(part for part in parts[6:] if part)] if len(parts) > 7 else parts
    if not any(parts):
        return {}
    number = _number(values, "ADR")
    found = {f"ADR.{number}.{part}": word for part, word in zip(ADR_PARTS, parts, strict=False)}
    return found | {f"ADR.{number}.label": _label(each, label)}


def _several(header: str, scheme: str = "") -> Callable[[Property, str, Values, str], Values]:
    def reader(each: Property, text: str, values: Values, label: str) -> Values:
        value = re.sub(rf"^{scheme}:", "", unescape(text).strip(), flags=re.I) if scheme else unescape(text).strip()
        if not value:
            return {}
        number = _number(values, header)
        return {f"{header}.{number}": value, f"{header}.{number}.label": _label(each, label)}

    return reader


def _birthday(each: Property, text: str, values: Values, label: str) -> Values:
    """Apple writes a year that stands for none: BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-07."""
    omitted = each.params.get("X-APPLE-OMIT-YEAR", "")
    value = unescape(text).strip()
    return {"BDAY": "--" + value[5:] if omitted and value.startswith(f"{omitted}-") else value} if "BDAY" not in values else {}


def _categories(each: Property, text: str, values: Values, label: str) -> Values:
    words = [word.strip().replace(";", "\\;") for word in split(text, ",") if word.strip()]
    before = [values["CATEGORIES"]] if "CATEGORIES" in values else []
    return {"CATEGORIES": "; ".join([*before, *words])}


def _show_as(each: Property, text: str, values: Values, label: str) -> Values:
    return {"KIND": "org"} if text.strip().upper() == "COMPANY" else {}


def _kind_of(each: Property, text: str, values: Values, label: str) -> Values:
    return {"KIND": text.strip().lower()}


def _android(each: Property, text: str, values: Values, label: str) -> Values:
    quoted = quopri.decodestring(text.encode()) if re.search("=[0-9A-F]{2}", text) else text.encode()
    parts = split(decode(quoted, "", "cp1252"), ";")      # quoted-printable without saying so
    if parts[0].endswith("/nickname") and len(parts) > 1 and "NICKNAME" not in values:
        return {"NICKNAME": parts[1].strip()}
    return _other(each, text, values, label)


def _other(each: Property, text: str, values: Values, label: str) -> Values:
    """A property without rule, or a further one of its name: FN, FN.2, FN.3."""
    number, header = 1, each.name
    while header in values:
        number += 1
        header = f"{each.name}.{number}"
    return {header: unescape(text).strip()} | ({f"{header}.label": label} if label else {})


READERS: Final[dict[str, Callable[[Property, str, Values, str], Values]]] = {
    "N": _name, "ORG": _organisation, "ADR": _address, "EMAIL": _several("EMAIL", "mailto"), "TEL": _several("TEL", "tel"),
    "X-MS-TEL": _several("TEL", "tel"), "URL": _several("URL"), "LABEL": _several("LABEL"), "BDAY": _birthday,
    "CATEGORIES": _categories, "X-ABSHOWAS": _show_as, "KIND": _kind_of, "X-ADDRESSBOOKSERVER-KIND": _kind_of,
    "X-ANDROID-CUSTOM": _android,
}


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


def _kind(cards: list[Card], page: str) -> Kind:
    """The layout by the program that wrote the file, else by its version."""
    told = " ".join({f"{each.name} {each.text(page)[:200] if each.name == 'PRODID' else ''}"
                     for card in cards[:200] for each in card.found})
    for pattern, layout, system in PROGRAMS:
        if pattern.search(told):
            return Kind(layout, system, RULES)
    version = _versions(cards, page).most_common(1)
    return Kind(f"vcard-{version[0][0] if version else '2.1'}", "vCard", RULES)


def _versions(cards: list[Card], page: str) -> Counter[str]:
    return Counter(each.text(page).strip() for card in cards for each in card.found
                   if each.name == "VERSION" and each.text(page).strip() in ("2.1", "3.0", "4.0"))


def _facts(cards: list[Card], page: str) -> dict[str, str]:
    pictures = sum(each.name in PICTURES for card in cards for each in card.found)
    versions = ", ".join(sorted(_versions(cards, page)))
    return {"encoding": page, "versions": versions, "pictures and keys left out": str(pictures)}
