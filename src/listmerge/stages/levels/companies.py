"""Comparing names of organisations, word by word: rare words tell, common ones ("center", "group") hardly do."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from listmerge.stages.codes import Codes, WordLists, texts_at
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, crossed, distinct_pairs, level_of, looks, outcome

EXACT, ALIKE, CONTAINED, SOME, DIFFERENT, OTHER_FORM = range(6)
#: A name's words together are no rarer than this (bits): names of one trade share words.
MOST_BITS: Final = 14.0


def company_outcomes(found: Features, left: Codes, right: Codes) -> Any:
    """Outcomes of company names: levels EXACT, ALIKE, CONTAINED (all of the shorter one), SOME words, DIFFERENT,
    and OTHER_FORM where the names are alike and the legal forms are two: "Acme Inc" and "Acme Ltd"."""
    one, other = found.company[left], found.company[right]
    outcomes = np.full(len(left), MISSING, np.int16)
    rows = np.flatnonzero((one >= 0) & (other >= 0))
    if len(rows):
        first, second, inverse = distinct_pairs(one[rows], other[rows])
        outcomes[rows] = _outcomes(found, first, second)[inverse]
    forms = found.legal[left], found.legal[right]
    alike = (outcomes != MISSING) & (level_of(outcomes) <= CONTAINED)
    outcomes[alike & (forms[0] >= 0) & (forms[1] >= 0) & (forms[0] != forms[1])] = outcome(OTHER_FORM)
    return outcomes


def _outcomes(found: Features, one: Codes, other: Codes) -> Any:
    shared, of_less, of_more = shared_words(found, "company_words", one, other)
    names = (texts_at(found.companies, codes).to_pylist() for codes in (one, other))
    close = process.cpdist(*names, scorer=OSA.normalized_similarity, dtype=np.float32)
    levels = np.full(len(one), DIFFERENT, np.int16)
    levels[of_less >= 0.4] = SOME
    levels[of_less >= 0.85] = CONTAINED
    levels[(of_more >= 0.7) | (close >= 0.85)] = ALIKE
    levels[one == other] = EXACT
    whole = looks.weights(found, "company_words")[one]
    by_letters = (levels == ALIKE) & (shared < whole / 2)
    bits = np.minimum(np.where((levels == EXACT) | by_letters, whole, shared), MOST_BITS)
    return outcome(levels, np.where(levels >= SOME, 0.0, bits))


def shared_words(found: Features, column: str, one: Codes, other: Codes) -> tuple[Any, Any, Any]:
    """(bits of the words in both, their share of the lighter text, of the heavier), of a column of WordLists."""
    words: WordLists = getattr(found, column)
    every = looks.weights(found, column)
    pair, at, other_at = crossed(words.values, one, other)
    same = words.values.codes[at] == words.values.codes[other_at]
    shared = np.bincount(pair[same], words.bits[words.values.codes[at[same]]], minlength=len(one))
    weights = every[one], every[other]
    return shared, shared / np.maximum(np.minimum(*weights), 1e-9), shared / np.maximum(np.maximum(*weights), 1e-9)
