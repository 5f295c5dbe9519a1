"""Comparing e-mails, phones, identifiers, birthdays: the same, nearly the same, different."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from listmerge.fields.text import bytes_of
from listmerge.stages.codes import NONE, Codes, encode, texts_at
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, best, distinct_pairs, halves, looks, mailboxes, outcome, packed
from listmerge.stages.levels import rarity as bits_of_people
from listmerge.stages.levels.texts import Texts
from listmerge.stages.mailboxes import digits_of

SAME, SHARED, LOCAL, NEAR, DIFFERENT = range(5)
#: An address or number with more people than this behind it is a household's, an office's or nobody's.
OWN: Final = 2
#: Bits from which on the same text before the @ tells more than that the addresses differ.
TELLING: Final = 4.0
#: Bits of a number without its country code, at most.
WITHOUT_COUNTRY: Final = halves(18)
#: The chance of another number within one slip of the pen, where the numbers of the list are not dense.
SLIP: Final = 5e-5
#: Digits of a number that are looked at, from its end.
MOST_DIGITS: Final = 15
#: The usual chance that another person has one's e-mail, phone or number.
USUAL: Final = 1e-6


def email_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of e-mail addresses: levels SAME, SHARED, LOCAL (before the @), NEAR (slip of the pen), DIFFERENT."""
    pair, one, other = looks.both(found, "emails", left, right)
    levels = np.full(len(pair), DIFFERENT, np.int16)
    bits = np.full(len(pair), halves(0), np.int16)
    same = np.flatnonzero(one == other)
    which = one[same]
    shared = (found.role[which] & ~found.organisation[left[pair[same]]]) | (found.emails.people[which] > OWN)
    levels[same] = np.where(shared, SHARED, SAME)
    bits[same] = looks.rarities(found, "emails", USUAL)[which]
    rest = np.flatnonzero(one != other)
    levels[rest[_nearly(found, one[rest], other[rest])]] = NEAR
    before = rest[(found.local_parts[one[rest]] == found.local_parts[other[rest]])
                  & (levels[rest] == DIFFERENT) & ~found.role[one[rest]]]
    own = _local_bits(found, left[pair[before]], right[pair[before]], found.local_parts[one[before]])
    before, own = before[own >= TELLING], own[own >= TELLING]
    levels[before], bits[before] = LOCAL, halves(own)
    return best(pair, packed(levels, bits), len(left))


def _nearly(found: Features, one: Codes, other: Codes) -> Any:
    """Where a slip of the pen makes one address of the other.

    "mary2@…" is no slip of "mary@…", but how the second Mary is told from the first: digits must agree unless letters
    before the @ all do and the domain is nearly the same.
    """
    local, domain = found.local_parts, found.domains
    near = np.zeros(len(one), bool)
    locals_, domains = looks.texts(found, "local_texts"), looks.texts(found, "domain_texts")
    rows = np.flatnonzero(_may_be_slips(locals_, local[one], local[other]))
    rows = rows[_may_be_slips(domains, domain[one[rows]], domain[other[rows]])]
    first, second, inverse = distinct_pairs(one[rows], other[rows])
    (before, others_before), (after, others_after) = ((part[first], part[second]) for part in (local, domain))
    close = _slips_only(locals_, before, others_before) & _slips_only(domains, after, others_after)
    digits, _ = encode(digits_of(texts_at(found.local_texts, np.concatenate([before, others_before]))))
    digits, others = digits[:len(before)], digits[len(before):]
    close &= (digits == others) | ((after != others_after) & ((digits < 0) | (others < 0)))
    near[rows] = close[inverse]
    return near


def _allowed(letters: Any) -> Any:
    """Slips that a text of so many letters allows: 1, long ones 2; none below 5 letters."""
    return (letters >= 5).astype(np.int8) + (letters >= 10)


def _may_be_slips(texts: Texts, one: Codes, other: Codes) -> Any:
    """Where the letters do not rule out that `_slips_only`."""
    seen = texts.overlap(one, other)
    return seen.slips <= _allowed(seen.short)


def _slips_only(texts: Texts, one: Codes, other: Codes) -> Any:
    """Where two texts differ by no more slips than the shorter allows."""
    slips = process.cpdist(texts.at(one), texts.at(other), scorer=OSA.distance, score_cutoff=3, dtype=np.int16)
    return slips <= _allowed(np.minimum(texts.length[one], texts.length[other]))


def _local_bits(found: Features, left: Codes, right: Codes, local: Codes) -> Any:
    """What is before the @ says little beyond the name that it is made of, and more the more else is in it."""
    return np.minimum(mailboxes.beyond_names(found, left, right, local),
                      bits_of_people(found.local_people[local], found.names, 1e-4))


