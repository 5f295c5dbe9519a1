"""Parquet tables: every column as text; the column names are the header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listmerge.importers.sheets import Sheet, check_width, names, stack
from listmerge.importers.source import damaged, no_records

if TYPE_CHECKING:
    import pyarrow as pa

    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data


def extract(data: Data, name: str, options: ReadOptions) -> list[Sheet]:
    """The file as one sheet; raises InputError `damaged-file`, `no-records`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_table(pa.BufferReader(pa.py_buffer(data)))
    except (pa.ArrowException, OSError) as error:
        raise damaged(name, f"it is no readable Parquet file ({str(error).splitlines()[0][:100]})") from error
    if not found.num_rows:
        raise no_records(name)
    check_width(found.num_columns, name)
    header = pa.table([pa.array([title], pa.string()) for title in found.column_names], names=names(found.num_columns))
    body = pa.table([_as_text(column) for column in found.columns], names=names(found.num_columns))
    lines = pa.array(range(found.num_rows + 1), pa.int32())
    return [Sheet(name, stack([header, body]), lines, {"format": "parquet"}, header=0)]


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text: dates as ISO, lists and structs as their JSON, null as ''."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        text = pc.cast(column, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        text = pa.chunked_array([[None if item is None else _plain(item) for item in column.to_pylist()]], pa.string())
    return pc.fill_null(text, "")


def _plain(item: object) -> str:
    if isinstance(item, list):
        return "; ".join(str(part) for part in item if part is not None)
    return item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item)
