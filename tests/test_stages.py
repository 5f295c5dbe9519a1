"""The way through the house: every table is made once, by one stage, and before it is read."""

from __future__ import annotations

from collections import Counter

from listmerge.stages import GIVEN
from listmerge.stages.all import STAGES


def test_every_table_is_made_once() -> None:
    made = Counter(table for stage in STAGES for table in stage.makes) + Counter(GIVEN)
    assert [table for table, times in made.items() if times > 1] == []


def test_every_table_is_made_before_it_is_read() -> None:
    known = set(GIVEN)
    for stage in STAGES:
        assert set(stage.reads) <= known, stage.name
        known |= set(stage.makes)


def test_every_given_table_is_read() -> None:
    read = {table for stage in STAGES for table in stage.reads}
    assert set(GIVEN) - {"cells"} <= read
