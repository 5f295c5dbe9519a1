"""A whole address in one text, taken apart into street, city, region, postcode and country."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from listmerge.fields import data, places, streets
from listmerge.fields.text import Flaw, fold, trim

_CUT = re.compile(r"\s*[\n;|•·]\s*|\s*,\s*(?=[^\d,]|\d{4})|\s*,\s*(?=\d+\s)")
_STATE_ZIP = re.compile(
    r"^(?P<city>.*?)[\s,]*\b(?P<region>[^\W\d_]{2,3}|[^\W\d_][^\d,]{3,})[.,]?\s+"
    r"(?P<code>\d{5}(?:-\d{4})?|\d{4}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)$", re.I)
_BRITISH = re.compile(
    r"^(?P<city>.*?)[\s,]*\b(?P<code>GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[\dW]\s?[A-Z\d]{4})$", re.I)
_BEFORE = re.compile(
    r"^(?:[A-Z]{1,3}-)?(?P<code>\d{2}-\d{3}|\d{3}\s\d{2}|\d{4}\s?[A-Z]{2}(?!\w)|\d{4}-\d{3}|\d{5}|\d{4})\s+"
    r"(?P<city>[^\W\d_].*)$", re.I)
_AFTER = re.compile(r"^(?P<city>[^\W\d_][^\d]*?)[\s,]+(?P<code>\d{4,6}|\d{5}-\d{3})$")
_CODE_ALONE = re.compile(
    r"^(?P<city>)(?:〒\s*)?(?P<code>\d{5}(?:-\d{4})?|\d{3}-\d{4}|\d{2}-\d{3}|\d{4}|\d{3}\s\d{2}|\d{5}-\d{3})$")
_JAPANESE = re.compile(
    r"^(?:〒\s*(?P<code>\d{3}-?\d{4})\s*|(?P<plain>\d{3}-\d{4})\s+(?=[^\x00-\u02ff]))(?P<rest>.*)$")
_COUNTY = re.compile(
    r"^(?:co\.?|county|greater)\s|shire$|\bcounty$|"
    r"^(?:middlesex|surrey|kent|essex|sussex|norfolk|suffolk|devon|cornwall|cumbria|dorset|somerset)$", re.I)
_PROVINCE = re.compile(r"^(?P<city>.*?)\s*\((?P<region>[A-Z]{2})\)$")
_LONGEST: Final = 500                     # characters
_UNPARSED: Final = (("address-unparsed", "No postcode or city was found in it; it was taken as a street.", ""),)


#: Codes of countries that are no codes of American states as well.
_CLEAR_CODES: Final = frozenset({"us", "uk", "gb", "fr", "it", "es", "at", "ch", "nl", "be", "au", "nz"})


class Parts(NamedTuple):
    """The parts as written; `issues` when nothing but a street could be told."""

    street: str
    city: str
    region: str
    postal_code: str
    country: str
    issues: tuple[Flaw, ...]


def split(text: str, country: str = "") -> Parts:
    """The parts of a whole address: several lines, or parted by commas, or `38 Mckenzie Hwy Anytown WA 00000`.

    `country` (ISO code) says where it is, when it does not say so itself.
    """
    if len(text) > _LONGEST:
        return Parts(trim(text), "", "", "", "", _UNPARSED)
    pieces = [piece.strip(" ,.") for piece in _cut(trim(text)) if piece.strip(" ,.")]
    pieces, land = _take_country(_with_country_apart(pieces))
    if not pieces:
        return Parts("", "", "", "", land, ())
    return _japanese(pieces, land) or _western(pieces, land, places.country_code(land) or country)


def _cut(text: str) -> list[str]:
    """The pieces of an address; Mailchimp puts two blanks between the parts, and nothing else."""
    wide = re.split(r" {2,}", text)
    return wide if len(wide) > 2 and "\n" not in text else _CUT.split(text)


def is_state_and_code(text: str) -> bool:
    """Whether a text is a town, a state or province that we know and a postcode: `Springfield, IL 62704`."""
    found = _STATE_ZIP.match(text)
    return found is not None and bool(found["city"] and _region_at_end(found["region"], ""))


def _japanese(pieces: list[str], land: str) -> Parts | None:
    """`〒530-0001 大阪府大阪市…`: the postcode stands apart, the rest is not parted by blanks."""
    found = _JAPANESE.match(pieces[0])
    if not found:
        return None
    street = ", ".join([found["rest"], *pieces[1:]]).strip(", ")
    return Parts(street, "", "", found["code"] or found["plain"], land, ())


def _western(pieces: list[str], land: str, country: str) -> Parts:
    for place in range(len(pieces) - 1, -1, -1):
        found = _read_town(pieces[place], country, alone=len(pieces) == 1)
        if found and (place or found[0]):
            return _around(pieces, place, found, land)
    if len(pieces) > 1 and _is_region(pieces[-1], country):
        return Parts(", ".join(pieces[:-2]), pieces[-2], pieces[-1], "", land, ())
    if len(pieces) > 1 and not re.search(r"\d", pieces[-1]) and re.search(r"\d", pieces[0]):
        return Parts(", ".join(pieces[:-1]), pieces[-1], "", "", land, ())
    return Parts(", ".join(pieces), "", "", "", land, _UNPARSED)


def _take_country(pieces: list[str]) -> tuple[list[str], str]:
    """The country, when the last piece or the last word after a postcode is one by its full name or a clear code."""
    if len(pieces) < 2:
        words = pieces[0].rsplit(" ", 1) if pieces else [""]
        clear = len(words) > 1 and len(words[-1]) > 3 and words[-1].isupper() is False and _is_country(words[-1])
        return ([words[0]], words[-1]) if clear and re.search(r"\d", words[0]) else (pieces, "")
    return (pieces[:-1], pieces[-1]) if _is_country(pieces[-1]) else (pieces, "")


def _with_country_apart(pieces: list[str]) -> list[str]:
    """The pieces, the last one in two where the code of a country follows a postcode: `Boston, MA 02117 US`."""
    found = re.fullmatch(r"(.*\S*\d\S*) ([A-Za-z]{2,3})", pieces[-1]) if pieces else None
    clear = found and len(found[1]) > 4 and fold(found[2]) in _CLEAR_CODES | {"usa"}
    return [*pieces[:-1], found[1], found[2]] if found and clear else pieces


def _is_country(piece: str) -> bool:
    code = places.country_code(piece)
    return bool(code) and (len(piece) > 2 or fold(piece) in _CLEAR_CODES)


def _is_region(piece: str, country: str) -> bool:
    return any(places.is_region(piece, home) for home in ([country] if country else ("US", "CA", "AU")))


def _read_town(piece: str, country: str, *, alone: bool) -> tuple[str, str, str] | None:
    """City, region and postcode in one piece, None when it has no postcode in its place."""
    found = _STATE_ZIP.match(piece)
    region = _region_at_end(found["region"], country) if found else ""
    if found and region:
        before = f"{found['city']} {found['region'][:-len(region)]}".strip(" ,")
        return before, region, found["code"]
    for form in (_BRITISH, _BEFORE, _CODE_ALONE, *([] if alone else [_AFTER])):
        found = form.match(piece)
        if found:
            return _province(found["city"].strip(" ,"), found["code"])
    return None


def _region_at_end(text: str, country: str) -> str:
    """The longest end of a text that is a region: `Anytown New York` -> `New York`."""
    words = text.split(" ")
    return next((end for start in range(len(words)) if _is_region(end := " ".join(words[start:]), country)), "")


def _province(city: str, code: str) -> tuple[str, str, str]:
    found = _PROVINCE.match(city)
    return (found["city"], found["region"], code) if found else (city, "", code)


def _around(pieces: list[str], place: int, found: tuple[str, str, str], land: str) -> Parts:
    """The pieces before and after the one with the postcode."""
    city, region, code = found
    before, after = pieces[:place], pieces[place + 1:]
    if not before and city:
        street, city = _street_and_city(city)
        before = [street] if street else []
    elif not city and before:
        city = after.pop(0) if after else before.pop()
        if not region and len(before) > 1 and (_COUNTY.search(city) or _is_region(city, places.country_code(land))):
            city, region = before.pop(), city
    region = region or (after.pop(0) if after else "")
    return Parts(", ".join(before + after), city, region, code, land, ())


@cache
def _types() -> frozenset[str]:
    """Words that end a street."""
    rows = [words for place, *words in data.rows("street_words.tsv") if place == "any"]
    return frozenset(word for words in rows for word in words)


#: Words that end a street and are part of no city's name.
_SURE_ENDS: Final = frozenset({
    "street", "st", "ave", "avenue", "rd", "road", "dr", "drive", "ln", "lane", "blvd", "boulevard", "ct", "court",
    "cir", "circle", "hwy", "highway", "pkwy", "parkway", "ter", "terrace",
})
_CITY_BEGINS: Final = frozenset({
    "st", "saint", "mt", "mount", "n", "s", "e", "w", "north", "south", "east", "west", "pt", "point",
})


def _street_and_city(text: str) -> tuple[str, str]:
    """`38 mckenzie hwy Anytown` in two: the city begins after the last word for a kind of street, and after its unit;
    without one it is the last word."""
    words = text.split(" ")
    if not re.match(r"#?\d|p\.?\s?o\.?\s?box", text, re.I):
        ends = [number for number, word in enumerate(words[:-1]) if number and fold(word) in _SURE_ENDS]
        cut = ends[-1] + 1 if ends else 0
        return " ".join(words[:cut]), " ".join(words[cut:])
    ends = [number for number, word in enumerate(words[:-1]) if number > 1 and fold(word) in _types()
            and not (fold(word) in _CITY_BEGINS and fold(words[number - 1]) in _types())]
    cut = ends[-1] + 1 if ends else len(words) - 1
    while cut < len(words) - 1 and (fold(words[cut]) in ("n", "s", "e", "w", "ne", "nw", "se", "sw")
                                    or streets.is_unit(words[cut]) or re.search(r"\d", words[cut])):
        cut += 2 if streets.is_unit(words[cut]) and not re.search(r"\d", words[cut]) else 1
    return " ".join(words[:cut]), " ".join(words[cut:])
