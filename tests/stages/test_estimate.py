"""How wide the estimate of accuracy is, and what plain rules find beside the model."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from listmerge.stages.estimate import interval
from listmerge.stages.levels import MISSING, outcome
from listmerge.stages.rules import beside_rules


@given(st.floats(0, 1), st.floats(0, 1e7), st.sampled_from([(3.0, 3.0, 0.1), (2.0, 4.0, 0.2)]))
def test_an_interval_is_within_its_bounds(share: float, pairs: float, off: tuple[float, float, float]) -> None:
    low, high = interval(share, pairs, *off)
    assert 0 <= low <= high <= 1 and high - low <= off[2] + 1e-3


def test_a_list_without_doubt_has_a_narrow_interval() -> None:
    assert interval(0.0001, 10_000, 3, 3, 0.1)[0] > 0.99
    wide = interval(0.02, 10_000, 3, 3, 0.1)
    assert wide[1] - wide[0] > 0.05


def test_rules_beside_the_model() -> None:
    left, right = np.array([0, 0, 1]), np.array([1, 2, 2])
    none = np.full(3, MISSING, np.int16)
    same, other = int(outcome(0)), int(outcome(4))
    found = {"company": none, "given": np.array([same] * 3, np.int16), "family": np.array([same] * 3, np.int16),
             "email": np.array([same, other, other], np.int16), "phone": np.array([other, same, other], np.int16),
             "address": none}
    said = beside_rules(np.array([0, 0, 2]), left, right, found)
    assert said == {"e-mail equal": 1, "name and phone equal": 1, "name and address equal": 0, "both": 1,
                    "only_rules": 1, "only_model": 0}
