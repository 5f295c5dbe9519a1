"""Lists that hold little more than names: what is learned from them must not turn copies into relatives."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
from tests.stages.matching import Row, clusters, tables

from listmerge.stages.levels import names, outcome
from listmerge.stages.train import HOUSEHOLD, OWN, SAME, learn, starting_model
from listmerge.stages.weights import PERSON

_STARTS, _MIDDLES, _ENDS = ("lom", "kas", "ver", "tib", "dun", "pel"), ("ba", "ri", "to", "fe"), ("nda", "ski", "lf", "rgo")
_FAMILIES = ["".join(parts) for parts in product(_STARTS, _MIDDLES, _ENDS)]
_COUPLES = (("ada", "ben"), ("cleo", "emil"), ("fay", "gus"), ("ida", "jan"), ("lena", "milo"), ("nora", "otto"))


def _couples_listed_twice() -> list[Row]:
    """Couples of one phone, all of whom are there twice."""
    people = []
    for at, family in enumerate(_FAMILIES):
        for given in _COUPLES[at % len(_COUPLES)]:
            people += [{"given": given, "family": family, "phone": f"+44770090{at:04d}", "entity": f"{given}{at}"}] * 2
    return people


def test_with_names_and_phones_alone_copies_are_joined_and_couples_are_not(tmp_path: Path) -> None:
    people = _couples_listed_twice()
    cluster = clusters(tables(people), tmp_path)
    entities = np.unique([one["entity"] for one in people], return_inverse=True)[1]
    assert len(np.unique(cluster)) == len(np.unique(entities)) == len(set(zip(cluster, entities, strict=True)))


def test_relatives_are_never_learned_to_have_one_given_name_oftener_than_is_usual() -> None:
    start = starting_model(PERSON, 1_000)
    alike = {field.name: np.array([outcome(0, 10) if field.name in ("given", "family", "phone") else -1], np.int16)
             for field in PERSON}
    found = learn(start, alike, np.array([900.0]), 1_000)
    assert found.chances[OWN][HOUSEHOLD, 0] <= start.chances[OWN][HOUSEHOLD, 0] + 1e-9


def test_names_the_other_way_round_tell_no_more_where_many_are_written_so() -> None:
    start = starting_model(PERSON, 1_000)
    swapped = {field.name: np.array([outcome(names.SWAPPED, 9) if field.name in ("given", "family") else -1], np.int16)
               for field in PERSON}
    found = learn(start, swapped, np.array([900.0]), 1_000)
    assert found.chances["given"][SAME, names.SWAPPED] == start.chances["given"][SAME, names.SWAPPED]
