"""Files out, all or none: written beside their places, renamed after the workspace has committed, run.json last."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from listmerge import exporters
from listmerge.pipeline.files import sha256
from listmerge.workspace.disk import PRIVATE_FOLDER, disk_errors, sync

#: Table of a run -> its file. The workbook of masters is left out beyond WORKBOOK_ROWS, where no one can use it.
TABLES: Final = {
    "masters": "master.csv", "crosswalk": "crosswalk.csv", "permission_rows": "permissions.csv",
    "conflicts": "conflicts.csv", "possible_duplicates": "possible_duplicates.csv", "issues": "issues.csv",
    "aliases": "master_aliases.csv",
}
WORKBOOK: Final = "master.xlsx"
WORKBOOK_ROWS: Final = 100_000
RUN: Final = "run.json"
_TEMPORARY: Final = ".listmerge-unfinished"


class Batch:
    """Files on their way into a folder: `path` to write one, `publish` to make all of them appear."""

    def __init__(self, out: Path, temporary: Path) -> None:
        self._out = out
        self._temporary = temporary
        self._names: list[str] = []

    def path(self, name: str) -> Path:
        """Where to write the file that will be called `name`."""
        self._names.append(name)
        return self._temporary / name

    def close(self, run: Mapping[str, Any]) -> None:
        """Makes all files safe on the disk, and run.json with their hashes; call before the workspace commits."""
        hashes = {name: sha256(self._temporary / name) for name in sorted(self._names)}
        text = json.dumps({**run, "files": hashes}, indent=2, ensure_ascii=False, sort_keys=True)
        self.path(RUN).write_text(text + "\n", encoding="utf-8")
        for name in self._names:
            sync(self._temporary / name)

    def publish(self) -> None:
        """Renames all files to their places, run.json last; removes an old workbook."""
        if WORKBOOK not in self._names and RUN in self._names:
            (self._out / WORKBOOK).unlink(missing_ok=True)
        for name in self._names:
            (self._temporary / name).replace(self._out / name)
        sync(self._out)


@contextmanager
def batch(out: Path) -> Iterator[Batch]:
    """A batch for the folder `out`, which is made; what is not published is removed. Raises DiskError."""
    with disk_errors(out):
        made = not out.exists()
        out.mkdir(parents=True, exist_ok=True)
        temporary = out / _TEMPORARY
        shutil.rmtree(temporary, ignore_errors=True)      # what a killed run left
        temporary.mkdir(mode=PRIVATE_FOLDER)
        try:
            yield Batch(out, temporary)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
            if made and not any(out.iterdir()):
                out.rmdir()


def write_tables(files: Batch, tables: Mapping[str, pa.Table], *, workbook: bool = False) -> None:
    """Writes every table of TABLES, and the workbook of masters (up to WORKBOOK_ROWS, or when asked)."""
    for table, name in TABLES.items():
        exporters.write(tables[table], files.path(name))
    if workbook or tables["masters"].num_rows <= WORKBOOK_ROWS:
        exporters.write(tables["masters"], files.path(WORKBOOK))


@contextmanager
def one_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, renamed to it in the end. Raises DiskError."""
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    with disk_errors(path):
        try:
            yield temporary
            sync(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
