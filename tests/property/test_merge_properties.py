"""Merging invents nothing, loses nothing, and does not care in which order anything comes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.stages.small_lists import MADE, Lists, fates_of, merged

from listmerge.model import FATES

GIVEN = ("John", "J", "Jon", "Mary", "Ann-Marie", "")
FAMILY = ("Smith", "Smyth", "O'Neil", "")
STREETS = ("1 High St", "2 High St", "9 Mill Lane; rear", "")
CITIES = (("Leeds", "LS1"), ("York", "YO1"), ("York", ""), ("", ""))
SOURCES = [
    {"source": "crm", "trust": 2, "snapshot_date": "2026-10-01"},
    {"source": "cards", "trust": 0, "snapshot_date": "2026-11-01"},
    {"source": "hired", "reference_only": True, "relationship": "hired", "snapshot_date": "2026-11-02"},
]


def random_lists(dice: random.Random, people: int = 150) -> Lists:
    lists = Lists(sources=SOURCES)
    for person in range(people):
        for number in range(dice.choice((1, 1, 2, 3, 5))):
            lists.add(f"r{dice.random()}", f"p{person}", **contact(dice, person, number))
    return lists


def contact(dice: random.Random, person: int, number: int) -> dict[str, Any]:
    emails = [f"{dice.choice('abc')}{person}@{dice.choice('xX')}.example" for _ in range(dice.choice((0, 1, 2)))]
    homes = [dice.choice(CITIES) for _ in range(dice.choice((0, 1, 2)))]
    return {
        "source": dice.choice(("crm", "crm", "cards", "hired")), "source_file": dice.choice(("a.csv", "b.csv")),
        "source_row": person * 10 + number, "given_name": dice.choice(GIVEN), "family_name": dice.choice(FAMILY),
        "suffix": dice.choice(("", "", "Jr", "Sr")), "company": dice.choice(("", "Acme", "Bond; Sons")),
        "job_title": dice.choice(("", "Boss", "Clerk")), "birthday": dice.choice(("", "", "1980-01-01", "--01-01")),
        "categories": dice.choice(("", "a\nb", "b\nc")), "updated": dice.choice(("", "2025-01-01", "2026-02-02")),
        "emails": emails, "phones": [f"+44 1{dice.randint(1, 4)}" for _ in range(dice.choice((0, 1, 2)))],
        "addresses": [{"street": dice.choice(STREETS), "city": city, "postal_code": code} for city, code in homes],
    }


def several(cell: str) -> list[str]:
    """The values of a cell with several: '; ' between them, '\\;' inside."""
    return [one.replace("\0", ";") for one in cell.replace("\\;", "\0").split("; ") if one]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lists, dict[str, pa.Table]]:
    lists = random_lists(random.Random(5))
    return lists, merged(lists.build(), tmp_path_factory.mktemp("spill"))


def by_master(world: tuple[Lists, dict[str, pa.Table]]) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each master with the contacts whose values may enter it."""
    lists, made = world
    people = {person["record_id"]: person for person in lists.people}
    members: dict[str, list[dict[str, Any]]] = {}
    for row in made["crosswalk"].to_pylist():
        members.setdefault(row["master_id"], []).append(people[row["record_id"]])
    found = []
    for master in made["masters"].to_pylist():
        mine = members[master["master_id"]]
        found.append((master, [one for one in mine if one["source"] != "hired"] or mine))
    return found


@pytest.mark.parametrize("unit", [
    ("given_name", "family_name", "suffix"), ("company", "job_title"),
])
def test_units_survive_as_some_record_had_them(world: Any, unit: tuple[str, ...]) -> None:
    for master, members in by_master(world):
        held = {tuple(one.get(name, "") for name in unit) for one in members}
        assert tuple(master[name] for name in unit) in held


def test_postal_addresses_survive_whole(world: Any) -> None:
    unit = ("street", "city", "postal_code")
    for master, members in by_master(world):
        held = {tuple(home[name] for name in unit) for one in members for home in one["addresses"]} | {("", "", "")}
        assert tuple(master[name] for name in unit) in held


def test_all_emails_and_phones_are_kept_and_none_is_added(world: Any) -> None:
    for master, members in by_master(world):
        emails = {email.lower() for one in members for email in one["emails"]}
        assert sorted(one.lower() for one in several(master["emails"])) == sorted(emails)
        phones = {phone.replace(" ", "") for one in members for phone in one["phones"]}
        assert sorted(one.replace(" ", "") for one in several(master["phones"])) == sorted(phones)
        assert master["email"] == (several(master["emails"]) or [""])[0]


