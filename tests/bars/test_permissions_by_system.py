"""What each system says of an address: who agreed and how, who refused, whether mail arrives; absence is unknown.

A case is a block of samples/permissions.txt: a title, the header row and a row as the system writes them, and what is
stated of ann@x.example, sorted: `-> permission express 2024-02-01 explicit`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from listmerge.importers import read
from listmerge.stages.clean import CleanSettings, clean_part
from listmerge.workspace import identity
from tests.importers.mutation import records_of

CASES = Path(__file__).parent / "samples" / "permissions.txt"


def cases() -> Iterator[Any]:
    """(header row, row, what is stated) of each block of lines, by its title."""
    for block in CASES.read_text("utf-8").split("\n\n"):
        title, header, row, *stated = block.strip().splitlines()
        yield pytest.param(header, row, [line.removeprefix("-> ") for line in stated], id=title.removeprefix("# "))


@pytest.mark.parametrize(("header", "row", "stated"), list(cases()))
def test_what_a_system_says_of_an_address(tmp_path: Path, header: str, row: str, stated: list[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert said_by(path) == stated


def said_by(path: Path) -> list[str]:
    """What the cleaned file states, as the cases write it."""
    table, = read(path, path.name)
    assert table.mapping.layout, "the file was not recognised"
    ids, = identity.record_ids("list", [table])
    cleaned = clean_part(records_of(table, ids), table.mapping, CleanSettings(key=b"key"))
    facts = [f"rejected {code}" for code in cleaned.rejected.to_pylist() if code]
    for one in cleaned.statements.to_pylist():
        if one["channel"] == "email":
            facts.append(" ".join(filter(None, (
                one["fact"], one["value"], one["date"], "explicit" if one["explicit"] else ""))))
    return sorted(facts)
