"""Texts by their letters: how many letters two of them can have in common says for most pairs that they are not alike.

Of each text are kept its length and 64 bits: which letters, and which of them twice, which digits, a blank. What has no
bit is counted. Two texts have no more letters in common than bits, and letters without a bit. From that follow a least
number of slips between them and a greatest similarity; only texts that these let through are compared letter by letter.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.text import bytes_of
from listmerge.stages.codes import Codes, texts_at

#: (characters, how often each has a bit) for words and for numbers: 63 and 60 bits.
WORDS: Final = ((string.ascii_lowercase, 2), (string.digits, 1), (" ", 1))
NUMBERS: Final = ((string.digits, 6),)
#: Texts of more bytes are looked at as they are: their bits say nothing.
LONG: Final = 64
#: Texts whose letters are looked at together: what is known of them stays near the processor.
AT_ONCE: Final = 16_384
_EVERY: Final = np.uint64(2**64 - 1)

Alphabet = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Distinct texts by code, and of each: how many letters it has, bits for which, how many have no bit."""

    texts: pa.Array
    length: Any
    which: Any
    beyond: Any

    def at(self, codes: Codes) -> list[str]:
        """The texts of codes, to be compared letter by letter."""
        return texts_at(self.texts, codes).to_pylist()      # type: ignore[no-any-return]

    def overlap(self, one: Codes, other: Codes) -> Overlap:
        """What each text of `one` has in common with its text of `other` at most; there are no missing ones."""
        return overlap(self, one, self, other)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Pairs of texts: letters of the shorter, of the longer, and in both at most. Where `sure`, that many are."""

    short: Any
    long: Any
    common: Any
    sure: Any

    @property
    def slips(self) -> Any:
        """The two differ by at least so many: each slip brings back one letter at most."""
        return self.long - self.common

    @property
    def alike(self) -> Any:
        """Their Jaro–Winkler similarity is at most this: all common letters in order, and the first four the same."""
        common = self.common.astype(np.float32)
        jaro = (common / np.maximum(self.short, 1) + common / np.maximum(self.long, 1) + 1) / 3
        return np.where(jaro > 0.699, 0.4 + 0.6 * jaro, jaro) + np.float32(1e-4)


def overlap(left: Texts, one: Codes, right: Texts, other: Codes) -> Overlap:
    """As `Texts.overlap`, for texts of two kinds."""
    lengths, others = left.length[one], right.length[other]
    beyond, others_beyond = left.beyond[one], right.beyond[other]
    short, long = np.minimum(lengths, others), np.maximum(lengths, others)
    bits = np.bitwise_count(left.which[one] & right.which[other])
    common = np.minimum(bits + np.minimum(beyond, others_beyond), short)
    return Overlap(short, long, common, (beyond | others_beyond) == 0)


def texts_of(texts: pa.Array, alphabet: Alphabet = WORDS) -> Texts:
    """`texts` with their letters."""
    length = pc.utf8_length(texts).to_numpy()
    which = _bits(texts, *_fields(alphabet))
    beyond = length - np.bitwise_count(which).astype(np.int32)
    long = which == _EVERY
    beyond[long] = length[long]
    return Texts(texts, length, which, beyond)


def _fields(alphabet: Alphabet) -> tuple[Any, Any]:
    """For each byte the lowest of its bits, and all of them: 0 where it has none."""
    lowest, every = np.zeros(256, np.uint64), np.zeros(256, np.uint64)
    place = 0
    for letters, times in alphabet:
        for letter in letters:
            lowest[ord(letter)], every[ord(letter)] = 1 << place, ((1 << times) - 1) << place
            place += times
    return lowest, every


def _bits(column: pa.Array, lowest: Any, every: Any) -> Any:
    """The bits of each text; all of them where it is long."""
    data, ends = bytes_of(column)
    which = np.zeros(len(column), np.uint64)
    for start in range(0, len(column), AT_ONCE):
        which[start:start + AT_ONCE] = _some_bits(data, ends[start:start + AT_ONCE + 1], lowest, every)
    which[np.diff(ends) > LONG] = _EVERY
    return which


def _some_bits(data: Any, ends: Any, lowest: Any, every: Any) -> Any:
    """The bits of texts, of which `ends` says where they begin and end; none where they are long."""
    size = np.diff(ends)
    size[size > LONG] = 0
    order = np.argsort(-size.astype(np.int16), kind="stable")       # the longest first: fewer at every place
    begin, now = ends[:-1][order], np.zeros(len(order), np.uint64)
    for place, many in enumerate(np.cumsum(np.bincount(size)[:0:-1])[::-1]):
        letter = data[begin[:many] + place]
        now[:many] |= (now[:many] + lowest[letter]) & every[letter]     # the next bit of the letter that is not set
    which = np.empty(len(order), np.uint64)
    which[order] = now
    return which
