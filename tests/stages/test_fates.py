"""The fates of values side by side: one row a contact, and no value with two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stages.small_lists import fates_of, table

from listmerge.errors import Bug
from listmerge.model import EMAILS, FATES, IDENTIFIERS, IN_SLOTS, ONE_VALUE, SEVERAL_A_SLOT, fates_columns
from listmerge.stages.merge.fates import Fated, columns, side_by_side

WANTED = fates_columns(dict.fromkeys(IN_SLOTS, 3))
PLACES = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, len(FATES) - 1))


def members(*contacts: int) -> pa.Table:
    return pa.table({"contact": pa.array(contacts, pa.int32())})


def fated(unit: str, rows: Any) -> Fated:
    return Fated(unit, *(np.array([row[number] for row in rows], int) for number in range(3)))


def test_the_columns_are_those_of_the_slots_that_there_are() -> None:
    values = {name: table(EMAILS, []) for name in IN_SLOTS.values()}
    values["emails"] = table(EMAILS, [{"contact": 0, "slot": 1}, {"contact": 1}])
    values["identifiers"] = table(IDENTIFIERS, [{"contact": 0}])
    assert [name for name, _ in columns(values)] == [
        "contact", *ONE_VALUE, "email.0", "email.1", "identifier.0", *(f"{unit}.values" for unit in SEVERAL_A_SLOT)]


@given(st.sampled_from(SEVERAL_A_SLOT), st.lists(PLACES))
def test_of_several_values_in_a_slot_the_best_fate_stands_and_all_are_counted(unit: str, rows: Any) -> None:
    made = side_by_side(members(7, 5, 9, 2), [fated(unit, rows)], WANTED)
    best: dict[tuple[int, str, int], int] = {}
    for at, slot, fate in rows:
        place = ((7, 5, 9, 2)[at], unit, slot)
        best[place] = min(best.get(place, fate), fate)
    assert sorted(fates_of(made)) == sorted((*place, FATES[fate]) for place, fate in best.items())
    assert made[f"{unit}.values"].to_pylist() == [sum(row[0] == at for row in rows) for at in range(4)]


def test_who_has_nothing_has_a_row_too() -> None:
    made = side_by_side(members(1, 0), [], WANTED)
    assert made["contact"].to_pylist() == [1, 0] and fates_of(made) == []


@pytest.mark.parametrize(("unit", "rows"), [
    pytest.param("name", [(0, 0, 1), (1, 0, 1), (0, 0, 1)], id="two names"),
    pytest.param("identifier", [(0, 0, 3), (0, 1, 3), (0, 1, 3)], id="two identifiers in a slot"),
    pytest.param("identifier", [(0, 3, 3)], id="a slot that there is not"),
    pytest.param("shoe", [(0, 0, 3)], id="a unit that there is not"),
])
def test_what_cannot_be_counted_stops_the_run(unit: str, rows: Any) -> None:
    with pytest.raises(Bug) as stopped:
        side_by_side(members(0, 1), [fated(unit, rows)], WANTED)
    assert stopped.value.code == "unbalanced"
