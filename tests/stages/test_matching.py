"""The matching stages one by one, on lists small enough to see through."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.stages.matching import matched, strangers, tables

from listmerge.fields.nicknames import same_given_name
from listmerge.stages import Findings, block
from listmerge.stages.codes import people_behind
from listmerge.stages.features import features
from listmerge.stages.levels import MISSING, bits_of, level_of, outcome
from listmerge.stages.levels import names as name_levels
from listmerge.stages.levels.names import name_outcomes
from listmerge.stages.levels.whole import alike
from listmerge.stages.link import agglomerate
from listmerge.stages.mailbox_names import name_in
from listmerge.stages.mailboxes import organisation_label
from listmerge.stages.namesakes import namesakes
from listmerge.stages.train import dumps, loads, starting_model, still_fits
from listmerge.stages.weights import FIELDS


@pytest.mark.parametrize(("level", "bits"), [(0, 0), (3, 12.5), (7, -8), (1, 23.5)])
def test_outcome_keeps_level_and_rarity(level: int, bits: float) -> None:
    found = outcome(np.array([level]), np.array([bits]))
    assert level_of(found)[0] == level
    assert bits_of(found)[0] == bits


def test_copies_of_one_person_do_not_make_a_value_common() -> None:
    codes, people = np.array([0, 0, 0, 1, 1], np.int32), np.array([5, 5, 5, 5, 6], np.int32)
    assert people_behind(codes, people, 2).tolist() == [1, 2, 0]


@pytest.mark.parametrize(("one", "other", "given", "family"), [
    ("william vanderquist", "bill vanderquist", name_levels.NICKNAME, name_levels.EXACT),
    ("william vanderquist", "w vanderquist", name_levels.INITIAL, name_levels.EXACT),
    ("william vanderquist", "willaim vanderquist", name_levels.TYPO, name_levels.EXACT),
    ("william vanderquist", "vanderquist william", name_levels.SWAPPED, name_levels.SWAPPED),
    ("william vanderquist", "vanderquits william", name_levels.SWAPPED, name_levels.SWAPPED),
    ("william vanderquist", "margaret vanderquist", name_levels.UNLIKE, name_levels.EXACT),
    ("william vanderquist", "william ashdown", name_levels.EXACT, name_levels.DIFFERENT),
])
def test_names(one: str, other: str, given: int, family: int) -> None:
    people = [dict(zip(("given", "family"), name.split(), strict=True)) for name in (one, other)]
    found = features(tables([*people, *strangers(6)]))
    first, last = name_outcomes(found, np.array([0], np.int32), np.array([1], np.int32))
    assert (level_of(first)[0], level_of(last)[0]) == (given, family)


@pytest.mark.parametrize(("one", "other", "borne", "level"), [
    ("simonova", "smirnova", 1.0, name_levels.TYPO), ("simonova", "smirnova", 2.0, name_levels.SIMILAR),
    ("kar", "kari", 2.0, name_levels.TYPO), ("kar", "kari", 3.0, name_levels.SIMILAR),
])
def test_names_that_several_people_bear_are_no_slips(one: str, other: str, borne: float, level: int) -> None:
    assert name_levels.relation(one, other, borne, False) == level


def test_a_missing_name_says_nothing() -> None:
    found = features(tables([{"given": "anna", "family": "smith"}, {"phone": "+447700900001"}]))
    first, last = name_outcomes(found, np.array([0], np.int32), np.array([1], np.int32))
    assert (first[0], last[0]) == (MISSING, MISSING)


@pytest.mark.parametrize(("one", "other", "yes"), [
    ("sergei lavrov", "sergeilavrov", True), ("mohammed bin salman", "bin salman mohammed", True),
    ("anna maria jones", "anna jones", True), ("anna maria jones", "maria smith", False), ("a b", "a b c", False),
    ("m de chrodtrud", "a de chrodtrud", False), ("ayesha al mansouri", "ahmeda al mansouri", False),
    ("m a de vries", "m a de vriies", True), ("ahmed al farsi", "ahmed alfarsi", True), ("wang xiao ming", "wang xiaoming", True),
    ("xiao ming wang", "wang xiaoming", True), ("xiao ming wang", "ming xiaowang", False),
])
def test_names_of_the_same_words(one: str, other: str, yes: bool) -> None:
    assert alike(tuple(one.split()), tuple(other.split())) is yes


@pytest.mark.parametrize(("one", "other", "yes"), [("bill", "william", True), ("bob", "william", False)])
def test_nicknames(one: str, other: str, yes: bool) -> None:
    assert same_given_name(one, other) is yes


def test_many_records_of_a_common_name_are_many_people() -> None:
    rare, common = namesakes(np.array([0.001, 8.0]), np.array([2, 40]), 0.3)
    assert rare < 0.01
    assert common > 5


@pytest.mark.parametrize(("email", "given", "family", "expected"), [
    ("e.armstrong16@mail.example", "eva", "", ("eva", "armstrong")),
    ("eva.armstrong@mail.example", "", "", ("eva", "armstrong")),
    ("evaarmstrong@mail.example", "", "armstrong", ("eva", "armstrong")),
    ("e.armstrong@mail.example", "otto", "", ("otto", "")),
    ("skater77@mail.example", "", "", ("", "")),
])
def test_names_in_mailboxes(email: str, given: str, family: str, expected: tuple[str, str]) -> None:
    assert name_in(email, given, family, frozenset({"eva", "otto"}), frozenset({"armstrong"})) == expected


@pytest.mark.parametrize(("domain", "label"), [
    ("acme.com", "acme"), ("mail.acme.co.uk", "acme"), ("acme-tools.de", "acmetools"), ("localhost", ""),
])
def test_organisation_labels(domain: str, label: str) -> None:
    assert organisation_label(domain) == label


def test_no_block_of_one_value_costs_more_than_a_list_can_afford() -> None:
    crowd = [{"given": f"g{at}", "family": "smith", "email": "all@mail.example", "phone": "+447700900001"}
             for at in range(3_000)]
    left, _ = block.candidates(features(tables(crowd)), Findings())
    assert len(left) < 30 * (block.PAIRS_ALWAYS + block.PAIRS_PER_CONTACT * len(crowd))


def test_persons_and_organisations_are_never_paired() -> None:
    people = [{"given": "anna", "family": "acme", "email": "info@acme.example", "phone": "+441"},
              {"company": "acme", "email": "info@acme.example", "phone": "+441"}]
    left, _ = block.candidates(features(tables(people)), Findings())
    assert len(left) == 0


def test_a_thin_chain_is_cut_where_it_is_thinnest() -> None:
    left, right = np.array([0, 1, 2, 0, 0, 1], np.int32), np.array([1, 2, 3, 2, 3, 3], np.int32)
    weight = np.array([9.0, 1.0, 9.0, -9.0, -9.0, -9.0])
    assert agglomerate(left, right, weight, np.zeros(6, bool), 4).tolist() == [0, 0, 2, 2]


def test_a_veto_keeps_groups_apart() -> None:
    left, right = np.array([0, 1, 0], np.int32), np.array([1, 2, 2], np.int32)
    weight, vetoed = np.array([9.0, 8.0, 9.0]), np.array([False, False, True])
    assert agglomerate(left, right, weight, vetoed, 3).tolist() == [0, 0, 2]


def test_equal_scores_merge_all(tmp_path: Path) -> None:
    ends = np.triu_indices(50, 1)
    left, right = ends[0].astype(np.int32), ends[1].astype(np.int32)
    assert set(agglomerate(left, right, np.full(len(left), 5.0), np.zeros(len(left), bool), 50).tolist()) == {0}


def test_model_survives_json() -> None:
    models = {kind: starting_model(fields, 100) for kind, fields in FIELDS.items()}
    text = dumps(models, {"person": 100, "organisation": 100})
    assert dumps(loads(text), {"person": 100, "organisation": 100}) == text
    assert still_fits(text, {"person": 109, "organisation": 91})
    assert not still_fits(text, {"person": 150, "organisation": 100})


def test_near_pairs_have_a_reason_and_are_not_merged(tmp_path: Path) -> None:
    people = [{"given": "walter", "family": "humboldt", "suffix": suffix, "phone": "+447700900803"}
              for suffix in ("sr", "jr")]
    engine, findings = matched(tables([*people, *strangers()]), tmp_path)
    near = engine.get("near_pairs").to_pylist()
    assert [(one["left"], one["right"]) for one in near if one["left"] < 2] == [(0, 1)]
    assert "different suffixes" in near[0]["reason"]
    assert findings.counts["accuracy"]["precision"] > 0.9


def test_empty_and_lonely_lists(tmp_path: Path) -> None:
    for people in ([], [{"given": "anna"}], [{}] * 5):
        engine, _ = matched(tables(people), tmp_path)
        assert engine.get("clusters").num_rows == len(people)
        assert engine.get("near_pairs").num_rows == 0


def test_a_value_that_a_crowd_shares_makes_no_cluster(tmp_path: Path) -> None:
    crowd = [{"given": f"{a}{b}", "family": "smith", "email": "all@mail.example", "phone": "+447700900001"}
             for a in "abcdefghijkl" for b in ("nna", "rno", "lma", "bba", "tto")] * 12
    engine, findings = matched(tables(crowd), tmp_path)
    assert np.bincount(np.asarray(engine.get("clusters")["cluster"])).max() == 12      # the copies of one name, no more
    assert engine.get("clusters").num_rows == len(crowd)
    assert findings.counts["pairs"] < 40 * len(crowd) + 20 * block.PAIRS_ALWAYS


def test_values_that_are_nobodys_are_not_compared(tmp_path: Path) -> None:
    given = tables([{"given": "anna", "phone": "+44770"}, {"given": "anna", "phone": "+44770"}, *strangers()])
    damaged = given["phones"].set_column(5, "quality", [["damaged"] * 2 + ["ok"] * (given["phones"].num_rows - 2)])
    found = features({**given, "phones": damaged})
    assert found.phones.offsets[2] == 0
