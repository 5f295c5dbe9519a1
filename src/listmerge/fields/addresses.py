"""Postal addresses: to show in their country's form, to compare by street, number, city, region, postcode and country.

Postcodes and regions follow `data/postcodes.tsv` and `data/regions.tsv`; street words `data/street_words.tsv`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pyarrow as pa

from listmerge.fields import places, streets
from listmerge.fields.text import Cleaned, Flaw, clean_distinct, fold, trim

_NO_VALUE = frozenset({"", "n a", "na", "none", "null", "unknown", "unbekannt", "inconnu", "nicht angegeben", "tbd", "not provided",
                       "no address", "address unknown", "unknown address", "kein", "keine", "desconocido", "sconosciuto", "nan"})


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
    shown_country, country_flaws = places.country_of(country)
    code = shown_country if len(shown_country) == 2 else "" if shown_country else home
    postcode = places.clean_postcode(postal_code, code)
    line = _lines(street, po_box)
    parts = streets.read(line)
    shown_city, shown_region = _shown(city), _shown(region)
    issues = country_flaws + postcode.issues
    return Address(
        line, shown_city, shown_region, postcode.text, shown_country, parts.key, parts.number,
        places.city_key(shown_city), places.region_key(shown_region, code), postcode.key,
        shown_country.lower() if len(shown_country) == 2 else fold(shown_country),
        postcode.quality if postcode.quality not in ("", "ok") else "ok" if line or shown_city or postcode.text or shown_region or shown_country else "",
        issues)


def _shown(text: str) -> str:
    """A part to show: trimmed, '' for words that stand for nothing."""
    shown = re.sub(r"[ \t]+", " ", trim(text)).strip(" ,;")
    return "" if len(shown) < 20 and fold(shown) in _NO_VALUE else shown


def _lines(street: str, po_box: str) -> str:
    """The lines of a street, and a post-box, joined with ', '."""
    lines = [line.strip(" ,;") for line in _shown(street).split("\n")]
    box = _shown(po_box)
    lines += [f"PO Box {box}" if box[:1].isdigit() else box]
    return ", ".join(filter(None, lines))


def clean_columns(street: pa.Array, city: pa.Array, region: pa.Array, postal_code: pa.Array, country: pa.Array,
                  po_box: pa.Array, home: str = "") -> Cleaned:
    """`clean_one` for columns of one length."""
    def clean(*parts: str) -> Address:
        return clean_one(*parts, home)
    return clean_distinct([street, city, region, postal_code, country, po_box], clean, Address)
