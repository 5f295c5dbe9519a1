"""Columns made ready for writing: everything text, and fast ways to find the cells that need care."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS_AT_ONCE = 16_384           # keeps memory flat …
BYTES_AT_ONCE = 64 * 2**20      # … and what is made of them within the 2 GB of an Arrow array
_FEW = 6                        # different bytes


def batches(table: pa.Table, rows: int = ROWS_AT_ONCE) -> Iterator[list[pa.Array]]:
    """The table as lists of plain text columns, some thousand rows at a time; numbers become text."""
    for start in range(0, table.num_rows, rows):
        for part in _light(table.slice(start, rows)):
            yield [as_text(column) for column in part.columns]


def as_text(column: pa.ChunkedArray) -> pa.Array:
    """One plain string array, '' for no value."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks)
    return pc.fill_null(whole.cast(pa.string()), "")


def all_bytes(array: pa.Array) -> memoryview:
    """The values one after the other, as Arrow holds them."""
    offsets, _ = _buffers(array)
    data = array.buffers()[2]
    return memoryview(data)[offsets[0] : offsets[-1]] if data is not None else memoryview(b"")


def byte_set(characters: str) -> NDArray[np.bool_]:
    """A table of 256 truth values: is this byte one of `characters` (ASCII)?"""
    table = np.zeros(256, dtype=bool)
    table[list(characters.encode("ascii"))] = True
    return table


def begins_with(array: pa.Array, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each value, whether its first byte is wanted."""
    offsets, data = _buffers(array)
    if offsets[0] == offsets[-1]:
        return np.zeros(len(array), dtype=bool)
    first = data[np.minimum(offsets[:-1], offsets[-1] - 1)]
    found: NDArray[np.bool_] = wanted[first] & (offsets[1:] > offsets[:-1])
    return found


def holds(array: pa.Array, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each value, whether any of its bytes is wanted."""
    offsets, data = _buffers(array)
    found = np.zeros(len(array), dtype=bool)
    hits = _places(data[offsets[0] : offsets[-1]], wanted) + offsets[0]
    found[np.searchsorted(offsets, hits, side="right") - 1] = True
    return found


def _places(data: NDArray[np.uint8], wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where the wanted bytes are; a few are compared one by one, since that takes a fifth of the look-up's time."""
    few = np.flatnonzero(wanted)
    if len(few) > _FEW:
        return np.flatnonzero(wanted[data])
    hit = np.zeros(len(data), dtype=bool)
    for byte in few.astype(np.uint8):
        hit |= data == byte
    return np.flatnonzero(hit)


def replaced(array: pa.Array, where: NDArray[np.bool_], values: pa.Array) -> pa.Array:
    """`array` with `values` in the places `where`, in order."""
    return pc.replace_with_mask(array, pa.array(where), values)


def _light(table: pa.Table) -> Iterator[pa.Table]:
    """The table in pieces that are not too heavy, one row at least."""
    if table.nbytes <= BYTES_AT_ONCE or table.num_rows <= 1:
        yield table
        return
    half = table.num_rows // 2
    yield from _light(table.slice(0, half))
    yield from _light(table.slice(half))


def _buffers(array: pa.Array) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    _, offsets, data = array.buffers()
    if offsets is None or len(array) == 0:
        return np.zeros(1, dtype=np.int32), np.zeros(0, dtype=np.uint8)
    ends = np.frombuffer(offsets, dtype=np.int32)[array.offset : array.offset + len(array) + 1]
    return ends, np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
