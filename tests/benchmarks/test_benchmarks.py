"""The benchmarks run, count what they say they count, and the page of their results is made from what they kept."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from benchmarks.cleaned import cleaned_tables
from benchmarks.labelled import Labelled, measured, write

from benchmarks import accuracy, invented, left_out, plain_rules, results, scale, tables, work

SMALL = Labelled("firms", 0.9, 0.9, 0.15, rows=600)


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pa.Table]:
    path = tmp_path_factory.mktemp("list") / "list.csv"
    write(path, invented.rows_of("donor-families", 1_500, 1))
    return cleaned_tables(path)


def test_no_more_work_is_done_than_the_limits_say(cleaned: dict[str, pa.Table]) -> None:
    firms = invented.LISTS["firms"](Random(1), 2_000)
    found = {**work.counted(cleaned), **work.calls(firms, "Phone", "E-mail", "GB")}
    assert {name: found[name] for name, limit in work.LIMITS.items() if found[name] > limit} == {}
    assert found["pairs_per_contact"] > 0.2
    assert found["texts_per_pair"] > 0.1


def test_calls_of_a_library_are_counted() -> None:
    with work.counting(pytest, "approx", lambda *_: 2) as seen:
        pytest.approx(1.0)
        pytest.approx(2.0)
    assert seen == [4]
    assert pytest.approx(1.0) == 1.0
    assert seen == [4]


def test_plain_rules_join_what_is_equal(cleaned: dict[str, pa.Table]) -> None:
    cluster = plain_rules.clusters(cleaned)
    emails = cleaned["emails"].to_pylist()
    first: dict[str, int] = {}
    for row in emails:
        if row["email_key"]:
            assert cluster[row["contact"]] == cluster[first.setdefault(row["email_key"], row["contact"])]
    assert len(set(cluster.tolist())) < len(cluster)


def test_a_list_is_held_against_its_bars_and_the_rules(tmp_path: Path) -> None:
    result = measured(SMALL)
    found = accuracy.figures(SMALL, result)
    assert found["below"] == []
    assert found["rules"] < found["f1"] <= 1
    worse = accuracy.below_bar(Labelled("firms", 1.1, 1.1, 1e-9), result)
    assert worse[:2] == ["F1", "precision"]
    results.keep("accuracy", {"one": found, "names alone": {"f1": 0.81, "bar": 0.8}}, tmp_path)
    machine, kept = results.kept("accuracy", tmp_path)
    assert machine["cores"] >= 1
    assert kept["one"]["f1"] == pytest.approx(found["f1"])


def test_intervals_are_held_against_the_truth() -> None:
    right = {"precision": 0.97, "recall": 0.9, "pairs": {"precision": 1_000, "recall": 1_000}, "strangers": 30.0,
             "estimate": {"precision": [0.98, 0.93, 0.99], "recall": [0.92, 0.8, 0.97]}}
    wrong = {**right, "precision": 0.8}
    assert accuracy.is_covered([right] * 10, "precision")
    assert not accuracy.is_covered([right] * 8 + [wrong] * 2, "precision")
    every = {"alpha": right, "beta": right, "made-1": wrong, "made-2": wrong}
    assert left_out.held(every, "precision") == {"alpha": True, "beta": True, "made-1": False, "made-2": False}


def test_growth_is_told_as_a_power() -> None:
    grown = scale.grown({"100": {"rows": 100, "wall_s": 1.0}, "1000": {"rows": 1_000, "wall_s": 10.0}})
    assert (grown[1]["times"], grown[1]["exponent"]) == (10.0, 1.0)
    assert "times" not in grown[0]


def test_the_page_is_what_was_kept(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    tables.main(page)
    assert page.read_text(encoding="utf-8") == tables.TARGET.read_text(encoding="utf-8")
