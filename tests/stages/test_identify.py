"""Master ids: made from content, kept by the larger part, never given twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.stages.small_lists import Lists, merged

from listmerge.stages.identify import first_id, keep_ids, short_ids


def held(*rows: tuple[int, str, int, int]) -> pa.Table:
    names = ("cluster", "master_id", "age", "shared")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})


def kept(*rows: tuple[int, str, int, int]) -> set[tuple[int, str]]:
    return {row[:2] for row, stays in zip(rows, keep_ids(held(*rows)), strict=True) if stays}


def test_an_id_is_m_and_sixteen_base_32_digits_of_the_key() -> None:
    assert re.fullmatch(r"M[A-Z2-7]{16}", first_id("4f9a.0"))
    assert first_id("4f9a.0") != first_id("4f9a.1")
    assert short_ids(["a", "b"]) == [*short_ids(["a"]), *short_ids(["b"])]


@pytest.mark.parametrize(("rows", "expected"), [
    pytest.param([(0, "MA", 1, 3), (5, "MA", 1, 2)], {(0, "MA")}, id="split: the largest part keeps it"),
    pytest.param([(0, "MA", 1, 2), (5, "MA", 1, 2)], {(0, "MA")}, id="split in halves: the smaller contact"),
    pytest.param([(0, "MA", 1, 1), (0, "MB", 1, 4)], {(0, "MB")}, id="joined: the one with most contacts"),
    pytest.param([(0, "MB", 1, 2), (0, "MA", 2, 2)], {(0, "MB")}, id="joined, a tie: the older"),
    pytest.param([(0, "MB", 1, 2), (0, "MA", 1, 2)], {(0, "MA")}, id="joined, same age: the smaller id"),
    pytest.param([(0, "MA", 1, 3), (5, "MA", 1, 2), (5, "MB", 1, 1)], {(0, "MA"), (5, "MB")},
                 id="the loser of a split keeps another id that it has"),
])
def test_who_keeps_an_id(rows: list[tuple[int, str, int, int]], expected: set[tuple[int, str]]) -> None:
    assert kept(*rows) == expected


def people(*clusters: str) -> Lists:
    """One letter a contact, the clusters as words."""
    lists = Lists()
    for cluster in clusters:
        for letter in cluster:
            lists.add(letter, cluster, given_name=letter, family_name="Smith")
    return lists


def told(lists: Lists, *masters: tuple[str, str, int]) -> Lists:
    """The lists with (letters, id, age) of the last run."""
    lists.assigned = [{"record_id": letter, "master_id": name, "age": age, "first_imported": "2026-01-01"}
                      for letters, name, age in masters for letter in letters]
    return lists


def ids(made: dict[str, pa.Table]) -> dict[str, str]:
    return {row["record_id"]: row["master_id"] for row in made["crosswalk"].to_pylist()}


def aliases(made: dict[str, pa.Table]) -> list[tuple[str, str]]:
    return [(row["old_id"], row["new_id"]) for row in made["aliases"].to_pylist()]


def test_the_first_id_is_of_the_smallest_contact(tmp_path: Path) -> None:
    assert ids(merged(people("ba").build(), tmp_path)) == dict.fromkeys("ab", first_id("a.0"))


def test_joined_masters_leave_an_alias(tmp_path: Path) -> None:
    made = merged(told(people("abc"), ("ab", "MOLD", 1), ("c", "MC", 1)).build(), tmp_path)
    assert ids(made) == dict.fromkeys("abc", "MOLD")
    assert aliases(made) == [("MC", "MOLD")]
    assert made["masters"]["first_imported"].to_pylist() == ["2026-01-01"]


def test_a_split_master_leaves_its_id_to_the_larger_part(tmp_path: Path) -> None:
    made = merged(told(people("a", "bc"), ("abc", "MOLD", 1)).build(), tmp_path)
    assert ids(made) == {"a": first_id("a.0"), "b": "MOLD", "c": "MOLD"}
    assert aliases(made) == []
    ages = {row["master_id"]: row["age"] for row in made["identities"].to_pylist()}
    assert ages == {first_id("a.0"): 2, "MOLD": 1}


@pytest.mark.parametrize("where", ["retired", "assigned"])
def test_an_id_that_was_given_up_or_is_in_use_is_not_given_again(where: str, tmp_path: Path) -> None:
    lists = people("a", "bc")
    if where == "retired":
        lists.retired = [first_id("a.0")]
    else:
        told(lists, ("abc", first_id("a.0"), 1))
    found: dict[str, Any] = ids(merged(lists.build(), tmp_path))
    assert found["a"] not in (first_id("a.0"), found["b"])
    assert found["a"] == first_id("a.0+")


def test_who_comes_back_gets_the_old_id(tmp_path: Path) -> None:
    made = merged(told(people("a"), ("ab", "MOLD", 1)).build(), tmp_path)
    assert ids(made) == {"a": "MOLD"}
