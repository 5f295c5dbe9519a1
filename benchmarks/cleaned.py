"""The cleaned tables of a list, as the stages get them: for measuring stages apart from the rest."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa

from benchmarks.made import made_list


def cleaned_tables(path: Path) -> dict[str, pa.Table]:
    """Contacts, e-mails, phones, addresses, identifiers of one file."""
    import listmerge
    from listmerge.pipeline import cleaning
    from listmerge.pipeline.place import placed
    from listmerge.workspace import snapshots

    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name) / "workspace"
        listmerge.import_files([path], workspace)
        with placed(workspace) as here, here.workspace.writing("measure", here.now) as change:
            tables = cleaning.cleaning(change, snapshots.current(change.catalogue), here.config).tables
    return {name: tables[name] for name in ("contacts", "emails", "phones", "addresses", "identifiers")}


def made_tables(rows: int, seed: int = 1) -> dict[str, pa.Table]:
    """The same of a made list."""
    with tempfile.TemporaryDirectory() as name:
        return cleaned_tables(made_list(rows, Path(name), seed))