def test_every_street_and_category_is_kept(world: Any) -> None:
    for master, members in by_master(world):
        lines = several(master["addresses"])
        streets = {home["street"] for one in members for home in one["addresses"]} - {""}
        assert all(any(line.startswith(street) for line in lines) for street in streets)
        assert len(lines) == len(set(lines))
        items = {item for one in members for item in one["categories"].splitlines()}
        assert several(master["categories"]) == sorted(items)


def test_every_value_has_one_fate(world: Any) -> None:
    lists, made = world
    fates = fates_of(made["fates"])
    assert {fate for *_, fate in fates} <= set(FATES)
    units = [place for *place, _ in fates]
    assert len(units) == len(set(map(tuple, units)))
    for unit, field in (("email", "emails"), ("phone", "phones"), ("address", "addresses")):
        expected = sum(len(one[field]) for one in lists.people)
        assert sum(made["fates"][f"{unit}.values"].to_pylist()) == expected
        assert sum(place[1] == unit for place in units) == expected      # each has a slot of its own here


def test_fates_stand_in_the_order_of_the_crosswalk(world: Any) -> None:
    lists, made = world
    records = lists.build()["contacts"]["record_id"].take(made["fates"]["contact"])
    assert records.to_pylist() == made["crosswalk"]["record_id"].to_pylist()


def test_conflicts_name_a_value_of_a_record(world: Any) -> None:
    lists, made = world
    places = {f"{one['source_file']}:{one['source_row']}": one for one in lists.people}
    rows = [row for row in made["conflicts"].to_pylist() if row["field"] == "given_name"]
    assert rows
    for row in rows:
        assert places[row["winner_source"]]["given_name"] == row["winner"]
        for other in several(row["others"]):
            value, _, where = other.rpartition(" (")
            assert places[where[:-1]]["given_name"] == value != row["winner"]


def test_order_does_not_count(world: Any, tmp_path: Path) -> None:
    lists, made = world
    tables = lists.build()
    dice = random.Random(1)
    for name in ("emails", "phones", "addresses", "statements", "clusters", "sources"):
        rows = list(range(tables[name].num_rows))
        dice.shuffle(rows)
        tables[name] = tables[name].take(pa.array(rows, pa.int64()))
    again = merged(tables, tmp_path)
    for name in MADE:
        if name not in ("fates", "identities"):
            assert again[name].equals(made[name]), name
        else:
            assert sorted(map(str, again[name].to_pylist())) == sorted(map(str, made[name].to_pylist()))


def test_ids_stay_when_the_same_lists_come_again(world: Any, tmp_path: Path) -> None:
    lists, made = world
    again = merged(Lists(lists.people, SOURCES, assigned=assigned(made)).build(), tmp_path, today="2027-01-01")
    assert again["masters"].equals(made["masters"])
    assert again["aliases"].num_rows == 0


def assigned(made: dict[str, pa.Table]) -> list[dict[str, Any]]:
    """What the next run is told of this one."""
    known = {row["master_id"]: row for row in made["identities"].to_pylist()}
    return [{**known[row["master_id"]], "record_id": row["record_id"], "part": row["part"]}
            for row in made["crosswalk"].to_pylist()]


@pytest.mark.parametrize("seed", range(3))
def test_no_id_is_given_twice_or_again(seed: int, tmp_path: Path) -> None:
    """Clusters are dealt anew three times; ids are unique, given-up ones never come back, and every alias leads on."""
    dice = random.Random(seed)
    lists = random_lists(dice, 60)
    before: list[dict[str, Any]] = []
    retired: list[str] = []
    for turn in range(3):
        folder = tmp_path / str(turn)
        folder.mkdir()
        now = Lists(lists.people, SOURCES, assigned=before, retired=retired)
        made = merged(now.build(), folder)
        ids = made["masters"]["master_id"].to_pylist()
        assert len(ids) == len(set(ids))
        assert not set(ids) & set(retired)
        aliases = made["aliases"].to_pylist()
        assert {row["new_id"] for row in aliases} <= set(ids)
        assert not {row["old_id"] for row in aliases} & set(ids)
        before, retired = assigned(made), retired + [row["old_id"] for row in aliases]
        for person in lists.people:
            if dice.random() < 0.3:
                person["cluster"] = f"p{dice.randrange(60)}"
