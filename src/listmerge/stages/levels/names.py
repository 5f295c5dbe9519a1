"""Comparing names of persons: exact, nickname, initial, slip of the pen, part of a double name, swapped, different."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from listmerge.fields.nicknames import is_initial, same_given_name
from listmerge.stages.codes import Codes, texts_at
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, distinct_pairs, halves, looks, outcome, packed
from listmerge.stages.levels.texts import Overlap
from listmerge.stages.levels.whole import same_words
from listmerge.stages.levels.words import Words, core, is_telling
from listmerge.stages.namesakes import USUAL_FAMILY, USUAL_GIVEN, chance

EXACT, NICKNAME, PART, INITIAL, TYPO, SWAPPED, SIMILAR, DIFFERENT, UNLIKE = range(9)
#: Two words are names of their own, no slips of the pen, where people that bear the rarer and slips are so many.
USUAL: Final = 4


def relation(left: str, right: str, borne: float, given: bool) -> int:
    """The level of two different words; so many people bear the rarer one, `borne`. `relations` says the same of
    columns."""
    level = _spelled(core(left), core(right), borne, given)
    if level == TYPO:
        return level
    if len(left) == 1 or len(right) == 1:
        begins = left[0] == right[0] or (given and is_initial(left, right))
        return INITIAL if begins else UNLIKE if given else DIFFERENT
    if given and same_given_name(left, right):
        return NICKNAME
    if " " in left or " " in right:
        one, other = left.split(), right.split()
        if one[0] == other[0] if given else set(filter(is_telling, one)) & set(other):
            return PART
    return level


def _spelled(left: str, right: str, borne: float, given: bool) -> int:
    """The level by the letters alone."""
    digits = ["".join(letter for letter in word if letter in "0123456789") for word in (left, right)]
    if all(digits) and digits[0] != digits[1]:
        return UNLIKE if given else DIFFERENT       # so one is told from the next, it is no slip of the pen
    short, long = sorted((len(left), len(right)))
    slips, closeness = OSA.distance(left, right, score_cutoff=4), JaroWinkler.similarity(left, right)
    if (slips == 1 and short >= 3) or (slips == 2 and short >= 7):
        return SIMILAR if borne + slips >= USUAL else TYPO
    if (closeness >= 0.88 and slips <= max(0.34 * long, 1) and short >= 3) or (slips <= 2 and long >= 6):
        return SIMILAR
    if given and closeness < 0.7 and Indel.normalized_similarity(sorted(left), sorted(right)) < 0.5:
        return UNLIKE                               # 'Cahlrae' is a garbled 'Charlie'
    return DIFFERENT


def relations(words: Words, one: Codes, other: Codes, borne: Any, given: bool) -> Any:
    """The level of each pair of different words: `relation`, letter by letter only where that may say more than that
    they differ."""
    seen = words.core.overlap(one, other)
    levels = np.full(len(one), DIFFERENT, np.int16)
    look = _may_be_alike(seen)
    if given:
        levels[_surely_unlike(seen)] = UNLIKE
        look |= (levels == DIFFERENT) & ~_surely_like(seen)
    apart = words.numbered_apart(one, other)
    levels[apart] = UNLIKE if given else DIFFERENT
    rows = np.flatnonzero(look & ~apart)
    first, second, inverse = distinct_pairs(one[rows], other[rows])
    rarer = np.zeros(len(first))
    rarer[inverse] = borne[rows]
    levels[rows] = _by_letters(words, first, second, rarer, given)[inverse]
    return np.where(levels == TYPO, levels, _worded(words, one, other, levels, given))


def _may_be_alike(seen: Overlap) -> Any:
    """Where the letters do not rule out a slip of the pen or a similar name; slips are counted up to 5."""
    slips = seen.slips
    return (slips <= 2) | ((seen.alike >= 0.88) & ((slips <= np.maximum(0.34 * seen.long, 1)) | (seen.long >= 15)))


def _surely_unlike(seen: Overlap) -> Any:
    return (4 * seen.common < seen.short + seen.long) & (seen.alike < 0.7)


def _surely_like(seen: Overlap) -> Any:
    """Where half of the letters are the same, in whatever order."""
    return seen.sure & (4 * seen.common >= seen.short + seen.long)


def _by_letters(words: Words, one: Codes, other: Codes, borne: Any, given: bool) -> Any:
    """`_spelled` of pairs of words without digits that differ."""
    left, right = np.array(words.core.at(one), object), np.array(words.core.at(other), object)
    lengths, others = words.core.length[one], words.core.length[other]
    short, long = np.minimum(lengths, others), np.maximum(lengths, others)
    slips = process.cpdist(left, right, scorer=OSA.distance, score_cutoff=4, dtype=np.int16)
    closeness = process.cpdist(left, right, scorer=JaroWinkler.similarity, dtype=np.float32)
    levels = np.full(len(one), DIFFERENT, np.int16)
    if given:
        far = np.flatnonzero(closeness < 0.7)
        levels[far[_letters_shared(left[far], right[far]) < 0.5]] = UNLIKE
    alike = (closeness >= 0.88) & (slips <= np.maximum(0.34 * long, 1)) & (short >= 3)
    levels[alike | ((slips <= 2) & (long >= 6))] = SIMILAR
    typo = ((slips == 1) & (short >= 3)) | ((slips == 2) & (short >= 7))
    levels[typo] = np.where(borne[typo] + slips[typo] >= USUAL, SIMILAR, TYPO)
    return levels


def _letters_shared(left: Any, right: Any) -> Any:
    """0..1: how far two words are made of the same letters, in any order."""
    one, other = (["".join(sorted(word)) for word in words] for words in (left, right))
    return process.cpdist(one, other, scorer=Indel.normalized_similarity, dtype=np.float32)


def _worded(words: Words, one: Codes, other: Codes, levels: Any, given: bool) -> Any:
    """The level that the words themselves give, else that of `levels`."""
    found = levels.copy()
    spaced = np.flatnonzero(words.spaced[one] | words.spaced[other])
    same = words.same_first_part if given else words.shared_part
    found[spaced[same(one[spaced], other[spaced])]] = PART
    if given:
        found[words.one_name(one, other)] = NICKNAME
    letter = np.flatnonzero((words.spelled.length[one] == 1) | (words.spelled.length[other] == 1))
    begins = words.initial[one[letter]] == words.initial[other[letter]]
    if given:
        begins |= words.initial_of_form(one[letter], other[letter])
    found[letter] = np.where(begins, INITIAL, UNLIKE if given else DIFFERENT)
    return found


def _compared(found: Features, left: Codes, right: Codes, people: Any, given: bool) -> Any:
    levels = np.full(len(left), MISSING, np.int16)
    both = (left >= 0) & (right >= 0)
    levels[both & (left == right)] = EXACT
    rest = np.flatnonzero(both & (left != right))
    if len(rest):
        one, other = left[rest], right[rest]
        levels[rest] = relations(looks.words(found), one, other, np.minimum(people[one], people[other]), given)
    return levels


def name_outcomes(found: Features, left: Codes, right: Codes) -> tuple[Any, Any]:
    """Outcomes of given and family names of the pairs (two int16 columns).

    Where both names are the same, the rarity of the two together is that of the whole name (namesakes.py).
    """
    given, other_given = found.given[left], found.given[right]
    family, other_family = found.family[left], found.family[right]
    first = _compared(found, given, other_given, found.given_people, True)
    last = _compared(found, family, other_family, found.family_people, False)
    swapped = _swapped(found, (given, family), (other_given, other_family), first, last)
    first[swapped & (first >= 0)] = SWAPPED
    last[swapped & (last >= 0)] = SWAPPED
    first[_half_swapped(found, (given, family), (other_given, other_family), first)] = DIFFERENT
    mixed = same_words(found, left, right, np.flatnonzero(
        ~swapped & ((first > INITIAL) | (last > INITIAL))))
    first[mixed & (first > PART)] = PART
    last[mixed & (last > PART)] = PART
    return _with_rarity(found, left, right, first, last, swapped)


def _with_rarity(found: Features, left: Codes, right: Codes, first: Any, last: Any, swapped: Any) -> tuple[Any, Any]:
    """The outcomes of given and family names that stand in these relations."""
    given, other_given, family, other_family = found.given[left], found.given[right], found.family[left], found.family[
        right]
    chances = _chances(found, given, other_given, first, "given_people", USUAL_GIVEN, 2e-4)
    initial = np.flatnonzero(first == INITIAL)
    chances[initial] = 2 * max(found.initials_share, 0.01) * found.initial_share[given[initial]]
    others = _chances(found, family, other_family, last, "family_people", USUAL_FAMILY, 2e-5)
    others[last == INITIAL] = 0.005
    whole = np.flatnonzero((first == EXACT) & (last == EXACT))
    others[whole] = found.namesakes[found.spelling[left[whole]]] / found.names / chances[whole]
    chances[swapped], others[swapped] = _swapped_chances(
        found, np.where(given < 0, other_family, given)[swapped], np.where(family < 0, other_given, family)[swapped])
    return _outcomes(first, chances), _outcomes(last, others)


def _outcomes(levels: Any, chances: Any) -> Any:
    """The outcomes of these levels; from SIMILAR on no value is shared that could be rare."""
    found = packed(levels, halves(0))
    rows = np.flatnonzero(levels < SIMILAR)
    found[rows] = packed(levels[rows], halves(-np.log2(chances[rows])))
    found[levels < 0] = MISSING
    return found


def _swapped(found: Features, name: tuple[Codes, Codes], other: tuple[Codes, Codes], first: Any, last: Any) -> Any:
    """Pairs that do not agree as written, but do when one of them is read the other way round (slips allowed)."""
    swapped = np.zeros(len(first), bool)
    rows = np.flatnonzero(((first > INITIAL) | (first < 0)) & (last > INITIAL))
    if not len(rows):
        return swapped
    cross = [_compared(found, name[a][rows], other[b][rows], found.family_people, False) for a, b in ((0, 1), (1, 0))]
    agree = [(level == EXACT) | (level == TYPO) | (level == PART) for level in cross]
    whole = first[rows] >= 0
    swapped[rows] = np.where(whole, (agree[0] | agree[1]) & ((cross[0] <= SIMILAR) & (cross[1] <= SIMILAR))
                             & (cross[0] >= 0) & (cross[1] >= 0), agree[0] | agree[1])
    return swapped


def _half_swapped(found: Features, name: tuple[Codes, Codes], other: tuple[Codes, Codes], first: Any) -> Any:
    """Pairs of unlike given names of which one is the other's family name: a mix-up is no contradiction."""
    rows = np.flatnonzero(first == UNLIKE)
    cross = [_compared(found, name[a][rows], other[b][rows], found.family_people, False) for a, b in ((0, 1), (1, 0))]
    return rows[((cross[0] >= 0) & (cross[0] <= SIMILAR)) | ((cross[1] >= 0) & (cross[1] <= SIMILAR))]


