"""Postal addresses: to show in their country's form, to compare by street, number, city, region, postcode and country.

Postcodes and regions follow `data/postcodes.tsv` and `data/regions.tsv`; street words `data/street_words.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial, reduce
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import address_lines, places, streets
from listmerge.fields.text import Cleaned, Flaw, clean_distinct, fold, lost_letters, plain, spread, trim, with_judged

_NO_VALUE = frozenset({
    "", "n a", "na", "none", "null", "nan", "tbd", "unknown", "unbekannt", "inconnu", "desconocido", "sconosciuto",
    "nicht angegeben", "not provided", "no address", "address unknown", "unknown address", "kein", "keine",
})
_NOTHING = pa.array(sorted(_NO_VALUE), pa.string())
_EDGES = frozenset(" ,;")


class Address(NamedTuple):
    """The columns of model.ADDRESSES that belong to the value."""

    street: str
    city: str
    region: str
    postal_code: str
    country: str
    street_key: str
    number_key: str
    city_key: str
    region_key: str
    postal_key: str
    country_key: str
    quality: str
    issues: tuple[Flaw, ...]


def clean_one(street: str = "", city: str = "", region: str = "", postal_code: str = "", country: str = "",
              po_box: str = "", home: str = "") -> Address:
    """An address of its parts. `home` (ISO code) is the country of addresses without one: it decides how postcodes and
    regions are read and is not written into the address."""
    region, country = places.in_their_places(region, country)
    land = _Country.of(country)
    code = land.country if len(land.country) == 2 else "" if land.country else home
    line, town, state = _Line.of(street, po_box), _City.of(city), _Region.of(region, code)
    postcode = places.clean_postcode(postal_code, code)
    shown = (line.street, town.city, state.region, postcode.text, land.country)
    quality = postcode.quality if postcode.quality not in ("", "ok") else "ok" if any(shown) else ""
    return Address(*shown, line.street_key, line.number_key, town.city_key, state.region_key, postcode.key,
                   land.country_key, quality, land.issues + postcode.issues + line.issues + town.issues)


class _Line(NamedTuple):
    street: str
    street_key: str
    number_key: str
    issues: tuple[Flaw, ...]

    @classmethod
    def of(cls, street: str, po_box: str) -> _Line:
        line = _lines(street, po_box)
        parts = streets.read(line)
        return cls(line, parts.key, parts.number, lost_letters(line) + _nothing(street, line))


class _City(NamedTuple):
    city: str
    city_key: str
    issues: tuple[Flaw, ...]

    @classmethod
    def of(cls, city: str) -> _City:
        shown = _shown(city)
        return cls(shown, places.city_key(shown), lost_letters(shown) + _nothing(city, shown))


class _Region(NamedTuple):
    region: str
    region_key: str
    issues: tuple[Flaw, ...]

    @classmethod
    def of(cls, region: str, country: str) -> _Region:
        shown = _shown(region)
        return cls(shown, places.region_key(shown, country), ())


class _Country(NamedTuple):
    country: str
    country_key: str
    issues: tuple[Flaw, ...]

    @classmethod
    def of(cls, text: str) -> _Country:
        shown, issues = places.country_of(_shown(text))
        return cls(shown, fold(shown), issues)


def _shown(text: str) -> str:
    """A part to show: trimmed, '' for words that stand for nothing."""
    shown = trim(text)
    if "  " in shown or shown[:1] in _EDGES or shown[-1:] in _EDGES:
        shown = re.sub(r"[ \t]+", " ", shown).strip(" ,;")
    return "" if len(shown) < 20 and fold(shown) in _NO_VALUE else shown


def _nothing(text: str, shown: str) -> tuple[Flaw, ...]:
    """An issue when a text was taken as standing for nothing."""
    return () if shown or not text.strip() else (("address-placeholder", "This stands for 'no address'.", ""),)


def _lines(street: str, po_box: str) -> str:
    """The lines of a street, and a post-box, joined with ', '."""
    shown = _shown(street)
    if not po_box and "\n" not in shown:
        return shown
    lines = [line.strip(" ,;") for line in shown.split("\n")]
    box = _shown(po_box)
    lines += [f"PO Box {box}" if box[:1].isdigit() else box]
    return ", ".join(filter(None, lines))


def clean_columns(street: pa.Array, city: pa.Array, region: pa.Array, postal_code: pa.Array, country: pa.Array,
                  po_box: pa.Array, home: str = "") -> Cleaned:
    """`clean_one` for columns of one length, part by part, as parts repeat more than whole addresses."""
    region, country = _in_their_places(region, country)
    countries = clean_distinct([country], _Country.of, _Country, "country")
    codes = _codes(countries.table["country"], home)
    postcodes = places.clean_postcodes(postal_code, codes)
    lines = _clean_lines(street, po_box)
    cities = _clean_cities(city)
    regions = clean_distinct([region, codes], _Region.of, _Region)
    parts = {**_columns(lines), **_columns(cities), **_columns(regions), **_columns(countries),
             "postal_code": postcodes.table["text"], "postal_key": postcodes.table["key"]}
    parts["quality"] = _qualities(parts, postcodes.table["quality"])
    issues = pa.concat_tables([countries.issues, postcodes.issues, lines.issues, cities.issues])
    return Cleaned(pa.table({name: parts[name] for name in Address._fields[:-1]}), issues.sort_by("position"))


def _in_their_places(region: pa.Array, country: pa.Array) -> tuple[pa.Array, pa.Array]:
    """`places.in_their_places` for columns."""
    region, country = plain(region), plain(country)
    turned = pc.and_not(_which(region, places.can_be_but_a_country), _which(country, places.country_code))
    return pc.if_else(turned, country, region), pc.if_else(turned, region, country)


def _which(texts: pa.Array, holds: Callable[[str], object]) -> pa.Array:
    """For which texts something holds; asked once of each distinct one."""
    encoded = texts.dictionary_encode()
    return pa.array([bool(holds(text)) for text in encoded.dictionary.to_pylist()], pa.bool_()).take(encoded.indices)


def _clean_lines(street: pa.Array, po_box: pa.Array) -> Cleaned:
    """`_Line.of` for columns: plain streets by Arrow, the others one by one."""
    street, po_box = plain(street), plain(po_box)
    key, number = streets.read_plain(street)
    doubtful = pc.or_(pc.equal(key, ""), pc.not_equal(po_box, ""))
    judged = clean_distinct([pc.filter(street, doubtful), pc.filter(po_box, doubtful)], _Line.of, _Line, "street")
    return with_judged({"street": street, "street_key": key, "number_key": number}, doubtful, judged)


def _clean_cities(city: pa.Array) -> Cleaned:
    """`_City.of` for a column: plain names by Arrow, the others one by one."""
    encoded = plain(city).dictionary_encode()
    texts = encoded.dictionary
    key = pc.ascii_lower(texts)
    doubtful = pc.or_(pc.invert(places.is_plain_city(texts)), pc.is_in(key, value_set=_NOTHING))
    judged = clean_distinct([pc.filter(texts, doubtful)], _City.of, _City, "city")
    return spread(with_judged({"city": texts, "city_key": key}, doubtful, judged), encoded.indices, texts)


def _columns(cleaned: Cleaned) -> dict[str, Any]:
    return {name: cleaned.table[name] for name in cleaned.table.column_names}


def _codes(countries: pa.ChunkedArray, home: str) -> pa.Array:
    """By which country postcodes and regions are read: its own, else `home`; none when it is not known."""
    known = pc.equal(pc.utf8_length(countries), 2)
    return pc.if_else(known, countries, pc.if_else(pc.equal(countries, ""), home, ""))


def _qualities(parts: dict[str, pa.ChunkedArray], postcode: pa.ChunkedArray) -> pa.Array:
    filled = reduce(pc.or_, (pc.not_equal(parts[name], "") for name in Address._fields[:5]))
    return pc.if_else(pc.is_in(postcode, pa.array(["", "ok"])), pc.if_else(filled, "ok", ""), postcode)


def parse_one(text: str, country: str = "") -> Address:
    """An address that stands in one text, as `clean_one` gives it. `country` (ISO code): where it is when it does not
    say so itself."""
    parts = address_lines.split(text, country)
    address = clean_one(*parts[:5], home=country)
    return address._replace(issues=parts.issues + address.issues)


def parse_column(column: pa.Array, country: str = "") -> Cleaned:
    """`parse_one` for a column."""
    parts = clean_distinct([column], partial(address_lines.split, country=country), address_lines.Parts, "address")
    cleaned = clean_columns(**_columns(parts), po_box=pa.repeat("", len(column)), home=country)
    return Cleaned(cleaned.table, pa.concat_tables([parts.issues, cleaned.issues]).sort_by("position"))
