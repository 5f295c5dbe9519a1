"""Files into snapshots: what is read, which source it belongs to, what is new; decided first, stored after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.config import Config
from listmerge.engine.memory import trim
from listmerge.engine.pool import Pool
from listmerge.errors import InputError, ListmergeError, SafetyStop
from listmerge.importers import worker
from listmerge.model import RawTable
from listmerge.pipeline import chunks, cleaning, deleted, files, reading, storing
from listmerge.pipeline.files import Given
from listmerge.pipeline.place import Listener
from listmerge.pipeline.reading import Known, Request
from listmerge.pipeline.storing import Chunked, Chunks, Piece
from listmerge.workspace import links, refusals, snapshots, sources
from listmerge.workspace.folder import Change
from listmerge.workspace.snapshots import File, Part

Read = tuple[File, list[RawTable]]

_NOTHING_IN_IT: Final = ("no-records", "empty-file")


@dataclass(slots=True)
class Imported:
    """What an import did: a line per source, what could not be read, and whether anything is new."""

    sources: list[dict[str, Any]] = field(default_factory=list)
    failures: list[ListmergeError] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the workspace is different now."""
        return bool(self.registered) or any(line["state"] != "unchanged" for line in self.sources)

    @property
    def exit_status(self) -> int:
        """0, or the status of the first file that could not be read."""
        return self.failures[0].exit_status if self.failures else 0


def import_into(change: Change, request: Request, config: Config, listener: Listener) -> Imported:
    """Reads the files and adds a snapshot to each source that is new or different.

    Raises SafetyStop when a list shrank, and the first failure when nothing at all could be read.
    """
    given, failures = files.expand(request.paths)
    done = Imported(failures=failures)
    given = _take_registers(change, given, done)
    size = sum(map(files.size, given))
    with worker.kept(), chunks.pool(size=size) as pool, change.scratch() as scratch:
        told = replace(request, scratch=scratch)
        plans = _plans(change, _read_all(change, given, told, config, done, listener), request, done)
        _complain(done, plans, listener)
        _guard_against_shrinking(change, plans, config.shrink_limit, request.accept_shrink)
        paths = (scratch / f"{number}.arrow" for number in count())
        begun = [_begin(change, plan, config, pool, paths) for plan in plans]
        coming = [_store(change, one, config, pool) for one in begun]
        for number, (one, chunked) in enumerate(zip(begun, coming, strict=True)):
            listener.step(f"cleaning {one.source}", number, len(begun))
            done.sources.append(_finish(change, one, chunked, config))
    return done


