"""Parquet, for people who come from data tools: types as they are, nothing guarded."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_parquet(table: pa.Table, path: Path) -> None:
    """Writes the table to `path`, compressed with zstd. Raises OSError when it cannot be written."""
    pq.write_table(table, path, compression="zstd")
