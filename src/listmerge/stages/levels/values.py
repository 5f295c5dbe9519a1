"""Comparing e-mails, phones, identifiers, birthdays: the same, nearly the same, different."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from listmerge.stages.codes import NONE, Codes, Values, lengths, numbered_apart
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, best, crossed, distinct_pairs, outcome, rarity

SAME, SHARED, LOCAL, NEAR, DIFFERENT = range(5)
#: An address or number with more people than this behind it is a household's, an office's or nobody's.
OWN: Final = 2
#: Bits from which on the same text before the @ tells more than that the addresses differ.
TELLING: Final = 4.0
#: The chance of another number within one slip of the pen, where the numbers of the list are not dense.
SLIP: Final = 5e-5


def email_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of e-mail addresses: levels SAME, SHARED, LOCAL (before the @), NEAR (slip of the pen), DIFFERENT."""
    values = found.emails
    pair, one, other = crossed(values, left, right)
    one, other = values.codes[one], values.codes[other]
    levels = np.full(len(pair), DIFFERENT, np.int16)
    local = found.local_parts
    bits = rarity(values.people, found.names, 1e-6)[one]
    same = one == other
    shared = (found.role[one] & ~found.organisation[left[pair]]) | (values.people[one] > OWN)
    levels[same] = np.where(shared[same], SHARED, SAME)
    levels[~same] = _nearly(found, one[~same], other[~same])
    before = (levels == DIFFERENT) & (local[one] == local[other]) & ~found.role[one]
    bits[before] = _local_bits(found, left[pair[before]], right[pair[before]], local[one[before]])
    levels[before & (bits >= TELLING)] = LOCAL
    return best(pair, outcome(levels, np.where(levels < NEAR, bits, 0)), len(left))


def _nearly(found: Features, one: Codes, other: Codes) -> Any:
    """NEAR where a slip of the pen makes one address of the other, else DIFFERENT.

    "mary2@…" is no slip of "mary@…", but how the second Mary is told from the first: digits must agree unless letters
    before the @ all do and the domain is nearly the same.
    """
    if not len(one):
        return np.empty(0, np.int16)
    first, second, inverse = distinct_pairs(one, other)
    local, domain = found.local_parts, found.domains
    before = _distance(found.local_texts, local[first], local[second])
    after = _distance(found.domain_texts, domain[first], domain[second])
    near = ((before <= 0) & (after <= 0)) & (first != second)
    digits = found.local_digits[local[first]] == found.local_digits[local[second]]
    near &= digits | (local[first] == local[second]) | ((domain[first] != domain[second]) & ~numbered_apart(
        found.local_texts[local[first]], found.local_texts[local[second]]))
    return np.where(near, NEAR, DIFFERENT).astype(np.int16)[inverse]


def _distance(texts: Any, one: Codes, other: Codes) -> Any:
    """Slips between two texts beyond those that texts of their length allow: 1, long ones 2; none below 5 letters."""
    a, b = texts[one], texts[other]
    distance = process.cpdist(a, b, scorer=OSA.distance, score_cutoff=3, dtype=np.int16)
    long = lengths(texts)
    short = np.minimum(long[one], long[other])
    return distance - np.where(short >= 10, 2, np.where(short >= 5, 1, 0))


def _local_bits(found: Features, left: Codes, right: Codes, local: Codes) -> Any:
    """What is before the @ says little beyond the name that it is made of, and more the more else is in it."""
    own = np.array([_beyond_name(text, given, family) for text, given, family in zip(
        found.local_texts[local], found.words_of(left), found.words_of(right), strict=True)], np.float64).reshape(-1)
    return np.minimum(own, rarity(found.local_people, found.names, 1e-4)[local])


def _beyond_name(local: str, one: str, other: str) -> float:
    """Bits of what is left of 'mary.smith77' without the names of both contacts ('mary smith', 'mary jones')."""
    digits = sum(letter.isdigit() for letter in local)
    rest = "".join(letter for letter in local if letter.isalpha())
    for word in sorted({*one.split(), *other.split()}, key=lambda word: (-len(word), word)):
        rest = rest.replace(word, "", 1) if len(word) > 1 else rest
    return 1.5 + 2.5 * min(digits, 4) + 3.0 * max(len(rest) - 1, 0)


def _near(values: Values, one: Codes, other: Codes, different: int, near: int, length: int) -> Any:
    if not len(one):
        return np.empty(0, np.int16)
    first, second, inverse = distinct_pairs(one, other)
    texts = values.texts
    distance = process.cpdist(texts[first], texts[second], scorer=OSA.distance, score_cutoff=2, dtype=np.int16)
    long = lengths(texts)
    close = (distance <= 1) & (np.minimum(long[first], long[second]) >= length)
    return np.where(close, near, different).astype(np.int16)[inverse]


