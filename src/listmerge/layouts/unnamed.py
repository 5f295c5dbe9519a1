"""Columns without a header: what they are, by the form of their values and by the columns that stand beside them.

One form alone may be many things (five digits: a postcode, a customer number, a price), so that most columns are told
together: a postcode needs a street or a region near it, a town a postcode or a region beside it, a given name a family
name. Doubt maps nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from itertools import pairwise
from typing import Final

from listmerge.fields import address_lines, data, places
from listmerge.fields.given_names import is_given_name
from listmerge.fields.text import fold
from listmerge.layouts import content
from listmerge.layouts.sample import MOST_COLUMNS, Sample
from listmerge.layouts.words import Word
from listmerge.model import FIELDS, Column

FEWEST: Final = 3           # filled cells from which a column can be told by its form
_CONFIDENCE: Final = 0.75

#: Headers that spreadsheets and converters give to columns without one.
_NUMBERED = re.compile(r"_?(?:column|col|field|spalte|feld|colonne|champ|columna|campo|colonna|kolom|coluna|kolumna|f|"
                       r"c|unnamed|var|v)?[\s_:.#-]*\d*", re.I)
_WRITTEN_AS_PHONE = re.compile(
    r"(?:\+|00[1-9]|\()[\d\s().\-/]{6,}|(?!\d{3}-\d\d-\d{4}$)0[1-9][\d\s().\-/]{6,}|"
    r"(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}(?:\s*(?:x|ext\.?)\s*\d+)?", re.I)
_STREET_ENDS: Final = ("strasse", "str", "weg", "gasse", "platz", "allee", "ring", "damm", "ufer", "straat", "laan",
                       "plein", "gatan", "vagen", "vej", "gade", "veien", "gata",
                       "katu", "tie", "kuja", "utca", "ulice", "caddesi", "sokak")
_TOWN = re.compile(r"(?!\d{4} ?[A-Z]{2}$)(?:[A-Z]{1,3}-)?\d{4,5}\s+[^\W\d_]\D*|"
                   r"\d{2}-\d{3}\s+[^\W\d_]\D*|\d{4} ?[A-Z]{2}\s+[^\W\d_]\D*")
#: Columns that the parts of one address may be apart.
_NEAR: Final = 3
_REGIONS_OF: Final = ("US", "CA", "AU")


def is_unnamed(header: str) -> bool:
    """Whether a header says nothing: blank, `Column 4`, `F3`, `Unnamed: 2`."""
    return _NUMBERED.fullmatch(header.strip()) is not None


#: What a rule found: columns, their fields, and why.
Told = list[tuple[Sample, str, str]]


def map_unnamed(samples: Sequence[Sample], settled: dict[int, Column]) -> None:
    """Adds to `settled` (by index) the columns among `samples` that can be told; what is settled stays."""
    for rule in (_phones, _streets_with_towns, _parts_of_addresses, _names):
        free = [sample for sample in samples if sample.index not in settled
                and len(content.filled(sample.values)) >= FEWEST]
        for sample, field, reason in rule(free, settled):
            settled[sample.index] = sample.column(field, Word(""), _CONFIDENCE, reason)


def _phones(free: Sequence[Sample], settled: dict[int, Column]) -> Told:
    return [(sample, "phone", "the values are written as phone numbers") for sample in free
            if content.share(sample.values, _is_written_as_phone) >= 0.9]


def _is_written_as_phone(text: str) -> bool:
    return content.is_phone(text) and _WRITTEN_AS_PHONE.fullmatch(text.strip()) is not None


# --- addresses --------------------------------------------------------------------------------------------------------


def _streets_with_towns(free: Sequence[Sample], settled: dict[int, Column]) -> Told:
    """`Hauptstr. 5` beside `01067 Dresden`, `12 Oak St` beside `Springfield, IL 62704`: one address in two columns."""
    if _has(settled, "address"):
        return []
    towns = [sample for sample in free if content.share(sample.values, _is_town) >= 0.9]
    streets = [sample for sample in free if _are_streets(sample)]
    if len(towns) != 1 or len(streets) > 1:
        return []
    return [*((street, "address", "the values are streets with a number") for street in streets),
            (towns[0], "address", "the values are towns with a postcode")]


def _is_town(text: str) -> bool:
    return _TOWN.fullmatch(text.strip()) is not None or address_lines.is_state_and_code(text.strip())


def _are_streets(sample: Sample) -> bool:
    """Words and a number in nearly all, and in a third of them a word that only streets have."""
    return (content.share(sample.values, content.is_street) >= 0.8
            and content.share(sample.values, _names_a_street) >= 0.3)


def _names_a_street(text: str) -> bool:
    return any(word in _street_words() or word.endswith(_STREET_ENDS) for word in fold(text).split())


@cache
def _street_words() -> frozenset[str]:
    return frozenset(word for _, *words in data.rows("street_words.tsv") for word in words if len(word) > 1)


def _parts_of_addresses(free: Sequence[Sample], settled: dict[int, Column]) -> Told:
    """Street, postcode, region and city in columns of their own, told by standing together."""
    if _has(settled, "address"):
        return []
    found: dict[str, list[Sample]] = {
        "street": [sample for sample in free if _are_streets(sample)],
        "region": [sample for sample in free if _are_regions(sample)],
        "postal_code": [sample for sample in free if _are_postcodes(sample)],
    }
    told = _near_one_another({field: some[0] for field, some in found.items() if len(some) == 1})
    cities = [sample for sample in free if _is_city(sample, told)]
    if len(cities) == 1:
        told["city"] = cities[0]
    if not told.keys() & {"street", "city"}:
        return []
    return [(sample, field, _WHY[field]) for field, sample in told.items()]


_WHY: Final = {
    "street": "the values are streets with a number",
    "region": "the values are states or provinces",
    "postal_code": "the values have the form of one country's postcodes, near other parts of an address",
    "city": "words between the street and the postcode or region",
}


def _are_regions(sample: Sample) -> bool:
    values = content.filled(sample.values)
    return any(content.share(values, partial(places.is_region, country=home)) >= 0.9 for home in _REGIONS_OF)


def _are_postcodes(sample: Sample) -> bool:
    """Whether all values have the form of one country's postcodes, and none merely counts."""
    values = content.filled(sample.values)
    return not content.is_count(values) and places.is_form_of_one_country(values)


