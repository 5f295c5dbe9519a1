"""Names whose words were put in other places: joined, split, in another order, with more or fewer of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA

from listmerge.fields.nicknames import same_given_name
from listmerge.stages.codes import NONE, Codes, distinct, texts_at
from listmerge.stages.features import Features
from listmerge.stages.levels import crossed, looks
from listmerge.stages.levels.texts import texts_of
from listmerge.stages.levels.words import MANY, Parts


def same_words(found: Features, left: Codes, right: Codes, rows: Any) -> Any:
    """For each pair of `rows` whether the names, whole, are made of the same words: only where one of them has three
    words or more, or one only. Two-word names are judged by given and family name alone."""
    same = np.zeros(len(left), bool)
    count = _word_counts(found)
    rows = rows[(np.maximum(count[left[rows]], count[right[rows]]) >= 3) |
                (np.minimum(count[left[rows]], count[right[rows]]) == 1)]
    rows = rows[_may_be_alike(found, left[rows], right[rows])]
    names = _names(found, distinct(np.concatenate([left[rows], right[rows]])))
    for row in rows.tolist():
        same[row] = alike(names[int(left[row])], names[int(right[row])])
    return same


def _word_counts(found: Features) -> Any:
    """Words of each contact's name, initials in the middle left out."""
    def counted() -> Any:
        many = np.diff(looks.words(found).parts.offsets).astype(np.int16)
        words, middles = many[:len(found.words)], many[len(found.words):]
        middles = middles * (pc.utf8_length(found.middles).to_numpy() > 1)
        words, middles = np.append(words, np.int16(0)), np.append(middles, np.int16(0))
        return words[found.given] + words[found.family] + middles[found.middle]
    return looks.kept(found, "word counts", counted)


def _may_be_alike(found: Features, left: Codes, right: Codes) -> Any:
    """Where two words are the same as they are written, or the letters of all are nearly the same: `alike` asks for
    one or the other."""
    contacts, at = np.unique(np.concatenate([left, right]), return_inverse=True)
    one, other = at[:len(left)], at[len(left):]
    return (_shared_words(_parts(found, contacts), one, other) >= 2) | _nearly_joined(found, contacts, one, other)


def _shared_words(parts: Parts, one: Codes, other: Codes) -> Any:
    """How many words of each name are words of the other; of names of many words, as if all were."""
    shared = parts.too_many(one, other).astype(np.int64) * MANY
    few = np.flatnonzero(shared == 0)
    pair, at, other_at = crossed(parts, one[few], other[few])
    shared[few] = np.bincount(pair[parts.codes[at] == parts.codes[other_at]], minlength=len(few))
    return shared


def _parts(found: Features, contacts: Codes) -> Parts:
    """The words of each contact's name."""
    parts = looks.words(found).parts
    middle = found.middle[contacts]
    texts = np.stack([found.given[contacts], np.where(middle >= 0, middle + len(found.words), NONE),
                      found.family[contacts]], axis=1).ravel()
    many = np.where(texts >= 0, parts.offsets[texts + 1] - parts.offsets[texts], 0)
    ends = np.append(0, np.cumsum(many))
    at = np.repeat(parts.offsets[texts] - ends[:-1], many) + np.arange(ends[-1])
    return Parts(ends[::3], parts.codes[at], parts.telling)


def _nearly_joined(found: Features, contacts: Codes, one: Codes, other: Codes) -> Any:
    """Where the names without blanks differ by two letters at most."""
    seen = texts_of(pc.replace_substring(_whole(found, contacts), " ", "")).overlap(one, other)
    return (seen.short >= 7) & (seen.slips <= 2)


def _whole(found: Features, contacts: Codes) -> pa.Array:
    """The names of contacts, each as one text."""
    parts = ((found.words, found.given), (found.middles, found.middle), (found.words, found.family))
    return pc.binary_join_element_wise(*(texts_at(texts, codes[contacts]) for texts, codes in parts), " ")


def _names(found: Features, contacts: Codes) -> dict[int, tuple[str, ...]]:
    """Contact -> the words of its name."""
    return {contact: tuple(name.split()) for contact, name in
            zip(contacts.tolist(), _whole(found, contacts).to_pylist(), strict=True)}


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names are the same when blanks or order are let go, or all words of the shorter are in the longer,
    two of them as they are written."""
    if not one or not other:
        return False
    joined = "".join(one), "".join(other)
    if min(map(len, joined)) >= 7 and (
            sorted(one) == sorted(other) or _turned(one, other) or (_one_person(one, other) and _near(*joined))):
        return True
    fewer, more = (one, other) if (len(one), one) <= (len(other), other) else (other, one)
    if not all(word in more or any(_stands_for(word, each) for each in more) for word in fewer):
        return False
    rest = list(more)
    slips = 0
    for word in sorted(fewer, key=lambda text: (-len(text), text)):
        match = word if word in rest else next((each for each in rest if _stands_for(word, each)), None)
        if match is None:
            return False
        slips += match != word
        rest.remove(match)
    return len(fewer) - slips >= 2 and max(map(len, fewer)) > 2


def _turned(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one is the other with its last words first, blanks aside: "xiao ming wang" and "wang xiaoming"."""
    fewer, more = sorted((one, other), key=len)
    return any("".join(more[at:] + more[:at]) == "".join(fewer) for at in range(1, len(more)))


def _one_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether no initial says that two names nearly the same are two people's: M de Vries, A de Vries."""
    initials = [[word for word in name if len(word) == 1] for name in (one, other)]
    return initials[0] == initials[1] or len(one) - len(initials[0]) != len(other) - len(initials[1])


def _near(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=2) <= (1 if min(len(one), len(other)) < 12 else 2)


def _stands_for(one: str, other: str) -> bool:
    short, long = sorted((len(one), len(other)))
    if short == 1:
        return one[0] == other[0]
    return same_given_name(one, other) or (4 <= short >= long - 1 and OSA.distance(one, other, score_cutoff=1) <= 1)
