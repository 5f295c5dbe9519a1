"""All samples in one call: each recognised as what it is, every record read as its person is, and they alone joined."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from listmerge.fields.text import fold
from listmerge.pipeline.place import Place
from listmerge.workspace import runs

from .conftest import listmerge, pairwise, read

CASES = Path(__file__).parent / "samples"
SEALED = "EXCEL__password_protected_stub.xlsx"


class Record(NamedTuple):
    """What was read of one record: values of all contacts in it, folded."""

    names: set[str]
    emails: set[str]
    phones: set[str]
    companies: set[str]
    masters: list[str]


@pytest.fixture(scope="module")
def files(samples: Path) -> list[str]:
    return sorted(str(path) for path in samples.iterdir() if not path.name.startswith("_"))


@pytest.fixture(scope="module")
def folder(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which all samples were merged in one call; the sealed workbook is the only one refused."""
    where = tmp_path_factory.mktemp("every")
    done = listmerge(where, "run", *files, "--out", "out", "--workspace", "workspace")
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("error[") == 1
    assert "error[password-protected]" in done.stderr and SEALED in done.stderr
    yield where


@pytest.fixture(scope="module")
def records(folder: Path) -> dict[tuple[str, str], Record]:
    """(file or member, record) -> what the workspace holds of it."""
    place = Place.at(folder / "workspace")
    with place.workspace.reading() as catalogue:
        run = runs.needed(catalogue)
        tables = {name: run.table(place.workspace.parts, name).to_pylist() for name in ("contacts", "emails", "phones")}
    found: dict[tuple[str, str], Record] = defaultdict(lambda: Record(set(), set(), set(), set(), []))
    keys = [keys_of(contact["source_file"], str(contact["source_row"])) for contact in tables["contacts"]]
    for contact, places in zip(tables["contacts"], keys, strict=True):
        for key in places:
            found[key].names.add(fold(contact["full_name"]))
            found[key].names.add(fold(f"{contact['given_name']} {contact['family_name']}"))
            found[key].companies.add(fold(contact["company"]))
    for email in tables["emails"]:
        for key in keys[email["contact"]]:
            found[key].emails.add(email["email_key"])
    for phone in tables["phones"]:
        for key in keys[phone["contact"]]:
            found[key].phones.add(tail(phone["phone_key"]))
    for row in sorted(read(folder / "out/crosswalk.csv"), key=lambda row: int(row["part"])):
        for key in keys_of(row["source_file"], row["source_row"]):
            found[key].masters.append(row["master_id"])
    return dict(found)


@pytest.fixture(scope="module")
def truth(samples: Path) -> dict[tuple[str, str], str]:
    return {(row["file"], row["record"]): row["person"] for row in read(samples / "_truth.csv")}


@pytest.fixture(scope="module")
def issues(folder: Path) -> dict[tuple[str, str], set[str]]:
    """(file, record) -> the codes of what is wrong in it; record '0' is the file's own."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in read(folder / "out/issues.csv"):
        for key in keys_of(row["source_file"], row["source_row"]):
            found[key].add(row["code"])
    return found


def keys_of(source_file: str, row: str) -> set[tuple[str, str]]:
    """A member of an archive is known by its own name, a sheet by its file's."""
    path, _, member = source_file.partition("!")
    return {(member, row)} if path.endswith(".zip") else {(Path(path).name, row)}


def tail(number: str) -> str:
    """The last nine figures, by which a number meets itself without its country code."""
    return "".join(filter(str.isdecimal, number))[-9:]


# --- recognised -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def inspected(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """File, or member of an archive -> what `inspect` says of it."""
    done = listmerge(tmp_path_factory.mktemp("inspected"), "inspect", "--json", *files)
    tables = {}
    for table in json.loads(done.stdout):
        (name, _), = keys_of(table["name"], "")
        assert name not in tables
        tables[name] = table
    return tables


