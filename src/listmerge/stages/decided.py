"""What is known before any evidence: these two are the same, these two are different.

People decide it; and two contacts of one record are two, for whoever wrote the row took them for two.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.block import pairs_within
from listmerge.stages.codes import Codes

#: Bits that no evidence reaches.
CERTAIN = 1e9


@dataclass(frozen=True, slots=True)
class Ruled:
    """Decisions whose two contacts are both in the lists, left < right, each pair once; `same` or different."""

    left: Codes
    right: Codes
    same: Any


def decided(decisions: pa.Table, contacts: pa.Table) -> Ruled:
    """Decisions by contact number. When the same pair was decided twice, "different" holds."""
    if not decisions.num_rows:
        return Ruled(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, bool))
    keys = pc.binary_join_element_wise(contacts["record_id"], pc.cast(contacts["part"], pa.string()), ".")
    ends = [pc.index_in(decisions[side], keys).fill_null(-1).to_numpy() for side in ("left_key", "right_key")]
    known = (ends[0] >= 0) & (ends[1] >= 0) & (ends[0] != ends[1])
    low, high = np.minimum(*ends)[known].astype(np.int64), np.maximum(*ends)[known]
    same = pc.equal(decisions["verdict"], "same").to_numpy(zero_copy_only=False)[known]
    pairs, which = np.unique((low << 32) | high, return_inverse=True)
    all_same = np.bincount(which[~same], minlength=len(pairs)) == 0
    return Ruled((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32), all_same)


def proof(ruled: Ruled, left: int, right: int) -> list[int]:
    """The shortest chain of "same" from `left` to `right`, both included; empty when there is none."""
    beside: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in zip(ruled.left[ruled.same].tolist(), ruled.right[ruled.same].tolist(), strict=True):
        beside[one].append(other)
        beside[other].append(one)
    came_from = {left: left}
    waiting = deque([left])
    while waiting and right not in came_from:
        here = waiting.popleft()
        for other in sorted(set(beside[here]) - came_from.keys()):
            came_from[other] = here
            waiting.append(other)
    chain = [right] if right in came_from else []
    while chain and chain[-1] != left:
        chain.append(came_from[chain[-1]])
    return chain[::-1]


def with_records(ruled: Ruled, contacts: pa.Table) -> Ruled:
    """The decisions, and "different" for all contacts of one record of which nobody decided otherwise."""
    left, right = of_one_record(contacts)
    new = ~np.isin(_keys(left, right), _keys(ruled.left, ruled.right))
    return Ruled(np.concatenate([ruled.left, left[new]]), np.concatenate([ruled.right, right[new]]),
                 np.concatenate([ruled.same, np.zeros(int(new.sum()), bool)]))


def of_one_record(contacts: pa.Table) -> tuple[Codes, Codes]:
    """All pairs of contacts of one record; contacts are sorted by record."""
    if not pc.any(pc.greater(contacts["part"], 0)).as_py():
        return np.empty(0, np.int32), np.empty(0, np.int32)
    ids = contacts["record_id"]
    start = np.flatnonzero(np.append(True, pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)))
    size = np.diff(np.append(start, len(ids)))
    pairs = np.concatenate([np.empty(0, np.int64), *pairs_within(np.arange(len(ids)), start, size, len(ids))])
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def _keys(left: Codes, right: Codes) -> Any:
    return (left.astype(np.int64) << 32) | right


def with_decisions(left: Codes, right: Codes, weight: Any, vetoed: Any, ruled: Ruled) -> tuple[Any, Any, Any, Any]:
    """The pairs with the decided ones in place of their evidence."""
    if not len(ruled.left):
        return left, right, weight, vetoed
    rest = ~np.isin(_keys(left, right), _keys(ruled.left, ruled.right))
    return (
        np.concatenate([left[rest], ruled.left]), np.concatenate([right[rest], ruled.right]),
        np.concatenate([weight[rest], np.where(ruled.same, CERTAIN, -CERTAIN)]),
        np.concatenate([vetoed[rest], ~ruled.same]),
    )
