"""The tables that cleaning makes, and how those of several files become those of one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import (
    ADDRESSES,
    CELLS,
    CONTACTS,
    EMAILS,
    IDENTIFIERS,
    ISSUES,
    PHONES,
    STATEMENTS,
    Columns,
    arrow_schema,
)

SCHEMAS: Final[dict[str, Columns]] = {
    "contacts": CONTACTS, "emails": EMAILS, "phones": PHONES, "addresses": ADDRESSES, "identifiers": IDENTIFIERS,
    "statements": STATEMENTS, "issues": ISSUES, "cells": CELLS,
}
_OF_CONTACTS: Final = ("emails", "phones", "addresses", "identifiers", "statements")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning makes of the records of one part, or of a run when gathered; schemas in model.py.

    `contact` in the other tables is a position in `contacts`. `rejected` is a text for each record: '' or the code of
    the reason why it makes no contact.
    """

    contacts: pa.Table
    emails: pa.Table
    phones: pa.Table
    addresses: pa.Table
    identifiers: pa.Table
    statements: pa.Table
    issues: pa.Table
    cells: pa.Table
    rejected: pa.Array


def gather(parts: Sequence[Cleaned]) -> Cleaned:
    """The tables of several parts as one: contacts sorted by (record_id, part) and numbered anew in every table, so
    that neither the order of files nor that of rows counts. `rejected` follows the order of `parts`."""
    sizes = [part.contacts.num_rows for part in parts]
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)
    contacts = _concat([part.contacts for part in parts], "contacts")
    order = _content_order(contacts)
    number = np.empty(len(order), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    made = {name: _renumbered([getattr(part, name) for part in parts], name, starts, number) for name in _OF_CONTACTS}
    return Cleaned(
        contacts=_taken(contacts, order), **made,
        issues=_sorted(_concat([part.issues for part in parts], "issues"),
                       ("source", "source_file", "source_row", "field", "code", "value")),
        cells=_sorted(_concat([part.cells for part in parts], "cells"),
                      ("source_file", "column", "part", "unit", "slot")),
        rejected=pa.concat_arrays([pa.array([], pa.string()), *(_one_array(part.rejected) for part in parts)]),
    )


def table_names() -> tuple[str, ...]:
    """The names of the tables of `Cleaned`, in order."""
    return tuple(field.name for field in fields(Cleaned) if field.name != "rejected")


def _concat(tables: Sequence[pa.Table], name: str) -> pa.Table:
    return pa.concat_tables(tables or [arrow_schema(SCHEMAS[name]).empty_table()])


def _one_array(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _content_order(contacts: pa.Table) -> Any:
    """The order of contacts by (record_id, part). Record ids are mostly told apart by their first sixteen bytes, which
    are compared as two numbers; the whole texts are when that is not enough."""
    ids = _one_array(contacts.column("record_id"))
    high, low = (_eight_bytes(ids, start) for start in (0, 8))
    order = np.argsort(high)
    if (high[order][1:] == high[order][:-1]).any():
        order = np.lexsort((contacts.column("part").to_numpy(), low, high))
    same = np.flatnonzero((high[order][1:] == high[order][:-1]) & (low[order][1:] == low[order][:-1]))
    if pc.all(pc.equal(ids.take(pa.array(order[same])), ids.take(pa.array(order[same + 1]))), min_count=0).as_py():
        return order
    keys = [("record_id", "ascending"), ("part", "ascending")]
    return pc.sort_indices(contacts.select(["record_id", "part"]), sort_keys=keys).to_numpy()


def _eight_bytes(texts: pa.Array, start: int) -> Any:
    """Eight bytes of each text from `start` on as a number, zeros where it ends: numbers sort as the texts do."""
    fixed = pc.binary_slice(texts.cast(pa.binary()), start, start + 8)
    if pc.all(pc.equal(pc.binary_length(fixed), 8), min_count=0).as_py():
        padded = np.frombuffer(fixed.cast(pa.binary(8)).buffers()[1] or b"", dtype=">u8", count=len(fixed))
    else:
        padded = np.array(fixed.to_pylist(), dtype="S8").view(">u8")
    return padded.astype(np.uint64)


def _renumbered(tables: Sequence[pa.Table], name: str, starts: Any, number: Any) -> pa.Table:
    """One table with the new numbers of its contacts, sorted by them; what belongs to one contact keeps its order."""
    table, sizes = _concat(tables, name), [one.num_rows for one in tables]
    old = table.column("contact").to_numpy() + np.repeat(starts, sizes)
    new = number[old]
    order = np.argsort(new, kind="stable")
    taken = _taken(table, order)
    return taken.set_column(0, table.schema.field(0), pa.array(new[order]))


def _taken(table: pa.Table, rows: Any) -> pa.Table:
    """The rows in this order, column by column in one piece: only one column is in memory twice."""
    places = pa.array(rows)
    return pa.table([column.take(places).combine_chunks() for column in table.columns], schema=table.schema)


def _sorted(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    return table.take(pc.sort_indices(table, sort_keys=[(column, "ascending") for column in columns]))
