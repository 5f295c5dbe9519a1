"""Cells cleaned by the column are as those cleaned one by one."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from listmerge.importers.cells import clean, clean_table

TEXTS = st.lists(st.text("aé王 \t\n\u2003\u3000\xa0\u200b'=\"1-+(", max_size=6), max_size=12)


@given(TEXTS, TEXTS)
@example([], ["'\t'\u200b"])
def test_columns_are_cleaned_as_their_cells(some: list[str], more: list[str]) -> None:
    column = pa.chunked_array([some, more, []], pa.string())
    lines = pa.array(range(1, len(column) + 1), pa.int32())
    cleaned, _ = clean_table(pa.table({"c0": column}), "list.csv", lines)
    assert cleaned["c0"].to_pylist() == [clean(text) for text in some + more]


@given(TEXTS)
def test_a_slice_of_a_column_is_cleaned_as_a_column(texts: list[str]) -> None:
    table = pa.table({"c0": pa.chunked_array([["before '1 ", *texts, " after"]], pa.string())}).slice(1, len(texts))
    cleaned, _ = clean_table(table, "list.csv", pa.array(range(len(texts)), pa.int32()))
    assert cleaned["c0"].to_pylist() == [clean(text) for text in texts]
