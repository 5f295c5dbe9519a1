"""The labelled lists and what must be reached on each, and one way to run listmerge on them: as users do.

A list is copied without the columns that give the answer away, imported and deduped with no settings, and the crosswalk
is held against the truth.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import invented, plain_rules
from listmerge.pipeline.evaluating import pairs, pairwise
from listmerge.pipeline.place import placed
from listmerge.review.who import file_meant
from listmerge.workspace import runs

ROOT: Final = Path(__file__).parent.parent
SHARED: Final = Path(os.environ.get("LISTMERGE_SHARED", ROOT.parent / "shared"))
TELLING: Final = ("record_id", "entity_id")
EXAMPLE: Final = "newsletter example"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A list with its truth: `rows` > 0 means made with that many rows and `seed`, by `invented` or make_contacts.py.
    `calibrated` is how far the expected number of right pairs may be off, 0 = reported only."""

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
    Labelled(EXAMPLE, 0.97, 0.95, 0.15),
    Labelled("german-members", 0.95, 0.95, 0.15, rows=3_000),
    Labelled("spanish-surnames", 0.80, 0.95, 0.15, rows=3_000),
    Labelled("transliterated", 0.90, 0.92, 0.15, rows=3_000),
    Labelled("firms", 0.97, 0.95, 0.15, rows=3_000),
    Labelled("donor-families", 0.95, 0.95, 0.15, rows=3_000),
    Labelled("trade-show", 0.96, 0.95, 0.15, rows=3_000),
    Labelled("pupils", 0.95, 0.95, 0.15, rows=3_000),
    Labelled("dutch-seniors", 0.87, 0.88, 0.15, rows=3_000),
    Labelled("gulf-staff", 0.89, 0.92, 0.15, rows=3_000),
    Labelled("phone-list", 0.93, 0.94, 0.15, rows=3_000),
    Labelled("voters", 0.91, 0.92, 0.15, rows=3_000),
    Labelled("czech-customers", 0.94, 0.95, 0.15, rows=3_000),
    Labelled("made-2k", 0.89, 0.92, 0.15, rows=2_000, seed=5),
    *(Labelled(f"made-10k-{seed}", 0.89, 0.92, 0.15, rows=10_000, seed=seed) for seed in range(1, 6)),
    Labelled("made-20k", 0.89, 0.92, 0.15, rows=20_000, seed=7),
    Labelled("made-100k", 0.89, 0.92, 0.15, rows=100_000),
    Labelled("made-1m", 0.81, 0.92, 0.15, rows=1_000_000),
)


@dataclass(frozen=True, slots=True)
class Result:
    """Pairwise precision, recall, F1; `right` pairs, of those joined; `rules`: the F1 of plain rules; what the run says
    of itself."""

    precision: float
    recall: float
    f1: float
    right: int
    rules: float
    outcome: dict[str, Any]

    @property
    def estimate(self) -> dict[str, Any]:
        """Precision and recall as the run estimates them."""
        return dict(self.outcome["accuracy"])


def rows_of(one: Labelled, folder: Path) -> list[dict[str, str]]:
    """The rows of a labelled list, with `entity_id`."""
    if one.name in invented.LISTS:
        return invented.rows_of(one.name, one.rows, one.seed)
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
        paths, truth = _files(one, folder)
        listmerge.import_files(paths, folder / "workspace")
        outcome = listmerge.dedupe(folder / "workspace")
        found = listmerge.evaluate(truth, folder / "workspace")["pairwise"]
        clusters, entities = by_plain_rules(folder / "workspace", truth)
    right = round(found["recall"] * pairs(entities))
    return Result(found["precision"], found["recall"], found["f1"], right, pairwise(clusters, entities)["f1"], outcome)


def _files(one: Labelled, folder: Path) -> tuple[list[Path], Path]:
    """The files of a labelled list, and its truth."""
    if one.name == EXAMPLE:
        return sorted((ROOT / "examples" / "newsletter" / "lists").iterdir()), ROOT / "examples/newsletter/truth.csv"
    rows = rows_of(one, folder)
    path, truth = folder / "list.csv", folder / "truth.csv"
    write(path, rows)
    with truth.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source_file", "source_row", "entity_id"])
        writer.writerows([path.as_posix(), number, row["entity_id"]] for number, row in enumerate(rows, 1))
    return [path], truth


def by_plain_rules(workspace: Path, truth: Path) -> tuple[Any, Any]:
    """(clusters of the plain rules, entities) of the records that the truth names, by the cleaned values of the last
    run."""
    with placed(workspace) as here, here.workspace.reading() as catalogue:
        run, parts = runs.needed(catalogue), here.workspace.parts
        tables = {name: run.table(parts, name) for name in ("contacts", *plain_rules.RULES)}
    clusters = plain_rules.clusters(tables)
    contacts = tables["contacts"].select(["source_file", "source_row", "part"]).to_pylist()
    files = {row["source_file"] for row in contacts}
    known = {(file_meant(row["source_file"], files), row["source_row"], row.get("part", "0")): row["entity_id"]
             for row in _read(truth)}
    places = [(row["source_file"], str(row["source_row"]), str(row["part"])) for row in contacts]
    kept = [at for at, place in enumerate(places) if place in known]
    codes: dict[str, int] = {}
    entities = [codes.setdefault(known[places[at]], len(codes)) for at in kept]
    return np.unique(clusters[kept], return_inverse=True)[1], np.array(entities)


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """The list without the columns that give the answer away."""
    columns = [column for column in rows[0] if column not in TELLING]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)
