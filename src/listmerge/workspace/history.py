"""What was done, and taking it back: ids and counts only, no people's values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from listmerge.errors import OptionError
from listmerge.workspace.catalogue import Catalogue

UNDOABLE: Final = ("import", "dedupe", "decide", "run")
MAKES_RUN: Final = ("dedupe", "run")
BARRIER: Final = ("erase",)              # who was erased does not come back

#: Tables whose rows go when their operation is undone. Refusals are not among them: a no stays a no.
_TAKEN_BACK: Final = ("registered", "snapshots", "links", "runs", "decisions")

_ORPHANS: Final = (
    "DELETE FROM sources WHERE name NOT IN (SELECT source FROM snapshots) AND op = :of",
    "DELETE FROM files WHERE snapshot NOT IN (SELECT id FROM snapshots)",
    "DELETE FROM parts WHERE snapshot NOT IN (SELECT id FROM snapshots)",
    "DELETE FROM run_tables WHERE run NOT IN (SELECT id FROM runs)",
    "DELETE FROM cleaned WHERE records NOT IN (SELECT records FROM parts)",
)


def record(catalogue: Catalogue, at: str, verb: str, detail: Mapping[str, Any]) -> None:
    """Adds the running command to the history."""
    catalogue.change(
        "INSERT INTO operations (id, at, verb, detail) VALUES (:op, :at, :verb, :detail)",
        [{"at": at, "verb": verb, "detail": json.dumps(detail, sort_keys=True, ensure_ascii=False)}],
    )


def entries(catalogue: Catalogue) -> list[dict[str, Any]]:
    """All commands that changed something, newest first."""
    return [
        {"id": row["id"], "at": row["at"], "verb": row["verb"], "detail": json.loads(row["detail"]),
         "undone_by": row["undone_by"]}
        for row in catalogue.rows("SELECT * FROM operations ORDER BY id DESC")
    ]


def undo(catalogue: Catalogue) -> dict[str, Any]:
    """Takes the last import, dedupe, decide or run back and says which. Raises OptionError when there is none left."""
    operation = _last(catalogue)
    for table in _TAKEN_BACK:
        catalogue.change(f"DELETE FROM {table} WHERE op = :of", [{"of": operation["id"]}])
    for statement in _ORPHANS:
        catalogue.change(statement, [{"of": operation["id"]}])
    catalogue.change("UPDATE operations SET undone_by = :op WHERE id = :of", [{"of": operation["id"]}])
    return {"undone": operation["id"], "verb": operation["verb"], "at": operation["at"]}


def drop_old_runs(catalogue: Catalogue, keep: int) -> None:
    """Forgets the runs before the last `keep`, and cleaned parts that belong to no records."""
    old = [{"run": row[0]} for row in catalogue.rows("SELECT id FROM runs ORDER BY id DESC")[max(keep, 1):]]
    if old:
        catalogue.change("DELETE FROM run_tables WHERE run = :run", old)
        catalogue.change("DELETE FROM runs WHERE id = :run", old)


def _last(catalogue: Catalogue) -> dict[str, Any]:
    for entry in entries(catalogue):
        if entry["verb"] in BARRIER:
            break
        if entry["verb"] in UNDOABLE and entry["undone_by"] is None:
            _stay_within_kept_runs(catalogue, entry)
            return entry
    raise OptionError("nothing-to-undo", "there is nothing to undo.",
                      hint="`listmerge history` shows what was done; refusals and erasures are never undone.")


def _stay_within_kept_runs(catalogue: Catalogue, entry: Mapping[str, Any]) -> None:
    """Undoing the oldest run that is kept would leave none to go back to, unless it was the first."""
    if entry["verb"] not in MAKES_RUN:
        return
    earlier = catalogue.value(
        "SELECT count(*) FROM operations WHERE id < :id AND undone_by IS NULL AND verb IN ('dedupe', 'run')"
        " AND id NOT IN (SELECT op FROM runs)", id=entry["id"])
    kept = catalogue.value("SELECT count(*) FROM runs WHERE op < :id", id=entry["id"])
    if earlier and not kept:
        raise OptionError("nothing-to-undo", "the runs before this one are no longer kept.",
                          hint="keep_runs in listmerge.toml says how many are.")
