"""Promises that hold for every run, checked on the newsletter example from its files alone."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from .conftest import listmerge, pairwise, read

LISTS = Path(__file__).parents[2] / "examples" / "newsletter"
DATED = {"run.json", "report.html", "report.xlsx", "master.xlsx"}     # these hold times


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the newsletter example was run once."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(LISTS / "lists", folder / "lists")
    done = listmerge(folder, "run", "lists", "--out", "out")
    assert done.returncode == 0, done.stderr
    return folder


def test_who_is_who(example: Path) -> None:
    truth = {(row["source_file"], row["source_row"], row["part"]): row["entity_id"] for row in read(LISTS / "truth.csv")}
    found = {
        (row["source_file"].removeprefix("lists/"), row["source_row"], row["part"]): row["master_id"]
        for row in read(example / "out/crosswalk.csv")
    }
    assert set(truth) - set(found) == set()
    reached = pairwise(found, truth)
    assert reached.f1 >= 0.97 and reached.precision >= 0.98, reached


def test_the_books_balance(example: Path) -> None:
    balance = json.loads((example / "out/run.json").read_text())["balance"]
    rows, cells = balance["rows"], balance["cells"]
    assert rows["read"] == rows["kept"] + rows["rejected"] + rows["structure"] > 0
    assert cells.pop("read") == sum(cells.values()) > 0


def test_the_same_files_again_change_nothing(example: Path, tmp_path: Path) -> None:
    shutil.copytree(example, tmp_path / "again")
    done = listmerge(tmp_path / "again", "run", "lists", "--out", "second")
    assert done.returncode == 0, done.stderr
    for path in (example / "out").glob("*.csv"):
        assert (tmp_path / "again/second" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_order_of_files_does_not_matter(example: Path, tmp_path: Path) -> None:
    shutil.copytree(example / "lists", tmp_path / "lists")
    files = sorted((f"lists/{path.name}" for path in (tmp_path / "lists").iterdir()), reverse=True)
    done = listmerge(tmp_path, "run", *files, "--out", "out")
    assert done.returncode == 0, done.stderr
    for path in (example / "out").glob("*.csv"):
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path.name


def test_who_unsubscribed_is_not_mailable(example: Path) -> None:
    gone = {row["Email Address"].lower() for row in read(next((example / "lists").glob("unsubscribed*")))}
    by_address = defaultdict(list)
    for row in read(example / "out/permissions.csv"):
        by_address[row["address"]].append(row["usable"])
    assert gone and all(set(by_address[address]) == {"no"} for address in gone)
    for row in read(example / "out/master.csv"):
        if set(row["emails"].split("; ")) & gone:
            assert row["may_email"] == "no"
