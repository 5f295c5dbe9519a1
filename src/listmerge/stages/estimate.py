"""How right the clusters are, estimated without labels.

Precision: two contacts of one cluster are one with the probability of their own evidence, or of the best chain through
a third contact, whichever is greater. Recall: what was compared and left apart counts with its probability; what no key
brought together is estimated by capture and recapture (Chapman 1951): names catch a pair, and e-mail, phone, address or
birthday catch it; how often each misses what the other catches says how often both miss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from listmerge.stages.codes import Codes
from listmerge.stages.levels import MISSING, level_of
from listmerge.stages.levels import names as name_levels

#: How far the expected number of wrong joins, and of missed ones, was from the truth on labelled lists: (times fewer,
#: times more). Probabilities of pairs that were left apart are the least sure.
WRONG_OFF: Final = (3.0, 3.0)
MISSED_OFF: Final = (2.0, 4.0)
#: No interval is wider, for precision and for recall.
WIDEST: Final = (0.10, 0.20)
#: Clusters above this are counted by their pairs' own evidence only.
LARGE: Final = 100
#: Field -> levels up to which it would bring two contacts together by itself.
CATCHING: Final = {"email": 3, "phone": 2, "address": 3, "birthday": 0, "identifier": 0}


def estimated(
    cluster: Codes, left: Codes, right: Codes, probability: Any, outcomes: Mapping[str, Any], caught: Any
) -> dict[str, float | list[float]]:
    """Precision and recall with intervals, from all pairs and their probabilities; `outcomes` and `caught` (the kind is
    person) belong to the first pairs, those that keys brought together."""
    inside = cluster[left] == cluster[right]
    joined = _pairs(cluster)
    right_ones = expected_right(cluster, left[inside], right[inside], probability[inside])
    apart = float(probability[~inside].sum())
    precision = right_ones / joined if joined else 1.0
    unseen = missed_share(outcomes, probability[:len(caught)] * caught)
    true = (right_ones + apart) / max(1 - unseen, 0.2)
    recall = right_ones / true if true >= 1 else 1.0
    return {"precision": round(precision, 4),
            "precision_interval": interval(1 - precision, joined, *WRONG_OFF, WIDEST[0]),
            "recall": round(recall, 4), "recall_interval": interval(1 - recall, true, *MISSED_OFF, WIDEST[1]),
            "expected_right_pairs": round(right_ones, 1), "joined_pairs": joined}


def interval(share: float, pairs: float, fewer: float, more: float, widest: float) -> list[float]:
    """Where the share of right pairs lies when `share` of `pairs` are expected to be wrong (or missed): up to so many
    times fewer or more, and chance on top (two standard deviations of a Poisson count, and the rule of three)."""
    few, many = share * pairs / fewer, share * pairs * more
    high = 1 - max(few - 2 * few**0.5, 0.0) / max(pairs, 1.0)
    low = 1 - (many + 2 * many**0.5 + 3) / max(pairs, 1.0)
    return [round(max(low, high - widest, 0.0), 4), round(min(high, 1.0), 4)]


def _pairs(cluster: Codes) -> int:
    sizes = np.bincount(cluster).astype(np.int64) if len(cluster) else np.zeros(1, np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def expected_right(cluster: Codes, left: Codes, right: Codes, probability: Any) -> float:
    """The expected number of right pairs inside the clusters; left and right are in one cluster each."""
    sizes = np.bincount(cluster, minlength=len(cluster))
    order = np.argsort(cluster, kind="stable")
    place = np.empty(len(cluster), np.int64)
    place[order] = np.arange(len(cluster))
    start = np.searchsorted(cluster[order], np.arange(len(cluster)))
    total = float(probability[sizes[cluster[left]] > LARGE].sum())
    for size in np.unique(sizes[(sizes > 1) & (sizes <= LARGE)]):
        mine = np.flatnonzero(sizes[cluster[left]] == size)
        which, number = np.unique(cluster[left[mine]], return_inverse=True)
        matrix = np.zeros((len(which), size, size), np.float32)
        one, other = place[left[mine]] - start[cluster[left[mine]]], place[right[mine]] - start[cluster[right[mine]]]
        matrix[number, one, other] = matrix[number, other, one] = probability[mine]
        total += float(np.triu(_through_third(matrix), 1).sum())
    return total


def _through_third(matrix: Any) -> Any:
    best = matrix.copy()
    for third in range(matrix.shape[1]):
        best = np.maximum(best, matrix[:, :, third, None] * matrix[:, third, None, :])
    return best


def missed_share(outcomes: Mapping[str, Any], belief: Any) -> float:
    """The share of true pairs that no key brings together; `belief` is the probability of each pair."""
    named = (outcomes["given"] != MISSING) & (outcomes["family"] != MISSING)
    by_name = named & (level_of(outcomes["given"]) <= name_levels.SWAPPED) & (
        level_of(outcomes["family"]) <= name_levels.SWAPPED)
    comparable, by_value = np.zeros(len(belief), bool), np.zeros(len(belief), bool)
    for name, level in CATCHING.items():
        comparable |= outcomes[name] != MISSING
        by_value |= (outcomes[name] != MISSING) & (level_of(outcomes[name]) <= level)
    both = named & comparable
    name_misses = _share(belief, both & by_value, ~by_name)
    value_misses = _share(belief, both & by_name, ~by_value)
    alone = float(belief[~comparable].sum()) / max(float(belief.sum()), 1e-9)
    return min(name_misses * (value_misses * (1 - alone) + alone), 0.8)


def _share(belief: Any, among: Any, of: Any) -> float:
    return float(belief[among & of].sum() + 0.5) / (float(belief[among].sum()) + 10.0)