def test_every_sample_is_recognised_as_what_it_is(inspected: dict[str, Any]) -> None:
    expected = {row["file"]: row["layout"] for row in read(CASES / "layouts.csv")}
    assert {name: table["layout"] for name, table in inspected.items()} == expected


def test_no_column_of_a_list_of_no_known_system_is_wrong(inspected: dict[str, Any]) -> None:
    expected: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read(CASES / "columns.csv"):
        expected[row["file"]].append((row["column"], row["field"]))
    found = {
        name: [(str(column["index"] + 1), ":".join(filter(None, (column["field"], column["meaning"]))))
               for column in table["columns"]]
        for name, table in inspected.items() if not table["layout"]
    }
    assert found == dict(expected)


# --- read -------------------------------------------------------------------------------------------------------------


def test_every_record_is_read(records: dict[tuple[str, str], Record], truth: dict[tuple[str, str], str]) -> None:
    assert set(truth) - set(records) == set()


def test_every_record_is_read_as_its_person_is(
    samples: Path, records: dict[tuple[str, str], Record], truth: dict[tuple[str, str], str],
    issues: dict[tuple[str, str], set[str]],
) -> None:
    people = {row["id"]: row for row in read(samples / "_people.csv")}
    allowed = {(row["file"], row["record"], row["field"]): row for row in read(CASES / "absent.csv")}
    wrong, used = [], set()
    for (file, record), person in truth.items():
        for field in misread(records[file, record], people[person]):
            keys = [key for key in ((file, record, field), (file, "*", field)) if key in allowed]
            used.update(keys)
            codes = {allowed[key]["issue"] for key in keys} - {""}
            told = codes <= issues.get((file, record), set()) | issues.get((file, "0"), set())
            if not keys or not told:
                wrong.append((file, record, person, field, codes, records[file, record]))
    assert wrong == []
    assert set(allowed) - used == set(), "what is allowed to be absent is there"


def misread(record: Record, person: dict[str, str]) -> Iterator[str]:
    """The fields in which a record does not say what the person's do."""
    full = fold(" ".join(filter(None, (person["first"], person["middle"], person["last"]))))
    short = fold(" ".join(filter(None, (person["first"], person["last"]))))
    turned = fold(f"{person['last']} {person['first']}")
    if short and not {full, short, turned} & record.names:
        yield "name"
    if not {person["email"], person["email2"]} - {""} & record.emails:
        yield "email"
    numbers = {tail(person["phone"]), tail(person["mobile"])} - {""}
    if numbers and not numbers & record.phones:
        yield "phone"
    if person["company"] and fold(person["company"]) not in record.companies:
        yield "company"


# --- merged -----------------------------------------------------------------------------------------------------------


def test_the_ten_people_are_found_and_none_are_joined(
    records: dict[tuple[str, str], Record], truth: dict[tuple[str, str], str]
) -> None:
    first = {key: records[key].masters[0] for key in truth}
    people = defaultdict(set)
    for key, person in truth.items():
        people[first[key]].add(person)
    assert [group for group in people.values() if len(group) > 1] == []
    reached = pairwise(first, truth)
    assert reached.f1 >= 0.98, reached


def test_who_refused_and_whose_mail_bounces(folder: Path) -> None:
    said = {row["address"]: row for row in read(folder / "out/permissions.csv") if row["channel"] == "email"}
    assert said["piotr.zielinski@baltyk.example"]["refusal"] == "unsubscribed"
    assert said["noor@oldjob.example"]["deliverability"] == "hard-bounce"
    for row in read(folder / "out/master.csv"):
        if {"piotr.zielinski@baltyk.example", "noor@oldjob.example"} & set(row["emails"].split("; ")):
            assert row["may_email"] == "no"


def test_the_books_balance(folder: Path) -> None:
    balance = json.loads((folder / "out/run.json").read_text())["balance"]
    rows, cells = balance["rows"], balance["cells"]
    assert rows["read"] == rows["kept"] + rows["rejected"] + rows["structure"] > 0
    assert cells.pop("read") == sum(cells.values()) > 0
