"""What the group says of a pair: two contacts are joined, or kept apart, by all that stand with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np

from listmerge.stages.compare import vetoed
from listmerge.stages.evidence import OUTCOMES, compared
from listmerge.stages.features import Features
from listmerge.stages.link import AGAINST, LEAST, MOST, NEVER
from listmerge.stages.train import Model, scored
from listmerge.stages.weights import CONTRADICTION

#: Members of a group that are looked at.
MEMBERS: Final = 30


@dataclass(frozen=True, slots=True)
class Group:
    """How many contacts stand on either side (on both: `together`), and the contacts that decide.

    Together: `witness` is the third that goes best with both, with its bits to either, None where no third does. Apart:
    `mean` bits above the threshold between the two groups, and `against` the pair that speaks most against it.
    """

    sizes: tuple[int, int]
    together: bool
    witness: tuple[int, float, float] | None = None
    mean: float = 0.0
    against: tuple[int, int, float] | None = None


def group_of(
    found: Features, model: Model, ends: tuple[int, int], groups: tuple[Sequence[int], Sequence[int]], bar: float
) -> Group | None:
    """What the groups of the two `ends` (their own masters) say; None where each is alone, or there is no third."""
    sizes = len(groups[0]), len(groups[1])
    if set(ends) <= set(groups[0]):
        others = [one for one in groups[0][:MEMBERS] if one not in ends]
        return Group(sizes, True, witness=_witness(found, model, ends, others, bar)) if others else None
    if sizes == (1, 1):
        return None
    pairs = list(product(groups[0][:MEMBERS], groups[1][:MEMBERS]))
    bits, counted = _bits(found, model, pairs, bar)
    worst = int(np.argmin(bits))
    against = (*pairs[worst], float(bits[worst])) if bits[worst] < 0 else None
    return Group(sizes, False, mean=float(counted.mean()), against=against)


def _witness(
    found: Features, model: Model, ends: tuple[int, int], others: list[int], bar: float
) -> tuple[int, float, float] | None:
    to_left, to_right = (_bits(found, model, [(end, other) for other in others], bar)[0] for end in ends)
    weaker = np.minimum(to_left, to_right)
    best = int(np.argmax(weaker))
    return (others[best], float(to_left[best]), float(to_right[best])) if weaker[best] > 0 else None


def _bits(found: Features, model: Model, pairs: list[tuple[int, int]], bar: float) -> tuple[Any, Any]:
    """(bits above the threshold of each pair, the same as they count in a group)."""
    left, right = (np.array(ends, np.int32) for ends in zip(*pairs, strict=True))
    outcomes = compared(found, np.minimum(left, right), np.maximum(left, right))
    bits = scored(model, {field.name: outcomes[field.name] for field in model.fields}) / 1000.0 - bar
    counted = np.where(bits <= CONTRADICTION / 2, AGAINST, np.clip(bits, LEAST, MOST))
    return bits, np.where(vetoed({name: outcomes[name] for name in OUTCOMES}), NEVER, counted)
