"""Whether all texts of a column differ, without holding them: eight bytes are kept of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: The multipliers of splitmix64's finaliser, which spreads every bit over all: https://prng.di.unimi.it/splitmix64.c
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_WORD: Final = 8        # bytes


def are_unique(pieces: Callable[[], Iterable[pa.Array]]) -> bool:
    """Whether a column has texts, none is '' and no two are the same; `pieces` gives it piece by piece, when it is
    asked again from the beginning again."""
    found = [np.zeros(0, np.uint64)]
    for texts in pieces():
        if pc.any(pc.equal(texts, "")).as_py():
            return False
        found.append(fingerprints(texts))
    prints = np.concatenate(found)
    prints.sort()
    same = prints[1:][prints[1:] == prints[:-1]]
    return bool(len(prints)) and not (len(same) and _is_twice(pieces, same[0])) and (
        not len(same) or _differ(pieces))


def _is_twice(pieces: Callable[[], Iterable[pa.Array]], fingerprint: Any) -> bool:
    """Whether two texts of one fingerprint are the same text, as they are but for chance."""
    found: list[str] = []
    for texts in pieces():
        found += texts.take(pa.array(np.flatnonzero(fingerprints(texts) == fingerprint)[:2])).to_pylist()
        if len(found) > 1:
            return len(set(found)) < len(found)
    return False


def _differ(pieces: Callable[[], Iterable[pa.Array]]) -> bool:
    texts = pa.chunked_array(list(pieces()), pa.string())
    return len(pc.unique(texts)) == len(texts)


def fingerprints(texts: pa.Array) -> Any:
    """A number of 64 bits for each text: the same for the same one, and for others the same by chance alone."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset:texts.offset + len(texts) + 1].astype(np.int64)
    letters = np.frombuffer((texts.buffers()[2] or b"") if len(texts) else b"", np.uint8)
    padded = np.zeros(len(letters) + _WORD, np.uint8)
    padded[:len(letters)] = letters
    words = np.ndarray((len(letters) + 1,), "<u8", padded, strides=(1,))      # the eight bytes from each byte on
    starts, left = offsets[:-1], np.diff(offsets)
    prints = left.astype(np.uint64)
    rows = np.flatnonzero(left > 0)
    while len(rows):
        word = words[starts[rows]]
        unused = np.maximum(_WORD - left[rows], 0).astype(np.uint64) * np.uint64(8)
        prints[rows] = _mixed(prints[rows] ^ ((word << unused) >> unused))
        starts, left = starts + _WORD, left - _WORD
        rows = rows[left[rows] > 0]
    return prints


def _mixed(numbers: Any) -> Any:
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _SECOND
    return numbers ^ (numbers >> np.uint64(31))
