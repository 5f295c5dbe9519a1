"""A list that is cleaned piece by piece gives the same contacts as one that is cleaned whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from listmerge.pipeline import cleaning
from listmerge.pipeline.place import placed
from listmerge.pipeline.running import import_files
from listmerge.workspace import parts, snapshots

ROWS = [          # only the last row of the list shows that the day stands first
    f"{n},Ada Sample{n % 3},ada{n}@firm.example,0{n % 8 + 1}/0{n % 8 + 2}/1980,12{n} Main Street" for n in range(11)
]


def tables(folder: Path, rows_a_chunk: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(parts, "CHUNK_ROWS", rows_a_chunk)
    folder.mkdir()
    path = folder / "list.csv"
    path.write_text("\n".join(["id,name,email,birthday,street", *ROWS, "99,Ada Sample,a@firm.example,25/12/1980,"]))
    import_files(path, folder / "w", source="crm")
    with placed(folder / "w") as here, here.workspace.writing("dedupe", here.now) as change:
        made = cleaning.cleaning(change, snapshots.current(change.catalogue), here.config)
        drop = ("source_file",)
        found = {name: table.drop_columns([c for c in drop if c in table.column_names]).to_pylist()
                 for name, table in made.tables.items() if name != "cells"}
        return {**found, "books": [one["cells"].drop_columns(["source_file"]).to_pylist() for one in made.of_parts]}


def test_pieces_make_the_same_as_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tables(tmp_path / "whole", 1000, monkeypatch)
    assert {row["birthday"] for row in whole["contacts"]} >= {"1980-12-25", "1980-02-01"}
    assert tables(tmp_path / "pieces", 4, monkeypatch) == whole
