"""Lists of which it is known who is who, matched without any setting: the floor below which nothing may fall."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import listmerge, pairwise, read

BARS = {"febrl1": 0.99, "febrl2": 0.99, "febrl3": 0.995, "splink_fake1000": 0.93, "chicago_earlychildhood": 0.90}


@pytest.mark.parametrize("name", BARS)
def test_labelled_list(shared: Path, tmp_path: Path, name: str) -> None:
    rows, truth = read(shared / "data" / name / "records.csv"), read(shared / "data" / name / "truth.csv")
    entity = {row["record_id"]: row["entity_id"] for row in truth}
    columns = [column for column in rows[0] if column != "record_id"]      # it gives the entity away
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    done = listmerge(tmp_path, "run", "list.csv", "--out", "out")
    assert done.returncode == 0, done.stderr
    found = {int(row["source_row"]): row["master_id"] for row in read(tmp_path / "out/crosswalk.csv") if row["part"] == "0"}
    known = {number: entity[row["record_id"]] for number, row in enumerate(rows, 1) if row["record_id"] in entity}
    reached = pairwise(found, known)
    assert reached.f1 >= BARS[name], reached


def test_hundred_thousand_made_contacts(shared: Path, tmp_path: Path) -> None:
    pytest.importorskip("faker", reason="the generator of contact lists needs Faker")
    maker = [sys.executable, str(shared / "tools/make_contacts.py"), "100000", "made.csv", "1"]
    subprocess.run(maker, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    rows = read(tmp_path / "made.csv")
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column for column in rows[0] if column != "entity_id"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    done = listmerge(tmp_path, "run", "list.csv", "--out", "out")
    assert done.returncode == 0, done.stderr
    found = {int(row["source_row"]): row["master_id"] for row in read(tmp_path / "out/crosswalk.csv") if row["part"] == "0"}
    reached = pairwise(found, {number: row["entity_id"] for number, row in enumerate(rows, 1)})
    assert reached.f1 >= 0.80 and reached.precision >= 0.95, reached
