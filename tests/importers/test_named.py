"""What the name of a file, a member or a sheet says of everyone in it, and when a column's word counts more."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.hostile import zipped
from tests.importers.making import codes, one, read_bytes
from tests.importers.test_workbooks import workbook

PLAIN = "Email,First name\nann@x.example,Ann\n"
MAILCHIMP = ("Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,LEID,EUID\n"
             "ann@x.example,2,2024-02-01 10:00:00,,2026-01-01 00:00:00,1,e1\n")


@pytest.mark.parametrize(("name", "fact"), [
    ("unsubscribes.csv", ("refusal", "unsubscribed")),
    ("2026-05-01_Global-Unsubscribes (2).csv", ("refusal", "unsubscribed")),
    ("suppression_group_unsubscribes.csv", ("refusal", "unsubscribed")),
    ("OptOuts.csv", ("refusal", "unsubscribed")),
    ("Abmeldungen Mai.csv", ("refusal", "unsubscribed")),
    ("désabonnés.csv", ("refusal", "unsubscribed")),
    ("suppression list.csv", ("refusal", "do-not-contact")),
    ("do_not_contact.csv", ("refusal", "do-not-contact")),
    ("Robinsonliste.csv", ("refusal", "do-not-contact")),
    ("spam_reports.csv", ("refusal", "complaint")),
    ("campaign_bounces.csv", ("deliverability", "hard-bounce")),
    ("soft-bounces.csv", ("deliverability", "soft-bounce")),
    ("unsubscribed/customers.csv", None),                   # a folder says nothing
    ("customers_without_unsubscribed.csv", None),
    ("not unsubscribed.csv", None),
    ("subscribed_and_unsubscribed.csv", None),
    ("customers_cleaned.csv", None),                        # tidied up
    ("complaints.csv", None),                               # of customers, perhaps
    ("nonsubscribed.csv", None),
    ("customers.csv", None),
])
def test_the_name_of_a_file(name: str, fact: tuple[str, str] | None) -> None:
    table = one(PLAIN, name)
    assert table.mapping.constants == ((fact,) if fact else ())
    assert ("state-by-name" in codes(table)) == bool(fact)


@pytest.mark.parametrize(("name", "fact"), [
    ("subscribed_members_export_1.csv", ()), ("unsubscribed_members_export_1.csv", (("refusal", "unsubscribed"),)),
    ("cleaned_members_export_1.csv", (("deliverability", "hard-bounce"),)),
    ("nonsubscribed_members_export_1.csv", (("permission", "none"),)), ("members.csv", ()),
])
def test_the_files_of_mailchimp(name: str, fact: tuple[tuple[str, str], ...]) -> None:
    table = one(MAILCHIMP, name)
    assert table.mapping.constants == fact
    agreed = [column.header for column in table.mapping.columns if column.field == "consent"]
    assert agreed == ([] if name.startswith("nonsubscribed") else ["OPTIN_TIME", "CONFIRM_TIME"])


@pytest.mark.parametrize("column", ["Status", "Unsubscribed", "Newsletter"])
def test_a_column_of_states_counts_more_than_the_name(column: str) -> None:
    words = {"Status": "subscribed", "Unsubscribed": "no", "Newsletter": "yes"}
    table = one(f"Email,{column}\nann@x.example,{words[column]}\n", "unsubscribed.csv")
    assert (table.mapping.constants, codes(table)) == ((), [])


def test_members_and_sheets() -> None:
    assert one(zipped({"a/unsubscribed.csv": PLAIN.encode()}), "export.zip").mapping.constants
    assert one(zipped({"members.csv": PLAIN.encode()}), "unsubscribed.zip").mapping.constants
    assert not one(zipped({"active.csv": PLAIN.encode()}), "unsubscribed.zip").mapping.constants


def test_the_sheet_of_a_workbook() -> None:
    def fill(book: Any) -> None:
        for name, address in (("Customers", "ann@x.example"), ("Unsubscribed", "bob@x.example")):
            book[name].append(["Email"])
            book[name].append([address])

    tables = read_bytes(workbook(fill, ("Customers", "Unsubscribed")), "lists.xlsx")
    assert [table.mapping.constants for table in tables] == [(), (("refusal", "unsubscribed"),)]


def test_a_plain_list() -> None:
    assert one("ann@x.example\nbob@x.example\n", "unsubscribed.txt").mapping.constants
