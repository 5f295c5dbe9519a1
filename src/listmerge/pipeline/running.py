"""run: one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from listmerge.pipeline import importing, matching, publishing, reporting
from listmerge.pipeline.deduping import numbers
from listmerge.pipeline.import_alone import Maps, detail, request_of
from listmerge.pipeline.importing import Imported
from listmerge.pipeline.place import Place, placed
from listmerge.pipeline.stopwatch import Stopwatch
from listmerge.workspace.disk import uninterrupted


@dataclass(frozen=True, slots=True)
class Done:
    """What `run` did: the import, and the content of run.json."""

    imported: Imported
    outcome: dict[str, Any]


def run(
    paths: Iterable[str | Path], out: str | Path, place: Place | str | Path | None = None, *, source: str = "",
    layout: str = "", maps: Maps = (), encoding: str = "", password_file: str = "",
    partial: bool = False, accept_shrink: bool = False, workbook: bool = False, all_columns: bool = False,
) -> Done:
    """Import, dedupe, export and report in one transaction: all of it, or nothing.

    Raises what `import_files` and `dedupe` raise.
    """
    request = request_of(paths, source, layout, maps, encoding, password_file, partial, accept_shrink)
    watch = Stopwatch()
    with placed(place) as here, here.workspace.writing("run", here.now) as change:
        done = importing.import_into(change, request, here.config, here.listener)
        watch.lap("import")
        with publishing.batch(Path(out)) as files, change.parts.storing() as stored:
            made = matching.merge_into(change, here.config, here.listener, watch, stored)
            made_run, outcome = reporting.note_and_write(
                files, change, made, stored, here.listener, watch, workbook=workbook, all_columns=all_columns)
            with uninterrupted():
                change.commit({"run": made_run.id, **detail(done), **numbers(made_run)})
                files.publish()
        return Done(done, outcome)
