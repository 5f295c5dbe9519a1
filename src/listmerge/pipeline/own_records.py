"""What a system itself wrote of a master's record: its id, or the cells by which it knows the record again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.exporters.systems import System
from listmerge.layouts.headers import fold_header
from listmerge.workspace.identity import salesforce_18
from listmerge.workspace.parts import Parts
from listmerge.workspace.snapshots import Part


@dataclass(frozen=True, slots=True)
class Own:
    """Of a system: `masters` without those who only stand within another's record; `cells` beside them, by header;
    `taken`, its texts under the header that must be unique; how many masters have `several` records, how many stand
    `within` one, how many are `others` there and have no row."""

    masters: pa.Table
    cells: dict[str, pa.Array]
    taken: frozenset[str] = frozenset()
    several: int = 0
    within: int = 0
    others: int = 0


def own_records(
    system: System, masters: pa.Table, crosswalk: pa.Table, store: Parts, parts: Iterable[Part]
) -> Own:
    """What `system` wrote of these masters.

    Of several records of one master the one whose cells come first counts; the others are left as they are, for one
    row is one record. A further person of a record would be doubled by a row, so it gets none.
    """
    headers, every = system.own_headers, tuple(parts)
    masters, others = _without_others(masters, crosswalk, store, _of_layouts(every, system.other_layouts))
    tables = [_cells(part, headers, store) for part in _of_layouts(every, system.own_layouts)]
    if not headers or not tables:
        return Own(masters, {}, others=others)
    records = pa.concat_tables(tables)
    crosswalk = crosswalk.filter(pc.is_in(crosswalk["record_id"], value_set=records["record_id"].combine_chunks()))
    heads = crosswalk.filter(pc.equal(crosswalk["part"], 0))
    inside = pc.and_(pc.is_in(masters["master_id"], value_set=crosswalk["master_id"].combine_chunks()),
                     pc.invert(pc.is_in(masters["master_id"], value_set=heads["master_id"].combine_chunks())))
    kept = masters.filter(pc.invert(inside))
    records = _of_masters(records, heads, headers)
    place = pc.index_in(kept["master_id"], value_set=records["master_id"].combine_chunks()).combine_chunks()
    cells = {name: pc.fill_null(records[name].combine_chunks().take(place), "") for name in headers}
    taken = frozenset(records[system.unique].to_pylist()) if system.unique else frozenset()
    return Own(kept, cells, taken, _several(records["master_id"], kept["master_id"]), masters.num_rows - kept.num_rows,
               others)


def _of_layouts(parts: Iterable[Part], layouts: Sequence[str]) -> list[Part]:
    return [part for part in parts if part.parsed_mapping().layout in layouts]


def _without_others(
    masters: pa.Table, crosswalk: pa.Table, store: Parts, parts: Sequence[Part]
) -> tuple[pa.Table, int]:
    """The masters of whom these parts have no record, and how many the others are."""
    if not parts:
        return masters, 0
    records = pa.concat_arrays([chunk for part in parts for chunk in store.read(part.records)["record_id"].chunks])
    named = crosswalk.filter(pc.is_in(crosswalk["record_id"], value_set=records))["master_id"].combine_chunks()
    kept = masters.filter(pc.invert(pc.is_in(masters["master_id"], value_set=named)))
    return kept, masters.num_rows - kept.num_rows


def _of_masters(records: pa.Table, heads: pa.Table, headers: Sequence[str]) -> pa.Table:
    """The cells of the records with their master_id, sorted; each once."""
    row = pc.index_in(records["record_id"], value_set=heads["record_id"].combine_chunks()).combine_chunks()
    records = records.append_column("master_id", heads["master_id"].take(row)).filter(pc.is_valid(row))
    return records.group_by(records.column_names).aggregate([]).sort_by(
        [(name, "ascending") for name in ("master_id", *headers)])


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
