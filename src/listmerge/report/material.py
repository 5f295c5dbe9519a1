"""What the report is made of: the tables of a run, what run.json says, and the look-ups that every section needs.

Everything that grows with rows stays in columns; Python objects are made only for what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import DECISIONS, STANDING_REFUSALS, STATEMENTS, empty_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")


@dataclass(frozen=True)
class Before:
    """The last run, for 'what changed': its date, its `counts` as run.json had them, and its tables where they are
    still kept."""

    date: str = ""
    counts: Mapping[str, Any] = field(default_factory=dict)
    contacts: pa.Table | None = None
    emails: pa.Table | None = None
    phones: pa.Table | None = None
    addresses: pa.Table | None = None
    masters: pa.Table | None = None


@dataclass(frozen=True)
class Presence:
    """The sources that contacts come from, with how many each has; then pairs, each once: source number, master row.

    `several` says for each master whether more than one source has it.
    """

    sources: list[str]
    contacts: NDArray[np.int64]
    source: NDArray[np.int64]
    master: NDArray[np.int64]
    several: NDArray[np.bool_]

    def count(self, of: NDArray[np.bool_]) -> NDArray[np.int64]:
        """For each source, how many of its masters are among those marked in `of`."""
        return np.bincount(self.source[of[self.master]], minlength=len(self.sources))


@dataclass(frozen=True)
class Material:
    """The tables of one run, as `model` declares them, and the dictionary that becomes run.json.

    `run` may hold `date`, `version`, `inputs` (a list of `{source, file, system, rows, kept, rejected, structure,
    facts}`), `counts`, `balance` (`{rows: {read, kept, rejected, structure}, cells: {read, <fate>: n}}`), `timings`
    (stage -> seconds), `accuracy` (`{precision, recall, …}`) and `remarks`; the report leaves out what is missing.
    """

    contacts: pa.Table
    emails: pa.Table
    phones: pa.Table
    addresses: pa.Table
    clusters: pa.Table
    near_pairs: pa.Table
    masters: pa.Table
    crosswalk: pa.Table
    permission_rows: pa.Table
    conflicts: pa.Table
    issues: pa.Table
    sources: pa.Table
    aliases: pa.Table
    run: Mapping[str, Any] = field(default_factory=dict)
    statements: pa.Table = field(default_factory=lambda: empty_table(STATEMENTS))
    standing_refusals: pa.Table = field(default_factory=lambda: empty_table(STANDING_REFUSALS))
    decisions: pa.Table = field(default_factory=lambda: empty_table(DECISIONS))
    before: Before | None = None
    found: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def master_ids(self) -> pa.Array:
        """The master id of each contact, '' for none."""
        ids = whole(self.masters["master_id"])
        return pc.fill_null(ids.take(pa.array(self.master_rows, mask=self.master_rows < 0)), "")

    @cached_property
    def master_rows(self) -> NDArray[np.int32]:
        """The row in `masters` of each contact's master, -1 for none: masters stand in the order of their smallest
        contacts, as `clusters` names them."""
        contact, cluster = (numbers(self.clusters[name]) for name in ("contact", "cluster"))
        heads = np.zeros(self.contacts.num_rows, dtype=bool)
        heads[cluster] = True
        rows = np.full(self.contacts.num_rows, -1, dtype=np.int32)
        rows[contact] = (np.cumsum(heads, dtype=np.int32) - 1)[cluster]
        return rows

    @cached_property
    def presence(self) -> Presence:
        """Which sources have which masters."""
        encoded = pc.dictionary_encode(whole(self.contacts["source"]))
        codes = np.asarray(encoded.indices, dtype=np.int64)
        placed = self.master_rows >= 0
        pairs = distinct(codes[placed] * max(self.masters.num_rows, 1) + self.master_rows[placed])
        source, master = np.divmod(pairs, max(self.masters.num_rows, 1))
        several = np.bincount(master, minlength=self.masters.num_rows) > 1
        contacts = np.bincount(codes, minlength=len(encoded.dictionary))
        return Presence(encoded.dictionary.to_pylist(), contacts, source, master, several)

    @cached_property
    def short_names(self) -> Mapping[str, str]:
        """Each file as short as it can be named without being mistaken for another."""
        return shortened(pc.unique(self.crosswalk["source_file"]).to_pylist()
                         + pc.unique(self.issues["source_file"]).to_pylist()
                         + [entry.get("file", "") for entry in self.run.get("inputs", ())])

    def rows_of_masters(self, ids: pa.Array) -> list[int]:
        """The rows in `masters` of a few ids, all of which are there."""
        place = pc.index_in(self.masters["master_id"], value_set=pc.unique(ids))
        rows = np.flatnonzero(np.asarray(pc.is_valid(place)))
        known = picked(self.masters.select(["master_id"]), rows)["master_id"].to_pylist()
        row_of = dict(zip(known, rows.tolist(), strict=True))
        return [row_of[master_id] for master_id in ids.to_pylist()]

    def names(self, masters: Sequence[int]) -> list[str]:
        """What to call the masters in these rows."""
        rows = picked(self.masters.select(["full_name", "company", "email"]), masters).to_pylist()
        return [next(filter(None, row.values()), "(no name)") for row in rows]

    def where(self, file: str, row: int, line: int = 0) -> str:
        """'crm.csv row 12', for people; the line is added where it says more (it counts headers and line breaks)."""
        name = self.short_names.get(file, file)
        if not row:
            return name
        return f"{name} row {row}" + (f" (line {line})" if line and line != row else "")


def once(find: Callable[[Material], T]) -> Callable[[Material], T]:
    """What `find` finds in a material is worked out once: page and workbook show much of the same."""
    @wraps(find)
    def remembered(material: Material) -> T:
        if find not in material.found:
            material.found[find] = find(material)
        found: T = material.found[find]
        return found

    return remembered


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column as one array."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array


def numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column of numbers or truth values for numpy."""
    return np.asarray(whole(column))


