"""Files for other systems: recognised as theirs, with their own ids, and with nobody in them who refused."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

import listmerge
from listmerge.errors import OptionError
from listmerge.exporters.systems import SYSTEMS, system_of
from listmerge.importers import read

from ..lists import Table, person
from .conftest import Desk

SUBSCRIBED = ("Email Address", "First Name", "Last Name", "MEMBER_RATING", "OPTIN_TIME", "LEID", "EUID", "LAST_CHANGED",
              "TAGS")
UNSUBSCRIBED = (*SUBSCRIBED, "UNSUB_TIME")
HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Contact owner")
SALESFORCE = ("ID", "ISDELETED", "ACCOUNTID", "LASTNAME", "FIRSTNAME", "EMAIL", "PHONE")
XERO = ("*ContactName", "AccountNumber", "EmailAddress", "FirstName", "LastName", "POAddressLine1", "PhoneNumber")
MAIL = {"Ada": "ada@lindqvist.example", "Ben": "ben@okafor.example", "Cleo": "cleo@vanderquist.example",
        "Dora": "dora@achterberg.example", "Emil": "emil@underhill.example"}


def subscriber(number: int, **more: str) -> dict[str, str]:
    one = person(number)
    return {"Email Address": one["E-mail"], "First Name": one["First name"], "Last Name": one["Last name"],
            "MEMBER_RATING": "2", "OPTIN_TIME": "2024-02-01 10:54:27", "LEID": f"5{number}", "EUID": f"e{number}",
            "LAST_CHANGED": "2026-06-01 12:00:00"} | more


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def merged(table: Table) -> Table:
    """Ada and Ben subscribed, Cleo unsubscribed, Dora and Emil only in the CRM; each of them is in every system."""
    people = [person(number) for number in range(5)]
    contacts = [
        {"Record ID": f"9014{number}", "First Name": one["First name"], "Last Name": one["Last name"],
         "Email": one["E-mail"], "Phone Number": one["Phone"], "Contact owner": "Ines Marlow"}
        for number, one in enumerate(people)]
    leads = [
        {"ID": f"0035g00000AbC0{number}", "ISDELETED": "false", "ACCOUNTID": "0015g00000QwE01QAB",
         "LASTNAME": one["Last name"], "FIRSTNAME": one["First name"], "EMAIL": one["E-mail"], "PHONE": one["Phone"]}
        for number, one in enumerate(people)]
    bills = [{"*ContactName": "Lindqvist & Daughters", "AccountNumber": "0101", "EmailAddress": MAIL["Ada"],
              "FirstName": "Ada", "LastName": "Lindqvist", "PhoneNumber": people[0]["Phone"]}]
    table.run(
        table.write("subscribed.csv", [subscriber(0, TAGS="VIP"), subscriber(1)], SUBSCRIBED),
        table.write("unsubscribed.csv", [subscriber(2, UNSUB_TIME="2026-03-04 09:12:44")], UNSUBSCRIBED),
        table.write("hub.csv", contacts, HUBSPOT), table.write("sales.csv", leads, SALESFORCE),
        table.write("bills.csv", bills, XERO))
    return table


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name != "salesforce-leads"])   # all are contacts there
def test_a_file_is_recognised_as_its_system_s_and_has_nobody_who_refused(merged: Table, system: str) -> None:
    out = merged.folder / f"{system}.csv"
    chosen = listmerge.export_for(system, out, merged.place)
    (again,) = read(out, out.name)
    assert again.mapping.layout == system_of(system).layout
    assert again.cells.num_rows == chosen.masters.num_rows > 0
    text = out.read_text(encoding="utf-8")
    assert MAIL["Ada"] in text and MAIL["Ben"] in text and MAIL["Cleo"] not in text
    assert (MAIL["Dora"] in text) is not system_of(system).mails
    assert chosen.left_out["unsubscribed"] == 1


def test_the_system_s_own_ids_are_filled(merged: Table) -> None:
    found = {}
    for system in ("mailchimp", "hubspot", "salesforce", "xero"):
        out = merged.folder / f"{system}.csv"
        listmerge.export_for(system, out, merged.place)
        found[system] = next(row for row in rows(out) if MAIL["Ada"] in row.values())
    assert (found["mailchimp"]["EUID"], found["mailchimp"]["LEID"], found["mailchimp"]["TAGS"]) == ("e0", "50", "VIP")
    assert found["hubspot"]["Record ID"] == "90140"
    assert re.fullmatch("0035g00000AbC00[A-Z0-5]{3}", found["salesforce"]["ID"])
    assert found["salesforce"]["ACCOUNTID"] == "0015g00000QwE01QAB"
    assert found["xero"]["*ContactName"] == "Lindqvist & Daughters" and found["xero"]["AccountNumber"] == "0101"


def test_a_further_person_of_a_xero_contact_does_not_become_a_contact_of_its_own(table: Table) -> None:
    headers = (*XERO, "Person1FirstName", "Person1LastName", "Person1Email")
    firm = {"*ContactName": "Kestrel Foods Ltd", "EmailAddress": "accounts@kestrel.example",
            "Person1FirstName": "Ada", "Person1LastName": "Lindqvist", "Person1Email": MAIL["Ada"]}
    table.run(table.write("bills.csv", [firm], headers), table.write("people.csv", [person(1)]))
    out = table.folder / "xero.csv"
    chosen = listmerge.export_for("xero", out, table.place)
    assert [row["*ContactName"] for row in rows(out)] == ["Kestrel Foods Ltd", "Ben Okafor"]
    assert chosen.left_out == {"within another's record in Xero": 1}


def test_leads_get_their_own_ids_and_contacts_are_no_leads(table: Table) -> None:
    lead = {"Lead ID": "00Q5g00000AbC00", "First Name": "Ada", "Last Name": "Lindqvist", "Email": MAIL["Ada"],
            "Company / Account": "[not provided]", "Lead Source": "Web"}
    contact = {"ID": "0035g00000AbC01", "ISDELETED": "false", "ACCOUNTID": "", "LASTNAME": "Okafor", "FIRSTNAME": "Ben",
               "EMAIL": MAIL["Ben"], "PHONE": ""}
    table.run(table.write("leads.csv", [lead], tuple(lead)), table.write("sales.csv", [contact], SALESFORCE),
              table.write("people.csv", [person(number) for number in range(3)]))
    out = table.folder / "leads-in.csv"
    chosen = listmerge.export_for("salesforce-leads", out, table.place)
    assert chosen.left_out == {"contacts of Salesforce": 1}
    found = {row["Email"]: (row["Lead ID"], row["Company / Account"]) for row in rows(out)}
    assert found.keys() == {MAIL["Ada"], MAIL["Cleo"]} and found[MAIL["Cleo"]][0] == ""
    assert re.fullmatch("00Q5g00000AbC00[A-Z0-5]{3}", found[MAIL["Ada"]][0])
    listmerge.export_for("salesforce", table.folder / "contacts.csv", table.place)
    assert not any(row["ID"].startswith("00Q") for row in rows(table.folder / "contacts.csv"))


def test_people_of_a_hired_list_are_copied_nowhere(table: Table) -> None:
    hired = table.write("hired.csv", [person(0)])
    table.run(table.write("people.csv", [person(1)]))
    (table.folder / "sources.csv").write_text("source,relationship\nhired,hired\n", encoding="utf-8")
    listmerge.import_files([str(table.folder / "sources.csv"), hired], table.place)
    listmerge.dedupe(table.place)
    chosen = listmerge.export_for("outlook", table.folder / "outlook.csv", table.place)
    assert chosen.masters["given_name"].to_pylist() == ["Ben"]
    assert chosen.left_out == {"only on a reference list": 1}


def test_unknown_permission_is_added_when_asked_for_and_counted(merged: Table) -> None:
    out = merged.folder / "more.csv"
    chosen = listmerge.export_for("mailchimp", out, merged.place, include_unknown=True)
    assert {row["Email Address"] for row in rows(out)} == {MAIL[name] for name in ("Ada", "Ben", "Dora", "Emil")}
    assert "2 without known permission from hub" in chosen.remarks
    assert "2 without known permission from sales" in chosen.remarks
    assert chosen.left_out == {"unsubscribed": 1}


def test_what_is_refused_after_the_last_merge_counts_at_once(merged: Table) -> None:
    listmerge.suppress([MAIL["Ada"], MAIL["Dora"]], merged.place)
    out = merged.folder / "after.csv"
    for system in SYSTEMS:
        listmerge.export_for(system, out, merged.place, include_unknown=system_of(system).mails)
        text = out.read_text(encoding="utf-8")
        assert MAIL["Ada"] not in text and MAIL["Dora"] not in text
        assert (MAIL["Ben"] in text) is not bool(system_of(system).other_layouts)
    chosen = listmerge.export(out, merged.place, mailable=True)
    assert chosen.masters["email"].to_pylist() == [MAIL["Ben"]]


def test_the_list_of_the_refused_is_hashed_unless_plain_is_said(merged: Table) -> None:
    listmerge.suppress([MAIL["Emil"], "nobody@elsewhere.example"], merged.place)
    out = merged.folder / "refused.csv"
    done = listmerge.export_refused(out, merged.place, plain=True)
    assert [row["email"] for row in rows(out)] == [MAIL["Cleo"], MAIL["Emil"]]
    assert (done.written, done.unseen) == (2, 1)
    listmerge.export_refused(out, merged.place)
    expected = sorted(hashlib.sha256(MAIL[name].encode()).hexdigest() for name in ("Cleo", "Emil"))
    assert [row["email_sha256"] for row in rows(out)] == expected


def test_refusals_of_records_that_are_gone_stay_on_the_list(merged: Table) -> None:
    for name in ("unsubscribed.csv", "hub.csv", "sales.csv"):
        headers = {"unsubscribed.csv": UNSUBSCRIBED, "hub.csv": HUBSPOT, "sales.csv": SALESFORCE}[name]
        kept = [row for row in rows(merged.folder / name) if MAIL["Cleo"] not in row.values()]
        kept = kept or [subscriber(7, UNSUB_TIME="2026-03-04 09:12:44")]
        listmerge.import_files([merged.write(name, kept, headers)], merged.place, source=name.removesuffix(".csv"),
                               accept_shrink=True)
    listmerge.dedupe(merged.place)
    out = merged.folder / "refused.csv"
    listmerge.export_refused(out, merged.place, plain=True)
    assert MAIL["Cleo"] in {row["email"] for row in rows(out)}


@pytest.mark.parametrize("format", ["vcf", "vcard4"])
def test_cards_make_the_same_masters_again(merged: Table, format: str) -> None:  # noqa: A002
    out = merged.folder / "cards.vcf"
    listmerge.export(out, merged.place, format=format)
    again = Table(merged.folder / "again")
    again.folder.mkdir()
    again.run(str(out))
    same = ("full_name", "given_name", "family_name", "company", "email", "emails", "phone", "phones", "street", "city",
            "region", "postal_code", "country", "categories")
    shown = [sorted(tuple(row[name] for name in same) for row in table.rows("master.csv")) for table in (merged, again)]
    assert shown[0] == shown[1] and len(shown[0]) == 5


@pytest.mark.parametrize(("arguments", "said"), [
    (["out.csv", "--for", "myspace"], "use one of mailchimp"),
    (["out.xlsx", "--for", "hubspot"], "OUT.csv"),
    (["out.csv", "--for", "hubspot", "--format", "csv"], "leave --format out"),
    (["out.csv", "--for", "google", "--include-unknown"], "does not mail"),
    (["out.csv", "--include-unknown"], "say --for too"),
    (["out.csv", "--plain"], "say --refused too"),
    (["out.csv", "--refused", "--for", "xero"], "leave --for out"),
    (["out.csv", "--refused", "--mailable"], "leave --mailable out"),
    (["out.vcf", "--refused"], "OUT.csv"),
])
def test_options_that_contradict_each_other_are_errors_with_a_hint(desk: Desk, arguments: list[str], said: str) -> None:
    assert said in desk.listmerge("export", *arguments, exit_status=2)


def test_the_screen_says_who_was_left_out_and_what_is_new(merged: Table) -> None:
    said = str(listmerge.export_for("hubspot", merged.folder / "hub-in.csv", merged.place))
    assert "2 written, 3 left out" in said
    assert "1  unsubscribed" in said and "2  no permission" in said
    assert "2 are updated in HubSpot, 0 are new to it" in said


def test_a_file_that_is_too_long_for_its_system_is_told(merged: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "Xero takes 1 contacts a file"
    assert told not in str(listmerge.export_for("xero", merged.folder / "x.csv", merged.place))
    short = replace(system_of("xero"), most=1)
    monkeypatch.setattr("listmerge.pipeline.exporting.system_of", lambda name: short)
    assert told in str(listmerge.export_for("xero", merged.folder / "x.csv", merged.place))


def test_an_unknown_system_is_an_error(merged: Table) -> None:
    with pytest.raises(OptionError, match="no system"):
        listmerge.export_for("myspace", merged.folder / "x.csv", merged.place)