def _complain(done: Imported, plans: Sequence[Plan], listener: Listener) -> None:
    """Tells of what could not be read; raises the first failure when there is nothing else."""
    nothing = not plans and not done.registered
    for failure in done.failures[nothing:]:
        listener.problem(failure)
    if nothing and done.failures:
        raise done.failures[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """The next snapshot of one source."""

    source: str
    pieces: list[Piece]
    partial: bool

    @property
    def rows(self) -> int:
        """Records without the rejected."""
        return sum(piece.rows - piece.rejected for piece in self.pieces)


def _take_registers(change: Change, given: list[Given], done: Imported) -> list[Given]:
    lists = []
    for one in given:
        known = files.register(one)
        if known is None:
            lists.append(one)
        else:
            sources.register(change.catalogue, known)
            done.registered += sorted(known)
    return lists


def _read_all(
    change: Change, given: Sequence[Given], request: Request, config: Config, done: Imported, listener: Listener
) -> list[Read]:
    reads = []
    for number, one in enumerate(given):
        listener.step(f"reading {one.name}", number, len(given))
        try:
            reads.append(_read(change, one, request, config, listener))
        except InputError as error:
            _stop_when_a_known_list_is_empty(change, one, request, error)
            done.failures.append(error)
    return reads


def _read(change: Change, one: Given, request: Request, config: Config, listener: Listener) -> Read:
    """The file with the source that it belongs to, and its tables."""
    known = Known(change.folder, change.catalogue, change.parts, config)
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(files.sha256, one.path)
        tables = reading.sure(reading.read_given(one, request, known), listener)
        sha256 = hashed.result()
    trim()
    source = request.source or sources.recognised(change.catalogue, change.parts, one.name, sha256, tables)
    return File(one.name, sha256, source), tables


def _stop_when_a_known_list_is_empty(change: Change, one: Given, request: Request, error: InputError) -> None:
    """A list that had records and has none now is a list that shrank, not a file that cannot be read."""
    source = request.source or sources.name_of_stem(one.name)
    before = snapshots.count(change.catalogue, source)
    if error.code in _NOTHING_IN_IT and before and not request.partial and not request.accept_shrink:
        raise _shrunk([(source, 0, before)], one.name)


def _plans(change: Change, reads: Sequence[Read], request: Request, done: Imported) -> list[Plan]:
    """One plan a source; a source of which a file could not be read keeps what it had."""
    by_source: dict[str, list[Piece]] = {}
    for file, tables in reads:
        for table in tables:
            for source, piece in storing.pieces(table, file):
                by_source.setdefault(source, []).append(piece)
    incomplete = {request.source} if request.source and done.failures else set()
    plans = [
        Plan(source, sorted(pieces, key=lambda piece: piece.table.name), request.partial or source in incomplete)
        for source, pieces in sorted(by_source.items())
    ]
    return plans + _emptied(change, request, done, by_source)


def _emptied(change: Change, request: Request, done: Imported, read: dict[str, Any]) -> list[Plan]:
    """With --accept-shrink a list may become empty."""
    if not request.accept_shrink:
        return []
    names = {request.source or sources.name_of_stem(error.where or "") for error in done.failures
             if error.code in _NOTHING_IN_IT}
    empty = [name for name in sorted(names - set(read)) if snapshots.count(change.catalogue, name)]
    done.failures[:] = [] if empty and len(done.failures) == len(empty) else done.failures
    return [Plan(name, [], False) for name in empty]


def _guard_against_shrinking(change: Change, plans: Sequence[Plan], limit: float, accepted: bool) -> None:
    shrunk, names = [], []
    for plan in plans:
        before = snapshots.count(change.catalogue, plan.source)
        if not plan.partial and plan.rows < before * limit:
            shrunk.append((plan.source, plan.rows, before))
            names += [piece.file.name for piece in plan.pieces]
    if shrunk and not accepted:
        raise _shrunk(shrunk, ", ".join(sorted(set(names))))


def _shrunk(lists: Sequence[tuple[str, int, int]], where: str = "") -> SafetyStop:
    said = ", ".join(f"{source} has {now:,} of the {before:,} records it had" for source, now, before in lists)
    return SafetyStop(
        "list-shrank", f"{said}; nothing was changed.", where=where,
        hint="if that is right, say --accept-shrink; if these are only additions, say --partial.")


@dataclass(frozen=True, slots=True)
class Begun:
    """A snapshot in the making: what its source had before, and its parts, which have no records yet; none when the
    source holds exactly this already."""

    source: str
    partial: bool
    before: list[Part]
    files: list[File]
    line: dict[str, Any]
    parts: list[Part]
    chunked: list[Chunked]


def _begin(change: Change, plan: Plan, config: Config, pool: Pool, paths: Iterator[Path]) -> Begun:
    """Begins to store a snapshot. The plan's pieces are given up: their rows lie where the workers find them."""
    before = snapshots.current(change.catalogue, plan.source)
    state = "unchanged" if before and _same(plan, before) else "changed" if before else "new"
    pieces = plan.pieces if state != "unchanged" else []
    parts = [_part(change, plan.source, piece) for piece in pieces]
    mappings = [cleaning.how(change, part, config)[0] for part in parts]
    chunked = storing.begin(plan.source, list(zip(pieces, mappings, strict=True)), paths, pool)
    line, read = _line(plan, state), [piece.file for piece in pieces]
    plan.pieces.clear()
    return Begun(plan.source, plan.partial, before, read, line, parts, chunked)


def _part(change: Change, source: str, piece: Piece) -> Part:
    """A part as the catalogue will know it once its records are stored."""
    table = piece.table
    return Part(
        0, source, table.name, "", change.parts.write("issues", snapshots.read_issues(source, table.issues)),
        table.mapping.to_json(), table.headers, piece.file.sha256, piece.rows - piece.rejected, piece.rejected,
        table.structure_rows, table.structure_cells, dict(table.facts), change.today)


def _store(change: Change, begun: Begun, config: Config, pool: Pool) -> list[Chunks]:
    """Has the records of a snapshot stored and cleaned."""
    if not begun.parts:
        return []
    _, settings = cleaning.how(change, begun.parts[0], config)
    return storing.store(begun.chunked, change.parts.folder, settings, pool)


def _finish(change: Change, begun: Begun, coming: Sequence[Chunks], config: Config) -> dict[str, Any]:
    """Adds the snapshot when all is stored and cleaned, remembers who refuses, follows rows that changed; gives the
    line for the screen."""
    parts = []
    for part, chunked in zip(begun.parts, coming, strict=True):
        made = [chunk.result() for chunk in chunked]
        parts.append(replace(part, records=change.parts.join("records", [tables.pop("records") for tables in made])))
        cleaning.remember(change, parts[-1], config, made)
    if begun.line["state"] != "unchanged":
        snapshots.add(change.catalogue, begun.source, change.today, parts, begun.files, partial=begun.partial)
    said = (tables for part in parts for read in (cleaning.said, deleted.said) for tables in read(change, part, config))
    new_refusals = refusals.add(change.catalogue, cleaning.refusals_of(begun.source, said))
    if begun.before and parts:
        _follow_changed_rows(change, begun.before, parts, begun.partial, config)
    return {**begun.line, "new_refusals": new_refusals}


def _follow_changed_rows(
    change: Change, before: Sequence[Part], parts: Sequence[Part], partial: bool, config: Config
) -> None:
    """Links each row that changed to the one it was, and each that came back to itself."""
    known = pa.array([row[0] for row in change.catalogue.rows("SELECT DISTINCT old_record FROM links")], pa.string())
    if partial and not len(known):      # nothing is gone, and nothing that was can have come back
        return
    was, now = _record_ids(change, before), _record_ids(change, parts)
    new = now.filter(pc.invert(pc.is_in(now, value_set=was)))
    back = new.filter(pc.is_in(new, value_set=known)).to_pylist()
    links.add(change.catalogue, [(record, record) for record in back])
    gone = was.filter(pc.invert(pc.is_in(was, value_set=now)))
    if partial or not len(gone) or not len(new):
        return
    links.add(change.catalogue, links.changed_rows(
        cleaning.only(cleaning.cleaning(change, before, config).tables, gone),
        cleaning.only(cleaning.cleaning(change, parts, config).tables, new)))


def _record_ids(change: Change, parts: Sequence[Part]) -> pa.Array:
    columns = [change.parts.read(part.records, ["record_id"])["record_id"] for part in parts]
    return pc.unique(pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()))


def _same(plan: Plan, before: Sequence[Part]) -> bool:
    """Whether these are the files, read the same way, that the source holds already."""
    now = sorted((piece.file.sha256, _member(piece.table.name), piece.table.mapping.to_json(), piece.rows)
                 for piece in plan.pieces)
    held = sorted((part.sha256, _member(part.name), part.mapping, part.rows + part.rejected) for part in before)
    return all(entry[0] for entry in now) and (set(now) <= set(held) if plan.partial else now == held)


def _member(name: str) -> str:
    return name.partition("!")[2]


def _line(plan: Plan, state: str) -> dict[str, Any]:
    tables = [piece.table for piece in plan.pieces]
    return {
        "source": plan.source, "state": state, "files": sorted({table.name for table in tables}),
        "systems": sorted({table.mapping.system for table in tables} - {""}),
        "rows": sum(piece.rows for piece in plan.pieces), "kept": plan.rows, "partial": plan.partial,
    }
