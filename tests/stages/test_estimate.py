"""How wide the estimate of accuracy is, what planted copies tell, and what plain rules find beside the model."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from benchmarks.invented import LISTS, rows_of
from hypothesis import given
from hypothesis import strategies as st
from tests.stages.matching import strangers, tables

from listmerge.stages import Findings, block
from listmerge.stages.estimate import MISSED, WRONG, Found, Off, estimated, interval
from listmerge.stages.evidence import OUTCOMES, compared
from listmerge.stages.features import features
from listmerge.stages.levels import MISSING, outcome
from listmerge.stages.planted import caught, found_share
from listmerge.stages.rules import beside_rules
from listmerge.stages.train import starting_model
from listmerge.stages.weights import FIELDS


@given(st.floats(0, 1), st.floats(0, 1e7), st.sampled_from([WRONG, MISSED]))
def test_an_interval_is_within_its_bounds(share: float, pairs: float, off: Off) -> None:
    low, high = interval(share, pairs, off)
    assert 0 <= low <= high <= 1
    assert high - low <= off.widest + 1e-3
    assert low - 1e-3 <= 1 - share <= high + 1e-3


def test_a_list_without_doubt_has_a_narrow_interval() -> None:
    sure, doubtful = interval(0.0001, 10_000, WRONG), interval(0.02, 10_000, WRONG)
    assert sure[1] - sure[0] < 0.02
    assert doubtful[1] - doubtful[0] > 0.04


def test_an_interval_holds_all_estimates() -> None:
    alone, beside = interval(0.02, 10_000, WRONG), interval(0.02, 10_000, WRONG, 0.05)
    assert beside[0] < min(alone[0], 0.95)
    assert beside[1] == alone[1]
    assert interval(0.02, 10_000, WRONG, 0.001)[1] > 0.999


def test_what_is_missed_is_reckoned_from_the_copies_that_were_found() -> None:
    found = estimated(90, 88.0, {"person": Found(80.0, 0.8)}, 3.0)
    assert (found["precision"], found["recall"]) == (0.9778, 0.88)
    assert found["planted_found"] == {"person": 0.8}


def test_nothing_joined_is_nothing_wrong() -> None:
    found = estimated(0, 0.0, {}, 0.0)
    assert (found["precision"], found["recall"]) == (1.0, 1.0)


def _pairs(count: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(0, count, 2, dtype=np.int32), np.arange(1, count, 2, dtype=np.int32)


def _copies(count: int) -> list[dict[str, str]]:
    """Couples of rows of one person each, with names and e-mails of their own."""
    draw = Random(1)
    made = []
    for at in range(count):
        word = "".join(draw.choice("bcdfglmnprst") + draw.choice("aeiou") for _ in range(4))
        made += [{"given": word[:4], "family": word, "email": f"{word}{at}@post.example"}] * 2
    return made


def test_copies_with_e_mails_are_found_and_those_that_share_nothing_are_not() -> None:
    model = starting_model(FIELDS["person"], 400)
    whole = features(tables([*_copies(100), *strangers(6)]))
    assert found_share(whole, "person", model, *_pairs(200), 0) > 0.9
    rows = [{"email": one["email"]} if at % 4 > 1 else {"given": one["given"], "family": one["family"]}
            for at, one in enumerate(_copies(100))]
    half = features(tables([*rows, *strangers(6)]))
    assert found_share(half, "person", model, *_pairs(200), 0) < 0.7


def test_planting_is_the_same_each_time() -> None:
    found, model = features(tables(_copies(60))), starting_model(FIELDS["person"], 120)
    assert found_share(found, "person", model, *_pairs(120), 0) == found_share(
        found, "person", model, *_pairs(120), 0)


@pytest.mark.parametrize("name", ["german-members", "firms", "donor-families"])
def test_what_keys_bring_together_is_what_planting_takes_for_caught(name: str) -> None:
    """Of random pairs of the copies in a list that keys find, nearly all are caught by the levels they show."""
    found = features(tables([_contact(row) for row in rows_of(name, 600, 3)]))
    left, right = block.candidates(found, Findings())
    outcomes = compared(found, left, right)
    sure = (outcomes["given"] != MISSING) & (outcomes["given"] < 64) & (outcomes["family"] < 64)
    assert sure.sum() > 50
    assert caught("person", outcomes)[sure].mean() > 0.95


def _contact(row: dict[str, str]) -> dict[str, str]:
    name = next(row[key] for key in ("Mitglied", "Contact", "Donor") if key in row)
    words = "".join(letter for letter in name.lower() if letter.isalpha() or letter == " ").split() or ["", ""]
    return {"given": words[0], "family": words[-1], "email": row.get("E-mail", row.get("Email", "")).lower(),
            "city": row.get("City", row.get("Ort", row.get("Town", ""))).lower()}


def test_every_kind_of_invented_list_has_people_listed_twice() -> None:
    for name in LISTS:
        rows = rows_of(name, 300, 1)
        assert rows == rows_of(name, 300, 1)
        assert 0.4 < len({row["entity_id"] for row in rows}) / len(rows) < 0.9


def test_rules_beside_the_model() -> None:
    inside, probability = np.array([True, False, False]), np.array([0.9, 0.2, 0.1])
    none = np.full(3, MISSING, np.int16)
    same, other = int(outcome(0)), int(outcome(4))
    found = dict.fromkeys(OUTCOMES, none) | {
        "given": np.array([same] * 3, np.int16), "family": np.array([same] * 3, np.int16),
        "email": np.array([same, other, other], np.int16), "phone": np.array([other, same, other], np.int16)}
    said = beside_rules(1, inside, probability, found)
    assert said.by_rule == {"e-mail equal": 1, "name and phone equal": 1, "name and address equal": 0}
    assert (said.found, said.both, said.only_rules, said.only_model) == (2, 1, 1, 0)
    assert said.right == pytest.approx(1.1)
