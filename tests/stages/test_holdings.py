"""Contacts of the last run are found again by their keys, and clusters with the masters whose contacts they hold."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.model import ASSIGNED, arrow_schema
from listmerge.stages.clean.tables import first_digits
from listmerge.stages.holdings import contacts_of, held
from listmerge.stages.identify import first_id

#: Ids that begin alike, and some that are no digits at all.
RECORDS = st.builds("".join, st.tuples(st.sampled_from(["0123456789abcdef", "0123456789abcdee", "mine"]),
                                       st.sampled_from(["", "0", "1", "1.2"])))
KEYS = st.tuples(RECORDS, st.integers(0, 2))
MASTERS = st.sampled_from([first_id(letter) for letter in "abcd"])
DAYS = st.sampled_from(["2026-01-01", "2025-12-31", ""])
ROWS = st.lists(st.tuples(st.integers(0, 4), MASTERS | st.just("odd"), st.integers(1, 3), DAYS), max_size=12)


@given(st.sets(KEYS), st.lists(KEYS, unique=True))
def test_contacts_are_found_by_record_and_part(now: set[tuple[str, int]], before: list[tuple[str, int]]) -> None:
    keys = sorted(now)
    contacts = pa.table({"record_id": pa.array([record for record, _ in keys], pa.string()),
                         "part": pa.array([part for _, part in keys], pa.int16())})
    rows = [{"record_id": record, "part": part, "master_id": "", "age": 0, "first_imported": ""}
            for record, part in before]
    found = contacts_of(contacts, pa.Table.from_pylist(rows, arrow_schema(ASSIGNED)))
    assert found.tolist() == [keys.index(key) if key in now else -1 for key in before]


@given(ROWS)
def test_clusters_hold_contacts_of_masters(rows: list[tuple[int, str, int, str]]) -> None:
    assigned = pa.Table.from_pylist(
        [{"record_id": "", "part": 0, "master_id": master, "age": age, "first_imported": day}
         for _, master, age, day in rows], arrow_schema(ASSIGNED))
    found = held(assigned, np.array([cluster for cluster, *_ in rows], np.int64))
    keys = list(zip(found.cluster.tolist(), found.masters.take(pa.array(found.old)).to_pylist(), strict=True))
    assert dict(zip(keys, found.shared.tolist(), strict=True)) == Counter((row[0], row[1]) for row in rows)
    assert len(set(found.masters.to_pylist())) == len(found.masters)
    for key, age, day in zip(keys, found.age.tolist(), found.first_imported.to_pylist(), strict=True):
        same = [row[2:] for row in rows if row[:2] == key]
        assert (age, day) == (min(age for age, _ in same), min(day for _, day in same))


@given(st.lists(st.text("0123456789abcdef", min_size=16, max_size=26) | st.text("09af", min_size=24, max_size=24)))
def test_first_digits_are_a_number(ids: list[str]) -> None:
    assert first_digits(pa.array(ids, pa.string())).tolist() == [int(text[:16], 16) for text in ids]


@pytest.mark.parametrize("letter", [chr(code) for code in range(1, 0x100) if chr(code) not in "0123456789abcdef"])
def test_other_letters_are_no_digits(letter: str) -> None:
    for place in (0, 7, 8, 15):
        text = "0" * place + letter + "0" * (23 - place)
        assert first_digits(pa.array(["f" * 24, text], pa.string())).tolist() == [0, 0]
