"""What must hold for any list: order does not matter, decisions win, clusters partition, explanations add up."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stages.matching import Row, clusters, matched, strangers, tables

from listmerge.model import contact_key
from listmerge.stages.explain import explain, probability, weight_of
from listmerge.stages.train import loads

GIVEN = ["anna", "ann", "bert", "robert", "bob", "", "a", "anan", "maria"]
FAMILY = ["smith", "smyth", "vanderquist", "", "jones smith", "smith jones"]
SMALL = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PEOPLE = st.lists(st.fixed_dictionaries({
    "given": st.sampled_from(GIVEN), "family": st.sampled_from(FAMILY),
    "suffix": st.sampled_from(["", "", "", "jr", "sr"]),
    "email": st.sampled_from(["", "smith@mail.example", "anna.smith@mail.example", "info@acme.example"]),
    "phone": st.sampled_from(["", "+447700900001", "+447700900002"]),
    "birthday": st.sampled_from(["", "", "1980-02-03", "1955-12-30"]),
    "company": st.sampled_from(["", "acme", "acme tools"]),
    "city": st.sampled_from(["", "leeds"]), "street": st.sampled_from(["", "mill lane"]),
    "number": st.sampled_from(["", "4"]), "postal": st.sampled_from(["", "ls19zz"]),
}), min_size=1, max_size=14)


def folder() -> Path:
    return Path(tempfile.gettempdir())


def named(people: list[dict[str, str]]) -> list[Row]:
    """With record ids, in their order: as contacts come out of cleaning."""
    return [{**one, "id": f"{at:024d}"} for at, one in enumerate(people)]


def partition(people: list[Row], **options: Any) -> dict[str, str]:
    """Record id -> record id that names its cluster."""
    found = clusters(tables(people, options.pop("decisions", ())), folder(), **options)
    return {one["id"]: people[cluster]["id"] for one, cluster in zip(people, found, strict=True)}


def groups(of: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(key for key, name in of.items() if name == cluster) for cluster in of.values()}


@SMALL
@given(PEOPLE)
def test_same_again(people: list[dict[str, str]]) -> None:
    assert partition(named(people)) == partition(named(people))


@SMALL
@given(PEOPLE)
def test_clusters_partition_and_name_their_smallest(people: list[dict[str, str]]) -> None:
    found = clusters(tables(named(people)), folder())
    assert len(found) == len(people)
    for name in set(found.tolist()):
        assert int(np.flatnonzero(found == name).min()) == name


@SMALL
@given(PEOPLE, st.randoms(use_true_random=False))
def test_other_contacts_come_in_any_order(people: list[dict[str, str]], chance: random.Random) -> None:
    """Values of a contact (e-mails, phones …) may stand in any order in their tables."""
    given_tables = tables(named(people))
    shuffled = dict(given_tables)
    for name in ("emails", "phones", "addresses"):
        rows = np.arange(given_tables[name].num_rows)
        chance.shuffle(rows)
        shuffled[name] = given_tables[name].take(rows)
    assert clusters(given_tables, folder()).tolist() == clusters(shuffled, folder()).tolist()


@SMALL
@given(PEOPLE, st.data())
def test_decisions_win(people: list[dict[str, str]], data: st.DataObject) -> None:
    everyone = [*named(people), {"id": "z1", "given": "otto", "family": "xanthos", "email": "otto@mail.example"},
                {"id": "z2", "given": "otto", "family": "xanthos", "email": "otto@mail.example"}]
    one = data.draw(st.sampled_from([row["id"] for row in everyone[:-2]]))
    decisions = [
        {"left_key": contact_key(one, 0), "right_key": contact_key("z1", 0), "verdict": "same"},
        {"left_key": contact_key("z2", 0), "right_key": contact_key("z1", 0), "verdict": "different"},
    ]
    found = partition(everyone, decisions=decisions)
    assert found[one] == found["z1"]
    assert found["z1"] != found["z2"]


@SMALL
@given(PEOPLE, st.integers(0, 13), st.integers(0, 13))
def test_explanations_add_up_and_their_change_turns_the_pair(
    people: list[dict[str, str]], one: int, other: int
) -> None:
    everyone = [*named(people), *strangers(6)]
    one, other = one % len(people), other % len(people)
    if one == other:
        return
    given_tables = tables(everyone)
    engine, findings = matched(given_tables, folder())
    found = explain(given_tables, findings.model, one, other)
    assert sum(part.weight for part in found.parts) == found.weight
    scores = {(row["left"], row["right"]): row["weight"] for row in engine.get("scores").to_pylist()}
    if (min(one, other), max(one, other)) in scores:
        assert scores[min(one, other), max(one, other)] == found.weight
    if found.change:
        changed = {**found.outcomes, found.change.name: found.change.outcome}
        kind = "organisation" if "company" in changed else "person"
        weight = weight_of(loads(findings.model)[kind], {
            name: np.array([value], np.int16) for name, value in changed.items()})
        assert (weight > 0) != (found.weight > 0)
        assert found.change.probability == probability(weight)
