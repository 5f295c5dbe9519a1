"""Decisions as text: sorted lines that read back as they were, and contradictions with their shortest proof."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stages.matching import matched, tables

from listmerge.errors import OptionError
from listmerge.review import decisions_of, decisions_text

A, B, C = (letter * 24 + ".0" for letter in "abc")


def test_text_is_sorted_and_reads_back() -> None:
    said = [("same", B, C), ("different", A, C), ("same", A, B)]
    text = decisions_text(said)
    assert text == f"same {A} {B}\ndifferent {A} {C}\nsame {B} {C}\n"
    assert sorted(decisions_of("# ours\n\n" + text)) == sorted(said)


@pytest.mark.parametrize("line", ["perhaps a b", f"same {A}", f"same {A} <<<<<<<", "<<<<<<< HEAD"])
def test_a_line_that_is_no_decision(line: str) -> None:
    with pytest.raises(OptionError, match="line 2"):
        decisions_of(f"same {A} {B}\n{line}\n")


def test_a_contradiction_is_proved_by_the_shortest_chain(tmp_path: Path) -> None:
    people = [{"given": f"p{letter}", "family": f"f{letter}", "id": letter * 24} for letter in "abcd"]
    said = [("same", A, B), ("same", B, C), ("different", A, C)]
    given = tables(people, [{"verdict": v, "left_key": left, "right_key": right} for v, left, right in said])
    _, findings = matched(given, tmp_path)
    assert f"{A} and {C} are said to be different, but {A} is the same as {B} is the same as {C}." in findings.remarks
