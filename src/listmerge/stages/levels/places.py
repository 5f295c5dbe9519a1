"""Comparing addresses and places of work."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from listmerge.stages.codes import NONE, Codes
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, best, crossed, distinct_pairs, halves, looks, packed
from listmerge.stages.levels.companies import shared_words
from listmerge.stages.levels.texts import Texts

DOOR, SAME_STREET, NEAR_DOOR, ONLY_POSTAL, ONLY_CITY, OTHER_DOOR, OTHER_STREET, SAME_CITY, ELSEWHERE = range(9)
USUAL_CITY: Final = 1 / 2_000
USUAL_STREET: Final = 1e-5
USUAL_COMPANY: Final = 1 / 2_000
#: Bits that a number nearly the same adds to a street that is the same.
NEIGHBOUR: Final = halves(3) - halves(0)
#: Bits at most: of a street and number without a place, of the street without the number, of a town nearly the same, of
#: a company nearly the same.
NO_PLACE, OTHER_NUMBER, NEAR_TOWN, SIMILAR_NAME = (halves(bits) for bits in (17, 14, 8, 9))


def address_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of postal addresses, the best of all that both have."""
    pair, one, other = looks.both(found, "addresses", left, right)
    return best(pair, _addresses(found, np.minimum(one, other), np.maximum(one, other)), len(left))


def _addresses(found: Features, one: Codes, other: Codes) -> Any:
    street = _streets(found, found.streets[one], found.streets[other])
    number = _equal(found.numbers[one], found.numbers[other])
    city = _closeness(looks.texts(found, "city_texts"), found.cities[one], found.cities[other])
    postal = _closeness(looks.texts(found, "postal_texts"), found.postals[one], found.postals[other])
    place = (city == 2) | (postal == 2)
    near_place = place | (city == 1) | (postal == 1)
    nowhere = (city == NONE) & (postal == NONE)
    along = (street >= 1) & near_place
    levels = np.full(len(one), MISSING, np.int16)
    levels[(city == 0) | (postal == 0)] = ELSEWHERE
    levels[city == 2] = SAME_CITY
    levels[postal == 2] = OTHER_STREET
    unknown = (street == NONE) & (number != 1)
    levels[(city >= 1) & unknown] = ONLY_CITY
    levels[(postal == 2) & unknown] = ONLY_POSTAL
    levels[(street == 2) & place & (number != 1)] = OTHER_DOOR
    levels[along & (number == 1)] = NEAR_DOOR
    levels[_near_doors(found, one, other, along & (number == 0))] = NEAR_DOOR
    levels[(street == NONE) & (number == 1) & (postal == 2)] = NEAR_DOOR
    levels[(street == 2) & (number == 1)] = SAME_STREET
    levels[(street >= 1) & (number == 1) & (nowhere | near_place)] = SAME_STREET
    levels[(street == 2) & (number == 1) & place] = DOOR
    bits = _rarities(found, one, other, levels, street, city, number)
    return np.where(levels < 0, np.int16(MISSING), packed(levels, bits))


def _near_doors(found: Features, one: Codes, other: Codes, rows: Any) -> Any:
    """Those of `rows` (a mask) of which the numbers are nearly the same."""
    at = np.flatnonzero(rows)
    close = _closeness(looks.texts(found, "number_texts"), found.numbers[one[at]], found.numbers[other[at]])
    return at[close >= 1]


