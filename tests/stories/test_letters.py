"""`export --one-per household`: one letter to each home, to somebody with a name who has not refused letters."""

from __future__ import annotations

import csv

import pytest

import listmerge

from ..lists import HEADERS, Table, person
from .conftest import Desk

HOME = {"Last name": "Lindqvist", "Company": "", "Street": "4 Harbour Lane", "Postcode": "LS1 9ZZ", "City": "Leeds"}


def at_home(number: int, **changed: str) -> dict[str, str]:
    """A member of the Lindqvists."""
    return person(number, **HOME, **{"E-mail": f"{person(number)['First name'].lower()}@home.example"}, **changed)


def written(table: Table, **options: str) -> tuple[list[str], dict[str, int]]:
    """The given names of those who get a letter, and why the others do not."""
    out = table.folder / "letters.csv"
    chosen = listmerge.export(out, table.place, one_per="household", **options)
    with out.open(encoding="utf-8", newline="") as file:
        return sorted(row["given_name"] for row in csv.DictReader(file)), chosen.left_out


def test_a_household_gets_one_letter_and_everyone_else_their_own(table: Table) -> None:
    table.run(table.write("crm.csv", [at_home(0), at_home(1), at_home(2), person(5)]),
              table.write("shop.csv", [at_home(1)]))
    assert written(table) == (["Ben", "Fay"],
                              {"another member of the household is written to": 2})


def test_it_goes_to_one_who_may_be_contacted(table: Table) -> None:
    headers = (*HEADERS, "Do not contact")
    lists = [at_home(0), at_home(1, **{"Do not contact": "yes"}), at_home(2)]
    table.run(table.write("crm.csv", lists, headers), table.write("shop.csv", [at_home(1), at_home(2)]))
    assert written(table) == (["Cleo"], {"no letters wanted": 1, "another member of the household is written to": 1})


def test_an_address_that_wants_no_letters_gets_none_for_anyone_there(table: Table) -> None:
    headers = (*HEADERS, "Allow letters")
    table.run(table.write("crm.csv", [at_home(0, **{"Allow letters": "Do Not Allow"}), at_home(1), person(5)], headers))
    assert written(table) == (["Fay"], {"no letters wanted": 2})


def test_it_goes_to_one_who_stands_in_most_records(table: Table) -> None:
    table.run(table.write("crm.csv", [at_home(0), at_home(1), at_home(2)]), table.write("shop.csv", [at_home(1)]))
    assert written(table) == (["Ben"], {"another member of the household is written to": 2})


def test_who_has_no_name_or_no_address_gets_none(table: Table) -> None:
    table.run(table.write("crm.csv", [
        person(0), person(1, Street="", City="", Postcode=""),
        person(2, **{"First name": "", "Last name": "", "Company": ""})]))
    names, left_out = written(table)
    assert names == ["Ada"] and left_out["no postal address"] == 1 and sum(left_out.values()) == 2


def test_what_is_refused_after_the_last_merge_counts_for_letters(table: Table) -> None:
    table.run(table.write("crm.csv", [person(0), person(1)]))
    listmerge.suppress([person(0)["E-mail"]], table.place)
    assert written(table) == (["Ben"], {"no letters wanted": 1})


def test_who_only_unsubscribed_from_mail_may_be_written_a_letter(table: Table) -> None:
    table.run(table.write("crm.csv", [person(0), person(1)]))
    listmerge.suppress([person(0)["E-mail"]], table.place, reason="unsubscribed")
    assert written(table) == (["Ada", "Ben"], {})


def test_a_plain_export_knows_of_refusals_since_the_last_merge_too(table: Table) -> None:
    subscribed = [person(0, **{"Opt in": "yes"}), person(1, **{"Opt in": "yes"})]
    table.run(table.write("crm.csv", subscribed, (*HEADERS, "Opt in")))
    listmerge.suppress([person(0)["E-mail"]], table.place)
    chosen = listmerge.export(table.folder / "all.csv", table.place)
    assert dict(zip(chosen.masters["given_name"].to_pylist(), chosen.masters["may_email"].to_pylist(), strict=True)) == {
        "Ada": "no", "Ben": "yes"}


@pytest.mark.parametrize(("arguments", "said"), [
    (["out.csv", "--one-per", "street"], "say --one-per household"),
    (["out.csv", "--one-per", "household", "--mailable"], "leave --mailable out"),
    (["out.csv", "--one-per", "household", "--for", "google"], "leave --one-per out"),
    (["out.csv", "--one-per", "household", "--refused"], "leave --one-per out"),
])
def test_letters_are_no_mailing(desk: Desk, arguments: list[str], said: str) -> None:
    assert said in desk.listmerge("export", *arguments, exit_status=2)
