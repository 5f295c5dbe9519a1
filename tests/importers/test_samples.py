"""Every sample export is read, with the right number of records and the values of the people who are in it."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from listmerge.errors import InputError
from listmerge.importers import read
from listmerge.model import RawTable

SAMPLES = Path(__file__).parent.parent / "samples"
FILES = sorted(path for path in SAMPLES.iterdir() if not path.name.startswith("_"))
PROTECTED = "EXCEL__password_protected_stub.xlsx"
#: (file, record) whose address the file itself does not hold, or destroyed.
WITHOUT_ADDRESS = {
    "MEETUP__member_list.xls",
    "AMAZON_SELLER__order_report.txt",
    "LINKEDIN__connections.csv",
    "CAMCARD__export_guess.vcf",
    "ANDROID__vcard21_multi.vcf",
    "OUTLOOK__classic_en.csv",
}


@cache
def people() -> dict[str, dict[str, str]]:
    with (SAMPLES / "_people.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@cache
def truth() -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = defaultdict(dict)
    with (SAMPLES / "_truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["file"]][int(row["record"])] = row["person"]
    return found


@cache
def tables(name: str) -> list[RawTable]:
    return read(SAMPLES / name, name)


def kept(table: RawTable) -> list[int]:
    return [row for row, why in zip(table.rows.to_pylist(), table.rejected.to_pylist(), strict=True) if not why]


def test_the_samples_are_here() -> None:
    assert len(FILES) == 79


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_last_kept_record_is_the_last_one_of_the_truth(path: Path) -> None:
    if path.name == PROTECTED:
        with pytest.raises(InputError) as caught:
            tables(path.name)
        assert caught.value.code == "password-protected"
    elif path.suffix == ".zip":
        assert [len(table.rows) for table in tables(path.name)] == [1, 4, 2]
    else:
        assert max(kept(tables(path.name)[0])) == max(truth()[path.name])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_record_of_the_truth_holds_an_address_or_a_name_of_its_person(path: Path) -> None:
    for row, person in truth().get(path.name, {}).items():
        cells = tables(path.name)[0].cells.slice(row - 1, 1).to_pylist()[0].values()
        text = " ".join(cells).casefold()
        known = people()[person]
        wanted = (
            {known["email"].casefold(), known["last"].casefold(), known["nick"].casefold()}
            if path.name in WITHOUT_ADDRESS
            else {known["email"].casefold()}
        )
        assert any(word and word in text for word in wanted), (row, person, text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_table_keeps_the_promises_of_its_type(path: Path) -> None:
    if path.name == PROTECTED:
        return
    for table in tables(path.name):
        count = table.cells.num_rows
        assert count == len(table.rows) == len(table.lines) == len(table.rejected)
        assert table.rows.to_pylist() == list(range(1, count + 1))
        assert table.cells.column_names == [f"c{index}" for index in range(len(table.headers))]
        assert all(column.null_count == 0 and str(column.type) == "string" for column in table.cells.columns)
        assert all(0 <= column.index < len(table.headers) for column in table.mapping.columns)
        assert table.lines.to_pylist() == sorted(table.lines.to_pylist())
        assert table.name.startswith(path.name)