def _rarities(found: Features, one: Codes, other: Codes, levels: Any, street: Any, city: Any, number: Any) -> Any:
    """The rarity of what two addresses share by that level, as it stands in an outcome."""
    bits = looks.rarities(found, "addresses", USUAL_STREET)[one]
    town = looks.rarities(found, "city_people", USUAL_CITY)[found.cities[one]]
    code = looks.rarities(found, "postal_people", USUAL_CITY)[found.postals[one]]
    along = looks.rarities(found, "street_people", USUAL_STREET)
    along = np.minimum(along[found.streets[one]], along[found.streets[other]])
    town = np.where(city == 2, town, np.minimum(town, NEAR_TOWN))
    next_door = np.where((street == 2) & (number == 0), np.minimum(along + NEIGHBOUR, bits), bits)
    bits = np.where((levels == ONLY_CITY) | (levels == SAME_CITY), town, bits)
    bits = np.where((levels == ONLY_POSTAL) | (levels == OTHER_STREET), code, bits)
    bits = np.where(levels == OTHER_DOOR, np.minimum(along, OTHER_NUMBER), bits)
    bits = np.where(levels == NEAR_DOOR, np.minimum(next_door, NO_PLACE), bits)
    bits = np.where(levels == SAME_STREET, np.minimum(bits, NO_PLACE), bits)
    return np.where(levels == ELSEWHERE, halves(0), bits)


def _streets(found: Features, one: Codes, other: Codes) -> Any:
    """As `_closeness`; a street that lacks or shortens common words ("N Karlov", "North Karlov Avenue") is near."""
    close = _closeness(looks.texts(found, "street_texts"), one, other)
    words = looks.word_bits(found, "street_words")
    rest = np.flatnonzero(close == 0)
    rest = rest[(words[one[rest]] & words[other[rest]]) != 0]
    first, second, inverse = distinct_pairs(one[rest], other[rest])
    _, of_less, of_more = shared_words(found, "street_words", first, second)
    close[rest] = ((of_less >= 0.8) & (of_more >= 0.5))[inverse]
    return close


def _equal(one: Codes, other: Codes) -> Any:
    return np.where((one < 0) | (other < 0), NONE, (one == other).astype(np.int8))


def _closeness(texts: Texts, one: Codes, other: Codes) -> Any:
    """NONE, 0 different, 1 nearly the same, 2 the same."""
    found = np.where((one < 0) | (other < 0), NONE, np.where(one == other, 2, 0)).astype(np.int8)
    rest = np.flatnonzero(found == 0)
    seen = texts.overlap(one[rest], other[rest])
    rest = rest[(seen.slips <= 0.25 * seen.long) | (seen.alike >= 0.93)]
    first, second, inverse = distinct_pairs(one[rest], other[rest])
    left, right = texts.at(first), texts.at(second)
    distance = process.cpdist(left, right, scorer=OSA.normalized_similarity, dtype=np.float32)
    alike = process.cpdist(left, right, scorer=JaroWinkler.similarity, dtype=np.float32)
    found[rest] = ((distance >= 0.75) | (alike >= 0.93))[inverse]
    return found


COMPANY, DOMAIN, NEAR_COMPANY, OTHER_COMPANY = range(4)


def work_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of companies and domains, which are one piece of evidence: levels COMPANY (both named), DOMAIN (shown
    by a domain on one side or both), NEAR_COMPANY, OTHER_COMPANY."""
    values = found.work
    pair, at, other_at = crossed(values, left, right)
    one, other = values.codes[at], values.codes[other_at]
    named = (values.rows[at] == 0) & (values.rows[other_at] == 0)
    same = one == other
    levels = np.full(len(pair), MISSING, np.int16)
    levels[named] = OTHER_COMPANY
    rest = np.flatnonzero(named & ~same)
    near = _closeness(looks.company_texts(found), one[rest], other[rest])
    levels[rest[near == 1]] = NEAR_COMPANY
    levels[same] = np.where(named[same], COMPANY, DOMAIN)
    bits = looks.rarities(found, "work", USUAL_COMPANY)[one]
    bits = np.where(levels == NEAR_COMPANY, np.minimum(bits, SIMILAR_NAME), bits)
    bits = np.where(levels == OTHER_COMPANY, halves(0), bits)
    return best(pair, np.where(levels < 0, np.int16(MISSING), packed(levels, bits)), len(left))
