"""Why two contacts are one, or not, in words: the values and how rare they are, what never joins, what the group says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.stages.matching import matched, rows_table, strangers, tables

from listmerge.model import CONTACTS
from listmerge.stages.explain import explain, sentences
from listmerge.stages.features import features
from listmerge.stages.groups import group_of
from listmerge.stages.texts import both
from listmerge.stages.train import loads

ANNA = {"given": "anna", "family": "vanderquist", "email": "anna@post.example"}
PEOPLE = [
    ANNA, {**ANNA, "given": "annie"}, {"given": "anna", "family": "vanderquist", "phone": "+447700900001"},
    {"given": "jack", "family": "ashdown", "suffix": "sr", "email": "jack@post.example"},
    {"given": "jack", "family": "ashdown", "suffix": "jr", "email": "jack@post.example"},
]


def _said(tmp_path: Path, one: int, other: int, people: list[dict[str, str]] = PEOPLE) -> str:
    given = tables([*people, *strangers(30)])
    emails = given["emails"]
    given["emails"] = emails.set_column(emails.column_names.index("email"), "email", emails["email_key"])
    _, findings = matched(given, tmp_path)
    return "\n".join(sentences(explain(given, findings.model, one, other)))


def test_values_stand_with_their_frequency(tmp_path: Path) -> None:
    said = _said(tmp_path, 0, 1)
    assert "e-mail: same e-mail (anna@post.example: 1 in " in said
    assert "brought together by: e-mail;" in said
    assert "smallest change that would turn it: " in said


def test_senior_and_junior_are_never_joined(tmp_path: Path) -> None:
    assert "never joined: Senior and Junior" in _said(tmp_path, 3, 4)


def test_two_people_of_one_record_are_never_joined(tmp_path: Path) -> None:
    given = tables([ANNA, ANNA, *strangers(30)])
    rows = given["contacts"].to_pylist()
    rows[1] |= {"record_id": rows[0]["record_id"], "part": 1}
    given["contacts"] = rows_table(CONTACTS, rows)
    _, findings = matched(given, tmp_path)
    found = explain(given, findings.model, 0, 1)
    assert "one record" in found.never
    assert "never joined: both stand in one record" in "\n".join(sentences(found))


def test_without_a_key_it_is_said_that_nothing_brings_them_together(tmp_path: Path) -> None:
    assert "not compared for their own sake: the company shows in a domain" in _said(tmp_path, 0, 3)
    assert "not compared for their own sake: they have nothing in common" in _said(tmp_path, 2, 3)


@pytest.mark.parametrize(("one", "other", "shown"), [
    ("Bill", "William", "Bill / William"), ("Anna", "anna", "Anna"), ("Anna", "", "Anna"), ("", "", "")])
def test_what_both_have_is_shown_once(one: str, other: str, shown: str) -> None:
    contacts = rows_table(CONTACTS, [{"given_name": one}, {"given_name": other}])
    assert both({"contacts": contacts}, "given", 0, 1) == shown
    assert both({"contacts": contacts}, "prior", 0, 1) == ""


def test_the_group_tells_who_goes_with_both_and_who_speaks_against(tmp_path: Path) -> None:
    people = [ANNA, {**ANNA, "phone": "+447700900001"}, {"given": "anna", "family": "vanderquist",
                                                         "phone": "+447700900001"}, {**ANNA, "given": "otto"}]
    given = tables([*people, *strangers(30)])
    _, findings = matched(given, tmp_path)
    found, model = features(given), loads(findings.model)["person"]
    together = group_of(found, model, (0, 2), ([0, 1, 2], [0, 1, 2]), 0.0)
    assert together is not None
    assert together.witness is not None and together.witness[0] == 1 and min(together.witness[1:]) > 0
    apart = group_of(found, model, (0, 3), ([0, 1], [3]), 0.0)
    assert apart is not None and apart.against is not None
    assert apart.mean < 0 and apart.against[1] == 3
    assert group_of(found, model, (0, 3), ([0], [3]), 0.0) is None
    assert np.isfinite(apart.mean)
