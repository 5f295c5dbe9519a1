"""--all-columns: beside the columns of a master, its notes and everything that no field took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.text import plain
from listmerge.model import FIELDS
from listmerge.stages.clean.plan import longest_of, too_long
from listmerge.workspace.parts import Parts
from listmerge.workspace.snapshots import Part

#: Units of columns that a master has no place for. Identifiers are not exported, `dropped` must not be kept at all.
_NO_PLACE: Final = ("other", "record", "consent", "language")


#: The tables of a run that are looked at.
NEEDED: Final = ("masters", "contacts", "crosswalk", "sources")


def with_all_columns(tables: Mapping[str, pa.Table], store: Parts, parts: Sequence[Part]) -> pa.Table:
    """The masters of a run (its tables NEEDED) with the columns `notes` and `other_columns` ('Header: text; …',
    each once, in order).

    `parts` are the records behind it; lists that are for reference only give nothing.
    """
    masters, contacts, crosswalk, sources = (tables[name] for name in NEEDED)
    givers = sources.filter(pc.invert(sources["reference_only"]))["source"].combine_chunks()
    contacts = contacts.filter(pc.is_in(contacts["source"], value_set=givers))
    notes = contacts.select(["record_id", "notes"]).rename_columns(["record_id", "text"])
    others = [_others(store, part) for part in parts if part.source in givers.to_pylist()]
    none = pa.table({"record_id": pa.array([], pa.string()), "text": pa.array([], pa.string())})
    return masters.append_column("notes", _of_masters(masters, crosswalk, notes)).append_column(
        "other_columns", _of_masters(masters, crosswalk, pa.concat_tables([none, *others])))


def _others(store: Parts, part: Part) -> pa.Table:
    """(record_id, 'Header: text') of the cells that no field took, those that were too long for theirs among them."""
    records = store.read(part.records)
    fields = {column.index: column.field for column in part.parsed_mapping().columns}
    tables = []
    for index, header in enumerate(part.headers):
        field, own = fields.get(index, "ignore"), records.select(["record_id", f"c{index}"])
        if FIELDS[field] not in _NO_PLACE:
            own = own.filter(too_long(plain(own[1]), longest_of(field)))
        tables.append(_cells(own[0], own[1], header or f"column {index + 1}"))
    return pa.concat_tables([_cells(records["record_id"].slice(0, 0), records["record_id"].slice(0, 0), ""), *tables])


def _cells(record_ids: pa.ChunkedArray, cells: pa.ChunkedArray, header: str) -> pa.Table:
    filled = pc.not_equal(pc.utf8_trim_whitespace(cells), "")
    text = pc.binary_join_element_wise(pa.scalar(f"{header.strip()}: "), cells.filter(filled), "")
    return pa.table({"record_id": record_ids.filter(filled), "text": text})


def _of_masters(masters: pa.Table, crosswalk: pa.Table, texts: pa.Table) -> pa.Array:
    """The distinct texts of each master's records, sorted, in one cell."""
    texts = texts.filter(pc.not_equal(texts["text"], ""))
    own = crosswalk.filter(pc.equal(crosswalk["part"], 0))
    row = pc.index_in(texts["record_id"], value_set=own["record_id"].combine_chunks())
    known = pc.is_valid(row)
    holder = own["master_id"].take(row.filter(known))
    pairs = pa.table({"master": pc.index_in(holder, value_set=masters["master_id"].combine_chunks()),
                      "text": texts["text"].filter(known)})
    return _joined(pairs.group_by(["master", "text"]).aggregate([]), masters.num_rows)


def _joined(pairs: pa.Table, count: int) -> pa.Array:
    """(master, text) rows as one cell a master, joined with '; '."""
    pairs = pairs.sort_by([("master", "ascending"), ("text", "ascending")])
    bounds = np.searchsorted(pairs["master"].to_numpy(), np.arange(count + 1)).astype(np.int32)
    escaped = pc.replace_substring(pairs["text"], ";", "\\;").combine_chunks()
    lists: Any = pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), escaped)
    return pc.binary_join(lists, "; ")
