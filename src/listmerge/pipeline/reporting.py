"""The material of a run for report and export, and the writing of all files of `run`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pyarrow as pa

from listmerge.pipeline import publishing
from listmerge.pipeline.all_columns import NEEDED, with_all_columns
from listmerge.pipeline.duplicates import possible_duplicates
from listmerge.pipeline.matching import REPORTED, Made, outcome_of
from listmerge.pipeline.place import Listener
from listmerge.pipeline.publishing import Batch
from listmerge.pipeline.stopwatch import Stopwatch
from listmerge.report.changes import Changes, changes
from listmerge.report.material import Before, Material
from listmerge.report.page import SHOWN, write_page
from listmerge.report.workbook import write_workbook
from listmerge.workspace import runs, snapshots
from listmerge.workspace.catalogue import Catalogue
from listmerge.workspace.folder import Change
from listmerge.workspace.links import Links
from listmerge.workspace.parts import Parts, Storing
from listmerge.workspace.runs import Run

_BEFORE = ("emails", "phones", "addresses", "masters")


def material_of(catalogue: Catalogue, parts: Parts, run: Run) -> Material:
    """Everything that the report of `run` is made of, the run before it among it."""
    tables = {name: run.table(parts, name) for name in REPORTED}
    last = runs.last(catalogue, before=run.id)
    return Material(**tables, run=run.outcome, before=_before(catalogue, parts, last))


def _before(catalogue: Catalogue, parts: Parts, last: Run | None) -> Before | None:
    """The run before; rows that changed since bear the id of the record that took their place."""
    if last is None:
        return None
    contacts = last.table(parts, "contacts")
    followed = Links(catalogue).follow_column(contacts["record_id"].combine_chunks())
    return Before(
        date=str(last.outcome.get("date", "")), counts=last.outcome.get("counts", {}),
        contacts=contacts.set_column(0, "record_id", followed), **{name: last.table(parts, name) for name in _BEFORE})


def note_and_write(
    files: Batch, change: Change, made: Made, stored: Storing, listener: Listener, watch: Stopwatch, *,
    workbook: bool = False, all_columns: bool = False,
) -> tuple[Run, dict[str, Any]]:
    """Notes a run and writes every file of `listmerge run` into the batch; gives the run, and the content of run.json
    without the hashes.

    The lists are written beside the balancing of the books and the making of the report: the former is the work of
    libraries that let go of the interpreter.
    """
    tables = {name: made.table(name) for name in REPORTED}
    material = Material(**tables, before=_before(change.catalogue, change.parts, made.last))
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(_write_lists, files, change, made, material, workbook, all_columns)
        material = replace(material, run=outcome_of(change, made, listener, watch))
        changed = _changes(write_report(files, material, listener))
        watch.lap("report")
        listener.step("writing the lists")
        written.result()
        watch.lap("export")
    run = runs.note(change.catalogue, change.at, made.findings.model, material.run, stored.names())
    watch.lap("store")
    outcome = {**material.run, "changes": changed, "timings": watch.timings}
    files.close(outcome)
    return run, outcome


def _write_lists(
    files: Batch, change: Change, made: Made, material: Material, workbook: bool, all_columns: bool
) -> None:
    masters = material.masters
    if all_columns:
        tables = {name: made.table(name) for name in NEEDED}
        masters = with_all_columns(tables, change.parts, snapshots.current(change.catalogue))
    publishing.write_tables(files, _lists(material, masters), workbook=workbook)


def write_report(files: Batch, material: Material, listener: Listener) -> Changes | None:
    """Writes the conflict report, page and workbook; gives what has changed since the last run."""
    listener.step("writing the report")
    changed = changes(material, SHOWN["edits"])
    with files.file("report.html") as path:
        write_page(material, path, changed)
    with files.file("report.xlsx") as path:
        write_workbook(material, path)
    return changed


def _lists(material: Material, masters: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The tables that become CSV files; what is no table of the run is made when its turn comes."""
    made = {"masters": lambda: masters, "possible_duplicates": lambda: possible_duplicates(material)}
    for name in publishing.TABLES:
        yield name, made[name]() if name in made else getattr(material, name)


def everything(catalogue: Catalogue, parts: Parts, run: Run) -> pa.Table:
    """The masters with notes and what no field took."""
    tables = {name: run.table(parts, name) for name in NEEDED}
    return with_all_columns(tables, parts, snapshots.current(catalogue))


def _changes(found: Changes | None) -> dict[str, Any]:
    """What run.json says of the difference to the last run."""
    if found is None:
        return {}
    return {"since": found.date, "records_changed": found.edited, "records_new": sum(found.new.values()),
            "records_gone": sum(found.gone.values()), "masters_retired": len(found.retired)}
