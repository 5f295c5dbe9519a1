"""Files made to break readers, as the command meets them: one error each, in time and memory, the other files read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.importers.hostile import FILES

SECONDS, BYTES = 10, 1 << 30
GOOD = "Name,E-mail\nAnn Lee,ann@firm.example\n"
#: Runs the command in a process of its own and prints what it used: seconds of processor time, bytes at the most.
CODE = """
import resource, sys
from listmerge.cli.app import _run
status = _run(sys.argv[1:])
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(sum(one.ru_utime + one.ru_stime for one in used), max(one.ru_maxrss for one in used) * 1024)
sys.exit(status)
"""
#: Name -> what the screen says of it; '' where it is read.
SAID = {
    "line.csv": "too-large", "wide.csv": "too-large", "far-cell.xlsx": "too-large", "repeated.ods": "too-large",
    "laughs.xlsx": "damaged-file", "outside.xlsx": "damaged-file", "bomb.xlsx": "too-large",
    "bomb.zip": "unsafe-archive", "path.zip": "unsafe-archive", "nested.zip": "unsafe-archive",
    "many.zip": "unsafe-archive", "begins.vcf": "no-records", "laughs.ods": "damaged-file",
    "laughs.xls": "damaged-file", "index.xls": "too-large", "deep.json": "damaged-file", "line.vcf": "too-large",
    "properties.vcf": "too-large", "arrays.json": "damaged-file", "keys.json": "too-large",
    "directory.zip": "unsafe-archive", "padded.csv": "too-large", "line-within.zip": "too-large",
    "wide-within.zip": "too-large", "padded-within.zip": "too-large", "lying.zip": "damaged-file", "nulls.parquet": "too-large",
}
LINES = {"line.csv": b"Name,E-mail\n", "line.vcf": b"BEGIN:VCARD\nFN:Ann\nNOTE:"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "good.csv").write_text(GOOD)
    yield tmp_path
    for path in tmp_path.iterdir():     # they are large
        if path.is_file():
            path.unlink()


def write(path: Path) -> None:
    if path.name not in LINES:
        path.write_bytes(FILES[path.name]())
        return
    with path.open("wb") as file:       # one line of 1 GB
        file.write(LINES[path.name])
        for _ in range(1024):
            file.write(b"x" * (1 << 20))


@pytest.mark.parametrize("name", SAID)
def test_a_hostile_file_is_one_error_in_time_and_memory(folder: Path, name: str) -> None:
    write(folder / name)
    command = [sys.executable, "-c", CODE, "import", name, "good.csv", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    seconds, largest = done.stdout.splitlines()[-1].split()
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("error[") == 1 and f"error[{SAID[name]}]" in done.stderr and "hint:" in done.stderr
    assert '"source": "good"' in done.stdout
    assert float(seconds) < SECONDS
    assert int(largest) < BYTES


def test_all_hostile_files_in_one_call(folder: Path) -> None:
    for name in FILES:
        write(folder / name)
    done = subprocess.run([sys.executable, "-m", "listmerge", "import", ".", "--json"], cwd=folder, capture_output=True,
                          text=True, timeout=300)
    assert done.returncode == 3, done.stderr
    assert '"source": "good"' in done.stdout
    assert "error[bug]" not in done.stderr
