"""How alike two contacts are, field by field: a level of agreement, and how rare the value is that they share.

A level and a rarity (bits: 2 to the minus that is the chance that another person has the value) make one outcome, an
int16; the smaller, the stronger. Contacts of which one has no value have outcome MISSING, which says nothing.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np

from listmerge.stages.codes import Codes, combine, ranked

MISSING: Final = -1
RARITIES: Final = 64
LEAST_BITS: Final = -8.0
MOST_BITS: Final = 23.5
_NOTHING: Final = np.iinfo(np.int16).max


def outcome(level: Any, bits: Any = 0.0) -> Any:
    """One number for level and rarity; rarity in half bits from LEAST_BITS to MOST_BITS."""
    return packed(level, halves(bits))


def halves(bits: Any) -> Any:
    """Rarity as it stands in an outcome: half bits above LEAST_BITS, as int16. It keeps the order of rarities, so that
    the lesser of two may be taken before or after."""
    return np.rint(2 * (np.clip(bits, LEAST_BITS, MOST_BITS) - LEAST_BITS)).astype(np.int16)


def packed(level: Any, half_bits: Any) -> Any:
    """As `outcome`, of rarities that `halves` gave."""
    return (np.asarray(level, np.int16) * np.int16(RARITIES) + np.int16(RARITIES - 1) - half_bits).astype(np.int16)


def level_of(outcomes: Any) -> Any:
    """The level of each outcome (nonsense for MISSING)."""
    return outcomes // RARITIES


def bits_of(outcomes: Any) -> Any:
    """The rarity of each outcome (nonsense for MISSING)."""
    return (RARITIES - 1 - outcomes % RARITIES) / 2 + LEAST_BITS


def rarity(people: Any, everyone: float, usual: float, weight: float = 100.0) -> Any:
    """Bits of the chance that another person has a value that `people` have, of `everyone`.

    In short lists that is mostly what is `usual` in the world (as if `weight` more people had been seen); the person
    who has the value does not count as another.
    """
    return -np.log2((np.maximum(people - 1, 0) + weight * usual) / (everyone + weight))


def distinct_pairs(left: Codes, right: Codes) -> tuple[Codes, Codes, Any]:
    """(left, right, inverse): each pair of codes once, the smaller first."""
    less, more = np.minimum(left, right), np.maximum(left, right)
    inverse, first = ranked(combine(less, more))
    return less[first], more[first], inverse


class Lists(Protocol):
    """Something of which each may have several: those of c are at `offsets[c]:offsets[c + 1]`."""

    @property
    def offsets(self) -> Any: ...


def crossed(values: Lists, left: Codes, right: Codes) -> tuple[Any, Codes, Codes]:
    """Every value of the left with every value of the right: (pair number, position left, position right)."""
    first, other = values.offsets[left], values.offsets[right]
    many, others = values.offsets[left + 1] - first, values.offsets[right + 1] - other
    total = many * others
    pair = np.repeat(np.arange(len(left)), total)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(total) - total, total)
    width = others[pair]
    return pair, first[pair] + within // np.maximum(width, 1), other[pair] + within % np.maximum(width, 1)


def best(pair: Any, outcomes: Any, count: int) -> Any:
    """The strongest outcome of each pair, MISSING where there is none; `pair` is in order."""
    found = np.full(count, _NOTHING, np.int16)
    known = outcomes >= 0
    pair, outcomes = pair[known], outcomes[known]
    start = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])) if len(pair) else pair
    found[pair[start]] = outcomes if len(start) == len(pair) else np.minimum.reduceat(outcomes, start)
    return np.where(found == _NOTHING, np.int16(MISSING), found)