def _swapped_chances(found: Features, given: Codes, family: Codes) -> tuple[Any, Any]:
    """A swapped name is as rare as the name itself, unless both orders are names (James Thomas, Thomas James)."""
    right = chance(found.given_people[given], found.names, USUAL_GIVEN) * chance(
        found.family_people[family], found.names, USUAL_FAMILY)
    wrong = chance(found.given_people[family], found.names, 1e-5) * chance(
        found.family_people[given], found.names, 1e-6)
    both = np.sqrt(0.0004 * np.maximum(right, wrong) + np.minimum(right, wrong))
    return both, both


def _chances(
    found: Features, left: Codes, right: Codes, levels: Any, people: str, usual: float, stray: float
) -> Any:
    """The chance that a stranger's name stands in this relation to one's own.

    A nickname or a slip of the pen is as telling as the name that it stands for: among the people of that name only
    some write it so, and hardly anyone else does. `stray` is the chance of a real rare name within one slip.
    """
    words = looks.kept(found, f"chances of {people}", lambda: chance(getattr(found, people), found.names, usual))
    chances = words[left]
    rows = np.flatnonzero((levels > EXACT) & (levels < SIMILAR))
    chances[rows] = common = np.maximum(chances[rows], words[right[rows]])
    chances[rows] = np.where(levels[rows] == TYPO, 0.06 * common + stray, common)
    short = np.flatnonzero(levels == NICKNAME)
    fewer = np.minimum(getattr(found, people)[left[short]], getattr(found, people)[right[short]])
    chances[short] = 2 * chance(fewer, found.names, usual / 10)
    return chances


def middle_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Middle names: levels 0 agree as far as both go, 1 other initials, 2 other names in full."""
    outcomes = np.full(len(left), MISSING, np.int16)
    one, other = found.middle[left], found.middle[right]
    rows = np.flatnonzero((one >= 0) & (other >= 0))
    if len(rows):
        first, second, inverse = distinct_pairs(one[rows], other[rows])
        pairs = zip(*(texts_at(found.middles, codes).to_pylist() for codes in (first, second)), strict=True)
        outcomes[rows] = outcome(np.array([_middle_level(a, b) for a, b in pairs], np.int16))[inverse]
    return outcomes


def _middle_level(one: str, other: str) -> int:
    if min(len(one), len(other)) == 1:
        return int(one[0] != other[0])
    fewer, more = sorted(({*one.split()}, {*other.split()}), key=len)
    return 0 if fewer <= more or OSA.normalized_similarity(one, other) >= 0.75 else 2


def suffix_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Jr, Sr, III: the same or not."""
    one, other = found.suffix[left], found.suffix[right]
    return np.where((one < 0) | (other < 0), MISSING, outcome((one != other).astype(np.int16)))
