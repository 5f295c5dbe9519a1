"""export and report: what a run made, as files, without matching again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from listmerge import exporters
from listmerge.exporters.selection import Selection, refused_twins, select
from listmerge.pipeline import publishing, reporting
from listmerge.pipeline.place import Place, placed
from listmerge.workspace import runs


def export(
    out: str | Path, place: Place | str | Path | None = None, *, format: str = "",  # noqa: A002 - the contract's word
    where: Sequence[tuple[str, str]] = (), mailable: bool = False, all_columns: bool = False,
) -> Selection:
    """Writes the masters of the last run to `out` in the format of its ending; gives who was left out and why.

    Raises OptionError (no run yet, unknown format or column), DiskError.
    """
    path = Path(out)
    kind = exporters.format_of(path, format)
    with placed(place) as here, here.workspace.reading() as catalogue:
        run = runs.needed(catalogue)
        parts = here.workspace.parts
        masters = reporting.everything(catalogue, parts, run) if all_columns else run.table(parts, "masters")
        held_back: frozenset[str] = frozenset()
        if mailable:
            material = reporting.material_of(catalogue, parts, run)
            held_back = refused_twins(masters, material.master_ids, material.near_pairs)
        chosen = select(masters, where, mailable, held_back)
        with publishing.one_file(path) as temporary:
            exporters.write(chosen.masters, temporary, kind)
        return chosen


def write_report(out: str | Path, place: Place | str | Path | None = None) -> list[Path]:
    """Writes report.html and report.xlsx of the last run into the folder `out`. Raises OptionError, DiskError."""
    folder = Path(out)
    with placed(place) as here, here.workspace.reading() as catalogue:
        material = reporting.material_of(catalogue, here.workspace.parts, runs.needed(catalogue))
        with publishing.batch(folder) as files:
            reporting.write_report(files, material, here.listener)
            files.publish()
    return [folder / "report.html", folder / "report.xlsx"]


def masters(place: Place | str | Path | None = None) -> Any:
    """The masters of the last run as a pandas DataFrame, every column text. Raises OptionError."""
    with placed(place) as here, here.workspace.reading() as catalogue:
        return runs.needed(catalogue).table(here.workspace.parts, "masters").to_pandas()
