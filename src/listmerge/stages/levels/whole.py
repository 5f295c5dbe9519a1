"""Names whose words were put in other places: joined, split, in another order, with more or fewer of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from rapidfuzz.distance import OSA

from listmerge.fields.nicknames import same_given_name
from listmerge.stages.codes import Codes
from listmerge.stages.features import Features


def same_words(found: Features, left: Codes, right: Codes, rows: Any) -> Any:
    """For each pair of `rows` whether the names, whole, are made of the same words: only where one of them has three
    words or more, or one only. Two-word names are judged by given and family name alone."""
    same = np.zeros(len(left), bool)
    count = _word_counts(found)
    rows = rows[(np.maximum(count[left[rows]], count[right[rows]]) >= 3) |
                (np.minimum(count[left[rows]], count[right[rows]]) == 1)]
    names = {contact: _name(found, contact) for contact in {*left[rows].tolist(), *right[rows].tolist()}}
    for row in rows.tolist():
        same[row] = alike(names[int(left[row])], names[int(right[row])])
    return same


def _word_counts(found: Features) -> Any:
    """Words of each contact's name, initials in the middle left out."""
    words = np.array([text.count(" ") + 1 for text in found.words] + [0], np.int16)
    middles = np.array([text.count(" ") + 1 if len(text) > 1 else 0 for text in found.middles] + [0], np.int16)
    return words[found.given] + words[found.family] + middles[found.middle]


def _name(found: Features, contact: int) -> tuple[str, ...]:
    parts = ((found.words, found.given), (found.middles, found.middle), (found.words, found.family))
    return tuple(word for texts, codes in parts if codes[contact] >= 0 for word in texts[codes[contact]].split())


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names are the same when blanks and order are let go, or all words of the shorter are in the longer,
    two of them as they are written."""
    if not one or not other:
        return False
    joined = "".join(one), "".join(other)
    if min(map(len, joined)) >= 7 and (_near(*joined) or sorted(one) == sorted(other)):
        return True
    fewer, more = sorted((one, other), key=lambda name: (len(name), name))
    rest = list(more)
    slips = 0
    for word in sorted(fewer, key=lambda text: (-len(text), text)):
        match = next((each for each in rest if each == word), None) or next(
            (each for each in rest if _stands_for(word, each)), None)
        if match is None:
            return False
        slips += match != word
        rest.remove(match)
    return len(fewer) - slips >= 2 and max(map(len, fewer)) > 2


def _near(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=2) <= (1 if min(len(one), len(other)) < 12 else 2)


def _stands_for(one: str, other: str) -> bool:
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return same_given_name(one, other) or (min(len(one), len(other)) >= 4 and OSA.distance(one, other) <= 1)
