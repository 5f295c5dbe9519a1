"""The tables that cleaning makes, and how those of several files become those of one run."""

from __future__ import annotations

from binascii import Error as BinasciiError
from binascii import hexlify, unhexlify
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.text import bytes_of
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
CORES: Final = 2
#: So many digits of a record id are compared as a number.
_DIGITS: Final = 16
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


@dataclass(frozen=True, slots=True)
class Gathered:
    """The tables of a run, and where each row of them comes from: `origin` is the part of each contact; `places` says
    for contacts and each table of values its `row` in the tables of all parts, one below the other, and the number of
    its `contact`."""

    tables: Cleaned
    origin: Any
    places: dict[str, pa.Table]


def gather(parts: Sequence[Cleaned], gone: Sequence[Any] | None = None) -> Gathered:
    """The tables of several parts as one: contacts sorted by (record_id, part) and numbered anew in every table, so
    that neither the order of files nor that of rows counts. `rejected` follows the order of `parts`.

    `gone` has a mask for each part: which of its contacts are left out, with all their values.
    """
    sizes = [part.contacts.num_rows for part in parts]
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)
    contacts = _concat([part.contacts for part in parts], "contacts")
    order = _content_order(contacts)
    if gone is not None:
        order = order[~np.concatenate([np.zeros(0, bool), *gone])[order]]
    number = np.full(contacts.num_rows, -1, np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    made, places = {}, {"contacts": pa.table({"row": pa.array(order, pa.int32())})}
    with ThreadPoolExecutor(CORES) as pool:
        for name in _OF_CONTACTS:
            tables = [getattr(part, name) for part in parts]
            places[name] = _places(tables, starts, number)
            made[name] = _renumbered(_concat(tables, name), places[name], pool)
        contacts = _taken(contacts, order, pool)
    origin = np.repeat(np.arange(len(parts), dtype=np.int32), sizes)[order]
    return Gathered(Cleaned(
        contacts=contacts, **made,
        issues=_sorted(_concat([part.issues for part in parts], "issues"),
                       ("source", "source_file", "source_row", "field", "code", "value")),
        cells=_sorted(_concat([part.cells for part in parts], "cells"),
                      ("source_file", "column", "part", "unit", "slot")),
        rejected=pa.concat_arrays([pa.array([], pa.string()), *(_one_array(part.rejected) for part in parts)]),
    ), origin, places)


def table_names() -> tuple[str, ...]:
    """The names of the tables of `Cleaned`, in order."""
    return tuple(field.name for field in fields(Cleaned) if field.name != "rejected")


def _concat(tables: Sequence[pa.Table], name: str) -> pa.Table:
    return pa.concat_tables(tables or [arrow_schema(SCHEMAS[name]).empty_table()])


def _one_array(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _content_order(contacts: pa.Table) -> Any:
    """The order of contacts by (record_id, part). Record ids are mostly told apart by their first sixteen digits, which
    are compared as numbers; only those that are not are compared as texts."""
    ids = _one_array(contacts.column("record_id"))
    number = first_digits(ids)
    order = np.argsort(number)
    same = np.append(np.diff(number[order]) == 0, False)
    tied = np.flatnonzero(same | np.append(False, same[:-1]))
    rows = order[tied]
    texts = pa.table([ids.take(pa.array(rows)), contacts.column("part").take(pa.array(rows))], ["record_id", "part"])
    order[tied] = rows[pc.sort_indices(texts, sort_keys=[("record_id", "ascending"), ("part", "ascending")])]
    return order


def first_digits(ids: pa.Array) -> Any:
    """The first sixteen hexadecimal digits of each id as a number, which sorts as the text does; 0 for all where one is
    no such digit."""
    data, ends = bytes_of(ids)
    sizes = np.diff(ends)
    if not len(ids) or int(sizes.min()) < _DIGITS:
        return np.zeros(len(ids), np.uint64)
    if sizes.min() == sizes.max():
        digits = data[ends[0] : ends[-1]].reshape(len(ids), -1)[:, :_DIGITS]
    else:
        digits = np.lib.stride_tricks.sliding_window_view(data, _DIGITS)[ends[:-1]]
    letters = np.ascontiguousarray(digits).tobytes()
    try:
        value = unhexlify(letters)
    except BinasciiError:
        return np.zeros(len(ids), np.uint64)
    if hexlify(value) != letters:       # large letters sort before small ones as texts, not as numbers
        return np.zeros(len(ids), np.uint64)
    return np.frombuffer(value, ">u8").astype(np.uint64)


def _places(tables: Sequence[pa.Table], starts: Any, number: Any) -> pa.Table:
    """The rows of the tables one below the other that belong to a contact, sorted by its new number; what belongs to
    one contact keeps its order."""
    contact = np.concatenate([np.zeros(0, np.int32), *(table.column("contact").to_numpy() for table in tables)])
    new = number[contact + np.repeat(starts, [table.num_rows for table in tables])].astype(np.int64)
    rows = np.flatnonzero(new >= 0)
    both = np.sort((new[rows] << 32) | rows)
    return pa.table({"row": pa.array(both & 0xFFFFFFFF, pa.int32()), "contact": pa.array(both >> 32, pa.int32())})


def _renumbered(table: pa.Table, places: pa.Table, pool: Executor) -> pa.Table:
    """The rows at these places, with the new numbers of their contacts."""
    taken = _taken(table.drop_columns("contact"), places["row"].to_numpy(), pool)
    return taken.add_column(0, table.schema.field(0), places["contact"])


def _taken(table: pa.Table, rows: Any, pool: Executor) -> pa.Table:
    """The rows in this order, column by column in one piece: only some columns are in memory twice, and of columns
    without any value, as most are in most lists, there is one for all."""
    places, nothing = pa.array(rows), pa.repeat("", len(rows))
    columns = pool.map(lambda column: nothing if _is_empty(column) else column.take(places).combine_chunks(),
                       table.columns)
    return pa.table(list(columns), schema=table.schema)


def _is_empty(column: pa.ChunkedArray) -> bool:
    """Whether it is a column of texts, and each is ''."""
    return pa.types.is_string(column.type) and all(_bytes_in(one) == 0 for one in column.chunks)


def _bytes_in(texts: pa.Array) -> int:
    _, ends = bytes_of(texts)
    return int(ends[-1]) - int(ends[0])


def _sorted(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    return table.take(pc.sort_indices(table, sort_keys=[(column, "ascending") for column in columns]))
