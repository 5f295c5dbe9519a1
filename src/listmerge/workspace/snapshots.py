"""Snapshots: a source as it was on a day, and which of its records are current."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import ISSUES, RECORDS, Issue, Mapping, arrow_schema
from listmerge.workspace.catalogue import Catalogue
from listmerge.workspace.parts import Parts

_LAST_WHOLE = ("(SELECT coalesce(max(id), 0) FROM snapshots AS whole"
               " WHERE whole.source = snapshots.source AND whole.partial = 0)")
_CURRENT = f"FROM snapshots WHERE id >= {_LAST_WHOLE}"


#: Where a record stood, and why it is none: the columns before its cells.
PLACE: Final = ("source_row", "source_line", "rejected")


class File(NamedTuple):
    """A file that was read, and the source that it belongs to."""

    name: str
    sha256: str
    source: str


@dataclass(frozen=True, slots=True)
class Part:
    """One table of one file in a snapshot, as the catalogue knows it."""

    snapshot: int
    source: str
    name: str
    records: str
    read_issues: str
    mapping: str
    headers: tuple[str, ...]
    sha256: str
    rows: int
    rejected: int
    structure_rows: int
    structure_cells: int
    facts: dict[str, str]
    date: str = ""

    def parsed_mapping(self) -> Mapping:
        """The mapping under which the part was read."""
        return Mapping.from_json(self.mapping)


def records(source: str, name: str, rows: pa.Table, ids: pa.Array, own: pa.Array) -> pa.Table:
    """RECORDS with their cells: `rows` has source_row, source_line, rejected and the cells of records of a table."""
    head = pa.table({
        "record_id": ids, "source": _filled(source, len(ids)), "source_id": own, "source_file": _filled(name, len(ids)),
        **{place: rows.column(place) for place in PLACE},
    }, schema=arrow_schema(RECORDS))
    for cells in rows.column_names[len(PLACE):]:
        head = head.append_column(cells, rows.column(cells))
    return head


def add(
    catalogue: Catalogue, source: str, day: str, stored_parts: Sequence[Part], files: Iterable[File], *, partial: bool
) -> None:
    """Adds a snapshot of `source` made of these parts, which come from these files."""
    snapshot = catalogue.next_id("snapshots")
    catalogue.change("INSERT OR IGNORE INTO sources (name, op, first_imported) VALUES (:source, :op, :day)",
                     [{"source": source, "day": day}])
    catalogue.change(
        "INSERT INTO snapshots (id, op, source, date, partial, rows) VALUES (:id, :op, :source, :day, :partial, :rows)",
        [{"id": snapshot, "source": source, "day": day, "partial": int(partial),
          "rows": sum(part.rows for part in stored_parts)}])
    catalogue.change(
        "INSERT INTO files (snapshot, name, sha256, source) VALUES (:id, :name, :sha256, :source)",
        [{"id": snapshot, **file._asdict()} for file in sorted(set(files))])
    catalogue.change(
        "INSERT INTO parts VALUES (:id, :position, :name, :records, :read_issues, :mapping, :headers, :sha256, :rows,"
        " :rejected, :structure_rows, :structure_cells, :facts)",
        [_row(snapshot, position, part) for position, part in enumerate(stored_parts)])


def current(catalogue: Catalogue, source: str = "") -> list[Part]:
    """The parts of the last whole snapshot and of the partial ones after it, of one source or of all; in the order of
    their making, so that a later part's word on a record counts."""
    rows = catalogue.rows(
        f"SELECT parts.*, source, date FROM parts JOIN (SELECT id, source, date {_CURRENT}) AS now"
        " ON now.id = parts.snapshot WHERE :source IN ('', source) ORDER BY source, snapshot, position", source=source)
    return [
        Part(row["snapshot"], row["source"], row["name"], row["records"], row["read_issues"], row["mapping"],
             tuple(json.loads(row["headers"])), row["sha256"], row["rows"], row["rejected"], row["structure_rows"],
             row["structure_cells"], json.loads(row["facts"]), row["date"])
        for row in rows
    ]


def count(catalogue: Catalogue, source: str) -> int:
    """How many records the last whole snapshot of `source` holds; 0 when there is none."""
    return catalogue.value("SELECT rows FROM snapshots WHERE source = :source AND partial = 0 ORDER BY id DESC",
                           source=source) or 0


def date(catalogue: Catalogue, source: str) -> str:
    """The day of the last snapshot of `source`."""
    return catalogue.value("SELECT max(date) FROM snapshots WHERE source = :source", source=source) or ""


def layouts(catalogue: Catalogue) -> list[tuple[str, str]]:
    """(source, layout) of all current parts, sorted."""
    return sorted({(part.source, part.parsed_mapping().layout) for part in current(catalogue)})


def mappings(catalogue: Catalogue, source: str) -> list[Mapping]:
    """The mappings of the current parts of `source`."""
    return [part.parsed_mapping() for part in current(catalogue, source)]


def record_ids(catalogue: Catalogue, parts: Parts, source: str) -> list[pa.ChunkedArray]:
    """The ids of the current records of `source`, one column per part, rejected rows left out."""
    columns = []
    for part in current(catalogue, source):
        table = parts.read(part.records, ["record_id", "rejected"])
        columns.append(table.filter(pc.equal(table["rejected"], ""))["record_id"])
    return columns


def without_number(ids: Any) -> pa.Array:
    """Record ids without '#2' …"""
    column = pa.chunked_array([ids]) if isinstance(ids, pa.Array) else ids
    return pc.utf8_slice_codeunits(column, 0, 24).combine_chunks()


def issues_table(issues: Sequence[Issue]) -> pa.Table:
    """Issues as the table ISSUES."""
    names = arrow_schema(ISSUES).names
    return pa.Table.from_pylist([{name: getattr(issue, name) for name in names} for issue in issues],
                                schema=arrow_schema(ISSUES))


def read_issues(source: str, issues: Sequence[Issue]) -> pa.Table:
    """What was wrong with a table of `source`, as ISSUES."""
    table = issues_table(issues)
    return table.set_column(0, "source", _filled(source, table.num_rows))


def _row(snapshot: int, position: int, part: Part) -> dict[str, Any]:
    return {
        "id": snapshot, "position": position, "name": part.name, "records": part.records,
        "read_issues": part.read_issues, "mapping": part.mapping, "headers": json.dumps(part.headers),
        "sha256": part.sha256, "rows": part.rows, "rejected": part.rejected, "structure_rows": part.structure_rows,
        "structure_cells": part.structure_cells, "facts": json.dumps(part.facts, sort_keys=True),
    }


def _filled(text: str, length: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), length)
