"""Cases of contacts that are one, and of contacts that are not: the second kind counts double."""

from __future__ import annotations

import itertools
from collections import defaultdict
from pathlib import Path

import pytest
from tests.stages.matching import Row, clusters, strangers, tables

FILE = Path(__file__).parent.parent / "cases" / "matching.tsv"


def cases() -> dict[str, list[Row]]:
    """Case -> its contacts."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    columns = lines[0].split("\t")
    found: dict[str, list[Row]] = defaultdict(list)
    for line in lines[1:]:
        row = dict(zip(columns, line.split("\t"), strict=False))
        found[row["case"]].append(row)
    return found


CASES = cases()


@pytest.mark.parametrize("around", [0, 40], ids=["alone", "among strangers"])
@pytest.mark.parametrize("case", CASES)
def test_case(case: str, around: int, tmp_path: Path) -> None:
    people = [*CASES[case], *strangers(around)]
    cluster = clusters(tables(people), tmp_path)
    for one, other in itertools.combinations(range(len(CASES[case])), 2):
        same = people[one]["entity"] == people[other]["entity"]
        assert (cluster[one] == cluster[other]) == same, (people[one], people[other])


def test_strangers_stay_strangers(tmp_path: Path) -> None:
    people = strangers()
    cluster = clusters(tables(people), tmp_path)
    emails = [one["email"] for one in people]
    for one, other in itertools.combinations(range(len(people)), 2):
        assert (cluster[one] == cluster[other]) == (emails[one] == emails[other])
