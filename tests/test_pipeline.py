"""import, dedupe, run and undo on a real workspace: what stays the same, what changes, what never gets weaker."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest

import listmerge
from listmerge.errors import InputError, OptionError, SafetyStop

from .lists import HEADERS, Table, person

SAME_AGAIN = ("master.csv", "crosswalk.csv", "permissions.csv", "conflicts.csv", "possible_duplicates.csv",
              "issues.csv", "master_aliases.csv", "master.xlsx")
PEOPLE = [person(number) for number in range(30)]
COPIES = [person(number, Company="", Phone=f"07700 900{number:03d}") for number in range(10)]
STATUS = ("E-mail", "Status")


def contents(table: Table, out: str) -> dict[str, bytes]:
    return {name: (table.folder / out / name).read_bytes() for name in SAME_AGAIN}


def test_a_run_writes_all_its_files_and_their_hashes(table: Table) -> None:
    table.run(table.write("crm.csv", PEOPLE), table.write("shop.csv", COPIES))
    run = json.loads((table.folder / "out" / "run.json").read_text())
    assert set(run["files"]) | {"run.json"} == {path.name for path in (table.folder / "out").iterdir()}
    assert run["counts"]["masters"] == 30 and run["balance"]["rows"] == {
        "read": 42, "kept": 40, "gone": 0, "rejected": 0, "structure": 2}
    assert sum(run["balance"]["cells"].values()) == 2 * run["balance"]["cells"]["read"]
    assert len(table.rows("crosswalk.csv")) == 40


def test_the_same_files_again_change_nothing(table: Table) -> None:
    files = [table.write("crm.csv", PEOPLE), table.write("shop.csv", COPIES)]
    table.run(*files)
    done = table.run(*files[::-1], out="again")
    assert [line["state"] for line in done.imported.sources] == ["unchanged", "unchanged"]
    assert contents(table, "out") == contents(table, "again")


def test_the_order_of_files_does_not_count(tmp_path: Path) -> None:
    made = []
    for order in (1, -1):
        table = Table(tmp_path / str(order))
        table.folder.mkdir()
        files = [table.write("crm.csv", PEOPLE), table.write("shop.csv", COPIES)]
        table.run(*[Path(file) for file in files][::order])
        folder = str(table.folder).encode()
        made.append({name: text.replace(folder, b"") for name, text in contents(table, "out").items()})
    assert made[0] == made[1]


def test_shuffled_rows_make_the_same_masters(tmp_path: Path) -> None:
    made = []
    for seed in range(2):
        table = Table(tmp_path / str(seed))
        rows = PEOPLE + COPIES + COPIES[:3]
        random.Random(seed).shuffle(rows)
        table.run(table.write("crm.csv", rows))
        made.append([(table.folder / "out" / name).read_bytes() for name in ("master.csv", "permissions.csv")])
    assert made[0] == made[1]


def test_a_list_that_comes_again_renamed_and_shuffled_keeps_source_and_ids(table: Table) -> None:
    table.run(table.write("crm.csv", PEOPLE))
    before = table.ids()
    again = table.write("export-2026-11-23.csv", [*PEOPLE[::-1], person(40)])
    done = table.run(again)
    assert [line["source"] for line in done.imported.sources] == ["crm"]
    assert {email: table.ids()[email] for email in before} == before and len(table.ids()) == 31


def test_the_same_bytes_under_another_name_are_the_same_list(table: Table) -> None:
    table.run(table.write("crm.csv", PEOPLE))
    done = table.run(table.write("other name.csv", PEOPLE))
    assert [(line["source"], line["state"]) for line in done.imported.sources] == [("crm", "unchanged")]


def test_a_changed_row_keeps_its_master_and_its_decision(table: Table) -> None:
    other = {"E-mail": "b.l@elsewhere.example", "Phone": "", "Street": "", "City": "", "Postcode": ""}
    twins = [person(1), person(1, **other)]
    crm = table.write("crm.csv", [*PEOPLE[2:], *twins])
    table.run(crm)
    (before,) = [line["record_id"] for line in table.rows("crosswalk.csv") if line["source_row"] == "29"]
    listmerge.decide("different", f"{crm}:29", f"{crm}:30", table.place)
    table.run(table.write("crm.csv", [*PEOPLE[2:], *twins]))
    apart = table.ids()
    assert apart["b.l@elsewhere.example"] != apart[person(1)["E-mail"]]
    table.write("crm.csv", [*PEOPLE[2:], person(1, Phone="+44 7700 900999"), twins[1]])
    done = table.run(crm)
    assert table.ids() == apart and done.outcome["changes"]["records_changed"] == 1
    assert before not in {line["record_id"] for line in table.rows("crosswalk.csv")}


def test_a_list_that_shrank_stops_everything(table: Table) -> None:
    crm = table.write("crm.csv", PEOPLE)
    table.run(crm)
    before = contents(table, "out")
    table.write("crm.csv", PEOPLE[:23])
    with pytest.raises(SafetyStop, match="23 of the 30"):
        table.run(crm, table.write("shop.csv", COPIES))
    assert contents(table, "out") == before
    assert [line["source"] for line in listmerge.status(table.place)["sources"]] == ["crm"]
    table.run(crm, accept_shrink=True)
    assert len(table.rows("master.csv")) == 23


def test_four_fifths_are_enough(table: Table) -> None:
    crm = table.write("crm.csv", PEOPLE)
    table.run(crm)
    table.write("crm.csv", PEOPLE[:24])
    assert table.run(crm).outcome["counts"]["masters"] == 24


def test_partial_only_adds_and_the_last_word_counts(table: Table) -> None:
    headers = ("Customer No.", *HEADERS)
    crm = table.write("crm.csv", [{"Customer No.": str(n), **row} for n, row in enumerate(PEOPLE)], headers)
    table.run(crm)
    more = [{"Customer No.": "3", **person(3, City="York")}, {"Customer No.": "77", **person(41)}]
    done = table.run(table.write("more.csv", more, headers), source="crm", partial=True)
    assert done.outcome["counts"]["masters"] == 31
    run = json.loads((table.folder / "out" / "run.json").read_text())
    assert sum(run["balance"]["cells"].values()) == 2 * run["balance"]["cells"]["read"]
    cities = {row["city"] for row in table.rows("master.csv") if row["email"] == person(3)["E-mail"]}
    if run["balance"]["rows"]["gone"]:          # its number was taken for an id, so the new row replaced the old one
        assert cities == {"York"}


def test_what_cannot_be_read_leaves_the_rest(table: Table) -> None:
    (table.folder / "empty.csv").write_bytes(b"")
    done = table.run(table.write("crm.csv", PEOPLE), str(table.folder / "empty.csv"), str(table.folder / "gone.csv"))
    assert sorted(error.code for error in done.imported.failures) == ["empty-file", "missing-file"]
    assert done.imported.exit_status == 3 and len(table.rows("master.csv")) == 30


def test_nothing_readable_makes_nothing(table: Table) -> None:
    with pytest.raises(InputError):
        table.run(str(table.folder / "gone.csv"))
    assert not (table.folder / "out").exists()


def test_a_source_column_gives_each_row_its_source(table: Table) -> None:
    rows = [{**row, "Source": "fair" if number % 2 else ""} for number, row in enumerate(PEOPLE)]
    done = table.run(table.write("all.csv", rows, (*HEADERS, "Source")))
    assert {line["source"]: line["kept"] for line in done.imported.sources} == {"all": 15, "fair": 15}
    assert {row["source"] for row in table.rows("crosswalk.csv")} == {"all", "fair"}
    again = table.run(str(table.folder / "all.csv"))
    assert [(line["source"], line["state"]) for line in again.imported.sources] == [
        ("all", "unchanged"), ("fair", "unchanged")]


def test_files_of_one_source_are_one_snapshot(table: Table) -> None:
    files = [table.write("north.csv", PEOPLE[:15]), table.write("south.csv", PEOPLE[15:])]
    table.run(*files, source="crm")
    assert [line["rows"] for line in listmerge.status(table.place)["sources"]] == [30]
    with pytest.raises(SafetyStop):
        table.run(files[0], source="crm")


def test_all_columns_are_notes_and_what_no_field_took(table: Table) -> None:
    rows = [{**row, "Notes": f"note; {number}", "Shoe size": str(number)} for number, row in enumerate(PEOPLE)]
    table.run(table.write("crm.csv", rows, (*HEADERS, "Notes", "Shoe size")), all_columns=True)
    (row,) = [row for row in table.rows("master.csv") if row["email"] == person(7)["E-mail"]]
    assert (row["notes"], row["other_columns"]) == ("note\\; 7", "Shoe size: 7")


def test_a_folder_means_its_lists_and_not_our_own_files(table: Table) -> None:
    table.write("lists/north/crm.csv", PEOPLE[:20])
    table.write("lists/south.csv", PEOPLE[20:])
    for _ in range(2):
        done = listmerge.run([table.folder], table.folder / "out", table.place)
        assert {line["source"]: line["kept"] for line in done.imported.sources} == {"crm": 20, "south": 10}


def test_hired_lists_are_for_reference(table: Table) -> None:
    register = table.write("sources.csv", [{"source": "fair", "relationship": "hired"}], ("source", "relationship"))
    table.run(table.write("crm.csv", [person(1, Phone="", Company="")]), table.write("fair.csv", [person(1)]), register)
    (master,) = table.rows("master.csv")
    assert (master["phone"], master["company"], master["sources"]) == ("", "", "crm; fair")


def test_a_list_register_is_read(table: Table) -> None:
    facts = {"source": "crm", "relationship": "Customer", "permission": "express", "use_until": "2030-01-01",
             "reference_only": "no", "owner": "Sales", "trust": "5"}
    register = table.write("sources.csv", [facts], tuple(facts))
    table.run(table.write("crm.csv", PEOPLE), register)
    assert {row["relationship"] for row in table.rows("master.csv")} == {"customer"}


def test_a_wrong_register_is_an_option_error(table: Table) -> None:
    register = table.write("sources.csv", [{"source": "crm", "relationship": "friend"}], ("source", "relationship"))
    with pytest.raises(OptionError, match="relationship"):
        table.run(table.write("crm.csv", PEOPLE), register)


def test_undo_takes_back_an_import_but_no_refusal(table: Table) -> None:
    table.run(table.write("crm.csv", PEOPLE))
    gone = [{"E-mail": person(0)["E-mail"], "Status": "unsubscribed"}]
    listmerge.import_files([table.write("stop.csv", gone, STATUS)], table.place)
    assert listmerge.undo(table.place)["verb"] == "import"
    assert [line["source"] for line in listmerge.status(table.place)["sources"]] == ["crm"]
    table.run(str(table.folder / "crm.csv"))
    (row,) = [row for row in table.rows("permissions.csv") if row["address"] == person(0)["E-mail"]]
    assert (row["refusal"], row["usable"]) == ("unsubscribed", "no")


def test_undo_brings_the_last_masters_back(table: Table) -> None:
    crm = table.write("crm.csv", PEOPLE)
    table.run(crm)
    before = listmerge.masters(table.place)
    table.write("crm.csv", [*PEOPLE, person(40)])
    table.run(crm)
    assert listmerge.undo(table.place)["verb"] == "run"
    assert listmerge.masters(table.place).equals(before)


def test_decisions_count_in_the_next_run(table: Table) -> None:
    crm, shop = table.write("crm.csv", PEOPLE), table.write("shop.csv", COPIES)
    table.run(crm, shop)
    together = table.ids()[person(3)["E-mail"]]
    listmerge.decide("different", f"{crm}:4", f"{shop}:4", table.place)
    table.run(crm, shop)
    holders = {row["master_id"] for row in table.rows("crosswalk.csv") if row["source_row"] == "4"}
    assert len(holders) == 2 and together in holders
    listmerge.decide("same", f"{crm}:4", f"{shop}:4", table.place)
    table.run(crm, shop)
    assert {row["master_id"] for row in table.rows("crosswalk.csv") if row["source_row"] == "4"} == {together}
    assert [row["new_id"] for row in table.rows("master_aliases.csv")] == [together]


def test_suppressed_by_hand_is_refused_for_ever(table: Table) -> None:
    crm = table.write("crm.csv", PEOPLE)
    table.run(crm)
    listmerge.suppress([person(5)["E-mail"].upper()], table.place, reason="asked by phone")
    with pytest.raises(OptionError):
        listmerge.suppress(["nobody"], table.place)
    assert listmerge.undo(table.place)["verb"] == "run"
    table.run(crm)
    (master,) = [row for row in table.rows("master.csv") if row["family_name"] == person(5)["Last name"]]
    assert (master["may_email"], master["refusal"]) == ("no", "do-not-contact")


def test_history_and_catalogue_hold_no_values(table: Table) -> None:
    table.run(table.write("crm.csv", PEOPLE))
    disk = sqlite3.connect(table.folder / "workspace" / "catalogue.sqlite")
    text = "\n".join(disk.iterdump())
    disk.close()
    values = {row[column] for row in PEOPLE for column in ("First name", "E-mail", "Street", "Company")}
    assert not [value for value in values if value in text]


def test_evaluation_against_a_truth(table: Table) -> None:
    crm, shop = table.write("crm.csv", PEOPLE), table.write("shop.csv", COPIES)
    table.run(crm, shop)
    lines = [{"source_file": "crm.csv", "source_row": str(n + 1), "entity_id": str(n)} for n in range(30)]
    lines += [{"source_file": "shop.csv", "source_row": str(n + 1), "entity_id": str(n)} for n in range(9)]
    lines += [{"source_file": "shop.csv", "source_row": "10", "entity_id": "another"}]
    truth = table.write("truth.csv", lines, ("source_file", "source_row", "entity_id"))
    found = listmerge.evaluate(truth, table.place)
    assert found["pairwise"] == {"precision": 0.9, "recall": 1.0, "f1": pytest.approx(18 / 19)}
    assert found["b_cubed"]["precision"] == pytest.approx(39 / 40) and found["missing"] == 0
    assert [line["pairs"] for line in found["wrongly_joined"]] == [1] and found["wrongly_apart"] == []
