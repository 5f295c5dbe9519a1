"""dedupe: one transaction. It stands apart from `running` so that what reads and writes files is not loaded for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from listmerge.pipeline import matching
from listmerge.pipeline.place import Place, placed
from listmerge.pipeline.stopwatch import Stopwatch
from listmerge.workspace.runs import Run


def dedupe(place: Place | str | Path | None = None) -> dict[str, Any]:
    """Cleans, matches and merges what was imported; gives what run.json would say.

    Raises OptionError when nothing was imported, WorkspaceError, DiskError.
    """
    with placed(place) as here:
        _must_exist(here)
        with here.workspace.writing("dedupe", here.now) as change:
            watch = Stopwatch()
            run = matching.dedupe_into(change, here.config, here.listener, watch)
            change.commit({"run": run.id, **numbers(run)})
            return {**run.outcome, "timings": watch.timings}


def numbers(run: Run) -> dict[str, Any]:
    """The history's word on a run."""
    return {name: run.outcome["counts"][name] for name in ("contacts", "masters", "may_email")}


def _must_exist(place: Place) -> None:
    with place.workspace.reading():
        pass
