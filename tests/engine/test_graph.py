"""Connected parts: named by their smallest, whatever the order of the edges and however long the chains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.engine.graph import smallest_connected

NODES = 40
EDGES = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=60)


def by_search(edges: list[tuple[int, int]]) -> list[int]:
    """The same by walking from each node to all that can be reached."""
    beside: dict[int, set[int]] = {node: {node} for node in range(NODES)}
    for one, other in edges:
        beside[one].add(other)
        beside[other].add(one)
    smallest = []
    for node in range(NODES):
        reached, new = {node}, {node}
        while new:
            new = set().union(*(beside[one] for one in new)) - reached
            reached |= new
        smallest.append(min(reached))
    return smallest


def connected(edges: list[tuple[int, int]], count: int) -> list[int]:
    left, right = ([edge[end] for edge in edges] for end in (0, 1))
    found: list[int] = smallest_connected(np.array(left, np.int32), np.array(right, np.int32), count).tolist()
    return found


@given(EDGES)
def test_the_same_as_a_search(edges: list[tuple[int, int]]) -> None:
    assert connected(edges, NODES) == by_search(edges)


@given(EDGES)
def test_the_order_of_the_edges_says_nothing(edges: list[tuple[int, int]]) -> None:
    turned = [edge[::-1] for edge in edges[::-1]]
    assert connected(turned, NODES) == connected(edges, NODES)


@pytest.mark.parametrize("order", [np.arange(50_000), np.arange(50_000)[::-1],
                                   np.random.default_rng(1).permutation(50_000)])
def test_a_long_chain_is_one(order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    assert not smallest_connected(order[:-1], order[1:], 50_000).any()


def test_a_star_is_one() -> None:
    rim = np.arange(1_000)
    assert not smallest_connected(np.full(1_000, 1_000), rim, 1_001).any()


def test_nothing_is_connected_to_nothing() -> None:
    assert connected([], 3) == [0, 1, 2] and connected([], 0) == []