def phone_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of phone numbers: levels SAME, SHARED, NEAR, DIFFERENT (LOCAL: the same but for the country code)."""
    pair, one, other = looks.both(found, "phones", left, right)
    levels = np.full(len(pair), DIFFERENT, np.int16)
    bits = np.full(len(pair), halves(0), np.int16)
    rare = looks.rarities(found, "phones", USUAL)
    same = np.flatnonzero(one == other)
    levels[same] = np.where(found.phones.people[one[same]] > OWN, SHARED, SAME)
    bits[same] = rare[one[same]]
    rest = np.flatnonzero(one != other)
    near = rest[_one_digit(found, one[rest], other[rest])]
    levels[near] = NEAR
    bits[near] = np.minimum(_neighbours(found, one[near]), _neighbours(found, other[near]))
    ends = rest[_same_ends(found, one[rest], other[rest])]
    levels[ends], bits[ends] = LOCAL, np.minimum(rare[one[ends]], WITHOUT_COUNTRY)
    return best(pair, packed(levels, bits), len(left))


def _one_digit(found: Features, one: Codes, other: Codes) -> Any:
    """Where one slip makes a number of another, both of 8 characters or more."""
    numbers = looks.numbers(found)
    near = np.zeros(len(one), bool)
    seen = numbers.overlap(one, other)
    rows = np.flatnonzero((seen.slips <= 1) & (seen.short >= 8))
    first, second, inverse = distinct_pairs(one[rows], other[rows])
    slips = process.cpdist(numbers.at(first), numbers.at(second), scorer=OSA.distance, score_cutoff=2, dtype=np.int16)
    near[rows] = (slips <= 1)[inverse]
    return near


def _neighbours(found: Features, codes: Codes) -> Any:
    """The rarity of a number within one digit of each, as it stands in an outcome: such numbers are usual where a list
    holds the extensions of an office."""
    if not len(codes):
        return np.zeros(0, np.int16)
    numbers = looks.kept(found, "phones as numbers", lambda: _as_numbers(found.phones.texts))
    every = looks.kept(found, "sorted numbers", lambda: np.sort(numbers))
    own, inverse = np.unique(numbers[codes], return_inverse=True)       # in order they are soon found
    many = np.zeros(len(own))
    for place in 10 ** np.arange(9, dtype=np.int64):
        digit = own // place % 10
        for other in range(10):
            changed = own + (other - digit) * place
            at = np.minimum(np.searchsorted(every, changed), len(every) - 1)
            many += (every[at] == changed) & (changed != own)
    return halves(bits_of_people(many, found.names, SLIP))[inverse]


def _as_numbers(texts: pa.Array) -> Any:
    """The last digits of each text as a number."""
    digits = digits_of(texts)
    if pc.max(pc.binary_length(digits)).as_py() > MOST_DIGITS:
        digits = pc.utf8_slice_codeunits(digits, -MOST_DIGITS)
    return pc.cast(pc.binary_join_element_wise("0", digits, ""), pa.int64()).to_numpy()


def _same_ends(found: Features, one: Codes, other: Codes) -> Any:
    """`_same_end` of each two numbers, from their last bytes on."""
    endings = looks.endings(found)
    same = (endings[one] == endings[other]) & (endings[one] >= 0)
    data, ends = bytes_of(looks.bare_numbers(found))
    size = np.diff(ends)
    rows = np.flatnonzero(same)
    place = looks.ENDING
    while len(rows := rows[np.minimum(size[one[rows]], size[other[rows]]) > place]):
        place += 1
        alike = data[ends[one[rows] + 1] - place] == data[ends[other[rows] + 1] - place]
        same[rows[~alike]] = False
        rows = rows[alike]
    return same


def _same_end(left: str, right: str) -> bool:
    """One is the other without country code or trunk zero."""
    left, right = left.lstrip("+0"), right.lstrip("+0")
    return min(len(left), len(right)) >= looks.ENDING and (left.endswith(right) or right.endswith(left))


def identifier_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of identifiers under the same header: levels 0 the same, 1 different."""
    pair, one, other = looks.both(found, "identifiers", left, right)
    like = found.headers[one] == found.headers[other]
    same = one == other
    bits = np.where(same, looks.rarities(found, "identifiers", USUAL)[one], halves(0))
    return best(pair, np.where(like, packed(~same, bits), MISSING), len(left))


def birthday_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of birthdays: levels 0 the same, 1 a slip (one digit, two swapped, day and month swapped), 2 two of
    year, month, day the same, 3 different."""
    one, other = found.birthday[left], found.birthday[right]
    outcomes = np.full(len(left), MISSING, np.int16)
    both = (one >= 0) & (other >= 0)
    same = both & (one == other)
    outcomes[same] = packed(0, looks.rarities(found, "birthday_people", 1 / 20_000)[one[same]])
    rest = np.flatnonzero(both & ~same)
    if len(rest):
        first, second, inverse = distinct_pairs(one[rest], other[rest])
        pairs = zip(*(texts_at(found.birthdays, codes).to_pylist() for codes in (first, second)), strict=True)
        levels = np.array([_birthday_level(a, b) for a, b in pairs], np.int16)
        outcomes[rest] = np.where(levels == NONE, MISSING, outcome(levels))[inverse]
    return outcomes


def _birthday_level(left: str, right: str) -> int:
    if left.startswith("--") or right.startswith("--"):
        return 2 if left[-5:] == right[-5:] else 3
    if OSA.distance(left, right, score_cutoff=2) <= 1 or left[:4] + left[8:] + left[5:7] == right.replace("-", ""):
        return 1
    return 2 if sum(a == b for a, b in zip(left.split("-"), right.split("-"), strict=False)) >= 2 else 3
