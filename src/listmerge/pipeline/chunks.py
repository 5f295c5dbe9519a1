"""Records by the chunk, each worked on in a process of its own: it finds its rows in a file and leaves there what it
made of them. Nothing that is told or answered grows with the list but a few bytes a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import pyarrow as pa

from listmerge.engine.pool import Pool, cores
from listmerge.model import Mapping
from listmerge.stages import clean
from listmerge.stages.clean import Cleaned, CleanSettings
from listmerge.stages.clean.tables import table_names
from listmerge.stages.pages import filled_in
from listmerge.workspace import identity, snapshots
from listmerge.workspace.identity import Again, Form, Hashed
from listmerge.workspace.parts import Parts

#: Of files of this many bytes, and below this many rows, starting processes takes longer than they save.
_FEW_ROWS: Final = 20_000
_FEW_BYTES: Final = 4_000_000


class Task(Protocol):
    """Something to be done to a chunk."""

    def do(self) -> Any:
        """Does it."""


def pool(rows: int = 0, size: int = 0) -> Pool:
    """Workers for as many rows, or for files of so many bytes; none beside this process when that is little."""
    return Pool(_do, cores() if rows > _FEW_ROWS or size > _FEW_BYTES else 1)


def _do(task: Task) -> Any:
    return task.do()


def write(path: Path, rows: pa.Table) -> None:
    """Puts rows (snapshots.PLACE and cells) where a worker finds them."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, rows.schema) as writer:
        writer.write_table(rows)


def read(path: Path) -> pa.Table:
    """The rows that were put there."""
    with pa.OSFile(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


class Named(NamedTuple):
    """The hashes by which the records of a chunk are named, and what its dates prove of the order of day and month."""

    hashed: Hashed
    dates: dict[int, frozenset[str]]


class Naming(NamedTuple):
    """Which rows are to be named."""

    path: Path
    form: Form
    mapping: Mapping

    def do(self) -> Named:
        """Hashes the rows."""
        rows = read(self.path)
        return Named(identity.hashed(self.form, rows), clean.date_proofs(rows, self.mapping))


class Storing(NamedTuple):
    """Which rows are to be stored as records of a part and cleaned, and how; `again` numbers those that are equal."""

    path: Path
    folder: Path
    name: str
    form: Form
    digests: Any
    again: Again
    mapping: Mapping
    settings: CleanSettings

    def do(self) -> dict[str, str]:
        """Stores the records and what cleaning makes of them, and takes the rows away; gives the part of each table."""
        rows = read(self.path)
        ids = identity.with_numbers(identity.hexadecimal(self.digests), self.again)
        own = identity.own_ids(rows, self.form.column)
        records = snapshots.records(self.form.source, self.name, rows, ids, own)
        self.path.unlink()
        made = made_of(records, self.mapping, self.settings)
        return Parts(self.folder).write_all({"records": records, **made})


class Cleaning(NamedTuple):
    """Which stored records are to be cleaned, and how."""

    folder: Path
    records: str
    mapping: Mapping
    settings: CleanSettings

    def do(self) -> dict[str, str]:
        """Stores what cleaning makes of the records; gives the part of each table."""
        parts = Parts(self.folder)
        return parts.write_all(made_of(parts.read(self.records), self.mapping, self.settings))


def made_of(records: pa.Table, mapping: Mapping, settings: CleanSettings) -> dict[str, pa.Table]:
    """What is stored beside records: what cleaning makes of them, and which of their cells are filled."""
    return {**as_tables(clean.clean_part(records, mapping, settings)), "filled": filled_in(records)}


def as_tables(cleaned: Cleaned) -> dict[str, pa.Table]:
    """`Cleaned` as named tables, each of which can be a part."""
    tables: dict[str, Any] = {name: getattr(cleaned, name) for name in table_names()}
    return {**tables, "rejected": pa.table({"rejected": cleaned.rejected})}


def as_cleaned(tables: dict[str, pa.Table]) -> Cleaned:
    """The inverse of `as_tables`."""
    rejected = tables["rejected"]["rejected"].combine_chunks()
    return Cleaned(**{name: tables[name] for name in table_names()}, rejected=rejected)


def texts(path: Path, headers: tuple[str, ...], rows: Any) -> pa.ChunkedArray:
    """What some rows of a chunk say, as `identity.content_texts`."""
    return identity.content_texts(read(path).take(pa.array(rows)), headers)
