"""Lists of many who differ in a number only: made for tests, from counters, of rooms, machines, extensions."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stages.matching import Row, clusters, tables

MANY = 120


def _numbered(at: int) -> Row:
    return {"given": f"ada{at}", "family": f"lindqvist{at}", "email": f"ada{at}@kestrel.example", "city": "leeds"}


def _extension(at: int) -> Row:
    return {"given": "user", "email": f"user{at}@kestrel.example", "phone": f"+44770090{at:04d}",
            "street": "high street", "number": str(at + 1), "city": "leeds", "postal": "ls19zz"}


def _namesake(at: int) -> Row:
    return {"given": "john", "family": "smith", "email": f"john.smith{at}@mail.example", "city": "leeds"}


def _nameless(at: int) -> Row:
    return {"email": f"reader{at}@mail.example", "city": "leeds", "postal": "ls19zz"}


@pytest.mark.parametrize("person", [_numbered, _extension, _namesake, _nameless])
def test_numbered_people_are_each_somebody_and_copies_are_found(person: object, tmp_path: Path) -> None:
    assert callable(person)
    people = [person(at) for at in range(MANY)]
    cluster = clusters(tables([*people, people[5]]), tmp_path)
    assert len(set(cluster.tolist())) == MANY
    assert cluster[5] == cluster[MANY]


def test_two_people_of_one_record_are_two(tmp_path: Path) -> None:
    same = {"given": "isolde", "family": "brannigan", "email": "isolde@tiles.example", "phone": "+447700900804"}
    given = tables([same, same])
    apart = given["contacts"].set_column(0, "record_id", [["a" * 24] * 2]).set_column(1, "part", [[1, 2]])
    apart = apart.cast(given["contacts"].schema)
    assert len(set(clusters(given, tmp_path / "rows").tolist())) == 1
    assert len(set(clusters({**given, "contacts": apart}, tmp_path / "parts").tolist())) == 2
