"""Comparing addresses and places of work."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from listmerge.stages.codes import NONE, Codes
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, best, crossed, distinct_pairs, outcome, rarity
from listmerge.stages.levels.companies import shared_words

DOOR, SAME_STREET, NEAR_DOOR, ONLY_POSTAL, ONLY_CITY, OTHER_DOOR, OTHER_STREET, SAME_CITY, ELSEWHERE = range(9)
USUAL_CITY: Final = 1 / 2_000
#: Bits that a number nearly the same adds to a street that is the same.
NEIGHBOUR: Final = 3.0


def address_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of postal addresses, the best of all that both have."""
    pair, at, other_at = crossed(found.addresses, left, right)
    one, other = found.addresses.codes[at], found.addresses.codes[other_at]
    first, second, inverse = distinct_pairs(one, other)
    return best(pair, _addresses(found, first, second)[inverse] if len(pair) else np.empty(0, np.int16), len(left))


def _addresses(found: Features, one: Codes, other: Codes) -> Any:
    street = _streets(found, found.streets[one], found.streets[other])
    number = _equal(found.numbers[one], found.numbers[other])
    near_number = _closeness(found.numbers[one], found.numbers[other], found.number_texts)
    city = _closeness(found.cities[one], found.cities[other], found.city_texts)
    postal = _closeness(found.postals[one], found.postals[other], found.postal_texts)
    place = (city == 2) | (postal == 2)
    near_place = place | (city == 1) | (postal == 1)
    nowhere = (city == NONE) & (postal == NONE)
    levels = np.full(len(one), MISSING, np.int16)
    levels[(city == 0) | (postal == 0)] = ELSEWHERE
    levels[city == 2] = SAME_CITY
    levels[postal == 2] = OTHER_STREET
    unknown = (street == NONE) & (number != 1)
    levels[(city >= 1) & unknown] = ONLY_CITY
    levels[(postal == 2) & unknown] = ONLY_POSTAL
    levels[(street == 2) & place & (number != 1)] = OTHER_DOOR
    levels[(street >= 1) & near_place & ((number == 1) | (near_number >= 1))] = NEAR_DOOR
    levels[(street == NONE) & (number == 1) & (postal == 2)] = NEAR_DOOR
    levels[(street == 2) & (number == 1)] = SAME_STREET
    levels[(street >= 1) & (number == 1) & (nowhere | near_place)] = SAME_STREET
    levels[(street == 2) & (number == 1) & place] = DOOR
    bits = rarity(found.addresses.people, found.names, 1e-5)[one]
    towns = rarity(found.city_people, found.names, USUAL_CITY) if len(found.city_texts) else np.zeros(1, np.int16)
    codes = rarity(found.postal_people, found.names, USUAL_CITY) if len(found.postal_texts) else np.zeros(1, np.int16)
    town, code = towns[found.cities[one]], codes[found.postals[one]]
    bits = np.where((levels == ONLY_CITY) | (levels == SAME_CITY), np.where(city == 2, town, np.minimum(town, 8)), bits)
    bits = np.where((levels == ONLY_POSTAL) | (levels == OTHER_STREET), code, bits)
    bits = np.where(levels == SAME_STREET, np.minimum(bits, 17), bits)
    along = rarity(found.street_people, found.names, 1e-5)
    along = np.minimum(along[found.streets[one]], along[found.streets[other]])
    bits = np.where(levels == OTHER_DOOR, np.minimum(along, 14), bits)
    bits = np.where(levels == NEAR_DOOR, np.minimum(bits, 17), bits)
    next_door = (levels == NEAR_DOOR) & (street == 2) & (number == 0)
    bits = np.where(next_door, np.minimum(along + NEIGHBOUR, bits), bits)
    return np.where(levels < 0, MISSING, outcome(levels, np.where(levels == ELSEWHERE, 0, bits)))


def _streets(found: Features, one: Codes, other: Codes) -> Any:
    """As `_closeness`; a street that lacks or shortens common words ("N Karlov", "North Karlov Avenue") is near."""
    close = _closeness(one, other, found.street_texts)
    rest = np.flatnonzero(close == 0)
    if len(rest):
        first, second, inverse = distinct_pairs(one[rest], other[rest])
        _, of_less, of_more = shared_words(found.street_words, first, second)
        close[rest] = ((of_less >= 0.8) & (of_more >= 0.5))[inverse]
    return close


def _equal(one: Codes, other: Codes) -> Any:
    return np.where((one < 0) | (other < 0), NONE, (one == other).astype(np.int8))


def _closeness(one: Codes, other: Codes, texts: Any) -> Any:
    """NONE, 0 different, 1 nearly the same, 2 the same."""
    found = np.where((one < 0) | (other < 0), NONE, np.where(one == other, 2, 0)).astype(np.int8)
    rest = np.flatnonzero(found == 0)
    if len(rest):
        first, second, inverse = distinct_pairs(one[rest], other[rest])
        a, b = texts[first], texts[second]
        distance = process.cpdist(a, b, scorer=OSA.normalized_similarity, dtype=np.float32)
        alike = process.cpdist(a, b, scorer=JaroWinkler.similarity, dtype=np.float32)
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
    if len(rest):
        near = _closeness(one[rest], other[rest], values.texts)
        levels[rest[near == 1]] = NEAR_COMPANY
    levels[same] = np.where(named[same], COMPANY, DOMAIN)
    bits = rarity(values.people, found.names, 1 / 2_000)[one]
    bits = np.where(levels == NEAR_COMPANY, np.minimum(bits, 9), bits)
    found_outcomes = outcome(levels, np.where(levels == OTHER_COMPANY, 0, bits))
    return best(pair, np.where(levels < 0, MISSING, found_outcomes), len(left))
