"""Couples in one row: the row is that of the first of them, and the other one stays a person of her own."""

from __future__ import annotations

import pytest

from ..lists import Table

HOMES = [("Alan", "Jillian", "Okafor"), ("Calvin", "Dorothy", "Szabo"), ("Peter", "Susan", "Lombardi"),
         ("George", "Helen", "Nyberg"), ("Martin", "Alice", "Wetherby"), ("Robert", "Diane", "Ibarra")]
ADDRESS = ("Street", "Postcode", "City")


def _row(home: int, given: str, family: str) -> dict[str, str]:
    return {"First name": given, "Last name": family, "Name": f"{given} {family}", "Street": f"{home + 3} Mill Lane",
            "Postcode": f"HU{home + 1} 1AA", "City": "Hull"}


@pytest.mark.parametrize("names", [("Name",), ("First name", "Last name")], ids=["one column", "two columns"])
@pytest.mark.parametrize("word", ["&", "and"])
def test_who_is_named_second_is_not_taken_for_the_first(table: Table, names: tuple[str, ...], word: str) -> None:
    rows = [_row(home, given, family) for home, (his, hers, family) in enumerate(HOMES)
            for given in (f"{his} {word} {hers}", his, hers)]
    columns = (*names, *ADDRESS)
    table.run(table.write("donors.csv", [{name: row[name] for name in columns} for row in rows], columns))
    masters = {row["source_row"]: row["master_id"] for row in table.rows("crosswalk.csv")}
    found = [masters[str(row)] for row in range(1, len(rows) + 1)]
    for couple, his, hers in zip(found[::3], found[1::3], found[2::3], strict=True):
        assert couple == his != hers
