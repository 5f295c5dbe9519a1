"""Cells that are far too long for what their column holds: told, kept with their record, and read as nothing."""

from __future__ import annotations

import pytest

from listmerge.stages.clean.plan import LONGEST
from tests.lists import Table, person

#: Column -> the unit that it is part of.
UNITS = {"Last name": "name", "Company": "job", "Street": "address", "City": "address", "E-mail": "email",
         "Phone": "phone"}


def text(letters: int) -> str:
    """A text of so many letters, of words."""
    return ("Lorem ipsum dolor " * (letters // 18 + 1))[: letters - 1] + "x"


@pytest.mark.parametrize("column", UNITS)
def test_a_cell_that_is_too_long_is_told_and_comes_out_whole(table: Table, column: str) -> None:
    most = LONGEST[UNITS[column]]
    long, longest = text(most + 1), text(most)
    people = [person(1), person(2, **{column: long}), person(3, **{column: longest}), *map(person, range(4, 20))]
    table.run(table.write("crm.csv", people), all_columns=True)
    told = [row for row in table.rows("issues.csv") if row["code"] == "cell-too-long"]
    assert [(row["source_row"], row["field"], row["value"]) for row in told] == [("2", column, long[:100] + "…")]
    assert f"The cell has {most + 1:,} characters".replace(",", "") in told[0]["message"]
    masters = {row["given_name"] or row["full_name"]: row for row in table.rows("master.csv")}
    assert len(masters) == 19
    assert [row["other_columns"] for row in masters.values() if row["other_columns"]] == [f"{column}: {long}"]