def _near_one_another(found: dict[str, Sample]) -> dict[str, Sample]:
    """The parts, unless they stand apart as those of two addresses do; a postcode alone is a mere number."""
    columns = sorted(sample.index for sample in found.values())
    if any(right - left > _NEAR for left, right in pairwise(columns)):
        found = {field: sample for field, sample in found.items() if field == "street"}
    return found if found.keys() - {"postal_code"} else {}


def _is_city(sample: Sample, found: dict[str, Sample]) -> bool:
    """Words beside the postcode or the region, on the side where no name stands: after the street or after the code."""
    if content.share(sample.values, content.is_name) < 0.95 or sample in found.values():
        return False
    at = {field: one.index for field, one in found.items()}
    after_street = at.get("street") == sample.index - 1
    ends = [at[field] for field in ("postal_code", "region") if field in at]
    return any(after_street and end == sample.index + 1 for end in ends) or (
        at.get("postal_code") == sample.index - 1 and at.get("street") == sample.index - 2)


def _has(settled: dict[int, Column], unit: str) -> bool:
    return any(FIELDS[column.field] == unit and column.field != "country" for column in settled.values())


# --- names ------------------------------------------------------------------------------------------------------------


#: Who it is stands before where he is.
_AFTER_NAMES: Final = ("address", "phone")


def _names(free: Sequence[Sample], settled: dict[int, Column]) -> Told:
    """One column of whole names, or given and family name in two that stand together."""
    if _has(settled, "name"):
        return []
    end = min((at for at, column in settled.items() if FIELDS[column.field] in _AFTER_NAMES), default=MOST_COLUMNS)
    likely = [sample for sample in free if sample.index < end and content.share(sample.values, content.is_name) >= 0.9]
    whole = [sample for sample in likely if _are_whole_names(sample)]
    if len(whole) == 1:
        return [(whole[0], "full_name", "the values are names of people")]
    pairs = [(one, other) for one in likely for other in likely
             if abs(one.index - other.index) == 1 and _are_given_and_family(one, other)]
    if whole or len(pairs) != 1:
        return []
    return [(pairs[0][0], "given_name", "the values are given names"),
            (pairs[0][1], "family_name", "the values stand beside given names")]


def _are_whole_names(sample: Sample) -> bool:
    """Two words and more in nearly all, hardly one twice (the owner of the rows would be); a common given name begins
    half of them, or what follows the comma."""
    values = content.filled(sample.values)
    if content.share(values, lambda text: 1 < len(text.split()) <= 4) < 0.8 or len(set(values)) < 0.8 * len(values):
        return False
    return content.share(sample.values, lambda text: is_given_name(text.partition(",")[2] or text)) >= 0.5


def _are_given_and_family(given: Sample, family: Sample) -> bool:
    """Whether half of one column are common given names, and far fewer of the other."""
    first, last = (content.share(sample.values, is_given_name) for sample in (given, family))
    return first >= 0.45 and last <= first / 2
