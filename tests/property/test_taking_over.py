"""A run that takes masters over from the last one makes what it would make of all lists anew: whatever has changed."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.lists import HEADERS, Table, person

import listmerge
from listmerge.config import Config, SourceFacts
from listmerge.pipeline import keeping
from listmerge.workspace import parts, runs

COLUMNS = (*HEADERS, "Status", "Opt-in date", "Unsubscribed on", "Birthday", "Notes")
EVERYBODY = range(42)


#: A day that comes while the lists are played with, some that are gone, and one far away.
DAYS = (*[""] * 12, *["2026-10-01"] * 6, "2026-11-25", "2026-11-26", "2031-01-01")


def world(dice: random.Random) -> list[dict[str, str]]:
    """Some people with copies, families at one door, a firm and its staff; some refuse, some bounce."""
    rows = []
    for number in EVERYBODY:
        one = person(number)
        if number % 5 == 1:
            home = person(number - 1)
            one |= {name: home[name] for name in ("Last name", "Street", "Postcode", "City")}
        if number % 7 == 0:
            one["Company"] = "Moorcroft Bakery"
        one |= {"Opt-in date": dice.choice(DAYS), "Unsubscribed on": dice.choice(DAYS[:-3])}
        rows.append(one | {"Status": dice.choice(("", "", "subscribed", "subscribed", "unsubscribed", "bounced"))})
        if dice.random() < 0.4:
            rows.append(one | {"Phone": "", "First name": dice.choice((one["First name"], one["First name"][:1] + "."))})
    rows.append(dict.fromkeys(COLUMNS, "") | {"Company": "Moorcroft Bakery", "City": "Leeds"})
    dice.shuffle(rows)
    return rows


def edited(dice: random.Random, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """A row gone, one with another street, one with a word in another state, one twice."""
    rows = [dict(row) for row in rows]
    rows.pop(dice.randrange(len(rows)))
    dice.choice(rows)["Street"] = "9 Mill Lane"
    dice.choice(rows)["Status"] = dice.choice(("unsubscribed", "subscribed"))
    rows.append(dict(dice.choice(rows)))
    return rows


#: What happens between two runs.
EVENTS = ("more", "own list", "shop", "shop", "edited", "refused", "decided", "undone", "nothing")


def change(dice: random.Random, table: Table, rows: list[dict[str, str]], what: str) -> list[dict[str, str]]:
    """Does one of EVENTS; gives the rows of the main list."""
    if what in ("more", "own list"):
        new = [dice.choice((person(dice.choice(EVERYBODY), Phone=""), person(dice.choice(EVERYBODY), Street="1 Elm Row")))
               for _ in range(2)]
        path = table.write(f"more{table.day}.csv", new)
        listmerge.import_files([path], table.place, source="crm" if what == "more" else "fair", partial=True)
    elif what == "edited":
        rows = edited(dice, rows)
        listmerge.import_files([table.write("crm.csv", rows, COLUMNS)], table.place, source="crm")
    elif what == "shop":
        left = dice.sample(range(0, 42, 6), 5)
        listmerge.import_files([table.write("shop.csv", [person(number) for number in left])], table.place,
                               source="shop", accept_shrink=True)
    elif what == "refused":
        listmerge.suppress([person(dice.choice(EVERYBODY))["E-mail"]], table.place)
    elif what == "decided":
        with table.place.workspace.reading() as catalogue:
            ids = runs.needed(catalogue).table(table.place.workspace.parts, "masters")["master_id"].to_pylist()
        listmerge.decide(dice.choice(("same", "different")), *dice.sample(ids, 2), table.place)
    elif what == "undone":
        listmerge.undo(table.place)
    return rows


def told(dice: random.Random) -> Config:
    """What is known of the sources, which may be another thing on another day."""
    return Config(sources={"shop": dice.choice((
        SourceFacts(), SourceFacts(), SourceFacts(trust=5), SourceFacts(reference_only=True),
        SourceFacts(relationship="hired", use_until=date(2026, 11, 25))))})


def made(table: Table, folder: Path, config: Config) -> tuple[dict[str, Any], dict[str, pa.Table], int]:
    """What `dedupe` says and keeps in a copy of the workspace, and from how many runs its masters are."""
    place = replace(table.place, workspace=type(table.place.workspace)(folder, keep_runs=2), config=config)
    outcome = {name: value for name, value in listmerge.dedupe(place).items() if name not in ("at", "timings")}
    with place.workspace.reading() as catalogue:
        tables = runs.needed(catalogue).tables
    store = place.workspace.parts
    rows = store.rows(tables["masters"])
    return outcome, {name: store.read(part) for name, part in tables.items()}, len(rows.parts) if rows else 1


@pytest.mark.parametrize("seed", range(6))
def test_taking_over_makes_what_a_whole_run_makes(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_PARTS", 3)
    dice, table, taken, config = random.Random(seed), Table(tmp_path), 0, Config()
    rows = world(dice)
    listmerge.import_files([table.write("crm.csv", rows, COLUMNS)], table.place, source="crm")
    shop = [person(number) for number in range(0, 42, 6)]
    listmerge.import_files([table.write("shop.csv", shop)], table.place, source="shop")
    listmerge.dedupe(table.place)
    for step in range(6):
        rows = change(dice, table, rows, dice.choice(EVENTS) if step else "more")
        day = table.day
        config = told(dice) if dice.random() < 0.25 else config
        for name in ("anew", "over"):
            shutil.copytree(table.folder / "workspace", tmp_path / name)
        with monkeypatch.context() as patch:
            patch.setattr(keeping, "_can_be_taken_over", lambda *_: False)
            anew, tables, _ = made(table, tmp_path / "anew", config)
        table.day = day
        over, others, of_runs = made(table, tmp_path / "over", config)
        assert anew == over
        for name in tables:
            assert tables[name].equals(others[name]), (step, name)
        taken += of_runs > 1
        shutil.rmtree(table.folder / "workspace")
        (tmp_path / "over").rename(table.folder / "workspace")
        shutil.rmtree(tmp_path / "anew")
    assert taken


def test_an_opt_in_counts_from_its_day_on(tmp_path: Path) -> None:
    table, one = Table(tmp_path), person(0)
    headers = ("E-mail", "First name", "Last name", "UNSUB_TIME")
    gone = [{name: row[name] for name in headers[:3]} | {"UNSUB_TIME": "2026-11-01 10:00:00"}
            for row in [one, *(person(number) for number in range(1, 9))]]
    back = {name: one[name] for name in headers[:3]} | {"OPTIN_TIME": "2026-11-26 10:00:00"}
    listmerge.import_files([table.write("left.csv", gone, headers)], table.place)
    listmerge.import_files([table.write("news.csv", [back], (*headers[:3], "OPTIN_TIME"))], table.place)
    refused = []
    while table.day < 8:
        listmerge.dedupe(table.place)
        with table.place.workspace.reading() as catalogue:
            rows = runs.needed(catalogue).table(table.place.workspace.parts, "permission_rows").to_pylist()
        refused.append(next(row["refusal"] for row in rows if row["address"] == one["E-mail"]))
    assert refused[0] == "unsubscribed" and refused[-1] == ""


def masters(table: Table) -> list[dict[str, str]]:
    with table.place.workspace.reading() as catalogue:
        return runs.needed(catalogue).table(table.place.workspace.parts, "masters").to_pylist()


def test_the_usual_spelling_is_asked_for_again(tmp_path: Path) -> None:
    """Of two spellings the one counts that more people bear; of this master nothing else is new."""
    table, crowd = Table(tmp_path), [person(number) for number in range(2, 12)]
    two = [person(0, **{"First name": name, "Phone": ""}) for name in ("Ada", "Ayda")]
    usual = [person(number, **{"First name": "Ada"}) for number in range(20, 23)]
    listmerge.import_files([table.write("crm.csv", [*two, *usual, *crowd])], table.place, source="crm")
    listmerge.dedupe(table.place)
    assert "Ada" in {row["given_name"] for row in masters(table) if row["records"] == "2"}
    other = [person(number, **{"First name": "Ayda"}) for number in range(30, 35)]
    listmerge.import_files([table.write("fair.csv", other)], table.place)
    listmerge.dedupe(table.place)
    assert {row["given_name"] for row in masters(table) if row["records"] == "2"} == {"Ayda"}


@pytest.mark.parametrize(("name", "most"), [("MOST_PARTS", 3), ("MOST_ROWS", 1.04)])
def test_after_some_runs_all_is_kept_anew(name: str, most: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, name, most)
    table, of_runs = Table(tmp_path), []
    days = [[person(number) for number in range(20)], *([person(0, Phone=f"+44 7700 90099{day}")] for day in range(6))]
    for day, rows in enumerate(days):
        listmerge.import_files([table.write(f"list{day}.csv", rows)], table.place)
        listmerge.dedupe(table.place)
        with table.place.workspace.reading() as catalogue:
            kept = table.place.workspace.parts.rows(runs.needed(catalogue).tables["masters"])
        of_runs.append(len(kept.parts) if kept else 1)
    assert of_runs[:4] == [1, 2, 3, 1] and max(of_runs) == 3
