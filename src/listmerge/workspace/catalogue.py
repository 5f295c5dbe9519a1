"""The catalogue on disk (SQLite, rollback journal) and the working copy that a command reads and changes.

A command copies the whole catalogue into memory in one short read, works on the copy for as long as it likes, and
hands its statements over in one short transaction at the end. So nothing is half done, readers never wait for long
commands, and `decide` and `suppress` find the catalogue free while a run works.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from listmerge.errors import DiskError, ListmergeError, WorkspaceError
from listmerge.workspace.disk import PRIVATE_FILE, disk_errors

VERSION = 1                      # of the tables; grows with every change of schema.sql
APPLICATION = 0x6C6D6732         # so that `file` and we know a catalogue of listmerge from any other database

#: What SQLite calls a write that failed. It says FULL of a disk without room only; a quota, a limit on the size of
#: files and room that is found missing when the system writes its buffers are errors of input and output to it.
_NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE")

KEYS = ("address_key", "identifier_key")      # under which refused addresses and identifiers are hashed

Values = Mapping[str, Any]


class Catalogue:
    """A working copy in memory: `rows` asks it, `change` changes it and remembers the statement for the disk.

    Statements name their values (`:source`); `:op` stands for the operation that they belong to and gets its number
    when they are written to the disk, because another command may have been faster.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._statements: list[tuple[str, list[Values]]] = []
        self.operation = self.next_id("operations")

    def rows(self, query: str, **values: Any) -> list[sqlite3.Row]:
        """The rows of a query."""
        return self._connection.execute(query, values).fetchall()

    def value(self, query: str, **values: Any) -> Any:
        """The first value of the first row, or None."""
        row = self._connection.execute(query, values).fetchone()
        return None if row is None else row[0]

    def change(self, statement: str, rows: Iterable[Values] = ({},)) -> None:
        """Runs `statement` once per row of values, here now and on the disk at the end."""
        kept = list(rows)
        self._connection.executemany(statement, [{**row, "op": self.operation} for row in kept])
        self._statements.append((statement, kept))

    def next_id(self, table: str) -> int:
        """A number that `table` does not have yet."""
        return int(self.value(f"SELECT coalesce(max(id), 0) + 1 FROM {table}"))

    def secret(self, name: str) -> bytes:
        """One of the workspace's own KEYS."""
        return bytes.fromhex(self.value("SELECT value FROM meta WHERE key = :name", name=name))

    @property
    def changed(self) -> bool:
        """Whether there is anything to write to the disk."""
        return bool(self._statements)

    def replay(self, disk: sqlite3.Connection) -> None:
        """Runs the remembered statements on `disk` under the operation number that is free there."""
        operation = disk.execute("SELECT coalesce(max(id), 0) + 1 FROM operations").fetchone()[0]
        for statement, rows in self._statements:
            disk.executemany(statement, [{**row, "op": operation} for row in rows])
        self._statements.clear()

    def close(self) -> None:
        """Gives the memory back."""
        self._connection.close()


class CatalogueFile:
    """The catalogue on disk. Raises WorkspaceError (busy, damaged, too new) and DiskError, nothing else."""

    def __init__(self, path: Path, patience: float) -> None:
        self.path = path
        self._patience = patience

    def create(self) -> None:
        """Makes an empty catalogue with its secret key, unless one is there; safe against another doing the same."""
        with disk_errors(self.path):
            self.path.touch(PRIVATE_FILE)
        with self._open() as disk:
            disk.execute("BEGIN IMMEDIATE")
            if self._version(disk) == 0:
                _make(disk)
            disk.execute("COMMIT")

    def copy(self) -> Catalogue:
        """A working copy, made in one short read."""
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        memory.row_factory = sqlite3.Row
        with self._open() as disk:
            disk.execute("BEGIN")
            self._version(disk)
            disk.backup(memory)
            disk.execute("COMMIT")
        return Catalogue(memory)

    def write(self, catalogue: Catalogue) -> None:
        """Writes what was changed in the working copy, in one transaction."""
        with self._open() as disk:
            disk.execute("BEGIN IMMEDIATE")
            catalogue.replay(disk)
            disk.execute("COMMIT")

    def _version(self, disk: sqlite3.Connection) -> int:
        version = int(disk.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise WorkspaceError(
                "workspace-too-new", f"the workspace was written by a newer listmerge (version {version} of its tables,"
                f" this one knows {VERSION}).", where=str(self.path), hint="upgrade listmerge.")
        if version and disk.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise _damaged(self.path, "it is a database of another program")
        return version

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=self._patience, isolation_level=None)) as disk:
                disk.execute("PRAGMA synchronous = FULL")
                yield disk
        except sqlite3.Error as error:
            raise _error(error, self.path) from error


def _make(disk: sqlite3.Connection) -> None:
    for statement in _statements(resources.files(__package__).joinpath("schema.sql").read_text("utf-8")):
        disk.execute(statement)
    keys = [(name, secrets.token_hex(32)) for name in KEYS]
    disk.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", keys)
    disk.execute(f"PRAGMA application_id = {APPLICATION}")
    disk.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> list[str]:
    """The statements of a script; `executescript` would commit in between."""
    lines = [line.split("--")[0] for line in script.splitlines()]
    return [statement for part in "\n".join(lines).split(";") if (statement := part.strip())]


def _error(error: sqlite3.Error, path: Path) -> ListmergeError:
    """What an error of SQLite means for the person."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return busy(path)
    if name.startswith(_NO_ROOM):
        return DiskError(
            "disk-full", f"there is no room left to write ({error}).", where=str(path),
            hint="free some space, lift the quota or the limit on the size of files (or mend the disk, when there is"
            " room), and run the same command again; nothing was changed.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")):
        return DiskError("not-writable", f"cannot open or write the catalogue: {error}.", where=str(path),
                         hint="correct the permissions of the workspace or choose another place with --workspace.")
    return _damaged(path, str(error))


def busy(path: Path) -> WorkspaceError:
    """The error for a workspace in which another command is writing."""
    return WorkspaceError("busy-workspace", "another listmerge is working in this workspace.", where=str(path),
                          hint="wait until it is done, or use another workspace with --workspace.")


def _damaged(path: Path, why: str) -> WorkspaceError:
    return WorkspaceError("damaged-workspace", f"the catalogue of the workspace cannot be read: {why}.",
                          where=str(path), hint="take the workspace back from a backup, or start a new one.")
