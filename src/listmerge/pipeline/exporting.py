"""export and report: what a run made, as files, without matching again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from listmerge import exporters
from listmerge.errors import OptionError
from listmerge.exporters.letters import one_per_household
from listmerge.exporters.selection import (
    Selection,
    refused_twins,
    select,
    with_refusals,
    with_unknown,
    without_permission,
    without_refused,
)
from listmerge.exporters.systems import System, system_of, write_for
from listmerge.pipeline import publishing, refused, reporting
from listmerge.pipeline.own_records import Own, own_records
from listmerge.pipeline.place import Place, placed
from listmerge.pipeline.refused import Suppressed
from listmerge.workspace import runs, snapshots
from listmerge.workspace.catalogue import Catalogue
from listmerge.workspace.parts import Parts
from listmerge.workspace.runs import Run

HOUSEHOLD: Final = "household"


def export(
    out: str | Path, place: Place | str | Path | None = None, *, format: str = "",  # noqa: A002 - the contract's word
    where: Sequence[tuple[str, str]] = (), mailable: bool = False, all_columns: bool = False, one_per: str = "",
) -> Selection:
    """Writes the masters of the last run to `out` in the format of its ending; gives who was left out and why.

    What was refused since the run counts. With `one_per` "household" those who get a letter: one named member of each
    household who has not refused letters. Raises OptionError (no run yet, unknown format or column), DiskError.
    """
    if one_per not in ("", HOUSEHOLD):
        raise OptionError("bad-option", f"one letter per {one_per!r} is not known.", where="--one-per",
                          hint=f"say --one-per {HOUSEHOLD}.")
    path = Path(out)
    kind = exporters.format_of(path, format)
    with placed(place) as here, here.workspace.reading() as catalogue:
        run = runs.needed(catalogue)
        parts = here.workspace.parts
        masters = reporting.everything(catalogue, parts, run) if all_columns else run.table(parts, "masters")
        held_back: frozenset[str] = frozenset()
        if mailable or refused.any_since(catalogue, run):
            masters, held_back = _for_mailing(catalogue, parts, run, masters)
        chosen = select(masters, where, mailable, held_back)
        if one_per:
            material = reporting.material_of(catalogue, parts, run)
            chosen = one_per_household(chosen, material.permission_rows, material.master_ids, material.near_pairs)
        with publishing.one_file(path) as temporary:
            exporters.write(chosen.masters, temporary, kind)
        return chosen


def export_for(
    system: str, out: str | Path, place: Place | str | Path | None = None, *, where: Sequence[tuple[str, str]] = (),
    mailable: bool = False, include_unknown: bool = False,
) -> Selection:
    """Writes the file that the import of `system` takes, with its own ids; gives who was left out and why.

    Nobody who refused is in it. For a system that mails only those who may be mailed, and with `include_unknown` those
    of whom no permission is known. Raises OptionError (no run yet, unknown system or column), DiskError.
    """
    wanted, path = system_of(system), Path(out)
    _check(wanted, path, include_unknown, mailable)
    with placed(place) as here, here.workspace.reading() as catalogue:
        run, parts = runs.needed(catalogue), here.workspace.parts
        masters, held_back = _for_mailing(catalogue, parts, run, run.table(parts, "masters"))
        if include_unknown:
            masters = with_unknown(masters, run.table(parts, "permission_rows"))
        chosen = without_refused(select(masters, where, wanted.mails or mailable, held_back), wanted.kind)
        own = own_records(wanted, chosen.masters, run.table(parts, "crosswalk"), parts, snapshots.current(catalogue))
        with publishing.one_file(path) as temporary:
            write_for(wanted, own.masters, own.cells, temporary, own.taken)
    others = {f"within another's record in {wanted.system}": own.within, f"contacts of {wanted.system}": own.others}
    others = {reason: count for reason, count in others.items() if count}
    return Selection(own.masters, chosen.left_out | others, tuple(_remarks(wanted, own)))


def export_refused(out: str | Path, place: Place | str | Path | None = None, *, plain: bool = False) -> Suppressed:
    """Writes the suppression list: one column, hashes of the addresses that refused, or with `plain` the addresses.

    Raises OptionError (no run yet, not a .csv), DiskError.
    """
    path = Path(out)
    _must_be_csv(path, "--refused")
    with placed(place) as here, here.workspace.reading() as catalogue:
        keys, unseen = refused.addresses(catalogue, here.workspace.parts, runs.needed(catalogue))
        with publishing.one_file(path) as temporary:
            exporters.write(refused.suppression_list(keys, plain), temporary, "csv")
    return Suppressed(len(keys), unseen)


def _for_mailing(catalogue: Catalogue, parts: Parts, run: Run, masters: pa.Table) -> tuple[pa.Table, frozenset[str]]:
    """The masters with what was refused since the run, and who is held back as a possible twin of one who refused."""
    material = reporting.material_of(catalogue, parts, run)
    masters = with_refusals(masters, refused.since(catalogue, parts, run, material.master_ids))
    return masters, refused_twins(masters, material.master_ids, material.near_pairs)


def _check(system: System, path: Path, include_unknown: bool, mailable: bool) -> None:
    _must_be_csv(path, "--for")
    if include_unknown and not system.mails and not mailable:
        raise OptionError("bad-option", f"{system.system} does not mail: its file has those without permission anyway.",
                          where="--include-unknown", hint="leave --include-unknown out.")


def _must_be_csv(path: Path, option: str) -> None:
    if path.suffix.lower() != ".csv":
        raise OptionError("bad-option", f"{option} writes a .csv file.", where=str(path), hint="name it OUT.csv.")


def _remarks(system: System, own: Own) -> Iterator[str]:
    """What a person should know of the file."""
    if system.own_headers:
        known = pc.sum(pc.not_equal(own.cells[system.own_key], "")).as_py() or 0 if own.cells else 0
        yield f"{known:,} are updated in {system.system}, {own.masters.num_rows - known:,} are new to it"
    if own.several:
        yield f"{own.several:,} have several records in {system.system}: one of them is updated"
    for source, count in without_permission(own.masters).items():
        yield f"{count:,} without known permission from {source}"
    if 0 < system.most < own.masters.num_rows:
        yield f"{system.system} takes {system.most:,} contacts a file: split this one before the import"


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
