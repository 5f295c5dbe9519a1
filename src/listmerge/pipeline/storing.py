"""The records of a snapshot: taken from the tables that were read chunk by chunk, named, stored and cleaned by workers.

Only what must be known of all rows at once is held: twelve bytes of each, by which equal ones are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import spool
from listmerge.engine.pool import Pool
from listmerge.model import Mapping, RawTable
from listmerge.pipeline import chunks
from listmerge.pipeline.chunks import Named, Naming, Storing
from listmerge.stages import clean
from listmerge.stages.clean import CleanSettings
from listmerge.workspace import identity, parts
from listmerge.workspace.identity import Again, Form, Hashed
from listmerge.workspace.snapshots import PLACE, File
from listmerge.workspace.unique import are_unique

_SLICE: Final = 50_000          # rows looked at in one go
_CHUNK_BYTES: Final = 64 << 20  # of a chunk, which is held in memory as a whole


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows of a table that belong to one source: all, or those of which `of_rows` is `number`.

    `rows` counts them, `rejected` those of them that are no records.
    """

    table: RawTable
    file: File
    rows: int
    rejected: int
    of_rows: Any = None
    number: int = 0

    def chunks(self) -> Iterator[pa.Table]:
        """The rows (PLACE and cells), parts.CHUNK_ROWS at a time, fewer where they are long; at least one chunk."""
        cells = self.table.cells
        size = min(parts.CHUNK_ROWS, _CHUNK_BYTES * cells.num_rows // max(cells.get_total_buffer_size(), 1) + 1)
        step, waiting = min(_SLICE, size), [self._slice(0, 0)]
        for start in range(0, cells.num_rows, step):
            waiting.append(self._slice(start, step))
            spool.forget()
            if sum(rows.num_rows for rows in waiting) > size:
                *whole, rest = _cut(pa.concat_tables(waiting), size)
                yield from whole
                waiting = [rest]
        yield from _cut(pa.concat_tables(waiting), size)

    def refused(self) -> Any:
        """Which of the rows are no records."""
        refused = pc.not_equal(self.table.rejected, "").to_numpy(zero_copy_only=False)
        return refused if self.of_rows is None else refused[self.of_rows == self.number]

    def ids(self, index: int) -> Iterator[pa.Array]:
        """The ids in a column of those rows that are records, slice by slice."""
        wanted, cells = pc.equal(self.table.rejected, ""), self.table.cells.select([f"c{index}"])
        if self.of_rows is not None:
            wanted = pc.and_(wanted, pa.array(self.of_rows == self.number))
        for start in range(0, cells.num_rows, _SLICE):
            yield identity.own_ids(cells.slice(start, _SLICE).filter(wanted.slice(start, _SLICE)), index)
            spool.forget()

    def _slice(self, start: int, length: int) -> pa.Table:
        table, columns = self.table, (self.table.rows, self.table.lines, self.table.rejected)
        rows = pa.table([*(column.slice(start, length) for column in columns),
                         *(column.slice(start, length) for column in table.cells.columns)],
                        names=[*PLACE, *table.cells.column_names])
        if self.of_rows is None:
            return rows
        return rows.filter(pa.array(self.of_rows[start:start + length] == self.number))


def _cut(rows: pa.Table, size: int) -> list[pa.Table]:
    return [rows.slice(start, size) for start in range(0, max(rows.num_rows, 1), size)]


def pieces(table: RawTable, file: File) -> list[tuple[str, Piece]]:
    """The sources of a table with their rows: the file's, or those that its column `source` names."""
    columns = [column.index for column in table.mapping.columns if column.field == "source"]
    if not columns or not table.cells.num_rows:
        return [(file.source, Piece(table, file, table.cells.num_rows, _rejected(table.rejected)))]
    of_rows, names = _sources(table.cells.column(f"c{columns[0]}"), file.source)
    refused = pc.not_equal(table.rejected, "").to_numpy(zero_copy_only=False)
    rows, rejected = (np.bincount(some, minlength=len(names)).tolist() for some in (of_rows, of_rows[refused]))
    later = replace(table, structure_rows=0, structure_cells=0, issues=())      # what is the file's is counted once
    return [(name, Piece(later if number else table, file, rows[number], rejected[number], of_rows, number))
            for number, name in enumerate(names)]


def _rejected(codes: pa.Array) -> int:
    return len(codes) - (pc.sum(pc.equal(codes, "")).as_py() or 0)


def _sources(column: pa.ChunkedArray, default: str) -> tuple[Any, list[str]]:
    """The number of the source of each row, and the names of the sources, sorted."""
    numbers: dict[str, int] = {}
    found = []
    for start in range(0, len(column), _SLICE):
        encoded = pc.utf8_trim_whitespace(column.slice(start, _SLICE).combine_chunks()).dictionary_encode()
        own = [numbers.setdefault(name or default, len(numbers)) for name in encoded.dictionary.to_pylist()]
        found.append(np.array(own, np.int32)[encoded.indices.to_numpy()])
    names = sorted(numbers)
    place = np.empty(len(names), np.int32)
    place[[numbers[name] for name in names]] = np.arange(len(names), dtype=np.int32)
    return place[np.concatenate(found)], names


# --- a snapshot ------------------------------------------------------------------------------------------------------


class Chunked(NamedTuple):
    """A piece in chunks: how it is cleaned and its records are named, where the chunks lie, their names to come."""

    piece: Piece
    mapping: Mapping
    form: Form
    paths: list[Path]
    named: list[Future[Named]]


#: A piece that is being stored and cleaned: the parts of each chunk to come, by table; its records among them.
Chunks = list[Future[dict[str, str]]]


def begin(source: str, given: Sequence[tuple[Piece, Mapping]], paths: Iterator[Path], pool: Pool) -> list[Chunked]:
    """Puts the rows of each piece of a snapshot, with the mapping by which it will be cleaned, where workers find them:
    at the next of the `paths`. They begin to name them."""
    with ThreadPoolExecutor(1) as beside:
        forms = [beside.submit(_form, source, piece) for piece, _ in given]
        return [_chunked(piece, mapping, form, paths, pool)
                for (piece, mapping), form in zip(given, forms, strict=True)]


def _chunked(piece: Piece, mapping: Mapping, form: Future[Form], paths: Iterator[Path], pool: Pool) -> Chunked:
    written = []
    for rows in piece.chunks():
        written.append(next(paths))
        chunks.write(written[-1], rows)
        spool.forget()
    known = form.result()
    return Chunked(piece, mapping, known, written, [pool.submit(Naming(path, known, mapping)) for path in written])


def _form(source: str, piece: Piece) -> Form:
    column = identity.own_column(piece.table.mapping, lambda index: are_unique(lambda: piece.ids(index)))
    return Form(source, piece.table.mapping.system, piece.table.headers, column)


def store(given: Sequence[Chunked], folder: Path, settings: CleanSettings, pool: Pool) -> list[Chunks]:
    """Has the pieces of a snapshot stored in `folder` and cleaned, once all their records are named."""
    named = [[chunk.result() for chunk in one.named] for one in given]
    hashed = [chunk.hashed for some in named for chunk in some]
    again = _again(given, hashed)
    stored, start = [], 0
    for one, some in zip(given, named, strict=True):
        told = replace(settings, orders=clean.date_orders((chunk.dates for chunk in some), one.mapping))
        tasks = []
        for path, (own, _) in zip(one.paths, some, strict=True):
            tasks.append(Storing(path, folder, one.piece.table.name, one.form, own.digests,
                                 again.of(start, len(own.digests)), one.mapping, told))
            start += len(own.digests)
        stored.append([pool.submit(task) for task in tasks])
    return stored


def _again(given: Sequence[Chunked], hashed: Sequence[Hashed]) -> Again:
    """The numbers of equal records, over all pieces of a snapshot."""
    starts = np.cumsum([0, *(len(one.digests) for one in hashed)])

    def texts_of(rows: Any) -> pa.ChunkedArray:
        paths = [(path, one.form.headers) for one in given for path in one.paths]
        texts = [chunks.texts(path, headers, rows[(rows >= start) & (rows < end)] - start)
                 for (path, headers), start, end in zip(paths, starts[:-1], starts[1:], strict=True)]
        return pa.chunked_array([chunk for some in texts for chunk in some.chunks], pa.large_string())

    digests, own = (np.concatenate(some) for some in zip(*hashed, strict=True))
    return identity.numbers(digests, own, np.concatenate([one.piece.refused() for one in given]), texts_of)
