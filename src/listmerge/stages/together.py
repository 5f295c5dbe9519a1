"""How much oftener names, and names and places, come together than by chance: lists hold people of several cultures.

In a list of Russians, Indians and Chinese two strangers named Vera more often have one surname, and live in one town,
than all people of the list do. How much more is seen without knowing who is one person: where two surnames share a
given name, and one of them has another given name, chance says how often the second has that too. Words that begin
alike are left out, since they may be two spellings of one name.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.codes import NONE, Codes, distinct, encode

#: So many paths are looked at, among about so many contacts.
PATHS: Final = 100_000
ENOUGH: Final = 200_000
#: Chance is taken to be right as if it had been seen to be so this often: short lists hardly say otherwise.
TRUST: Final = 50.0


def beyond_chance(one: Codes, other: Codes, letters: tuple[Any, Any], usual: float) -> float:
    """How many times oftener than by chance the two sides of `one` and `other` (codes of words, or NONE) come
    together, never fewer than `usual` times, in half bits; `letters` are the first ones of the words of each side."""
    both = (one >= 0) & (other >= 0)
    edges = (one[both].astype(np.int64) << 32) | other[both]
    edges = distinct(edges[::len(edges) // ENOUGH + 1])
    if len(edges) < 2:
        return usual
    one, other = edges >> 32, edges & 0xFFFFFFFF
    many, others = np.bincount(one), np.bincount(other)
    far, near = _ends(one, other, many, others)
    unlike = np.logical_and(*(first[end] != first[word] for first, end, word in zip(letters, far, near, strict=True)))
    left, right = far[0][unlike], far[1][unlike]
    ends = (left << 32) | right
    seen = edges[np.minimum(np.searchsorted(edges, ends), len(edges) - 1)] == ends
    elsewhere = len(edges) - many[near[0][unlike]] - others[near[1][unlike]]
    expected = ((many[left] - 1.0) * (others[right] - 1.0) / np.maximum(elsewhere, 1)).sum()
    times = (seen.sum() + TRUST * usual) / (expected + TRUST)
    return max(float(2 ** (np.rint(2 * np.log2(times)) / 2)), usual)


def first_letters(words: pa.Array) -> Any:
    """The number of the first letter of each word, and a 0 for none."""
    codes, letters = encode(pc.utf8_slice_codeunits(words, 0, 1))
    return np.array([*map(ord, letters.to_pylist()), 0], np.int64)[np.append(codes, NONE)]


def _ends(one: Any, other: Any, many: Any, others: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The two ends of paths of three edges, and the two words of the edge in the middle of each."""
    draw = np.random.default_rng(len(one))
    middle = draw.integers(0, len(one), PATHS)
    order = np.argsort(other, kind="stable")
    start, others_start = np.cumsum(many) - many, np.cumsum(others) - others
    near = one[middle], other[middle]
    along = start[near[0]] + (draw.random(PATHS) * many[near[0]]).astype(np.int64)
    across = order[others_start[near[1]] + (draw.random(PATHS) * others[near[1]]).astype(np.int64)]
    return (one[across], other[along]), near
