"""What people decided, before any evidence: these two are the same, these two are different."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


def with_decisions(left: Codes, right: Codes, weight: Any, vetoed: Any, ruled: Ruled) -> tuple[Any, Any, Any, Any]:
    """The pairs with the decided ones in place of their evidence."""
    if not len(ruled.left):
        return left, right, weight, vetoed
    mine = (left.astype(np.int64) << 32) | right
    rest = ~np.isin(mine, (ruled.left.astype(np.int64) << 32) | ruled.right)
    return (
        np.concatenate([left[rest], ruled.left]), np.concatenate([right[rest], ruled.right]),
        np.concatenate([weight[rest], np.where(ruled.same, CERTAIN, -CERTAIN)]),
        np.concatenate([vetoed[rest], ~ruled.same]),
    )
