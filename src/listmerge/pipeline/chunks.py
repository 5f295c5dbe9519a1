"""A piece of a records part, cleaned in a process of its own: it finds its rows in the workspace and leaves there what
it made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa

from listmerge.engine.pool import Pool, cores
from listmerge.model import Mapping
from listmerge.stages.clean import Cleaned, CleanSettings, clean_part
from listmerge.stages.clean.tables import table_names
from listmerge.workspace.parts import CHUNK_ROWS, Parts

#: Below this many rows, and of files of this many bytes, starting processes takes longer than they save.
_FEW_ROWS: Final = 20_000
_FEW_BYTES: Final = 4_000_000


class Chunk(NamedTuple):
    """Which rows are to be cleaned, and how."""

    folder: Path
    records: str
    number: int
    mapping: Mapping
    settings: CleanSettings


def pool(rows: int = 0, size: int = 0) -> Pool:
    """Workers for as many rows, or for files of so many bytes; none beside this process when that is little."""
    return Pool(clean_chunk, cores() if rows > _FEW_ROWS or size > _FEW_BYTES else 1)


def count(rows: int) -> int:
    """How many chunks a part of so many rows has; one when it is empty."""
    return max(-(-rows // CHUNK_ROWS), 1)


def clean_chunk(chunk: Chunk) -> dict[str, str]:
    """Cleans and stores a chunk; gives the part of each table."""
    parts = Parts(chunk.folder)
    records = parts.read(chunk.records, chunk=chunk.number)
    return parts.write_all(as_tables(clean_part(records, chunk.mapping, chunk.settings)))


def as_tables(cleaned: Cleaned) -> dict[str, pa.Table]:
    """`Cleaned` as named tables, each of which can be a part."""
    tables: dict[str, Any] = {name: getattr(cleaned, name) for name in table_names()}
    return {**tables, "rejected": pa.table({"rejected": cleaned.rejected})}


def as_cleaned(tables: dict[str, pa.Table]) -> Cleaned:
    """The inverse of `as_tables`."""
    rejected = tables["rejected"]["rejected"].combine_chunks()
    return Cleaned(**{name: tables[name] for name in table_names()}, rejected=rejected)
