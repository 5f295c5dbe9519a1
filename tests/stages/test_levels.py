"""The comparisons of columns say what the comparison of each two values says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler
from tests.stages.matching import Row, strangers, tables

from listmerge.fields.nicknames import name_sets
from listmerge.stages import evidence, train
from listmerge.stages.codes import texts_at
from listmerge.stages.evidence import compared, patterns
from listmerge.stages.features import Features, features
from listmerge.stages.levels import MISSING, level_of, mailboxes, names, outcome, places, values, whole
from listmerge.stages.levels.texts import LONG, NUMBERS, WORDS, texts_of
from listmerge.stages.levels.words import words_of
from listmerge.stages.train import sampled

_NAMES = sorted({name for names in name_sets() for name in names})[::40]
#: Words that are often alike, one another's beginning, of few letters, of none from a to z, of several parts, long.
_WORD = st.one_of(
    st.sampled_from([*_NAMES, "william", "bill", "will", "w", "anna maria", "maria anna", "ann", "de la cruz", "cruz"]),
    st.text("abc", min_size=1, max_size=8), st.text("aé王ß9 1", min_size=1, max_size=6).filter(str.strip),
    st.text("lmno", min_size=LONG - 2, max_size=LONG + 3), st.from_regex(r"[a-d]{1,6}( [a-d]{1,4}){0,2}", fullmatch=True),
)
_EDITS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["", "o", "swap", "x"])), max_size=5)


def _edited(word: str, edits: list[tuple[int, str]]) -> str:
    """The word with letters left out, put in, swapped."""
    for place, edit in edits:
        at = place % max(len(word), 1)
        word = (word[:at] + word[at:at + 2][::-1] + word[at + 2:] if edit == "swap"
                else word[:at] + edit + word[at + (edit != "x"):])
    return word


_LIKE = st.builds(_edited, st.sampled_from(["wilhelmina", "wolfeschlegelsteinhausen", "kathrin"]), _EDITS)
_WORDS = st.lists(st.one_of(_WORD, _LIKE, _LIKE).map(lambda text: " ".join(text.split())).filter(bool), min_size=2,
                  max_size=12, unique=True)


def _pairs(count: int) -> tuple[Any, Any]:
    one, other = np.triu_indices(count, 1)
    return one.astype(np.int32), other.astype(np.int32)


@given(_WORDS, st.sampled_from([0.9, 2.0, 3.0]), st.booleans())
def test_names_are_compared_in_columns_as_one_by_one(texts: list[str], borne: float, first: bool) -> None:
    _check_relations(texts, borne, first)


def _check_relations(texts: Sequence[str], borne: float, first: bool) -> None:
    one, other = _pairs(len(texts))
    words = words_of(pa.array(texts, pa.string()), pa.array([], pa.string()))
    found = names.relations(words, one, other, np.full(len(one), borne), first)
    assert found.tolist() == [names.relation(texts[a], texts[b], borne, first)
                              for a, b in zip(one, other, strict=True)]


#: Two slips in six letters, the beginning of a long word, letters in another order, a letter three times, digits.
_CLOSE = ("dieter", "diotor", "dietre", "wolfeschlegels", "wolfeschlegelsteinhausen", "anna", "hanna", "annaa", "nana",
          "charlie", "cahlrae", "bob", "bo", "b", "mary2", "mary3", "mary", "anna maria", "maria anna", "peggy",
          "margaret", "smith jones", "jones", "jonas", "de la cruz", "cruz de la")


@pytest.mark.parametrize("borne", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("first", [True, False])
def test_close_names_are_compared_in_columns_as_one_by_one(borne: float, first: bool) -> None:
    _check_relations(_CLOSE, borne, first)


@given(_WORDS, st.sampled_from([WORDS, NUMBERS]))
def test_texts_are_no_more_alike_than_their_letters_allow(texts: list[str], alphabet: Any) -> None:
    one, other = _pairs(len(texts))
    seen = texts_of(pa.array(texts, pa.string()), alphabet).overlap(one, other)
    for at, (left, right) in enumerate((texts[a], texts[b]) for a, b in zip(one, other, strict=True)):
        assert seen.slips[at] <= OSA.distance(left, right)
        assert seen.alike[at] >= JaroWinkler.similarity(left, right)
        in_both = sum(min(left.count(letter), right.count(letter)) for letter in set(left))
        assert in_both == seen.common[at] if seen.sure[at] else in_both <= seen.common[at]


@given(_WORDS)
def test_places_are_compared_in_columns_as_one_by_one(texts: list[str]) -> None:
    one, other = _pairs(len(texts))
    found = places._closeness(texts_of(pa.array(texts, pa.string())), one, other)
    assert found.tolist() == [
        int(OSA.normalized_similarity(texts[a], texts[b]) >= 0.75 or JaroWinkler.similarity(texts[a], texts[b]) >= 0.93)
        for a, b in zip(one, other, strict=True)]


def _features(people: Sequence[Row]) -> tuple[Features, Any, Any]:
    return features(tables(people)), *_pairs(len(people))


_PERSON = st.fixed_dictionaries({
    "given": st.sampled_from(["ann", "anna maria", "maria", "a", "", "nnab"]),
    "middle": st.sampled_from(["", "", "m", "maria", "smith"]),
    "family": st.sampled_from(["smith", "anna", "smith jones", "jonessmith", "jones", "annas", ""]),
    "email": st.from_regex(r"(ann|smith|a|nnab|ann\.smith)[0-9]{0,2}[._x]?(jones|joens)?@(mail|mial|post)\.example",
                           fullmatch=True),
    "phone": st.from_regex(r"(\+44|0|\+|)7{1,3}[01]{5,6}", fullmatch=True),
})


@given(st.lists(_PERSON, min_size=2, max_size=8))
def test_what_is_before_the_at_is_weighed_in_columns_as_one_by_one(people: list[Row]) -> None:
    found, left, right = _features(people)
    local = found.local_parts[found.emails.codes[found.emails.offsets[left]]]
    expected = [mailboxes.beyond_name(*each) for each in zip(
        texts_at(found.local_texts, local).to_pylist(), found.words_of(left), found.words_of(right), strict=True)]
    assert mailboxes.beyond_names(found, left, right, local).tolist() == expected


@given(st.lists(_PERSON, min_size=2, max_size=8))
def test_names_of_the_same_words_are_found_in_columns_as_one_by_one(people: list[Row]) -> None:
    found, left, right = _features(people)
    everyone = range(found.count)
    name = whole._names(found, np.arange(found.count))        # with what the mailbox says
    middles = texts_at(found.middles, found.middle).to_pylist()
    count = [len(words) - len(middle.split()) * (len(middle) == 1)
             for words, middle in zip(name.values(), middles, strict=True)]
    expected = {(a, b) for a in everyone for b in everyone if a < b and whole.alike(name[a], name[b])
                and (max(count[a], count[b]) >= 3 or min(count[a], count[b]) == 1)}
    same = whole.same_words(found, left, right, np.arange(len(left)))
    assert {(int(a), int(b)) for a, b in zip(left[same], right[same], strict=True)} == expected


@given(st.lists(_PERSON, min_size=2, max_size=8))
def test_phones_and_mailboxes_are_compared_in_columns_as_one_by_one(people: list[Row]) -> None:
    found, _, _ = _features(people)
    numbers, boxes = found.phones.texts.to_pylist(), found.emails.texts.to_pylist()
    one, other = _pairs(len(numbers))
    assert values._same_ends(found, one, other).tolist() == [
        values._same_end(numbers[a], numbers[b]) for a, b in zip(one, other, strict=True)]
    assert values._one_digit(found, one, other).tolist() == [
        OSA.distance(numbers[a], numbers[b]) <= 1 and min(len(numbers[a]), len(numbers[b])) >= 8
        for a, b in zip(one, other, strict=True)]
    one, other = _pairs(len(boxes))
    assert values._nearly(found, one, other).tolist() == [
        _one_mailbox(boxes[a], boxes[b]) for a, b in zip(one, other, strict=True)]


def _one_mailbox(left: str, right: str) -> bool:
    parts = list(zip(left.split("@"), right.split("@"), strict=True))
    slips = all(OSA.distance(*two) <= (min(map(len, two)) >= 5) + (min(map(len, two)) >= 10) for two in parts)
    digits = ["".join(letter for letter in text if letter.isdigit()) for text in parts[0]]
    return slips and (digits[0] == digits[1] or (parts[1][0] != parts[1][1] and not all(digits)))


def test_names_of_many_words_are_compared_one_by_one() -> None:
    long = " ".join(f"w{at:03}" for at in range(3_000))
    people = [{"given": "ann", "family": f"{long} {end}"} for end in ("smith", "jones")] + [
        {"given": "ann", "family": "smith"}, {"given": "ann", "family": "x y z"}]
    found, left, right = _features(people)
    _, last = names.name_outcomes(found, left, right)
    level = {(int(a), int(b)): int(one) for a, b, one in zip(left, right, level_of(last), strict=True)}
    assert level[0, 1] == level[0, 2] == names.PART
    assert level[1, 2] == level[0, 3] == names.DIFFERENT


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    people = strangers(30) + [{"company": f"acme {town}", "city": town} for town in ("york", "leeds", "hull")]
    found, left, right = _features(people)
    alone = found.organisation[left] == found.organisation[right]
    left, right = left[alone], right[alone]
    outcomes = compared(found, left, right)
    monkeypatch.setattr(evidence, "BATCH", 7)
    again = compared(features(tables(people)), left, right)
    assert {name: column.tolist() for name, column in again.items()} == {
        name: column.tolist() for name, column in outcomes.items()}


def test_a_sample_is_the_same_in_any_order_and_about_as_large_as_asked() -> None:
    left, right = _pairs(300)
    rows = sampled(left, right, 5_000)
    turned = np.arange(len(left))[::-1]
    again = turned[sampled(left[turned], right[turned], 5_000)]
    assert sorted(again.tolist()) == rows.tolist()
    assert 4_500 < len(rows) < 5_500
    assert len(sampled(left, right, len(left))) == len(left)


def test_what_is_learned_from_stands_for_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = _pairs(300)
    outcomes = dict.fromkeys(train.TELLING, np.full(len(left), MISSING, np.int16))
    outcomes["email"] = np.where(left < 30, outcome(values.SAME, 3.0), outcome(values.DIFFERENT)).astype(np.int16)
    rows, stands_for = train.sample(outcomes, np.arange(len(left)), left, right)
    assert (rows.tolist(), stands_for.tolist()) == (list(range(len(left))), [1.0] * len(left))
    monkeypatch.setattr(train, "ENOUGH", 4_000)
    rows, stands_for = train.sample(outcomes, np.arange(len(left)), left, right)
    assert stands_for.sum() == pytest.approx(len(left))
    assert 1_700 < int((left[rows] < 30).sum()) < 2_300


def test_patterns_count_pairs_of_many_fields() -> None:
    chance = np.random.default_rng(5)
    outcomes = {f"field {at}": chance.integers(-1, 500, 300).astype(np.int16).repeat(2) for at in range(12)}
    distinct, which, pairs = patterns(outcomes)
    assert pairs.tolist() == [2] * 300
    assert all((column[which] == outcomes[name]).all() for name, column in distinct.items())
