"""Which contacts are one: clusters in which everything known fits together, not mere chains of pairs.

Groups grow from the best pair down (agglomerative, average linkage: Sokal & Michener 1958, by mutual nearest
neighbours). Two groups join when the mean weight of all pairs between them is above the threshold; a pair that no key
brought together counts as evidence against; a pair that may not join keeps its groups apart for ever.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import Engine
from listmerge.engine.graph import smallest_connected
from listmerge.model import CLUSTERS, NEAR_PAIRS, arrow_schema
from listmerge.stages import Findings, Settings, Stage
from listmerge.stages.accuracy import accuracy_of
from listmerge.stages.codes import Codes
from listmerge.stages.decided import Ruled, decided, proof, with_decisions, with_records
from listmerge.stages.evidence import OUTCOMES, compared
from listmerge.stages.features import TABLES, features_of, forget
from listmerge.stages.reasons import NOTHING_ELSE, reasons
from listmerge.stages.train import loads
from listmerge.stages.weights import CONTRADICTION

#: Bits that a pair counts in a group at most, for and against.
MOST: Final = 12.0
LEAST: Final = -3.0
#: Bits of a pair that contradicts itself.
AGAINST: Final = -7.0
#: Bits of a pair that was never compared, since nothing brought it together.
UNSEEN: Final = -4.0
#: Bits of a decision.
ALWAYS: Final = 1e9
NEVER: Final = -1e6
#: Contradictions of decisions that are proved in full.
PROOFS: Final = 20
#: Why two that are likely the same were kept apart all the same.
OF_GROUP: Final = "alike, but the group they would join disagrees"


def link(engine: Engine, settings: Settings, findings: Findings) -> None:
    """Makes `clusters` and `near_pairs`."""
    scores, contacts = engine.get("scores"), engine.get("contacts", ["record_id", "part"])
    left, right = scores["left"].to_numpy(), scores["right"].to_numpy()
    probability, weight = scores["probability"].to_numpy(), scores["weight"].to_numpy() / 1000.0
    vetoed = scores["vetoed"].to_numpy(zero_copy_only=False)
    count = contacts.num_rows
    bar = float(np.log2(settings.threshold / (1 - settings.threshold)))
    ruled = decided(engine.get("decisions"), contacts)
    known = with_records(ruled, contacts)
    judged = with_decisions(left, right, weight - bar, vetoed, known)
    with ThreadPoolExecutor(2) as beside:
        grown = beside.submit(agglomerate, *judged, count)
        accuracy = beside.submit(accuracy_of, features_of(engine), loads(findings.model), engine.get("levels"), grown,
                                 (left, right, probability), bar)
        cluster = grown.result()
        _report_contradictions(ruled, cluster, contacts, findings)
        inside = cluster[left] == cluster[right]
        engine.put("clusters", _clusters(cluster, left[inside], right[inside], probability[inside], ruled))
        near = np.flatnonzero(~inside & ((probability >= settings.near_threshold) | vetoed)
                              & ~_ruled_apart(left, right, known))
        engine.put("near_pairs", _near_pairs(engine, findings, near, probability[near] >= settings.threshold))
        findings.counts |= {"clusters": int((cluster == np.arange(count)).sum()), **accuracy.result()}
    forget()


LINK: Final = Stage("link", (*TABLES, "levels", "scores", "decisions"), ("clusters", "near_pairs"), link)


def _clusters(cluster: Codes, left: Codes, right: Codes, probability: Any, ruled: Ruled) -> pa.Table:
    """Each contact with its cluster and the best probability of the pairs within it."""
    best = np.zeros(len(cluster), np.float32)
    for ends in (left, right):
        np.maximum.at(best, cluster[ends], probability)
    best[cluster[ruled.left[ruled.same]]] = 1.0
    everyone = np.arange(len(cluster), dtype=np.int32)
    return pa.table([everyone, cluster, best[cluster]], schema=arrow_schema(CLUSTERS))


def _near_pairs(engine: Engine, findings: Findings, near: Any, likely: Any) -> Any:
    """The pairs of these rows of the scores, with the reason why each was not merged."""
    found = features_of(engine)
    scores = engine.get("scores").select(["left", "right", "probability", "vetoed"]).take(pa.array(near))
    left, right, probability, veto = (column.to_numpy() for column in scores.columns)
    words = reasons(loads(findings.model), found.organisation[left], _outcomes(engine, near, left, right))
    return pa.table([left, right, probability, group_disagrees(pa.array(words, pa.string()), likely & ~veto)],
                    schema=arrow_schema(NEAR_PAIRS))


def _outcomes(engine: Engine, rows: Any, left: Codes, right: Codes) -> dict[str, Any]:
    """What these pairs of the scores show: the first ones are those of `levels`, the others are compared again."""
    levels = engine.get("levels")
    known = rows < levels.num_rows
    before = levels.select(OUTCOMES).take(pa.array(rows[known]))
    others = compared(features_of(engine), left[~known], right[~known])
    outcomes = {name: np.empty(len(rows), others[name].dtype) for name in OUTCOMES}
    for name, column in outcomes.items():
        column[known], column[~known] = before[name].to_numpy(), others[name]
    return outcomes


def group_disagrees(reason: pa.Array, likely: Any) -> pa.Array:
    """The reasons why pairs were not merged; of `likely` ones it is not their own evidence, but that of the group."""
    reasons = reason.dictionary_encode()
    own = pc.replace_substring_regex(reasons.dictionary, f"(, but )?{NOTHING_ELSE}$", "")
    said = pc.if_else(pc.equal(own, ""), OF_GROUP, pc.binary_join_element_wise(OF_GROUP, own, ": "))
    which = reasons.indices.to_numpy() + len(own) * likely
    return pa.concat_arrays([reasons.dictionary, said]).take(pa.array(which))


def _report_contradictions(ruled: Ruled, cluster: Codes, contacts: pa.Table, findings: Findings) -> None:
    """Says which decisions contradict each other, the first few with the shortest chain of decisions that proves it."""
    broken = np.flatnonzero(~ruled.same & (cluster[ruled.left] == cluster[ruled.right]))
    if not len(broken):
        return
    findings.remarks.append(f"{len(broken)} decisions that two contacts are different contradict decisions "
                            "that they are the same; they were kept together.")
    for at in broken[:PROOFS]:
        chain = proof(ruled, int(ruled.left[at]), int(ruled.right[at]))
        keys = [f"{contacts['record_id'][one]}.{contacts['part'][one]}" for one in chain]
        findings.remarks += [f"{keys[0]} and {keys[-1]} are said to be different, but " + " is the same as ".join(keys)
                             + "."] if keys else []


def _ruled_apart(left: Codes, right: Codes, ruled: Ruled) -> Any:
    apart = (ruled.left[~ruled.same].astype(np.int64) << 32) | ruled.right[~ruled.same]
    return np.isin((left.astype(np.int64) << 32) | right, apart)


def agglomerate(left: Codes, right: Codes, weight: Any, vetoed: Any, count: int) -> Codes:
    """The cluster of each contact, named by its smallest; `weight` is in bits above the threshold."""
    joined = np.flatnonzero((weight > 0) & ~vetoed)
    ends = left[joined], right[joined]
    part = smallest_connected(*ends, count)
    near = np.flatnonzero(part[left] == part[right])
    grouped = np.zeros(count, bool)
    grouped[ends[0]] = grouped[ends[1]] = True
    contacts = np.flatnonzero(grouped).astype(np.int32)
    place = np.cumsum(grouped, dtype=np.int32) - 1
    cluster = np.arange(count, dtype=np.int32)
    cluster[contacts] = contacts[_joined(place[left[near]], place[right[near]], _bits(weight[near], vetoed[near]),
                                         contacts)]
    return cluster


def _bits(weight: Any, vetoed: Any) -> Any:
    """What each pair counts in a group."""
    bits = np.clip(weight, LEAST, MOST)
    bits[weight <= CONTRADICTION / 2] = AGAINST
    bits[vetoed] = NEVER
    bits[weight >= ALWAYS] = ALWAYS
    return bits


def _joined(one: Codes, other: Codes, total: Any, contacts: Codes) -> Codes:
    """The group of each of the contacts, named by its first; `one` and `other` are places among them."""
    cluster, size, seen = np.arange(len(contacts)), np.ones(len(contacts)), np.ones(len(one))
    one, other = one.astype(np.int64), other.astype(np.int64)
    while len(one):
        score = (total + UNSEEN * (size[one] * size[other] - seen)) / (size[one] * size[other])
        merge = _mutual_best(one, other, score, contacts)
        if not len(merge):
            break
        keep, gone = one[merge], other[merge]
        renamed = np.arange(len(contacts))
        renamed[gone] = keep
        size[keep] += size[gone]
        cluster = renamed[cluster]
        one, other, total, seen = _merged_pairs(renamed[one], renamed[other], total, seen)
    return cluster


def _mutual_best(one: Any, other: Any, score: Any, contacts: Codes) -> Any:
    """The pairs above 0 of which each end is the other's best; of equal scores the one with the least chance."""
    open_ = np.flatnonzero(score > 0)
    ends = one[open_], other[open_]
    best = [np.ones(len(open_), bool)] * 2
    for rank in (-score[open_], _mixed(contacts[ends[0]], contacts[ends[1]]), np.arange(len(open_))):
        least = np.full(len(contacts), rank.max(initial=0))
        for end, still in zip(ends, best, strict=True):
            np.minimum.at(least, end[still], rank[still])
        best = [still & (rank == least[end]) for end, still in zip(ends, best, strict=True)]
    return open_[best[0] & best[1]]


def _mixed(one: Any, other: Any) -> Any:
    """An order of pairs that prefers no contact, so that equal scores merge many at a time."""
    mixed = (one.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ (other.astype(np.uint64) + np.uint64(0x7F4A7C15))
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32))


def _merged_pairs(one: Any, other: Any, total: Any, seen: Any) -> tuple[Any, Any, Any, Any]:
    apart = one != other
    low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
    keys, which = np.unique((low << 32) | high, return_inverse=True)
    return keys >> 32, keys & 0xFFFFFFFF, np.bincount(which, total[apart]), np.bincount(which, seen[apart])
