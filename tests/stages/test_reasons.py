"""A pair that was not merged is never said to lack the evidence that its probability shows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from listmerge.stages.levels import MISSING, outcome
from listmerge.stages.link import OF_GROUP, group_disagrees
from listmerge.stages.reasons import NOTHING_ELSE, reasons
from listmerge.stages.train import starting_model
from listmerge.stages.weights import FIELDS

OWN = ("same e-mail, but different given names", "same e-mail, but nothing else to compare", "nothing else to compare")


def test_what_is_likely_was_split_by_its_group() -> None:
    assert group_disagrees(pa.array(OWN), np.ones(3, bool)).to_pylist() == [
        f"{OF_GROUP}: same e-mail, but different given names", f"{OF_GROUP}: same e-mail", OF_GROUP]


def test_what_is_not_likely_keeps_its_own_reason() -> None:
    assert group_disagrees(pa.array(OWN), np.zeros(3, bool)).to_pylist() == [*OWN]


def test_each_pair_is_told_by_its_own_evidence() -> None:
    """A common name that two share is not worth naming, whatever another pair shares that stands before it."""
    models = {kind: starting_model(fields, 1_000) for kind, fields in FIELDS.items()}
    rare, common = outcome(0, 12.0), outcome(0, 0.5)
    for order in ((rare, common), (common, rare)):
        given = np.array(order, np.int16)
        outcomes = {field.name: np.full(2, MISSING, np.int16) for field in FIELDS["person"]} | {"given": given}
        found = reasons(models, np.zeros(2, bool), outcomes)
        named = [f"same given name, but {NOTHING_ELSE}" if one == rare else NOTHING_ELSE for one in order]
        assert found == named
