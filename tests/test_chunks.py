"""A list that is worked on piece by piece gives the same records and contacts as one that is taken whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from listmerge.engine import spool
from listmerge.importers import ReadOptions, delimited, fast, read
from listmerge.pipeline import cleaning, storing
from listmerge.pipeline.import_alone import import_files
from listmerge.pipeline.place import placed
from listmerge.workspace import identity, parts, snapshots

ROWS = [          # only the last row of the list shows that the day stands first
    f"{n},Ada Sample{n % 3},ada{n}@firm.example,0{n % 8 + 1}/0{n % 8 + 2}/1980,12{n} Main Street" for n in range(11)
]
LIST = "\n".join(["id,name,email,birthday,street", *ROWS, "99,Ada Sample,a@firm.example,25/12/1980,"])
#: Rows of several sources; equal ones far from each other; a row that is none; a title, which is none either.
MIXED = "\n".join(["Our people", "source,name,email,city",
                   *(f"{'abc'[n % 3]},Ada Sample{n % 4},ada{n % 5}@firm.example,Leeds" for n in range(40)),
                   "b,,,", "a,Ada Sample0,ada0@firm.example,Leeds"])


def tables(text: str, folder: Path, size: int, monkeypatch: pytest.MonkeyPatch, source: str = "crm") -> dict[str, Any]:
    monkeypatch.setattr(parts, "CHUNK_ROWS", size)
    monkeypatch.setattr(storing, "_SLICE", max(size - 1, 1))
    monkeypatch.setattr(spool, "PIECE", size * 50)
    monkeypatch.setattr(fast, "FED", size * 50)
    monkeypatch.setattr(delimited, "FAST_FROM", 0)
    folder.mkdir()
    path = folder / "list.csv"
    path.write_text(text)
    import_files(path, folder / "w", source=source)
    with placed(folder / "w") as here, here.workspace.writing("dedupe", here.now) as change:
        current = snapshots.current(change.catalogue)
        made = cleaning.cleaning(change, current, here.config)
        drop = ("source_file",)
        found = {name: table.drop_columns([c for c in drop if c in table.column_names]).to_pylist()
                 for name, table in made.tables.items() if name != "cells"}
        records = [change.parts.read(part.records).drop_columns(drop).to_pylist() for part in current]
        return {**found, "books": [one["cells"].drop_columns(["source_file"]).to_pylist() for one in made.of_parts],
                "records": records, "counts": [(part.source, part.rows, part.rejected) for part in current]}


@pytest.mark.parametrize("size", [1, 4, 7])
def test_pieces_make_the_same_as_the_whole(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tables(LIST, tmp_path / "whole", 1000, monkeypatch)
    assert {row["birthday"] for row in whole["contacts"]} >= {"1980-12-25", "1980-02-01"}
    assert tables(LIST, tmp_path / "pieces", size, monkeypatch) == whole


@pytest.mark.parametrize("size", [1, 5, 16])
def test_the_sources_of_a_list_are_the_same_in_pieces(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tables(MIXED, tmp_path / "whole", 1000, monkeypatch, source="")
    assert len({row["record_id"].partition("#")[2] for part in whole["records"] for row in part}) > 1
    assert tables(MIXED, tmp_path / "pieces", size, monkeypatch, source="") == whole


def test_records_have_the_ids_that_identity_gives_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = MIXED.replace("source,", "kind,")
    made = tables(text, tmp_path / "pieces", 4, monkeypatch)
    told = read(tmp_path / "pieces" / "list.csv", "list.csv", ReadOptions())
    ids = [text for column in identity.record_ids("crm", told) for text in column.to_pylist()]
    assert [row["record_id"] for part in made["records"] for row in part] == ids


def test_what_lay_in_files_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables(MIXED, tmp_path / "list", 4, monkeypatch)
    left = {path.name for path in (tmp_path / "list" / "w").iterdir()}
    assert left <= {"catalogue.sqlite", "data", "lock"}
    assert not [path for path in (tmp_path / "list" / "w" / "data").iterdir() if path.name.startswith(".")]
