"""Countries, regions and postcodes: one code for the many ways to write them, and postcodes in their country's form."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import data
from listmerge.fields.ids import is_exponent, unguard
from listmerge.fields.text import (
    Cleaned,
    Flaw,
    by_value,
    clean_distinct,
    fold,
    plain,
    same_text,
    trim,
    with_judged,
)

_CAR_SIGN = re.compile(r"^[A-Z]{1,3}[ -](?=\d{3})")
#: Countries whose region names are understood when the address has no country: their names collide least.
_HOME_OF_REGIONS = ("US", "CA", "AU")
#: Where the blank stands in postcodes of various length.
_BLANK_AT = {"GB": -3, "JE": -3, "GG": -3, "IM": -3, "CA": -3, "IE": 3, "MT": 3}
_IN_PLACES = {-3: "[0-9A-Z]+ [0-9A-Z]{3}", 3: "[0-9A-Z]{3} [0-9A-Z]+"}
#: Postcodes that need no mending whatever their country, but for those with four figures more.
_REGULAR = "^[0-9A-Z]+(?:[ -][0-9A-Z]+)*$"
_PLUS_FOUR = "^[0-9]([ -]?[0-9]){8}$"
#: But those of the United States are right as they stand, also where no country does.
_AMERICAN = "^[0-9]{5}-[0-9]{4}$"
_AMERICANS = pa.array(["", "US"])
_CITY_WORDS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "snt": "sankt"}


class Postcode(NamedTuple):
    """`text` in the form of its country, `key` to compare, `quality` of model.QUALITIES ('' when there is none)."""

    text: str
    key: str
    quality: str
    issues: tuple[Flaw, ...]


@cache
def _countries() -> dict[str, str]:
    return {word: words[0].upper() for words in data.rows("countries.tsv") for word in words}


@cache
def _forms() -> dict[str, tuple[re.Pattern[str], str]]:
    return {code: (re.compile(form), example) for code, form, example in data.rows("postcodes.tsv")}


@cache
def _regions() -> dict[tuple[str, str], str]:
    return {(country, word): words[0] for country, *words in reversed(data.rows("regions.tsv")) for word in words}


def country_code(text: str) -> str:
    """ISO 3166 alpha-2 of a country in any of about twenty languages, or by code; '' when it is not known."""
    word = fold(text)
    return _countries().get(word) or _countries().get(word.removeprefix("the ")) or ""


def country_of(text: str) -> tuple[str, tuple[Flaw, ...]]:
    """The ISO code of a country, or the text as written with an issue."""
    shown = trim(text)
    code = country_code(shown)
    if code or not shown:
        return code, ()
    return shown, (("country-unknown", "No country is known by this name.", ""),)


def region_key(region: str, country: str = "") -> str:
    """The code of a region ('ma' for Massachusetts) where its country's are known, else its name folded."""
    word = fold(region)
    if not word:
        return ""
    if country in _countries_with_regions():
        return _regions().get((country, word)) or word
    if country:
        return word
    return next((code for home in _HOME_OF_REGIONS if (code := _regions().get((home, word)))), word)


def is_region(text: str, country: str) -> bool:
    """Whether a country (ISO code) has a region of this name or code."""
    return (country, fold(text)) in _regions()


def in_their_places(region: str, country: str) -> tuple[str, str]:
    """Region and country, each in its place: programs have written the one under the header of the other. They are
    turned where the region can be but a country and the country is none."""
    turned = can_be_but_a_country(region) and not country_code(country)
    return (country, region) if turned else (region, country)


def can_be_but_a_country(text: str) -> bool:
    """Whether a text is a country by its full name, and no region as well, as Georgia and Luxembourg are."""
    word = fold(text)
    return len(word) > 3 and bool(country_code(text)) and word not in _names_of_regions()


@cache
def _names_of_regions() -> frozenset[str]:
    return frozenset((*(word for _, word in _regions()), "luxembourg", "luxemburg"))


@cache
def _countries_with_regions() -> frozenset[str]:
    return frozenset(country for country, _ in _regions())


def city_key(city: str) -> str:
    """A city folded, with Saint, Mount and Fort written out and the English for what is known by two names."""
    word = " ".join(_CITY_WORDS.get(part, part) for part in fold(city).split())
    return _exonyms().get(word, word)


def is_plain_city(cities: pa.Array) -> pa.Array:
    """Which cities are of plain words in ASCII of which `city_key` makes none another: their keys are their letters."""
    regular = pc.match_substring_regex(cities, "^[A-Za-z]+(?: [A-Za-z]+)*$")
    small = pc.ascii_lower(cities)
    other = pc.match_substring_regex(small, rf"\b(?:{'|'.join(_CITY_WORDS)})\b")
    return pc.and_not(regular, pc.or_(other, pc.is_in(small, value_set=pa.array(sorted(_exonyms()), pa.string()))))


@cache
def _exonyms() -> dict[str, str]:
    return {word: words[0] for words in data.rows("cities.tsv") for word in words}


def is_form_of_one_country(texts: Collection[str]) -> bool:
    """Whether all texts are postcodes in the form of one and the same country."""
    return any(all(form.fullmatch(text.strip().upper()) for text in texts) for form, _ in _forms().values())


