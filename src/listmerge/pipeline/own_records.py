"""What a system itself wrote of a master's record: its id, or the cells by which it knows the record again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.exporters.systems import System
from listmerge.layouts.headers import fold_header
from listmerge.workspace.identity import salesforce_18
from listmerge.workspace.parts import Parts
from listmerge.workspace.snapshots import Part


def own_cells(
    system: System, masters: pa.Table, crosswalk: pa.Table, store: Parts, parts: Iterable[Part]
) -> tuple[dict[str, pa.Array], int]:
    """The system's own cells beside `masters`, by header; and how many masters have several records in the system.

    Of several the one whose cells come first counts; the others are left as they are, for one row is one record.
    """
    headers = system.own_headers
    tables = [_cells(part, headers, store) for part in parts if part.parsed_mapping().layout in system.own_layouts]
    if not headers or not tables:
        return {}, 0
    records = pa.concat_tables(tables)
    whole = crosswalk.filter(pc.equal(crosswalk["part"], 0))
    row = pc.index_in(records["record_id"], value_set=whole["record_id"].combine_chunks()).combine_chunks()
    records = records.append_column("master_id", whole["master_id"].take(row)).filter(pc.is_valid(row))
    records = records.group_by(records.column_names).aggregate([]).sort_by(
        [(name, "ascending") for name in ("master_id", *headers)])
    place = pc.index_in(masters["master_id"], value_set=records["master_id"].combine_chunks()).combine_chunks()
    cells = {name: pc.fill_null(records[name].combine_chunks().take(place), "") for name in headers}
    return cells, _several(records["master_id"], masters["master_id"])


def _cells(part: Part, headers: Sequence[str], store: Parts) -> pa.Table:
    """record_id and the wanted cells of a part, '' where it has no such column."""
    table = store.read(part.records)
    table = table.filter(pc.equal(table["rejected"], ""))
    index = {fold_header(header): number for number, header in reversed(list(enumerate(part.headers)))}
    columns = {"record_id": table["record_id"]}
    for header in headers:
        number = index.get(fold_header(header), -1)
        found = table["source_id"] if header == "source_id" else table[f"c{number}"] if number >= 0 else None
        columns[header] = pa.array([""] * table.num_rows, pa.string()) if found is None else found.cast(pa.string())
    if "salesforce" in part.parsed_mapping().system.casefold():
        columns["source_id"] = pa.array([salesforce_18(text) for text in columns["source_id"].to_pylist()], pa.string())
    return pa.table(columns)


def _several(of_records: pa.ChunkedArray, masters: pa.ChunkedArray) -> int:
    counts = pc.value_counts(of_records.filter(pc.is_in(of_records, value_set=masters.combine_chunks())))
    return int(pc.sum(pc.greater(counts.field("counts"), 1)).as_py() or 0)
