"""Immutable Parquet parts: a table is a list of them, each named by what it holds; or rows of tables that are there
already, so that nothing is stored twice."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from listmerge.errors import WorkspaceError
from listmerge.workspace.disk import PRIVATE_FILE, TEMPORARY, disk_errors, make_private_folder, sync, write_whole

SUFFIX = ".parquet"
LIST_SUFFIX = ".parts"            # a part in several files: their names, one a line
ROWS_SUFFIX = ".rows"             # a part that is rows of others: their names, one a line, the last says which rows
SUFFIXES = (SUFFIX, LIST_SUFFIX, ROWS_SUFFIX)
#: A part may be rows of so many others, and of so many times as many rows as it has: what is gone does not stay for
#: ever.
MOST_PARTS = 30
MOST_ROWS = 1.5
CHUNK_ROWS = 100_000              # of a part in one file
_AT_ONCE = 2


class Rows(NamedTuple):
    """A table that is made of rows of other parts.

    `parts` are read one below the other; `places` has the `row` of each row in them, and columns that take the place of
    theirs.
    """

    parts: tuple[str, ...]
    places: pa.Table

    @property
    def are_scattered(self) -> bool:
        """Whether they are rows of so many parts, or so few of all their rows, that it is better to store them anew."""
        lowest = pc.max(self.places["row"]).as_py() or 0
        return bool(len(self.parts) >= MOST_PARTS or lowest >= MOST_ROWS * self.places.num_rows)

    def of(self, tables: Sequence[pa.Table]) -> pa.Table:
        """The table, from those of the parts, as far as they have its columns."""
        below = pa.concat_tables(tables)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            columns = pool.map(lambda name: self._column(name, below[name]), below.column_names)
            return pa.table(list(columns), schema=below.schema)

    def _column(self, name: str, column: pa.ChunkedArray) -> Any:
        if name in self.places.column_names:
            return self.places[name]
        if pa.types.is_string(column.type) and not pc.max(pc.binary_length(column)).as_py():
            return pa.repeat("", self.places.num_rows)
        return column.take(self.places["row"])


class Parts:
    """The folder `data/` of a workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, kind: str, table: pa.Table) -> str:
        """Stores `table` and gives the name of its part, the same for the same content. Raises DiskError.

        The name is `kind` and a hash of the file, so that a part can never change under one who reads it.
        """
        make_private_folder(self.folder)
        temporary = self.folder / f"{TEMPORARY}{os.getpid()}-{kind}"
        with disk_errors(self.folder):
            try:
                os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE))
                pq.write_table(table, temporary, compression="zstd", compression_level=1, use_dictionary=False,
                               write_statistics=False, row_group_size=CHUNK_ROWS)
                name = f"{kind}-{_sha256(temporary)[:40]}"
                if not self._path(name).exists():
                    sync(temporary)
                    temporary.replace(self._path(name))
                    sync(self.folder)
            finally:
                temporary.unlink(missing_ok=True)
        return name

    def write_all(self, tables: Mapping[str, pa.Table]) -> dict[str, str]:
        """Stores several tables, by kind; gives the names of their parts."""
        with self.storing() as begun:
            begun.add(tables)
            return begun.names()

    @contextmanager
    def storing(self) -> Iterator[Storing]:
        """Tables are stored beside what is done in this context."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                yield Storing(self, pool)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def join(self, kind: str, names: Sequence[str]) -> str:
        """The name of a part that is several parts, at least one, in this order. Raises DiskError."""
        if len(names) == 1:
            return names[0]
        text = "".join(f"{name}\n" for name in names).encode()
        joined = f"{kind}-{hashlib.sha256(text).hexdigest()[:40]}"
        write_whole(self.folder / f"{joined}{LIST_SUFFIX}", lambda path: _write(path, text))
        return joined

    def write_rows(self, kind: str, rows: Rows) -> str:
        """The name of a part that is rows of other parts. Raises DiskError."""
        text = "".join(f"{name}\n" for name in (*rows.parts, self.write(f"{kind}-places", rows.places))).encode()
        name = f"{kind}-{hashlib.sha256(text).hexdigest()[:40]}"
        write_whole(self.folder / f"{name}{ROWS_SUFFIX}", lambda path: _write(path, text))
        return name

    def write_changed(self, kind: str, last: str, new: pa.Table, places: pa.Table) -> str:
        """The name of a part that is a changed one: `places` as in Rows, where `row` is one of the part `last` with the
        `new` rows below it. It has rows of its own where they would be scattered. Raises DiskError, WorkspaceError."""
        rows = self.rows(last)
        if rows and rows.are_scattered:
            return self.write(kind, Rows((), places).of([self.read(last), new]))
        parts = rows.parts if rows else (last,)
        sizes = [self._size(part) for part in parts]
        before = rows.places["row"].combine_chunks() if rows else pa.array(np.arange(sizes[0]), pa.int32())
        fresh = pa.array(np.arange(sum(sizes), sum(sizes) + new.num_rows), pa.int32())
        at = pa.concat_arrays([before, fresh]).take(places["row"].combine_chunks())
        return self.write_rows(kind, Rows((*parts, self.write(kind, new)), places.set_column(0, "row", at)))

    def rows(self, name: str) -> Rows | None:
        """Which rows of which other parts a part is; None for one that has rows of its own."""
        path = self.folder / f"{name}{ROWS_SUFFIX}"
        if not path.exists():
            return None
        *parts, places = path.read_text().split()
        return Rows(tuple(parts), self.read(places))

    def read(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a part. Raises WorkspaceError when it is missing or damaged."""
        rows = self.rows(name)
        if rows:
            return rows.of(self.read_all(rows.parts, columns))
        return pa.concat_tables([self._read(one, columns) for one in self.chunks(name)])

    def chunks(self, name: str) -> list[str]:
        """The names of the parts that a part is made of: itself, when it is one file."""
        path = self.folder / f"{name}{LIST_SUFFIX}"
        return path.read_text().split() if path.exists() else [name]

    def _read(self, name: str, columns: Sequence[str] | None) -> pa.Table:
        with self._undamaged(name) as path:
            return pq.read_table(path, columns=None if columns is None else list(columns), memory_map=False)

    def _size(self, name: str) -> int:
        """How many rows a part of one file has."""
        with self._undamaged(name) as path:
            return int(pq.read_metadata(path).num_rows)

    @contextmanager
    def _undamaged(self, name: str) -> Iterator[Path]:
        try:
            yield self._path(name)
        except (OSError, pa.ArrowInvalid) as error:
            raise WorkspaceError(
                "damaged-workspace", "a part of the workspace is missing or damaged.", where=str(self._path(name)),
                hint="take the workspace back from a backup, or import the lists into a new one.",
            ) from error

    def read_all(self, names: Sequence[str], columns: Sequence[str] | None = None) -> list[pa.Table]:
        """The rows of several parts, two at a time. Raises WorkspaceError as `read` does."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda name: self.read(name, columns), names))

    def names(self) -> set[str]:
        """The names of all parts on the disk, in use or not."""
        return {path.stem for suffix in SUFFIXES for path in self.folder.glob(f"*{suffix}")}

    def sweep(self, in_use: Collection[str]) -> None:
        """Removes what no command points at: parts not `in_use` and temporary files. Only for the one writer."""
        used = {part for name in in_use for part in self._with_all_behind(name)}
        with disk_errors(self.folder):
            for path in self.folder.glob(f"{TEMPORARY}*"):
                path.unlink(missing_ok=True)
            for name in self.names().difference(used):
                for suffix in SUFFIXES:
                    (self.folder / f"{name}{suffix}").unlink(missing_ok=True)

    def _with_all_behind(self, name: str) -> Iterator[str]:
        """A part and those that it is made of."""
        yield name
        for suffix in (LIST_SUFFIX, ROWS_SUFFIX):
            path = self.folder / f"{name}{suffix}"
            for part in path.read_text().split() if path.exists() else ():
                yield from self._with_all_behind(part)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"


class Storing:
    """Tables on their way to the disk, two at a time: packing them takes long, and lets go of the interpreter."""

    def __init__(self, parts: Parts, pool: ThreadPoolExecutor) -> None:
        self._parts, self._pool = parts, pool
        self._begun: dict[str, Future[str]] = {}

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Begins to store tables, by kind."""
        self._begun |= {kind: self._pool.submit(self._parts.write, kind, table) for kind, table in tables.items()}

    def add_rows(self, tables: Mapping[str, Rows]) -> None:
        """Begins to store, by kind, tables that are rows of parts that are stored."""
        self._begun |= {kind: self._pool.submit(self._parts.write_rows, kind, rows) for kind, rows in tables.items()}

    def add_changed(self, kind: str, last: str, new: pa.Table, places: pa.Table) -> None:
        """Begins to store a table as `Parts.write_changed` does."""
        self._begun[kind] = self._pool.submit(self._parts.write_changed, kind, last, new, places)

    def read(self, kind: str) -> pa.Table:
        """A table that is stored, once it is. Raises DiskError."""
        return self._parts.read(self._begun[kind].result())

    def names(self) -> dict[str, str]:
        """The names of the parts of all kinds; waits until the last is stored. Raises DiskError."""
        return {kind: part.result() for kind, part in self._begun.items()}


def _write(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
