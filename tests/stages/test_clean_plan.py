"""Cells are trimmed by the column as one by one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.fields.text import trim
from listmerge.stages.clean.plan import trimmed

LETTERS = st.text("ab éÿß߿Жش\u0600王\u2003\xa0\xad\u200b“”«»\x07\t\n'", max_size=5)


@given(st.lists(LETTERS, max_size=8))
def test_columns_are_trimmed_as_their_cells(texts: list[str]) -> None:
    assert trimmed(pa.array(texts, pa.string())).to_pylist() == [trim(text) for text in texts]


@pytest.mark.parametrize("letter", [0xC0, 0xFF, 0x17F, 0x3A9, 0x416, 0x5D0, 0x61C, 0x7FF])
def test_letters_from_00c0_to_07ff_are_never_trimmed(letter: int) -> None:
    texts = [chr(letter), f"a{chr(letter)} b", f" {chr(letter)} "]
    assert trimmed(pa.array(texts, pa.string())).to_pylist() == [trim(text) for text in texts]


@given(st.lists(LETTERS, max_size=8))
def test_a_slice_is_trimmed_as_a_column(texts: list[str]) -> None:
    column = pa.array([" before\xa0", *texts, "\x07 after "], pa.string()).slice(1, len(texts))
    assert trimmed(column).to_pylist() == [trim(text) for text in texts]
