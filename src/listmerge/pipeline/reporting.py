"""The material of a run for report and export, and the writing of all files of `run`."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from listmerge.pipeline import publishing
from listmerge.pipeline.all_columns import with_all_columns
from listmerge.pipeline.duplicates import possible_duplicates
from listmerge.pipeline.place import Listener
from listmerge.pipeline.publishing import Batch
from listmerge.pipeline.stopwatch import Stopwatch
from listmerge.report.changes import changes
from listmerge.report.material import Before, Material
from listmerge.report.page import write_page
from listmerge.report.workbook import write_workbook
from listmerge.workspace import runs, snapshots
from listmerge.workspace.catalogue import Catalogue
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
    return Material(**tables, run=run.outcome, before=_before(catalogue, parts, run))


def _before(catalogue: Catalogue, parts: Parts, run: Run) -> Before | None:
    """The run before; rows that changed since bear the id of the record that took their place."""
    last = runs.last(catalogue, before=run.id)
    if last is None:
        return None
    contacts = last.table(parts, "contacts")
    followed = Links(catalogue).follow_column(contacts["record_id"].combine_chunks())
    return Before(
        date=str(last.outcome.get("date", "")), counts=last.outcome.get("counts", {}),
        contacts=contacts.set_column(0, "record_id", followed), **{name: last.table(parts, name) for name in _BEFORE})


def write_all(
    files: Batch, catalogue: Catalogue, parts: Parts, run: Run, listener: Listener, watch: Stopwatch, *,
    workbook: bool = False, all_columns: bool = False,
) -> dict[str, Any]:
    """Writes every file of `listmerge run` into the batch; gives the content of run.json without the hashes."""
    material = material_of(catalogue, parts, run)
    outcome = {**run.outcome, "changes": _changes(material), "timings": watch.timings}
    listener.step("writing the lists")
    tables = tables_of(material)
    if all_columns:
        tables["masters"] = everything(catalogue, parts, run)
    publishing.write_tables(files, tables, workbook=workbook)
    watch.lap("export")
    write_report(files, material, listener)
    watch.lap("report")
    files.close(outcome)
    return outcome


def write_report(files: Batch, material: Material, listener: Listener) -> None:
    """Writes the conflict report: page and workbook."""
    listener.step("writing the report")
    write_page(material, files.path("report.html"))
    write_workbook(material, files.path("report.xlsx"))


def tables_of(material: Material) -> dict[str, pa.Table]:
    """The tables that become CSV files."""
    named = {name: getattr(material, name) for name in publishing.TABLES if name != "possible_duplicates"}
    return {**named, "possible_duplicates": possible_duplicates(material)}


def everything(catalogue: Catalogue, parts: Parts, run: Run) -> pa.Table:
    """The masters with notes and what no field took."""
    return with_all_columns(run, parts, snapshots.current(catalogue))


def _changes(material: Material) -> dict[str, Any]:
    """What run.json says of the difference to the last run."""
    found = changes(material, 0)
    if found is None:
        return {}
    return {"since": found.date, "records_changed": found.edited, "records_new": sum(found.new.values()),
            "records_gone": sum(found.gone.values()), "masters_retired": len(found.retired)}
