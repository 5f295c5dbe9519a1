"""Files out, all or none: written beside their places, renamed after the workspace has committed, run.json last."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from listmerge import exporters
from listmerge.engine.memory import trim
from listmerge.errors import DiskError
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
_GIVEN_UP: Final = 86_400       # seconds after which a file that was not finished never will be


class Batch:
    """Files on their way into a folder: `file` to write one, `publish` to make all of them appear."""

    def __init__(self, out: Path, temporary: Path) -> None:
        self._out = out
        self._temporary = temporary
        self._hashes: dict[str, str] = {}

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        """Where to write the file that will be called `name`; in the end it is safe on the disk. Raises DiskError where
        a folder has that name."""
        if (self._out / name).is_dir():
            raise _folder_in_the_way(self._out / name)
        path = self._temporary / name
        yield path
        self._hashes[name] = sha256(path)
        sync(path)

    def close(self, run: Mapping[str, Any]) -> None:
        """Writes run.json with the hashes of the other files; call before the workspace commits."""
        text = json.dumps({**run, "files": self._hashes}, indent=2, ensure_ascii=False, sort_keys=True)
        with self.file(RUN) as path:
            path.write_text(text + "\n", encoding="utf-8")

    def publish(self) -> None:
        """Renames all files to their places, run.json last; removes an old workbook.

        Raises DiskError at the first that cannot be put there; the workspace has its run by then.
        """
        try:
            if WORKBOOK not in self._hashes and RUN in self._hashes:
                (self._out / WORKBOOK).unlink(missing_ok=True)
            for name in self._hashes:
                (self._temporary / name).replace(self._out / name)
            sync(self._out)
        except OSError as error:
            raise DiskError("not-published", f"the workspace is up to date, its files are not: {error.strerror}.",
                            where=str(error.filename2 or error.filename or self._out),
                            hint="close the file where it is open, and run the same command again.") from error


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


def write_tables(files: Batch, tables: Iterable[tuple[str, pa.Table]], *, workbook: bool = False) -> None:
    """Writes tables, each as TABLES calls it, and the workbook of masters (up to WORKBOOK_ROWS, or when asked)."""
    for name, table in tables:
        with files.file(TABLES[name]) as path:
            exporters.write(table, path)
        if name == "masters" and (workbook or table.num_rows <= WORKBOOK_ROWS):
            with files.file(WORKBOOK) as path:
                exporters.write(table, path)
        trim()


def _folder_in_the_way(path: Path) -> DiskError:
    return DiskError("not-writable", "a folder has the name of a file that is to be written.", where=str(path),
                     hint="move it away or choose another place; nothing was changed.")


@contextmanager
def one_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, renamed to it in the end. Raises DiskError."""
    if path.is_dir():
        raise _folder_in_the_way(path)
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    with disk_errors(path):
        _remove_unfinished(path)
        try:
            yield temporary
            sync(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def _remove_unfinished(path: Path) -> None:
    """Removes what commands that were killed left beside `path`."""
    for left in path.parent.iterdir():
        found = re.fullmatch(r"\.\d+-(.*)", left.name, re.DOTALL)
        if found and found[1] == path.name and left.stat().st_mtime < time.time() - _GIVEN_UP:
            left.unlink(missing_ok=True)
