"""Look-alike strangers planted on the side: how many of them would be joined."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from tests.stages.matching import Row, matched, tables

from listmerge.stages.features import features
from listmerge.stages.strangers import Known, joined_strangers
from listmerge.stages.train import loads

GIVEN = "ada ben cleo dora emil fay gus hal ida jan kai lena milo nora otto pia rosa sven tilda ugo".split()
TOWNS = "leeds hull selby york ripon".split()


def word(draw: Random) -> str:
    return "".join(draw.choice("bcdfglmnprst") + draw.choice("aeiou") for _ in range(4))


def people(draw: Random, count: int, families: int, **of: str) -> list[Row]:
    """So many people, each listed twice, of so many family names."""
    names = [word(draw) for _ in range(families)]
    made = []
    for _ in range(count):
        one = {"given": draw.choice(GIVEN), "family": draw.choice(names), "city": draw.choice(TOWNS), **of}
        made += [one, one]
    return made


def joined(rows: list[Row], folder: Path, kind: str = "person") -> float:
    """Planted strangers that are joined in the list."""
    given = tables(rows)
    engine, findings = matched(given, folder)
    clusters: Future[Any] = Future()
    clusters.set_result(np.asarray(engine.get("clusters")["cluster"]))
    known = Known(features(given), engine.get("levels"), clusters, kind)
    return joined_strangers(known, loads(findings.model)[kind], 0)


def test_namesakes_are_many_where_names_are_few(tmp_path: Path) -> None:
    rare, common = (joined(people(Random(1), 400, families), tmp_path) for families in (4_000, 12))
    assert 5 * rare < common


def test_numbers_of_their_own_tell_namesakes_apart(tmp_path: Path) -> None:
    rows = people(Random(2), 400, 40)
    own = [{**row, "phone": f"+4477009{at // 2:05d}"} for at, row in enumerate(rows)]
    assert joined(own, tmp_path) < joined(rows, tmp_path)


def test_relatives_who_bear_one_name_are_joined(tmp_path: Path) -> None:
    rows = []
    for home in people(Random(3), 150, 3_000):
        place = {"family": home["family"], "street": word(Random(home["family"])), "number": "4", "city": "leeds"}
        rows += [{**place, "given": given} for given in Random(home["family"]).sample(GIVEN, 2)]
    assert joined(rows, tmp_path) > 2


def test_it_is_the_same_each_time_and_nothing_in_short_lists(tmp_path: Path) -> None:
    rows = people(Random(4), 60, 10)
    assert joined(rows, tmp_path) == joined(rows, tmp_path)
    assert joined(rows[:6], tmp_path) == 0.0
    assert joined([], tmp_path) == 0.0
    assert joined([{"company": "acme", "city": "leeds"}] * 2, tmp_path, "organisation") == 0.0
