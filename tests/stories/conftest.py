"""A desk with files on it and listmerge at hand: what the stories of the first day are played on."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest


class Desk:
    """A folder; `listmerge` runs in it as a person would type it, on a workspace of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"

    def write(self, name: str, text: str) -> str:
        """Puts a list on the desk and returns its name."""
        (self.folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
        return name

    def listmerge(self, *arguments: str, exit_status: int = 0) -> str:
        """Runs the command, checks how it ended, returns what it wrote to stdout and stderr."""
        command = [sys.executable, "-m", "listmerge", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120)
        said = done.stdout + done.stderr
        assert done.returncode == exit_status, said
        assert "Traceback" not in said
        return said

    def run(self, *files: str, exit_status: int = 0) -> str:
        """`listmerge run FILES --out out`."""
        return self.listmerge("run", *files, "--out", "out", exit_status=exit_status)

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file in `out`."""
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def masters(self, **where: str) -> list[dict[str, str]]:
        """The masters whose columns hold these values."""
        return [row for row in self.rows("master.csv") if all(row[column] == value for column, value in where.items())]

    def address(self, address: str) -> list[dict[str, str]]:
        """What permissions.csv says of an address."""
        return [row for row in self.rows("permissions.csv") if row["address"] == address]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
