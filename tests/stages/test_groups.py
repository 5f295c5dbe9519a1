"""Arithmetic over columns says what Python says of each value."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from listmerge.stages.merge.groups import codes, escaped, pick, taken

TEXTS = st.lists(st.sampled_from(["", "a", "b;c", "é", "long enough"]), max_size=6)


@given(TEXTS, st.lists(st.integers(-1, 5), max_size=8), st.integers(0, 2))
def test_texts_are_picked_and_nothing_is_nothing(texts: list[str], rows: list[int], skipped: int) -> None:
    values = pa.array(["x"] * skipped + texts, pa.string()).slice(skipped)
    rows = [row for row in rows if row < len(texts)]
    found = pick(values, np.array(rows, np.int64))
    assert found.to_pylist() == ["" if row < 0 else texts[row] for row in rows] and not found.null_count
    found.validate(full=True)


@given(TEXTS, st.booleans())
def test_rows_are_taken_with_their_blank_columns(texts: list[str], backwards: bool) -> None:
    table = pa.table({"text": pa.array(texts, pa.string()), "blank": pa.array([""] * len(texts), pa.string()),
                      "number": pa.array(range(len(texts)), pa.int32())})
    rows = np.arange(len(texts))[:: -1 if backwards else 1]
    found = taken(table, rows)
    assert found.equals(table.take(pa.array(rows)))
    found.validate(full=True)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_codes_are_equal_for_equal_rows_and_ordered_as_they_are(rows: list[tuple[int, int, int]]) -> None:
    columns = list(np.array(rows, np.int64).reshape(len(rows), 3).T)
    places = {row: place for place, row in enumerate(sorted(set(rows)))}
    assert codes(columns).tolist() == [places[row] for row in rows]
    assert codes([column << 31 for column in columns]).tolist() == [places[row] for row in rows]


@given(TEXTS)
def test_a_semicolon_in_a_value_is_told_from_one_between_values(texts: list[str]) -> None:
    assert escaped(pa.array(texts, pa.string())).to_pylist() == [text.replace(";", "\\;") for text in texts]
