"""Immutable Parquet parts: a table is a list of them, each named by what it holds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from listmerge.errors import WorkspaceError
from listmerge.workspace.disk import PRIVATE_FILE, TEMPORARY, disk_errors, make_private_folder, sync

SUFFIX = ".parquet"
CHUNK_ROWS = 125_000              # of a part that can be read by itself
_CHUNK = 1 << 20
_AT_ONCE = 2


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
                pq.write_table(table, temporary, compression="zstd", use_dictionary=False, write_statistics=False,
                               row_group_size=CHUNK_ROWS)
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

    def read(self, name: str, columns: Sequence[str] | None = None, chunk: int | None = None) -> pa.Table:
        """The rows of a part, or of one of its chunks of CHUNK_ROWS. Raises WorkspaceError when it is missing or
        damaged."""
        path, wanted = self._path(name), None if columns is None else list(columns)
        try:
            if chunk is None:
                return pq.read_table(path, columns=wanted, memory_map=False)
            with pq.ParquetFile(path) as file:
                return file.read_row_group(chunk, columns=wanted) if file.num_row_groups else file.read(wanted)
        except (OSError, pa.ArrowInvalid) as error:
            raise WorkspaceError(
                "damaged-workspace", "a part of the workspace is missing or damaged.", where=str(path),
                hint="take the workspace back from a backup, or import the lists into a new one.",
            ) from error

    def read_all(self, names: Sequence[str]) -> list[pa.Table]:
        """The rows of several parts, two at a time. Raises WorkspaceError as `read` does."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self.read, names))

    def names(self) -> set[str]:
        """The names of all parts on the disk, in use or not."""
        return {path.stem for path in self.folder.glob(f"*{SUFFIX}")}

    def sweep(self, in_use: Collection[str]) -> None:
        """Removes what no command points at: parts not `in_use` and temporary files. Only for the one writer."""
        with disk_errors(self.folder):
            for path in self.folder.glob(f"{TEMPORARY}*"):
                path.unlink(missing_ok=True)
            for name in self.names().difference(in_use):
                self._path(name).unlink(missing_ok=True)

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

    def names(self) -> dict[str, str]:
        """The names of the parts of all kinds; waits until the last is stored. Raises DiskError."""
        return {kind: part.result() for kind, part in self._begun.items()}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
