"""import: one transaction. It stands apart from `running` so that what only matches is not loaded for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from listmerge.errors import OptionError
from listmerge.pipeline import importing
from listmerge.pipeline.importing import Imported
from listmerge.pipeline.place import Place, placed
from listmerge.pipeline.reading import Request

#: field -> column, or pairs of them where a field has several columns
Maps = Mapping[str, str] | Iterable[tuple[str, str]]


def import_files(
    paths: Iterable[str | Path], place: Place | str | Path | None = None, *, source: str = "", layout: str = "",
    maps: Maps = (), encoding: str = "", password_file: str = "", partial: bool = False,
    accept_shrink: bool = False,
) -> Imported:
    """Reads files, folders and globs into the workspace; one snapshot for each source.

    What could not be read is in `failures` (and told to the listener). Raises SafetyStop when a list shrank, InputError
    when nothing could be read, WorkspaceError, DiskError.
    """
    request = request_of(paths, source, layout, maps, encoding, password_file, partial, accept_shrink)
    with placed(place) as here, here.workspace.writing("import", here.now) as change:
        done = importing.import_into(change, request, here.config, here.listener)
        change.commit(detail(done), changed=done.changed)
        return done


def request_of(
    paths: Iterable[str | Path], source: str, layout: str, maps: Maps, encoding: str,
    password_file: str, partial: bool, accept_shrink: bool,
) -> Request:
    """What is asked for, of the words of a call. Raises OptionError when no file is named."""
    names = tuple(str(path) for path in ([paths] if isinstance(paths, str | Path) else paths))
    if not names:
        raise OptionError("no-files", "no file was named.", hint="name files, folders or globs.")
    pinned = maps.items() if isinstance(maps, Mapping) else maps
    return Request(names, source.strip(), layout, tuple(pinned), encoding, password_file, partial, accept_shrink)


def detail(done: Imported) -> dict[str, Any]:
    """The history's word on an import: which sources and how many rows."""
    lines = {line["source"]: line["rows"] for line in done.sources if line["state"] != "unchanged"}
    return {"sources": lines, "registered": done.registered}
