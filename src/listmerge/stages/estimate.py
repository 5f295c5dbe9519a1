"""How right the clusters are, estimated without labels.

Precision: two contacts of one cluster are one with the probability of their own evidence, or of the best chain through
a third contact, whichever is greater. Look-alike strangers planted on the side (strangers.py) say a second time how
many pairs are wrong. Recall: copies of the lists' own contacts are planted on the side (planted.py); the share of them
that is found says how many pairs there are for those that were found.

Intervals say how far such estimates may be off: they hold all that was estimated. What is estimated to be wrong (or
missed) may be some times less or more, for weights and independence are never quite true; some share may be wrong for
reasons of which nothing in the lists tells; and chance comes on top. Benchmarks hold them against lists whose truth is
known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from listmerge.stages.codes import Codes


@dataclass(frozen=True, slots=True)
class Off:
    """How far an estimated share of wrong (or missed) pairs may be off: times `fewer`, times `more` and a share
    `beyond` any doubt, and no wider than `widest`."""

    fewer: float
    more: float
    beyond: float
    widest: float


WRONG: Final = Off(fewer=4, more=2, beyond=0.01, widest=0.10)
MISSED: Final = Off(fewer=3, more=2, beyond=0.06, widest=0.20)
#: Clusters above this are counted by their pairs' own evidence only.
LARGE: Final = 100
#: What it all rests on, for people.
BASIS: Final = {
    "precision": "the probabilities of all pairs that were merged, and look-alike strangers planted on the side",
    "recall": "copies of the lists' own contacts, planted on the side with the differences that likely pairs show",
}


@dataclass(frozen=True, slots=True)
class Found:
    """Of one kind of contacts: the expected number of right pairs that keys brought together and that are likely, and
    the share of planted copies that was found so."""

    pairs: float
    share: float


def estimated(joined: int, right: float, found: Mapping[str, Found], strangers: float) -> dict[str, Any]:
    """Precision and recall with intervals, of `joined` pairs of which `right` are expected to be right, or all but as
    many as planted `strangers` were joined."""
    true = max(sum(kind.pairs / kind.share for kind in found.values()), right)
    return {**precision_of(joined, right, strangers), **recall_of(right, true), "expected_right_pairs": round(right, 1),
            "joined_pairs": joined, "expected_true_pairs": round(true, 1),
            "planted_strangers": round(strangers, 1),
            "planted_found": {name: round(kind.share, 4) for name, kind in found.items()}, "basis": BASIS}


def precision_of(joined: int, right: float, *wrong: float) -> dict[str, Any]:
    """The share of pairs that are right, 1 of none; `wrong` are other estimates of how many are not."""
    share = min(right / joined, 1.0) if joined else 1.0
    others = [min(many / max(joined, 1), 1.0) for many in wrong]
    return {"precision": round(share, 4), "precision_interval": interval(1 - share, joined, WRONG, *others)}


def recall_of(right: float, true: float) -> dict[str, Any]:
    """The share of pairs that are found, 1 of none."""
    share = min(right / true, 1.0) if true >= 1 else 1.0
    return {"recall": round(share, 4), "recall_interval": interval(1 - share, true, MISSED)}


def interval(share: float, pairs: float, off: Off, *others: float) -> list[float]:
    """Where the share of right pairs lies when `share` of `pairs` are expected to be wrong (or missed), or `others` by
    other estimates; chance is two standard deviations of a Poisson count, and the rule of three. Where it is too wide,
    the low end gives way first."""
    few, many = min(share, *others, 1.0) * pairs / off.fewer, max(share, *others, 0.0) * pairs * off.more
    high = 1 - max(few - 2 * few**0.5, 0.0) / max(pairs, 1.0)
    low = max(1 - off.beyond - (many + 2 * many**0.5 + 3) / max(pairs, 1.0), 0.0)
    if high - low > off.widest:
        low = min(high - off.widest, 1 - share - off.widest / 4)
        high = low + off.widest
    return [round(max(low, 0.0), 4), round(min(high, 1.0), 4)]


def pairs_of(cluster: Codes) -> int:
    """How many pairs are in one cluster."""
    sizes = np.bincount(cluster).astype(np.int64) if len(cluster) else np.zeros(1, np.int64)
    return int((sizes * (sizes - 1)).sum()) // 2


def expected_right(cluster: Codes, left: Codes, right: Codes, probability: Any) -> float:
    """The expected number of right pairs inside the clusters; left and right are in one cluster each."""
    sizes = np.bincount(cluster, minlength=len(cluster))
    place, number = _places(cluster, sizes), np.empty(len(cluster), np.int64)
    of_pair = cluster[left]
    size = sizes[of_pair]
    total = float(probability[size > LARGE].sum())
    paired = np.zeros(len(cluster), bool)
    paired[of_pair] = True
    clusters = np.flatnonzero(paired)
    for many in np.unique(sizes[clusters[sizes[clusters] <= LARGE]]):
        mine, alike = np.flatnonzero(size == many), clusters[sizes[clusters] == many]
        number[alike] = np.arange(len(alike))
        matrix = np.zeros((len(alike), many, many), np.float32)
        which, one, other = number[of_pair[mine]], place[left[mine]], place[right[mine]]
        matrix[which, one, other] = matrix[which, other, one] = probability[mine]
        total += float(np.triu(_through_third(matrix), 1).sum())
    return total


def _places(cluster: Codes, sizes: Any) -> Any:
    """The place of each contact within its cluster, from 0."""
    members = np.flatnonzero(sizes[cluster] > 1)
    both = np.sort((cluster[members].astype(np.int64) << 32) | members)
    of_member, members = both >> 32, both & 0xFFFFFFFF
    start = np.flatnonzero(np.diff(of_member, prepend=-1))
    place = np.zeros(len(cluster), np.int64)
    place[members] = np.arange(len(members)) - np.repeat(start, sizes[of_member[start]])
    return place


def _through_third(matrix: Any) -> Any:
    best = matrix.copy()
    for third in range(matrix.shape[1]):
        best = np.maximum(best, matrix[:, :, third, None] * matrix[:, third, None, :])
    return best
