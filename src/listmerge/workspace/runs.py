"""Runs: the tables that a dedupe made, kept for some time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from listmerge.errors import OptionError
from listmerge.workspace.catalogue import Catalogue
from listmerge.workspace.parts import Parts


@dataclass(frozen=True, slots=True)
class Run:
    """A run that exists: its number, when it was, what matching learned, its outcome (the material of run.json)."""

    id: int
    at: str
    model: str
    outcome: dict[str, Any]
    tables: dict[str, str]

    def table(self, parts: Parts, name: str) -> pa.Table:
        """One of its tables. Raises KeyError when the run did not keep it."""
        return parts.read(self.tables[name])


def note(catalogue: Catalogue, at: str, model: str, outcome: Mapping[str, Any], names: Mapping[str, str]) -> Run:
    """Adds a run whose tables are stored already, as the parts of these names."""
    number = next_number(catalogue)
    catalogue.change(
        "INSERT INTO runs (id, op, at, model, outcome) VALUES (:id, :op, :at, :model, :outcome)",
        [{"id": number, "at": at, "model": model, "outcome": json.dumps(outcome, sort_keys=True)}])
    catalogue.change("INSERT INTO run_tables (run, name, part) VALUES (:id, :name, :part)",
                     [{"id": number, "name": name, "part": part} for name, part in names.items()])
    return Run(number, at, model, dict(outcome), dict(names))


def next_number(catalogue: Catalogue) -> int:
    """The number of the run that comes next."""
    return catalogue.next_id("runs")


def last(catalogue: Catalogue, before: int | None = None) -> Run | None:
    """The last run (before run `before`), or None."""
    rows = catalogue.rows("SELECT * FROM runs WHERE :before IS NULL OR id < :before ORDER BY id DESC LIMIT 1",
                          before=before)
    if not rows:
        return None
    tables = catalogue.rows("SELECT name, part FROM run_tables WHERE run = :run", run=rows[0]["id"])
    return Run(rows[0]["id"], rows[0]["at"], rows[0]["model"], json.loads(rows[0]["outcome"]),
               {row["name"]: row["part"] for row in tables})


def needed(catalogue: Catalogue) -> Run:
    """The last run. Raises OptionError when there is none."""
    run = last(catalogue)
    if run is None:
        raise OptionError("no-run-yet", "nothing was merged here yet.", hint="run `listmerge dedupe` first.")
    return run
