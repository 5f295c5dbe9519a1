"""The workspace: a folder with the catalogue, the parts and the lock, and the two ways of using it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from listmerge.errors import OptionError
from listmerge.workspace.catalogue import Catalogue, CatalogueFile, busy
from listmerge.workspace.disk import PRIVATE_FILE, TEMPORARY, disk_errors, make_private_folder, uninterrupted
from listmerge.workspace.history import drop_old_runs, record
from listmerge.workspace.parts import Parts

DEFAULT = "contacts.listmerge"
PATIENCE = 5.0       # seconds that a command waits for another one before it says "busy"
KEEP_RUNS = 10


class Change:
    """One command that writes: a working copy, the parts, and `commit`, after which all of it exists."""

    def __init__(self, workspace: Workspace, catalogue: Catalogue, verb: str, at: datetime) -> None:
        self.catalogue = catalogue
        self.parts = workspace.parts
        self.folder = workspace.folder
        self.verb = verb
        self.at = at.isoformat(timespec="seconds")
        self.today = at.date().isoformat()
        self._workspace = workspace

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for what does not fit into memory; gone afterwards, or swept by the next writer."""
        with disk_errors(self.folder), tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=self.folder) as folder:
            yield Path(folder)

    def commit(self, detail: Mapping[str, Any], *, changed: bool = True) -> None:
        """Writes everything in one transaction, and the history's line (ids and counts only, no people's values)."""
        if changed:
            record(self.catalogue, self.at, self.verb, detail)
        with uninterrupted():
            self._workspace.file.write(self.catalogue)


class Workspace:
    """The folder that holds it all. Raises WorkspaceError and DiskError; OptionError for reading what is not there."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE, keep_runs: int = KEEP_RUNS) -> None:
        self.folder = folder
        self.parts = Parts(folder / "data")
        self.file = CatalogueFile(folder / "catalogue.sqlite", patience)
        self._patience = patience
        self._keep_runs = keep_runs

    def exists(self) -> bool:
        """Whether there is a catalogue."""
        return self.file.path.exists()

    @contextmanager
    def reading(self) -> Iterator[Catalogue]:
        """A working copy to look at, of a workspace that exists."""
        if not self.exists():
            raise OptionError("no-workspace", "there is no workspace here.", where=str(self.folder),
                              hint="begin with `listmerge import FILE…`, or say where it is with --workspace.")
        with closing(self.file.copy()) as catalogue:
            yield catalogue

    @contextmanager
    def writing(self, verb: str, at: datetime) -> Iterator[Change]:
        """The one writer: makes the workspace when there is none, sweeps what killed commands left, holds the lock."""
        make_private_folder(self.folder)
        with self._locked():
            self.file.create()
            with closing(self.file.copy()) as catalogue:
                self._sweep(catalogue)
                yield Change(self, catalogue, verb, at)
            with uninterrupted():
                self._shorten()

    @contextmanager
    def adding(self, verb: str, at: datetime) -> Iterator[Change]:
        """A short transaction beside a writer: only for adding decisions and refusals."""
        if not self.exists():
            make_private_folder(self.folder)
            self.file.create()
        with closing(self.file.copy()) as catalogue:
            yield Change(self, catalogue, verb, at)

    def _shorten(self) -> None:
        """Forgets the tables of runs beyond `keep_runs` and sweeps what nothing points at any more."""
        with closing(self.file.copy()) as catalogue:
            drop_old_runs(catalogue, self._keep_runs)
            if catalogue.changed:
                self.file.write(catalogue)
            self._sweep(catalogue)

    def _sweep(self, catalogue: Catalogue) -> None:
        """Removes what killed commands left and what nothing points at any more."""
        self.parts.sweep(parts_in_use(catalogue))
        for folder in self.folder.glob(f"{TEMPORARY}*"):
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The kernel's lock: it ends with the process, however that ends."""
        lock = FileLock(self.folder / "lock", mode=PRIVATE_FILE)
        with disk_errors(self.folder):
            try:
                lock.acquire(timeout=self._patience)
            except Timeout as error:            # it is an OSError too
                raise busy(self.folder) from error
        try:
            yield
        finally:
            lock.release()


def parts_in_use(catalogue: Catalogue) -> set[str]:
    """The names of all parts that the catalogue points at."""
    return {
        str(row[0])
        for row in catalogue.rows(
            "SELECT records FROM parts UNION SELECT read_issues FROM parts UNION SELECT part FROM cleaned"
            " UNION SELECT part FROM run_tables")
    }
