"""The labelled lists and what must be reached on each, and one way to run listmerge on them: as users do.

A list is copied without the columns that give the answer away, imported and deduped with no settings, and the crosswalk
is held against the truth.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
SHARED: Final = Path(os.environ.get("LISTMERGE_SHARED", ROOT.parent / "shared"))
TELLING: Final = ("record_id", "entity_id")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A list with its truth: `rows` > 0 means made by make_contacts.py with that many rows and `seed`. `calibrated` is
    how far the expected number of right pairs may be off, 0 = reported only."""

    name: str
    f1: float
    precision: float = 0.0
    calibrated: float = 0.0
    rows: int = 0
    seed: int = 1


LISTS: Final = (
    Labelled("febrl1", 0.997, calibrated=0.05),
    Labelled("febrl2", 0.995, calibrated=0.05),
    Labelled("febrl3", 0.9990, calibrated=0.05),
    Labelled("splink_fake1000", 0.96, calibrated=0.05),
    Labelled("chicago_earlychildhood", 0.93),
    Labelled("pp_people_2020", 0.92, 0.95, 0.15),
    Labelled("made-2k", 0.89, 0.92, 0.15, rows=2_000, seed=5),
    Labelled("made-20k", 0.89, 0.92, 0.15, rows=20_000, seed=7),
    Labelled("made-100k", 0.89, 0.92, 0.15, rows=100_000),
    Labelled("made-1m", 0.81, 0.92, 0.15, rows=1_000_000),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What listmerge found: pairs in clusters, how many of them are right, how many it expected to be right."""

    precision: float
    recall: float
    f1: float
    joined: int
    right: int
    expected: float
    outcome: dict[str, Any]


def rows_of(one: Labelled, folder: Path) -> list[dict[str, str]]:
    """The rows of a labelled list, with `entity_id`."""
    if one.rows:
        made = folder / f"{one.name}.csv"
        command = [sys.executable, str(SHARED / "tools" / "make_contacts.py"), str(one.rows), str(made), str(one.seed)]
        subprocess.run(command, check=True, capture_output=True)
        return _read(made)
    truth = {row["record_id"]: row["entity_id"] for row in _read(SHARED / "data" / one.name / "truth.csv")}
    records = _read(SHARED / "data" / one.name / "records.csv")
    return [{**row, "entity_id": truth[row["record_id"]]} for row in records]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measured(one: Labelled) -> Result:
    """Imports and dedupes the list in a workspace of its own and counts pairs."""
    import listmerge

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = rows_of(one, folder)
        path = folder / "list.csv"
        write(path, rows)
        listmerge.import_files([path], folder / "workspace")
        outcome = listmerge.dedupe(folder / "workspace")
        truth = folder / "truth.csv"
        with truth.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["source_file", "source_row", "entity_id"])
            writer.writerows([path.as_posix(), number, row["entity_id"]] for number, row in enumerate(rows, 1))
        found = listmerge.evaluate(truth, folder / "workspace")
    pairwise, entities = found["pairwise"], [row["entity_id"] for row in rows]
    true = sum(n * (n - 1) // 2 for n in _counts(entities).values())
    right = round(pairwise["recall"] * true)
    joined = round(right / pairwise["precision"]) if pairwise["precision"] else 0
    expected = float(outcome["counts"]["expected_right_pairs"])
    return Result(pairwise["precision"], pairwise["recall"], pairwise["f1"], joined, right, expected, outcome)


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """The list without the columns that give the answer away."""
    columns = [column for column in rows[0] if column not in TELLING]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)


def _counts(values: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def short(outcome: dict[str, Any]) -> str:
    """Counts and timings of a run on one line."""
    return json.dumps({"timings": outcome["timings"], "pairs": outcome["counts"].get("pairs")})
