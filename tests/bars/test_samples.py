"""Real exports of the systems that people keep contacts in, with ten invented people, all in one call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import listmerge, pairwise, read

SYSTEMS = ("OUTLOOK", "GOOGLE", "SALESFORCE", "HUBSPOT", "DYNAMICS365", "ZOHO_CRM", "PIPEDRIVE", "MAILCHIMP", "XERO",
           "QUICKBOOKS", "SHOPIFY", "WOOCOMMERCE", "EVENTBRITE", "LINKEDIN", "THUNDERBIRD")


@pytest.fixture(scope="module")
def merged(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which all samples of the listed systems were merged."""
    folder = tmp_path_factory.mktemp("samples")
    files = sorted(str(path) for path in samples.iterdir() if path.name.startswith(SYSTEMS))
    done = listmerge(folder, "run", *files, "--out", "out")
    assert done.returncode == 0, done.stderr
    yield folder / "out"


def keyed(rows: list[dict[str, str]]) -> dict[tuple[str, str], list[str]]:
    """(file name, record) -> master ids of the contacts in it; members and sheets belong to their file."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row["part"])):
        found[Path(row["source_file"]).name.split("!")[-1], row["source_row"]].append(row["master_id"])
        found[Path(row["source_file"].split("!")[0]).name, row["source_row"]].append(row["master_id"])
    return found


@pytest.fixture(scope="module")
def truth(samples: Path, merged: Path) -> dict[tuple[str, str], str]:
    rows = read(samples / "_truth.csv")
    return {(row["file"], row["record"]): row["person"] for row in rows if row["file"].startswith(SYSTEMS)}


def test_every_record_is_read(merged: Path, truth: dict[tuple[str, str], str]) -> None:
    assert set(truth) - set(keyed(read(merged / "crosswalk.csv"))) == set()


def test_the_ten_people_are_found_and_none_are_joined(merged: Path, truth: dict[tuple[str, str], str]) -> None:
    first = {key: masters[0] for key, masters in keyed(read(merged / "crosswalk.csv")).items()}
    people = defaultdict(set)
    for key, person in truth.items():
        people[first[key]].add(person)
    assert [group for group in people.values() if len(group) > 1] == []
    reached = pairwise(first, truth)
    assert reached.f1 >= 0.97, reached


def test_refused_and_bounced(merged: Path) -> None:
    said = {row["address"]: row for row in read(merged / "permissions.csv") if row["channel"] == "email"}
    assert said["piotr.zielinski@baltyk.example"]["refusal"] == "unsubscribed"
    assert said["noor@oldjob.example"]["deliverability"] == "hard-bounce"
    for row in read(merged / "master.csv"):
        if "piotr.zielinski@baltyk.example" in row["emails"]:
            assert row["may_email"] == "no"
        assert row["may_email"] == "no" or row["email"] != "noor@oldjob.example"