def phone_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of phone numbers: levels SAME, SHARED, NEAR, DIFFERENT (LOCAL: the same but for the country code)."""
    values = found.phones
    pair, one, other = crossed(values, left, right)
    one, other = values.codes[one], values.codes[other]
    levels = np.full(len(pair), DIFFERENT, np.int16)
    bits = rarity(values.people, found.names, 1e-6)[one]
    same = one == other
    levels[same] = np.where(values.people[one[same]] > OWN, SHARED, SAME)
    rest = np.flatnonzero(~same)
    if len(rest):
        first, second, inverse = distinct_pairs(one[rest], other[rest])
        ends = np.array([_same_end(a, b) for a, b in zip(values.texts[first], values.texts[second], strict=True)], bool)
        levels[rest] = np.where(ends[inverse], LOCAL, _near(values, one[rest], other[rest], DIFFERENT, NEAR, 8))
    bits = np.where(levels == LOCAL, np.minimum(bits, 18), bits)
    near = levels == NEAR
    bits[near] = np.minimum(*(rarity(_neighbours(values.texts, at[near]), found.names, SLIP) for at in (one, other)))
    return best(pair, outcome(levels, np.where(levels < DIFFERENT, bits, 0)), len(left))


def _neighbours(texts: Any, codes: Codes) -> Any:
    """How many numbers of the list are one digit from each: usual where a list holds the extensions of an office."""
    if not len(codes):
        return np.zeros(0)
    wanted, inverse = np.unique(codes, return_inverse=True)
    every = np.sort(_as_numbers(texts))
    own = _as_numbers(texts[wanted])
    found = np.zeros(len(own))
    for place in 10 ** np.arange(9, dtype=np.int64):
        digit = own // place % 10
        for other in range(10):
            changed = own + (other - digit) * place
            at = np.minimum(np.searchsorted(every, changed), len(every) - 1)
            found += (every[at] == changed) & (changed != own)
    return found[inverse]


def _as_numbers(texts: Any) -> Any:
    digits = pc.replace_substring_regex(pa.array(texts, pa.string()), r"\D+", "")
    return pc.cast(pc.utf8_slice_codeunits(pc.binary_join_element_wise("0", digits, ""), -15), pa.int64()).to_numpy()


def _same_end(left: str, right: str) -> bool:
    """One is the other without country code or trunk zero."""
    left, right = left.lstrip("+0"), right.lstrip("+0")
    return min(len(left), len(right)) >= 7 and (left.endswith(right) or right.endswith(left))


def identifier_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of identifiers under the same header: levels 0 the same, 1 different."""
    values = found.identifiers
    pair, one, other = crossed(values, left, right)
    one, other = values.codes[one], values.codes[other]
    like = found.headers[one] == found.headers[other]
    bits = rarity(values.people, found.names, 1e-6)[one]
    same = one == other
    return best(pair, np.where(like, outcome(np.where(same, 0, 1), np.where(same, bits, 0)), MISSING), len(left))


def birthday_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of birthdays: levels 0 the same, 1 a slip (one digit, two swapped, day and month swapped), 2 two of
    year, month, day the same, 3 different."""
    one, other = found.birthday[left], found.birthday[right]
    outcomes = np.full(len(left), MISSING, np.int16)
    both = (one >= 0) & (other >= 0)
    same = both & (one == other)
    outcomes[same] = outcome(0, rarity(found.birthday_people, found.names, 1 / 20_000)[one[same]])
    rest = np.flatnonzero(both & ~same)
    if len(rest):
        first, second, inverse = distinct_pairs(one[rest], other[rest])
        pairs = zip(found.birthdays[first], found.birthdays[second], strict=True)
        levels = np.array([_birthday_level(a, b) for a, b in pairs], np.int16)
        outcomes[rest] = np.where(levels == NONE, MISSING, outcome(levels))[inverse]
    return outcomes


def _birthday_level(left: str, right: str) -> int:
    if left.startswith("--") or right.startswith("--"):
        return 2 if left[-5:] == right[-5:] else 3
    if OSA.distance(left, right, score_cutoff=2) <= 1 or left[:4] + left[8:] + left[5:7] == right.replace("-", ""):
        return 1
    return 2 if sum(a == b for a, b in zip(left.split("-"), right.split("-"), strict=False)) >= 2 else 3