def is_postcode_of(text: str, country: str) -> bool:
    """Whether a text is a postcode in the form of that country (ISO code), blanks aside."""
    known = _forms().get(country)
    return known is not None and known[0].fullmatch("".join(text.upper().split())) is not None


def clean_postcode(text: str, country: str = "") -> Postcode:
    """A postcode in the form of its country (ISO code); zeros that a spreadsheet took are given back where the country
    says how many there were. Without a country only blanks and capitals are mended."""
    if text.isdecimal() and (known := _forms().get(country)) and known[1].isdecimal() and known[0].fullmatch(text):
        return Postcode(text, text[:5] if country == "US" else text, "ok", ())
    shown = " ".join(unguard(trim(text)).upper().split())
    if not shown:
        return Postcode("", "", "", ())
    if is_exponent(shown):
        return Postcode(shown, "", "damaged", (("postcode-rounded", "A spreadsheet rounded this postcode.", ""),))
    if country not in _forms():
        return Postcode(shown, _postal_key(shown, country), "ok", ())
    in_form = _forms()[country][0].fullmatch(shown)
    return _in_form(shown if in_form else _CAR_SIGN.sub("", shown), country)


def clean_postcodes(column: pa.Array, countries: pa.Array) -> Cleaned:
    """`clean_postcode` for columns: postcodes as their country writes them by Arrow, the others one by one."""
    column, countries = plain(column), plain(countries)
    american = pc.and_(pc.match_substring_regex(column, _AMERICAN), pc.is_in(countries, value_set=_AMERICANS))
    fine = pc.and_not(pc.match_substring_regex(column, _REGULAR), pc.match_substring_regex(column, _PLUS_FOUR))
    laid_out = np.zeros(len(column), bool)
    for country, rows in by_value(countries):
        laid_out[rows] = _is_laid_out(column.take(pa.array(rows)), country)
    doubtful = pc.invert(pc.or_(american, pc.and_(fine, pa.array(laid_out))))
    key = pc.ascii_lower(pc.replace_substring_regex(column, "[ -]", ""))
    key = pc.if_else(american, pc.utf8_slice_codeunits(column, 0, 5), key)
    judged = clean_distinct([pc.filter(column, doubtful), pc.filter(countries, doubtful)], clean_postcode, Postcode,
                            "postal_code")
    return with_judged({"text": column, "key": key, "quality": same_text("ok", len(column))}, doubtful, judged)


def _is_laid_out(texts: pa.Array, country: str) -> pa.Array:
    """Which texts have their country's form, with blanks and hyphens in their places; all of a country without one."""
    if country not in _forms():
        return pa.repeat(pa.scalar(True), len(texts))
    form, example = _forms()[country]
    in_places = _IN_PLACES.get(_BLANK_AT.get(country, 0)) or re.sub("[0-9A-Z]", "[0-9A-Z]", example)
    return pc.and_(*(pc.match_substring_regex(texts, f"^(?:{one})$") for one in (form.pattern, in_places)))


def _in_form(shown: str, country: str) -> Postcode:
    form, example = _forms()[country]
    bare = re.sub(r"[^0-9A-Z]", "", re.sub(r"\.0$", "", shown))
    for laid in dict.fromkeys((shown, _lay_out(bare, example, country))):
        if form.fullmatch(laid):
            laid = _lay_out(bare, example, country)
            return Postcode(laid, _postal_key(laid, country), "ok", ())
    padded = _pad(bare, example, 2 if country == "US" else 1)
    if padded and form.fullmatch(_lay_out(padded, example, country)):
        laid = _lay_out(padded, example, country)
        sentence = f"A leading zero was lost; postcodes of {country} have {len(padded)} figures."
        issue = ("postcode-zero-restored", sentence, laid)
        return Postcode(laid, _postal_key(laid, country), "ok", (issue,))
    issue = ("postcode-form", f"Postcodes of {country} look like {example}.", "")
    return Postcode(shown, _postal_key(shown, country), "doubtful", (issue,))


def _pad(bare: str, example: str, most: int) -> str:
    """`bare` with up to `most` zeros that its country's example has room for, '' when figures alone cannot be meant."""
    size = sum(map(str.isalnum, example))
    figures = bare.isdecimal() and re.sub(r"\W", "", example).isdecimal()
    return bare.zfill(size) if figures and 3 <= len(bare) < size and size - len(bare) <= most else ""


def _lay_out(bare: str, example: str, country: str) -> str:
    """Figures and letters with blanks and hyphens where the country puts them."""
    if country in _BLANK_AT:
        return f"{bare[:_BLANK_AT[country]]} {bare[_BLANK_AT[country]:]}".strip()
    if country == "US" and len(bare) == 9:
        return f"{bare[:5]}-{bare[5:]}"
    pattern = re.sub(r"[0-9A-Z]", "#", example)
    if pattern.count("#") != len(bare):
        return bare
    letters = iter(bare)
    return "".join(next(letters) if sign == "#" else sign for sign in pattern)


def _postal_key(text: str, country: str) -> str:
    bare = re.sub(r"[^0-9a-z]", "", fold(text))
    plus_four = len(bare) == 9 and bare.isdecimal() and (country == "US" or re.fullmatch(r"\d{5}-\d{4}", text))
    return bare[:5] if plus_four else bare
