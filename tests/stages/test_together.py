"""How much oftener names come together than by chance, where a list holds people of several cultures."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from listmerge.stages.together import beyond_chance, first_letters

DRAW = np.random.default_rng(3)
WORDS = [f"{letter}{number}" for number in range(4) for letter in "abcdefghijklmnopqrstuvwxyz"]
LETTERS = first_letters(pa.array(WORDS))


def people(cultures: int, count: int = 3_000) -> tuple[np.ndarray, np.ndarray]:
    """Two names for each, both out of the words of one culture."""
    size = len(WORDS) // cultures
    culture = DRAW.integers(0, cultures, count) * size
    one, other = (culture + (DRAW.random(count) ** 2 * size).astype(int) for _ in range(2))
    return one.astype(np.int32), other.astype(np.int32)


@pytest.mark.parametrize("cultures", [1, 2, 4])
def test_as_many_times_as_there_are_cultures(cultures: int) -> None:
    assert beyond_chance(*people(cultures), (LETTERS, LETTERS), 1.0) == pytest.approx(cultures)


def test_two_spellings_of_one_name_are_no_culture() -> None:
    one, other = people(1)
    copies = DRAW.random(len(one)) < 0.5                 # a word and the same with the next number begin alike
    one, other = np.append(one, (one[copies] + 26) % 104), np.append(other, (other[copies] + 26) % 104)
    assert beyond_chance(one, other, (LETTERS, LETTERS), 1.0) == 1.0


@pytest.mark.parametrize("count", [0, 1, 2, 15])
def test_short_lists_say_hardly_anything(count: int) -> None:
    one, other = people(4, count)
    assert beyond_chance(one, other, (LETTERS, LETTERS), 1.5) == 1.5


def test_who_has_no_name_says_nothing() -> None:
    none = np.full(50, -1, np.int32)
    assert beyond_chance(none, none, (LETTERS, LETTERS), 1.0) == 1.0
    one, other = people(2)
    expected = beyond_chance(one, other, (LETTERS, LETTERS), 1.0)
    assert beyond_chance(np.append(one, none), np.append(other, none), (LETTERS, LETTERS), 1.0) == expected
