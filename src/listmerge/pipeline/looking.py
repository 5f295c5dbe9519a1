"""inspect, status, history, layouts: they read and change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from listmerge.config import Config
from listmerge.errors import ListmergeError
from listmerge.layouts import document
from listmerge.layouts.document import all_layouts
from listmerge.model import RawTable
from listmerge.pipeline import files, reading
from listmerge.pipeline.place import Place, placed
from listmerge.pipeline.reading import Known, Request
from listmerge.workspace import decisions, refusals, runs, snapshots, sources
from listmerge.workspace import history as log
from listmerge.workspace.catalogue import Catalogue

SHOWN_ROWS: Final = 5
#: What status tells of a source besides what it holds.
KNOWN: Final = ("owner", "relationship", "permission", "trust", "use_until", "reference_only")


def inspect(
    paths: Iterable[str | Path], place: Place | str | Path | None = None, *, layout: str = "", encoding: str = "",
    password_file: str = "", maps: Iterable[tuple[str, str]] = (), source: str = "",
) -> tuple[list[dict[str, Any]], list[ListmergeError]]:
    """What would be read from the files: a dictionary per table, and what cannot be read. Writes nothing."""
    given, failures = files.expand([paths] if isinstance(paths, str | Path) else paths)
    tables = []
    request = Request((), source, layout, tuple(maps), encoding, password_file)
    with placed(place) as here, _known(here) as known:
        for one in given:
            here.listener.step(f"reading {one.name}")
            try:
                read = reading.read_given(one, request, known)
            except ListmergeError as error:
                failures.append(error)
            else:
                tables += [_inspected(table) for table in read]
    return tables, failures


@contextmanager
def _known(place: Place) -> Iterator[Known]:
    """What the workspace knows, where there is one."""
    space = place.workspace
    if not space.exists():
        yield Known(space.folder, None, space.parts, place.config)
        return
    with space.reading() as catalogue:
        yield Known(space.folder, catalogue, space.parts, place.config)


def _inspected(table: RawTable) -> dict[str, Any]:
    mapping = table.mapping
    rejected = sum(1 for code in table.rejected.to_pylist() if code)
    return {
        "name": table.name, "system": mapping.system, "layout": mapping.layout, "certainty": mapping.certainty,
        "confidence": mapping.confidence, "rows": table.cells.num_rows, "rejected": rejected,
        "structure_rows": table.structure_rows, "facts": dict(table.facts),
        "columns": [{"index": column.index, "header": column.header, "field": column.field, "group": column.group,
                     "part": column.part, "label": column.label, "meaning": column.meaning,
                     "confidence": column.confidence, "reason": column.reason} for column in mapping.columns],
        "headers": list(table.headers), "first_rows": _first_rows(table.cells),
        "issues": [{"code": issue.code, "message": issue.message, "line": issue.source_line} for issue in table.issues],
    }


def _first_rows(cells: pa.Table) -> list[list[str]]:
    rows = cells.slice(0, SHOWN_ROWS)
    return [list(row) for row in zip(*(column.to_pylist() for column in rows.columns), strict=True)]


def status(place: Place | str | Path | None = None) -> dict[str, Any]:
    """What the workspace holds: sources with their snapshots, the last run, decisions, refusals."""
    with placed(place) as here, here.workspace.reading() as catalogue:
        last = runs.last(catalogue)
        return {
            "workspace": str(here.workspace.folder), "sources": _sources(catalogue, here.config),
            "last_run": None if last is None else {"run": last.id, "at": last.at, "counts": last.outcome["counts"]},
            "stale": _is_stale(catalogue, last.id if last else 0),
            "decisions": decisions.table(catalogue).num_rows,
            "refusals": {source or "by hand": kinds for source, kinds in refusals.by_source(catalogue).items()},
        }


def _sources(catalogue: Catalogue, config: Config) -> list[dict[str, Any]]:
    facts = {row["source"]: row for row in sources.table(catalogue, config.sources).to_pylist()}
    found: dict[str, dict[str, Any]] = {}
    for part in snapshots.current(catalogue):
        line = found.setdefault(part.source, {
            "source": part.source, "date": snapshots.date(catalogue, part.source), "rows": 0, "rejected": 0,
            "files": [], "systems": [], **{name: facts[part.source][name] for name in KNOWN}})
        line["rows"] += part.rows
        line["rejected"] += part.rejected
        line["files"].append(part.name)
        system = part.parsed_mapping().system
        line["systems"] += [system] if system and system not in line["systems"] else []
    return list(found.values())


def _is_stale(catalogue: Catalogue, run: int) -> bool:
    """Whether something was imported, decided or suppressed after the last run."""
    op = catalogue.value("SELECT op FROM runs WHERE id = :run", run=run) or 0
    return bool(catalogue.value(
        "SELECT count(*) FROM operations WHERE id > :op AND undone_by IS NULL AND verb IN"
        " ('import', 'decide', 'suppress')", op=op))


def history(place: Place | str | Path | None = None) -> list[dict[str, Any]]:
    """All commands that changed something, newest first: id, at, verb, detail, undone_by."""
    with placed(place) as here, here.workspace.reading() as catalogue:
        return log.entries(catalogue)


def known_layouts(place: Place | str | Path | None = None) -> list[dict[str, Any]]:
    """The known layouts, the user's own in the workspace among them: name (for --layout), system, what is exported, how
    sure we are of it. Raises OptionError for a layout of the user's own that is none."""
    with placed(place) as here:
        return [{"name": layout.id, "system": layout.system, "export": layout.export, "certainty": layout.certainty}
                for layout in all_layouts(reading.own_layouts(here.workspace.folder))]


def check_layout(path: str | Path) -> list[str]:
    """What is wrong with a layout file of the user's own, one sentence each."""
    return document.check_layout(Path(path))
