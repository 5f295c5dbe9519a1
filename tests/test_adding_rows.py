"""A list that grows: what new rows make of it is what a whole run by the same model would make of all rows."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from .lists import Table, person

PEOPLE = [person(number) for number in range(36)]
COPIES = [person(number, **{"Phone": "", "E-mail": ""}) for number in range(0, 36, 2)]
MOVED = [person(number, Street="9 Mill Lane", Postcode="YO1 9ZZ", City="York") for number in range(0, 36, 3)]
FAMILY = [person(number, **{"First name": "Zelda", "Phone": ""}) for number in range(0, 36, 4)]


def clusters(table: Table, out: str) -> set[frozenset[str]]:
    """The record ids of each master."""
    by_master: dict[str, set[str]] = {}
    for row in table.rows("crosswalk.csv", out):
        by_master.setdefault(row["master_id"], set()).add(row["record_id"])
    return {frozenset(records) for records in by_master.values()}


def models(table: Table) -> list[str]:
    with sqlite3.connect(table.folder / "workspace" / "catalogue.sqlite") as catalogue:
        return [model for (model,) in catalogue.execute("SELECT model FROM runs ORDER BY id")]


@pytest.mark.parametrize("seed", range(4))
def test_new_rows_make_what_a_whole_run_makes(seed: int, tmp_path: Path) -> None:
    rows = [*PEOPLE, *COPIES, *MOVED, *FAMILY]
    random.Random(seed).shuffle(rows)
    made = []
    for added in ([rows[-6:]], [rows[-6:-4], rows[-4:]], None):
        table = Table(tmp_path / f"table{len(made)}")
        table.folder.mkdir()
        table.run(table.write("first.csv", rows[:-6]), source="crm")
        for number, more in enumerate(added or ()):
            table.run(table.write(f"more{number}.csv", more), source="crm", partial=True, out="out")
        if added is None:
            table.run(table.write("whole.csv", rows), source="crm", out="out")
        assert len(set(models(table))) == 1
        made.append(clusters(table, "out"))
    assert made[0] == made[1] == made[2]
