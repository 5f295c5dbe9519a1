"""The material of a run for report and export, and the writing of all files of `run`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from listmerge.pipeline import publishing
from listmerge.pipeline.all_columns import NEEDED, with_all_columns
from listmerge.pipeline.duplicates import possible_duplicates
from listmerge.pipeline.matching import Made
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
from listmerge.workspace.parts import Parts
from listmerge.workspace.runs import Run

_TABLES = ("contacts", "emails", "phones", "addresses", "clusters", "near_pairs", "masters", "crosswalk",
           "permission_rows", "conflicts", "issues", "sources", "aliases", "statements", "standing_refusals",
           "decisions")
_BEFORE = ("emails", "phones", "addresses", "masters")


def material_of(catalogue: Catalogue, parts: Parts, run: Run) -> Material:
    """Everything that the report of `run` is made of, the run before it among it."""
    tables = {name: run.table(parts, name) for name in _TABLES}
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


def store_and_write(
    files: Batch, change: Change, made: Made, listener: Listener, watch: Stopwatch, *, workbook: bool = False,
    all_columns: bool = False,
) -> tuple[Run, dict[str, Any]]:
    """Stores a run and writes every file of `listmerge run` into the batch; gives the run, and the content of run.json
    without the hashes.

    The tables are packed and the lists written beside the making of the report: the former is the work of libraries
    that let go of the interpreter, the latter is Python's.
    """
    tables = {name: made.tables[name] for name in _TABLES}
    material = Material(**tables, run=made.outcome, before=_before(change.catalogue, change.parts, made.last))
    listener.step("writing the lists")
    with ThreadPoolExecutor(1) as beside:
        stored = beside.submit(change.parts.write_all, made.kept)
        lists = tables_of(material)
        if all_columns:
            lists["masters"] = with_all_columns(made.tables, change.parts, snapshots.current(change.catalogue))
        written = beside.submit(publishing.write_tables, files, lists, workbook=workbook)
        changed = _changes(write_report(files, material, listener))
        watch.lap("report")
        names = stored.result()
        watch.lap("store")
        written.result()
        watch.lap("export")
    run = runs.note(change.catalogue, change.at, made.model, made.outcome, names)
    outcome = {**made.outcome, "changes": changed, "timings": watch.timings}
    files.close(outcome)
    return run, outcome


def write_report(files: Batch, material: Material, listener: Listener) -> Changes | None:
    """Writes the conflict report, page and workbook; gives what has changed since the last run."""
    listener.step("writing the report")
    changed = changes(material, SHOWN["edits"])
    write_page(material, files.path("report.html"), changed)
    write_workbook(material, files.path("report.xlsx"))
    return changed


def tables_of(material: Material) -> dict[str, pa.Table]:
    """The tables that become CSV files."""
    named = {name: getattr(material, name) for name in publishing.TABLES if name != "possible_duplicates"}
    return {**named, "possible_duplicates": possible_duplicates(material)}


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
