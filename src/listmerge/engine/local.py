"""The engine of one machine: Arrow tables in memory, DuckDB for SQL, numpy for graphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from listmerge.engine import MapFunction
from listmerge.engine.graph import smallest_connected
from listmerge.model import Columns, arrow_schema

BATCH_ROWS = 50_000         # several batches are in hand at once, with all that is worked out of them


class LocalEngine:
    """Tables live as Arrow; `spill` is the folder into which DuckDB may spill what does not fit `memory` (bytes).

    Batches are mapped by `threads` at once: Arrow and numpy let go of the interpreter while they work.
    """

    def __init__(self, spill: Path, memory: int = 1_000_000_000, threads: int = 2) -> None:
        self._tables: dict[str, pa.Table] = {}
        self._threads = threads
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "temp_directory": str(spill), "memory_limit": f"{memory // 2**20}MiB", "threads": threads,
                "autoinstall_known_extensions": False, "autoload_known_extensions": False,
                "preserve_insertion_order": False,
            },
        )

    def put(self, name: str, table: pa.Table) -> None:
        if name in self._tables:
            raise ValueError(f"table {name} is made twice")
        self._tables[name] = table
        self._connection.register(name, table)

    def get(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        table = self._tables[name]
        return table if columns is None else table.select(list(columns))

    def sql(self, name: str, query: str) -> None:
        self.put(name, self._connection.sql(query).to_arrow_table())

    def map(
        self, makes: Mapping[str, Columns], sources: Sequence[str], fn: MapFunction, together: str | None = None
    ) -> None:
        tables = [self._tables[source] for source in sources]
        batches = _whole_groups(tables, together) if together else _slices(tables[0])
        made: list[list[pa.Table]] = [[] for _ in makes]
        with ThreadPoolExecutor(self._threads) as pool:
            for tables_made in pool.map(lambda batch: fn(*batch), batches):
                for parts, part in zip(made, tables_made, strict=True):
                    parts.append(part)
        for (name, columns), parts in zip(makes.items(), made, strict=True):
            schema = arrow_schema(columns)
            self.put(name, pa.concat_tables([part.cast(schema) for part in parts]) if parts else schema.empty_table())

    def components(self, name: str, edges: str) -> None:
        self.put(name, connected(self.get(edges, ["left", "right"])))

    def drop(self, *names: str) -> None:
        for name in names:
            self._connection.unregister(name)
            del self._tables[name]

    def close(self) -> None:
        """Gives memory and spill files back."""
        self._tables.clear()
        self._connection.close()


def connected(edges: pa.Table) -> pa.Table:
    """(left, right) -> (contact, cluster): each end with the smallest contact that it is connected to."""
    left, right = edges["left"].to_numpy(), edges["right"].to_numpy()
    seen = np.zeros(max(left.max(initial=-1), right.max(initial=-1)) + 1, bool)
    seen[left] = seen[right] = True
    contacts = np.flatnonzero(seen).astype(np.int32)
    return pa.table({"contact": contacts, "cluster": smallest_connected(left, right, len(seen))[contacts]})


def _slices(table: pa.Table) -> Iterator[tuple[pa.Table]]:
    for start in range(0, table.num_rows, BATCH_ROWS):
        yield (table.slice(start, BATCH_ROWS),)


def _whole_groups(tables: Sequence[pa.Table], together: str) -> Iterator[tuple[pa.Table, ...]]:
    """Cuts all tables at the same values of `together`, about BATCH_ROWS of the longest a batch."""
    tables = [_sorted_by(table, together) for table in tables]
    keys: list[Any] = [table[together].to_numpy() for table in tables]
    longest = max(keys, key=len, default=np.empty(0, np.int32))
    cuts = np.unique(longest[::BATCH_ROWS])
    bounds = [np.append(np.append(0, np.searchsorted(key, cuts[1:])), len(key)) for key in keys]
    for batch in range(len(cuts)):
        yield tuple(
            table.slice(bound[batch], bound[batch + 1] - bound[batch])
            for table, bound in zip(tables, bounds, strict=True)
        )


def _sorted_by(table: pa.Table, column: str) -> pa.Table:
    values = table[column].to_numpy()
    if len(values) < 2 or bool((values[1:] >= values[:-1]).all()):
        return table
    return table.take(pa.array(np.argsort(values, kind="stable")))
