"""Values as numbers: the column functions say what a plain loop over the texts says."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.stages import codes
from listmerge.stages.block import pairs_within
from listmerge.stages.codes import NONE, coded_among, combine, encode, ranked, recode, texts_at, together, word_lists
from listmerge.stages.columns import letter_sums
from listmerge.stages.mailboxes import digits_of, split_at

TEXTS = st.lists(st.text(alphabet="ab1@ é", max_size=6), max_size=30)


@given(TEXTS)
def test_codes_stand_for_their_texts(texts: list[str]) -> None:
    numbers, different = encode(pa.chunked_array([texts[:3], texts[3:]], pa.string()))
    assert texts_at(different, numbers).to_pylist() == texts
    assert set(different.to_pylist()) == set(texts) - {""}
    assert len(different) == len(set(texts) - {""})


@given(TEXTS, TEXTS)
def test_codes_among_known_texts_stand_for_their_texts(before: list[str], texts: list[str]) -> None:
    known = encode(pa.array(before, pa.string()))[1]
    codes, different = coded_among(known, *encode(pa.array(texts, pa.string())))
    assert texts_at(different, codes).to_pylist() == texts
    assert different[:len(known)].to_pylist() == known.to_pylist()
    assert len(different) == len({*before, *texts} - {""})


@given(st.lists(st.integers(0, 6)), st.sampled_from([1, 2**40, 2**59]))
def test_ranks_are_those_of_the_sorted_keys(keys: list[int], times: int) -> None:
    ranks, first = ranked(np.array(keys, np.int64) * times)
    assert ranks.tolist() == [sorted(set(keys)).index(key) for key in keys]
    assert first.tolist() == [keys.index(key) for key in sorted(set(keys))]


@given(st.lists(st.integers(NONE, 4)))
def test_codes_follow_one_another(keys: list[int]) -> None:
    found, size = recode(np.array(keys, np.int64))
    known = sorted({*keys} - {NONE})
    assert found.tolist() == [NONE if key == NONE else known.index(key) for key in keys]
    assert size == len(known)


@given(st.lists(st.tuples(st.integers(NONE, 4), st.integers(NONE, 4))))
def test_two_codes_as_one(rows: list[tuple[int, int]]) -> None:
    left, right = (np.array([row[side] for row in rows], np.int32) for side in (0, 1))
    both = combine(left, right).tolist()
    assert [code == NONE for code in both] == [NONE in row for row in rows]
    known = sorted({row for row in rows if NONE not in row})
    assert [both[rows.index(row)] for row in known] == sorted({*both} - {NONE})


@given(TEXTS)
def test_letter_sums_are_equal_where_the_letters_are(texts: list[str]) -> None:
    sums = letter_sums(pa.array(["kept apart", *texts], pa.string()).slice(1)).tolist()
    for one, left in zip(texts, sums, strict=True):
        for other, right in zip(texts, sums, strict=True):
            assert (left == right) is (Counter(one) == Counter(other))


def test_letter_sums_of_more_than_is_added_up_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pa.array(["abc", "a" * 50, "", "cab", "b" * 9, "bca"], pa.string())
    whole = letter_sums(texts)
    monkeypatch.setattr("listmerge.stages.columns._AT_ONCE", 8)
    assert letter_sums(texts).tolist() == whole.tolist()


@given(TEXTS)
def test_addresses_are_cut_at_their_last_sign(texts: list[str]) -> None:
    before, after = split_at(pa.array(["x@y", *texts], pa.string()).slice(1))
    assert before.to_pylist() == [text.rpartition("@")[0] if "@" in text else text for text in texts]
    assert after.to_pylist() == [text.rpartition("@")[2] for text in texts]


@given(TEXTS)
def test_digits_are_kept_alone(texts: list[str]) -> None:
    found = digits_of(pa.array(["12", *texts], pa.string()).slice(1)).to_pylist()
    assert found == ["".join(letter for letter in text if letter in "0123456789") for text in texts]


@given(st.lists(st.tuples(*[st.integers(NONE, 2)] * 3), max_size=20))
@pytest.mark.parametrize("largest", [2**62, 12])
def test_codes_of_several_columns_together(largest: int, rows: list[tuple[int, int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codes, "LARGEST", largest)
        found, size = together([np.array([row[at] for row in rows], np.int32) for at in range(3)])
        found = found.tolist()
    assert size == len(set(rows) - {(NONE, NONE, NONE)})
    for one, left in zip(rows, found, strict=True):
        assert (left == NONE) is (set(one) == {NONE})
        assert all((left == right) is (one == other) for other, right in zip(rows, found, strict=True))


@given(st.lists(st.text(alphabet="ab ", max_size=8), max_size=12))
def test_words_of_texts(texts: list[str]) -> None:
    lists = word_lists(pa.array(texts, pa.string()))
    values = lists.values
    found = [texts_at(values.texts, values.codes[start:end]).to_pylist()
             for start, end in zip(values.offsets, values.offsets[1:], strict=False)]
    assert found == [sorted(set(text.split())) for text in texts]
    assert values.people.tolist() == [sum(word in text.split() for text in texts) for word in values.texts.to_pylist()]


def test_a_slice_of_texts_is_coded_as_it_stands() -> None:
    numbers, different = encode(pa.array(["c", "", "a", "c", "a"], pa.string()).slice(1))
    assert numbers.tolist() == [NONE, 0, 1, 0]
    assert different.to_pylist() == ["a", "c"]


@given(st.lists(st.integers(1, 5), max_size=8), st.integers(1, 5))
def test_all_pairs_of_the_blocks_that_are_small_enough(sizes: list[int], cap: int) -> None:
    start = np.cumsum([0, *sizes[:-1]]) if sizes else np.empty(0, np.int64)
    owners = np.arange(100, dtype=np.int32)
    pairs = np.concatenate([np.empty(0, np.int64), *pairs_within(owners, start, np.array(sizes, np.int64), cap)])
    expected = {(first + one, first + other) for first, size in zip(start.tolist(), sizes, strict=True) if size <= cap
                for other in range(size) for one in range(other)}
    assert len(pairs) == len(expected)
    assert {(int(pair >> 32), int(pair & 0xFFFFFFFF)) for pair in pairs} == expected
