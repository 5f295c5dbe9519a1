"""A pair that was not merged is never said to lack the evidence that its probability shows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from listmerge.stages.link import OF_GROUP, group_disagrees

OWN = ("same e-mail, but different given names", "same e-mail, but nothing else to compare", "nothing else to compare")


def test_what_is_likely_was_split_by_its_group() -> None:
    assert group_disagrees(pa.array(OWN), np.ones(3, bool)).to_pylist() == [
        f"{OF_GROUP}: same e-mail, but different given names", f"{OF_GROUP}: same e-mail", OF_GROUP]


def test_what_is_not_likely_keeps_its_own_reason() -> None:
    assert group_disagrees(pa.array(OWN), np.zeros(3, bool)).to_pylist() == [*OWN]
