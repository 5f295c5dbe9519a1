"""Arithmetic over groups of rows, in whole columns: ranks, codes, the first of each, joined lines.

A group is the rows of one master, numbered from 0 within a batch. Nothing here knows what a value means.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Numbers = np.ndarray[Any, Any]

#: Below this, numbers of several columns are put together as one.
_MOST_CODES: Final = 1 << 62


def text(table: pa.Table, name: str) -> pa.Array:
    """One column as one piece of text values."""
    column = table[name]
    column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return column if pa.types.is_string(column.type) else pc.cast(column, pa.string())


def numbers(table: pa.Table, name: str) -> Numbers:
    """One numeric or Boolean column."""
    values: Numbers = table[name].to_numpy()
    return values


def by_contact(table: pa.Table, name: str) -> Numbers:
    """A numeric column of a table that has a row for each contact, in the order of contacts."""
    values = numbers(table, name)
    found = np.empty_like(values)
    found[numbers(table, "contact")] = values
    return found


def filled(values: pa.Array) -> Numbers:
    """True where there is a text."""
    ends = _ends(values)
    return ends[1:] > ends[:-1]


def ranks(values: pa.Array) -> Numbers:
    """The place of each text among the distinct ones, sorted by code point: '' is 0 where it occurs."""
    if not len(_bytes(values)):
        return np.zeros(len(values), np.int64)
    encoded = values.dictionary_encode()
    place = np.empty(len(encoded.dictionary), np.int64)
    place[pc.array_sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(place))
    ranked: Numbers = place[encoded.indices.to_numpy()]
    return ranked


def labels(values: pa.Array) -> Numbers:
    """Equal numbers for equal texts, in no order that means anything: cheaper than `ranks` where nothing is sorted."""
    if not len(_bytes(values)):
        return np.zeros(len(values), np.int64)
    found: Numbers = values.dictionary_encode().indices.to_numpy()
    return found.astype(np.int64)


def codes(columns: Sequence[Numbers]) -> Numbers:
    """Equal numbers for rows that are equal in all columns (whole numbers from 0), ordered as the columns order."""
    code, size = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        values = int(column.max(initial=0)) + 1
        if size * values > _MOST_CODES:
            code = _dense(code)
            size = len(code)
        code, size = code * values + column, size * values
    return _dense(code)


def _dense(code: Numbers) -> Numbers:
    """Numbers without gaps in the order of `code`; what is in order already need not be sorted for it."""
    if (code[1:] >= code[:-1]).all():
        return np.cumsum(starts_run(code)) - 1
    return np.unique(code, return_inverse=True)[1]


def starts_run(*columns: Numbers) -> Numbers:
    """True where a row of sorted columns differs from the one before it."""
    first = np.zeros(len(columns[0]), bool)
    first[:1] = True
    for column in columns:
        first[1:] |= column[1:] != column[:-1]
    return first


def per_group(group: Numbers, size: int) -> Numbers:
    """How many rows each group has."""
    counts: Numbers = np.bincount(group, minlength=size)
    return counts


def pick(values: pa.Array, rows: Numbers) -> pa.Array:
    """The texts at `rows`; '' where a row is -1."""
    if not len(_bytes(values)):
        return _blank(len(rows))
    nothing = rows < 0
    if not nothing.any():
        return values.take(pa.array(rows))
    found = values.take(pa.array(rows, mask=nothing))
    _, ends, data = found.buffers()        # a null has no bytes: without the mask it is ''
    return pa.StringArray.from_buffers(len(found), ends, data, None, 0, found.offset)


def taken(table: pa.Table, rows: Numbers) -> pa.Table:
    """The rows of a table whose columns are of one piece; columns in which nothing stands are not looked at."""
    at = pa.array(rows)
    columns = [_blank(len(rows)) if pa.types.is_string(column.type) and not len(_bytes(text(table, name)))
               else column.take(at) for name, column in zip(table.column_names, table.columns, strict=True)]
    return pa.table(columns, schema=table.schema)


def _blank(size: int) -> pa.Array:
    return pa.StringArray.from_buffers(size, _zeros(size.bit_length()), pa.py_buffer(b""))


@cache
def _zeros(bits: int) -> pa.Buffer:
    """Where the texts of a blank column of less than 2**bits rows end. All such columns have it together: a third of
    those of the masters are blank, in most lists."""
    return pa.py_buffer(np.zeros(1 << bits, np.int32))


def _bytes(values: pa.Array) -> Numbers:
    """The bytes of all texts, one after the other."""
    data, ends = values.buffers()[2], _ends(values)
    return np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]


def _ends(values: pa.Array) -> Numbers:
    """Where the first text begins, and where each ends."""
    if not len(values):
        return np.zeros(1, np.int32)
    return np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1]


def joined(values: pa.Array, group: Numbers, size: int, separator: str = "; ") -> pa.Array:
    """The texts of each group (rows sorted by group) in one text each, '' for a group without rows."""
    bounds = np.append(0, np.cumsum(per_group(group, size))).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(bounds), values), separator)


def escaped(values: pa.Array) -> pa.Array:
    """Texts that can stand in a cell with several: a ';' inside is written '\\;'."""
    return pc.replace_substring(values, ";", "\\;") if (_bytes(values) == ord(";")).any() else values


def words(numbers_of: Numbers, vocabulary: Sequence[str]) -> pa.Array:
    """The word of each number; '' for -1."""
    return pick(pa.array(vocabulary, pa.string()), numbers_of)


def number_of(values: pa.Array, vocabulary: Sequence[str], otherwise: int) -> Numbers:
    """The place of each text in `vocabulary`, `otherwise` when it is not in it."""
    found = pc.index_in(values, pa.array(vocabulary, pa.string()))
    return pc.fill_null(found, otherwise).to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]


def concatenated(*parts: pa.Array) -> pa.Array:
    """Texts below one another."""
    return pa.concat_arrays([pc.cast(part, pa.string()) for part in parts])
