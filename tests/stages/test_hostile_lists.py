"""Lists in which one thing is the same in all records: no more work than for others, and no cluster made of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.stages.matching import Row, matched, tables

from listmerge.stages import Findings
from listmerge.stages.block import PAIRS_ALWAYS, PAIRS_PER_CONTACT, candidates
from listmerge.stages.features import features
from listmerge.stages.identify import short_ids

COUNT = 2_000
SHARED = {
    "e-mail": {"email": "everyone@post.example"}, "phone": {"phone": "+442079460000"},
    "surname": {"family": "smith"}, "name": {"given": "john", "family": "smith"}, "birthday": {"birthday": "1970-01-01"},
    "company": {"company": "acme"},
    "address": {"street": "mill lane", "number": "4", "city": "leeds", "postal": "ls19zz"},
    "all": {"email": "everyone@post.example", "phone": "+442079460000", "birthday": "1970-01-01"},
}


def people(count: int) -> list[Row]:
    """So many, all different: names, addresses and numbers of letters and digits that look like chance."""
    keys = [key.lower() for key in short_ids([str(at) for at in range(count)])]
    return [{"given": key[:7], "family": key[7:14], "email": f"{key[3:12]}@{key[:5]}.example",
             "phone": f"+4477009{at:06d}", "city": key[2:8], "postal": key[9:14]} for at, key in enumerate(keys)]


@pytest.mark.parametrize("shared", SHARED)
def test_what_all_have_in_common_makes_no_cluster(shared: str, tmp_path: Path) -> None:
    everyone = [{**one, **SHARED[shared]} for one in people(COUNT)]
    engine, findings = matched(tables(everyone), tmp_path)
    assert findings.counts["pairs_compared"] <= 6 * (PAIRS_ALWAYS + PAIRS_PER_CONTACT * COUNT)
    sizes = Counter(engine.get("clusters")["cluster"].to_pylist())
    assert max(sizes.values()) <= 3


@pytest.mark.parametrize(("shared", "word"), [("e-mail", "e-mail"), ("phone", "phone"), ("name", "name")])
def test_the_report_says_what_says_nothing(shared: str, word: str) -> None:
    findings = Findings()
    candidates(features(tables([{**one, **SHARED[shared]} for one in people(COUNT)])), findings)
    assert any(f"contacts share their {word} with so many others" in remark for remark in findings.remarks)


def test_an_ordinary_list_is_told_nothing() -> None:
    findings = Findings()
    candidates(features(tables(people(COUNT))), findings)
    assert findings.remarks == []


def test_empty_contacts_are_not_compared() -> None:
    left, _ = candidates(features(tables([{} for _ in range(COUNT)])), Findings())
    assert len(left) == 0


def test_work_grows_as_the_list_does() -> None:
    pairs = []
    for count in (COUNT, 4 * COUNT):
        crowd = [{**one, "family": "smith", "email": "everyone@post.example"} for one in people(count)]
        pairs.append(len(candidates(features(tables(crowd)), Findings())[0]))
    assert pairs[1] <= 4 * max(pairs[0], PAIRS_ALWAYS)