def picked(table: pa.Table, rows: Sequence[int] | NDArray[Any]) -> pa.Table:
    """The few rows of `table` with these numbers, in this order; out of each piece of the table by itself, since Arrow
    would first make one of all pieces."""
    wanted = np.asarray(rows, np.int64)
    order = np.argsort(wanted, kind="stable")
    pieces, start, ordered = [], 0, wanted[order]
    for batch in table.to_batches():
        first, end = np.searchsorted(ordered, (start, start + batch.num_rows))
        pieces.append(batch.take(pa.array(ordered[first:end] - start)))
        start += batch.num_rows
    return pa.Table.from_batches(pieces, table.schema).combine_chunks().take(pa.array(np.argsort(order)))


def rows_of(table: pa.Table, contacts: NDArray[np.int32]) -> pa.Table:
    """The rows of `table` whose `contact` is one of `contacts`."""
    return table.filter(pa.array(np.isin(numbers(table["contact"]), contacts)))


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each value once, in order. np.unique hashes, which takes five times as long for millions of values."""
    ordered = np.sort(values)
    return ordered[np.diff(ordered, prepend=ordered[:1] - 1) > 0]


def counted(column: pa.ChunkedArray) -> dict[str, int]:
    """How often each value occurs, most frequent first, ties by value."""
    counts = [(entry["values"], entry["counts"]) for entry in pc.value_counts(column).to_pylist()]
    return dict(sorted(counts, key=lambda item: (-item[1], item[0])))


def shortened(files: list[str]) -> dict[str, str]:
    """Each path -> its shortest ending in whole parts that no other path of the list has; an archive or a workbook is
    never left out before its member or sheet."""
    paths = {file: _parts(file) for file in files if file}
    names = {}
    for file, parts in paths.items():
        length = next((n for n in range(1, len(parts))
                       if sum(other[-n:] == parts[-n:] for other in paths.values()) == 1), len(parts))
        names[file] = "/".join(parts[-length:]) if length < len(parts) else file
    return names


def _parts(file: str) -> tuple[str, ...]:
    outer, mark, inner = file.partition("!")
    *folders, name = PurePosixPath(outer).parts or ("",)
    return (*folders, f"{name}{mark}{inner}")
