"""What stands before the @ of an address beyond the names of those who have it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.codes import Codes, texts_at
from listmerge.stages.features import Features
from listmerge.stages.levels import looks

#: Longer texts are looked at one by one.
SHORT: Final = 32


def beyond_name(local: str, one: str, other: str) -> float:
    """Bits of what is left of 'mary.smith77' without the names of both contacts ('mary smith', 'mary jones')."""
    digits = sum(letter.isdigit() for letter in local)
    rest = "".join(letter for letter in local if letter.isalpha())
    for word in sorted({*one.split(), *other.split()}, key=lambda word: (-len(word), word)):
        rest = rest.replace(word, "", 1) if len(word) > 1 else rest
    return 1.5 + 2.5 * min(digits, 4) + 3.0 * max(len(rest) - 1, 0)


def beyond_names(found: Features, left: Codes, right: Codes, local: Codes) -> Any:
    """`beyond_name` of each two contacts whose addresses have the text `local` (a code) before the @."""
    bits = np.zeros(len(local))
    names = np.stack([codes[contacts] for contacts in (left, right) for codes in (found.given, found.family)])
    plain = _plain(found)[names].all(axis=0) & looks.kept(found, "short before the @", lambda: _short(found))[local]
    rows = np.flatnonzero(plain)
    if len(rows):
        bits[rows] = _columns(found, names[:, rows], local[rows])
    odd = np.flatnonzero(~plain)
    bits[odd] = [beyond_name(*each) for each in zip(
        texts_at(found.local_texts, local[odd]).to_pylist(), found.words_of(left[odd]), found.words_of(right[odd]),
        strict=True)]
    return bits


def _plain(found: Features) -> Any:
    """Words without blanks that are not long; one more, for no word."""
    words = looks.words(found)
    return np.append(~words.spaced & (words.spelled.length <= SHORT), True)


def _short(found: Features) -> Any:
    """Texts before the @ that are not long, in letters from a to z."""
    size = pc.binary_length(found.local_texts).to_numpy()
    return (size == looks.texts(found, "local_texts").length) & (size <= SHORT)


def _columns(found: Features, names: Any, local: Codes) -> Any:
    """`beyond_name` of plain words: four rows of their codes."""
    words, ranks = _longest_first(found, names)
    texts, which = np.unique(local, return_inverse=True)
    column = texts_at(found.local_texts, texts)
    digits = pc.count_substring_regex(column, "[0-9]").to_numpy()[which]
    letters = pc.replace_substring_regex(column, "[^A-Za-z]+", "")
    rest = _bytes(letters)[which]
    for at, mine in enumerate(ranks):
        rows = np.flatnonzero((words[mine] != b"") & (mine != ranks[at - 1] if at else True))
        if len(rows):
            rest[rows] = np.strings.replace(rest[rows], words[mine[rows]], b"", 1)
    return 1.5 + 2.5 * np.minimum(digits, 4) + 3.0 * np.maximum(np.strings.str_len(rest) - 1, 0)


def _longest_first(found: Features, names: Any) -> tuple[Any, Any]:
    """(words in the order in which they are taken away, '' for letters; the places of `names` in it, each in order)."""
    used, at = np.unique(names, return_inverse=True)
    words = _bytes(texts_at(found.words, used))
    long = np.strings.str_len(words)
    order = np.lexsort((words, -long))
    place = np.empty(len(used), np.int64)
    place[order] = np.arange(len(used))
    return np.where(long > 1, words, b"")[order], np.sort(place[at].reshape(names.shape), axis=0)


def _bytes(texts: pa.Array) -> Any:
    """Short texts as bytes for numpy, a quarter of what letters take; one that has other letters than a to z, cut off
    or whole, is in no text of these alone."""
    return np.array(texts.cast(pa.binary()).to_pylist(), f"S{SHORT}")
