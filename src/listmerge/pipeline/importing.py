"""Files into snapshots: what is read, which source it belongs to, what is new; decided first, stored after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.config import Config
from listmerge.engine.pool import Pool
from listmerge.errors import InputError, ListmergeError, SafetyStop
from listmerge.importers import worker
from listmerge.model import RawTable
from listmerge.pipeline import chunks, cleaning, files, reading
from listmerge.pipeline.cleaning import Begun
from listmerge.pipeline.files import Given
from listmerge.pipeline.place import Listener
from listmerge.pipeline.reading import Known, Request
from listmerge.workspace import identity, links, refusals, snapshots, sources
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
    with worker.kept(), chunks.pool(size=sum(map(files.size, given))) as pool:
        plans = _plans(change, _read_all(change, given, request, config, done, listener), request, done)
        _complain(done, plans, listener)
        _guard_against_shrinking(change, plans, config.shrink_limit, request.accept_shrink)
        stored = [_store(change, plan, config, pool) for plan in plans]
        for number, one in enumerate(stored):
            listener.step(f"cleaning {one.plan.source}", number, len(stored))
            done.sources.append(_finish(change, one, config))
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
    tables: list[tuple[RawTable, File]]
    partial: bool

    @property
    def rows(self) -> int:
        """Records without the rejected."""
        return sum(pc.sum(pc.equal(table.rejected, "")).as_py() or 0 for table, _ in self.tables)


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
    sha256 = files.sha256(one.path)
    known = Known(change.folder, change.catalogue, change.parts, config)
    tables = reading.sure(reading.read_given(one, request, known), listener)
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
    by_source: dict[str, list[tuple[RawTable, File]]] = {}
    for file, tables in reads:
        for table in tables:
            for source, part in _by_row_source(table, file.source):
                by_source.setdefault(source, []).append((part, file))
    incomplete = {request.source} if request.source and done.failures else set()
    plans = [
        Plan(source, sorted(tables, key=lambda pair: pair[0].name), request.partial or source in incomplete)
        for source, tables in sorted(by_source.items())
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


def _by_row_source(table: RawTable, source: str) -> list[tuple[str, RawTable]]:
    """The table itself, or one table for each source that its column `source` names."""
    columns = [column.index for column in table.mapping.columns if column.field == "source"]
    if not columns or not table.cells.num_rows:
        return [(source, table)]
    named = pc.utf8_trim_whitespace(table.cells.column(f"c{columns[0]}").combine_chunks())
    named = pc.if_else(pc.equal(named, ""), source, named)
    pieces = []
    for number, name in enumerate(sorted(pc.unique(named).to_pylist())):
        rows = pc.equal(named, name)
        piece = replace(table, cells=table.cells.filter(rows), rows=table.rows.filter(rows),
                        lines=table.lines.filter(rows), rejected=table.rejected.filter(rows))
        if number:              # what is the file's is counted once
            piece = replace(piece, structure_rows=0, structure_cells=0, issues=())
        pieces.append((name, piece))
    return pieces


def _guard_against_shrinking(change: Change, plans: Sequence[Plan], limit: float, accepted: bool) -> None:
    shrunk = []
    for plan in plans:
        before = snapshots.count(change.catalogue, plan.source)
        if not plan.partial and plan.rows < before * limit:
            shrunk.append((plan.source, plan.rows, before))
    if shrunk and not accepted:
        raise _shrunk(shrunk)


def _shrunk(lists: Sequence[tuple[str, int, int]], where: str = "") -> SafetyStop:
    said = ", ".join(f"{source} has {now:,} of the {before:,} records it had" for source, now, before in lists)
    return SafetyStop(
        "list-shrank", f"{said}; nothing was changed.", where=where,
        hint="if that is right, say --accept-shrink; if these are only additions, say --partial.")


@dataclass(frozen=True, slots=True)
class Stored:
    """A snapshot that was added: what its source had before, and its parts, which are being cleaned."""

    plan: Plan
    before: list[Part]
    was: pa.Array
    parts: list[Part]
    begun: list[Begun]
    line: dict[str, Any]


def _store(change: Change, plan: Plan, config: Config, pool: Pool) -> Stored:
    """Adds the snapshot unless the source holds exactly this. The plan's tables are given up: they are on the disk."""
    catalogue, source = change.catalogue, plan.source
    before = snapshots.current(catalogue, source)
    state = "unchanged" if before and _same(plan, before) else "changed" if before else "new"
    line = _line(plan, state)
    was = _record_ids(change, before)
    parts = _stored_parts(change, plan) if state != "unchanged" else []
    if state != "unchanged":
        snapshots.add(catalogue, source, change.today, parts, [file for _, file in plan.tables], partial=plan.partial)
    plan.tables.clear()
    begun = [one for part in parts for one in cleaning.begin(change, part, config, pool)]
    return Stored(plan, before, was, parts, begun, line)


def _finish(change: Change, stored: Stored, config: Config) -> dict[str, Any]:
    """Waits for the cleaned parts, remembers who refuses, follows rows that changed; gives the line for the screen."""
    cleaning.finish(change, stored.begun)
    said = [tables for part in stored.parts for tables in cleaning.said(change, part, config)]
    new_refusals = refusals.add(change.catalogue, cleaning.refusals_of(stored.plan.source, said))
    if stored.before and stored.parts:
        _follow_changed_rows(change, stored.before, stored.was, stored.parts, stored.plan.partial, config)
    return {**stored.line, "new_refusals": new_refusals}


def _stored_parts(change: Change, plan: Plan) -> list[Part]:
    tables = [table for table, _ in plan.tables]
    ids = identity.record_ids(plan.source, tables)
    return [
        snapshots.stored(change.parts, plan.source, table, column, identity.own_ids(table), file.sha256,
                         change.today)
        for (table, file), column in zip(plan.tables, ids, strict=True)
    ]


def _follow_changed_rows(
    change: Change, before: Sequence[Part], was: pa.Array, parts: Sequence[Part], partial: bool, config: Config
) -> None:
    """Links each row that changed to the one it was, and each that came back to itself."""
    now = _record_ids(change, parts)
    new = now.filter(pc.invert(pc.is_in(now, value_set=was)))
    known = pa.array([row[0] for row in change.catalogue.rows("SELECT DISTINCT old_record FROM links")], pa.string())
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
    now = sorted((file.sha256, _member(table.name), table.mapping.to_json(), table.cells.num_rows)
                 for table, file in plan.tables)
    held = sorted((part.sha256, _member(part.name), part.mapping, part.rows + part.rejected) for part in before)
    return all(entry[0] for entry in now) and (set(now) <= set(held) if plan.partial else now == held)


def _member(name: str) -> str:
    return name.partition("!")[2]


def _line(plan: Plan, state: str) -> dict[str, Any]:
    return {
        "source": plan.source, "state": state, "files": sorted({table.name for table, _ in plan.tables}),
        "systems": sorted({table.mapping.system for table, _ in plan.tables} - {""}),
        "rows": sum(table.cells.num_rows for table, _ in plan.tables), "kept": plan.rows,
        "partial": plan.partial,
    }
