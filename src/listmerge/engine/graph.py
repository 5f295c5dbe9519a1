"""Which nodes of a graph hang together, in numpy: quicker than scipy, which takes longer to load than to answer."""

from __future__ import annotations

from typing import Any

import numpy as np


def smallest_connected(left: Any, right: Any, count: int) -> Any:
    """For each of `count` nodes, numbers from 0, the smallest that the edges (left, right) connect it to: itself where
    none does. In int32, whatever the order of the edges.

    Every root takes the smallest root that an edge leads to, then every node takes its root, until no edge leads from
    one root to another: a few rounds (Liu & Tarjan, Simple concurrent labeling algorithms for connected components,
    2019).
    """
    root = np.arange(count, dtype=np.int32)
    one, other = np.asarray(left, np.intp), np.asarray(right, np.intp)
    while len(one):
        low, high = np.minimum(one, other), np.maximum(one, other)
        np.minimum.at(root, high, low.astype(np.int32))     # of its own type it takes the quick way
        root = _shortened(root)
        apart = np.flatnonzero(root[low] != root[high])
        one, other = root[low[apart]].astype(np.intp), root[high[apart]].astype(np.intp)
    return root


def _shortened(root: Any) -> Any:
    """Every node with the end of the chain that it begins."""
    while not np.array_equal(further := root[root], root):
        root = further
    return root
