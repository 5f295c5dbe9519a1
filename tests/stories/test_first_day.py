"""What happens on the first days, played on small files through the command line."""

from __future__ import annotations

import json
from pathlib import Path

from openpyxl import load_workbook

from .conftest import Desk

NEWSLETTER = """
Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED,LEID,EUID,NOTES,TAGS
ada.lindqvist@kestrel.example,Ada,Lindqvist,2024-02-01 10:54:27,192.0.2.1,2024-02-01 11:02:03,192.0.2.1,2026-06-01 12:00:00,1,a1,,
ben.okafor@osprey.example,Ben,Okafor,2024-02-02 10:54:27,192.0.2.1,2024-02-02 11:02:03,192.0.2.1,2026-06-01 12:00:00,2,a2,,
"""
UNSUBSCRIBED = """
Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON,LEID,EUID,NOTES,TAGS
{email},{given},{family},2024-02-09 10:54:27,192.0.2.9,2024-02-09 11:02:03,192.0.2.9,2026-03-04 09:12:44,Spring,NORMAL,3,a3,,
"""
HIRED = """
RECORD_ID,PREFIX,FIRST_NAME,MI,LAST_NAME,SUFFIX,TITLE,COMPANY,ADDRESS1,ADDRESS2,CITY,STATE,ZIP,ZIP4,COUNTY,PHONE,FAX,EMAIL,SIC,SIC_DESC,SOURCE,LIST_DATE,DNC
000100,,ADA,,LINDQVIST,,BUYER,KESTREL FOODS LTD,14 MILL STREET,,LEEDS,,LS1 9ZZ,,,02079460812,,ADA.LINDQVIST@KESTREL.EXAMPLE,5091,FOOD,RESPONSE,20241101,N
"""
CRM = "Customer No.,First name,Last name,Company,E-mail,Phone,Street,Postcode,City,Country,Birthday\n"


def test_a_subscriber_on_the_hired_list_stays_mailable_and_gets_no_hired_phone(desk: Desk) -> None:
    desk.run(desk.write("newsletter.csv", NEWSLETTER), desk.write("hired.csv", HIRED))
    (ada,) = desk.masters(family_name="Lindqvist")
    assert (ada["may_email"], ada["email"]) == ("yes", "ada.lindqvist@kestrel.example")
    assert (ada["phone"], ada["phones"], ada["street"], ada["company"]) == ("", "", "", "")
    assert ada["sources"] == "hired; newsletter" and ada["records"] == "2"


def test_unsubscribed_at_the_private_address_stops_the_work_address_too(desk: Desk) -> None:
    gone = UNSUBSCRIBED.format(email="cleo@home.example", given="Cleo", family="Vanderquist")
    crm = CRM + "1,Cleo,Vanderquist,Moorhen Ltd,cleo.vanderquist@moorhen.example,+44 7700 900111,1 Mill Street,LS1 9ZZ,Leeds,UK,1980-01-02\n"
    both = CRM + "7,Cleo,Vanderquist,,cleo@home.example,+44 7700 900111,1 Mill Street,LS1 9ZZ,Leeds,UK,1980-01-02\n"
    desk.run(desk.write("unsubscribed.csv", gone), desk.write("crm.csv", crm), desk.write("shop.csv", both))
    (cleo,) = desk.masters(family_name="Vanderquist")
    assert (cleo["may_email"], cleo["refusal"]) == ("no", "unsubscribed")
    for address in ("cleo@home.example", "cleo.vanderquist@moorhen.example"):
        (row,) = desk.address(address)
        assert (row["refusal"], row["usable"]) == ("unsubscribed", "no")


def test_undo_does_not_weaken_a_refusal(desk: Desk) -> None:
    desk.run(desk.write("newsletter.csv", NEWSLETTER))
    gone = UNSUBSCRIBED.format(email="ada.lindqvist@kestrel.example", given="Ada", family="Lindqvist")
    desk.run(desk.write("unsubscribed.csv", gone))
    (ada,) = desk.masters(family_name="Lindqvist")
    assert ada["may_email"] == "no"
    desk.listmerge("undo")
    desk.listmerge("dedupe")
    desk.listmerge("export", "after.csv")
    assert [row.split(",")[3] for row in (desk.folder / "after.csv").read_text().splitlines() if "Lindqvist" in row] == ["no"]


def test_an_empty_file_of_unsubscribes_weakens_nothing(desk: Desk) -> None:
    gone = UNSUBSCRIBED.format(email="ada.lindqvist@kestrel.example", given="Ada", family="Lindqvist")
    desk.run(desk.write("newsletter.csv", NEWSLETTER), desk.write("unsubscribed.csv", gone))
    before = (desk.out / "master.csv").read_bytes()
    desk.write("unsubscribed.csv", gone.strip().splitlines()[0] + "\n")
    said = desk.run("unsubscribed.csv", exit_status=4)
    assert "error[" in said and "hint" in said
    assert (desk.out / "master.csv").read_bytes() == before
    desk.listmerge("dedupe")
    desk.listmerge("export", "after.csv")
    assert "unsubscribed" in (desk.folder / "after.csv").read_text()


def test_a_couple_with_one_address_is_two_people_and_the_address_is_stopped(desk: Desk) -> None:
    crm = CRM + (
        "1,Dora,Achterberg,,familie@achterberg.example,,2 Mill Street,LS1 9ZZ,Leeds,UK,\n"
        "2,Emil,Achterberg,,familie@achterberg.example,,2 Mill Street,LS1 9ZZ,Leeds,UK,\n"
    )
    gone = UNSUBSCRIBED.format(email="familie@achterberg.example", given="Dora", family="Achterberg")
    desk.run(desk.write("crm.csv", crm), desk.write("unsubscribed.csv", gone))
    couple = desk.masters(family_name="Achterberg")
    assert sorted(row["given_name"] for row in couple) == ["Dora", "Emil"]
    assert [row["may_email"] for row in couple] == ["no", "no"]
    assert {row["usable"] for row in desk.address("familie@achterberg.example")} == {"no"}


def test_senior_and_junior_are_two(desk: Desk) -> None:
    crm = CRM + (
        "1,John,Smith Sr,,,,7 Orchard Lane,BS1 9QQ,Bristol,UK,1950-03-01\n"
        "2,John,Smith Jr,,,,7 Orchard Lane,BS1 9QQ,Bristol,UK,1979-08-20\n"
    )
    desk.run(desk.write("crm.csv", crm))
    assert sorted(row["suffix"] for row in desk.masters(family_name="Smith")) == ["Jr", "Sr"]


def test_a_bounce_at_the_old_job_leaves_the_new_address_unknown(desk: Desk) -> None:
    crm = CRM + "1,Fay,Underhill,Old Mill Ltd,fay.underhill@oldmill.example,+44 7700 900222,,,,,1985-05-05\n"
    card = "Name,Company,Position,Mobile,E-mail,Birthday\nFay Underhill,New Quay Ltd,Buyer,+44 7700 900222,fay.underhill@newquay.example,1985-05-05\n"
    bounce = "status,reason,email,created\n5.1.1,550 5.1.1 no such user,fay.underhill@oldmill.example,1777705200\n"
    desk.run(desk.write("crm.csv", crm), desk.write("cards.csv", card), desk.write("bounces.csv", bounce))
    (fay,) = desk.masters(family_name="Underhill")
    (old,), (new,) = desk.address("fay.underhill@oldmill.example"), desk.address("fay.underhill@newquay.example")
    assert (old["deliverability"], old["usable"]) == ("hard-bounce", "no")
    assert new["deliverability"] == "unknown"
    assert fay["email"] == "fay.underhill@newquay.example"


def test_subscribed_here_and_silent_elsewhere_is_mailable(desk: Desk) -> None:
    crm = CRM + "1,Ada,Lindqvist,Kestrel Foods,ada.lindqvist@kestrel.example,,,,,,\n"
    xero = "*ContactName,EmailAddress,FirstName,LastName,POAddressLine1,POCity,AccountNumber\nKestrel Foods,ada.lindqvist@kestrel.example,Ada,Lindqvist,1 Mill Street,Leeds,17\n"
    desk.run(desk.write("newsletter.csv", NEWSLETTER), desk.write("crm.csv", crm), desk.write("xero.csv", xero))
    (ada,) = desk.masters(family_name="Lindqvist")
    assert (ada["may_email"], ada["permission"]) == ("yes", "confirmed")


def crm_of_thirty(edited: range) -> str:
    """Thirty customers; those edited have a new telephone number."""
    given = "Ada Ben Cleo Dora Emil Fay Gus Hal Ida Jan".split()
    family = "Lindqvist Okafor Vanderquist".split()
    rows = [
        f"{n},{given[n % 10]},{family[n // 10]},Moorhen Ltd,c{n}.{family[n // 10].lower()}@moorhen.example,"
        f"+44 7700 900{(500 if n in edited else 100) + n},{n + 1} Mill Street,LS1 9ZZ,Leeds,UK,\n"
        for n in range(30)
    ]
    return CRM + "".join(rows)


def test_ten_edited_rows_keep_their_ids_and_are_listed(desk: Desk) -> None:
    desk.run(desk.write("crm.csv", crm_of_thirty(range(0))))
    before = {row["email"]: row["master_id"] for row in desk.masters()}
    desk.run(desk.write("crm.csv", crm_of_thirty(range(10, 20))))
    assert {row["email"]: row["master_id"] for row in desk.masters()} == before
    changes = json.loads((desk.out / "run.json").read_text())["changes"]
    assert changes["records_changed"] == 10
    page = (desk.out / "report.html").read_text()
    assert all(f"+447700900{500 + n}" in page.replace(" ", "") for n in range(10, 20))


def test_postcodes_and_phones_look_right_in_the_workbook(desk: Desk) -> None:
    crm = CRM + "1,Gus,Coolamon,,gus@coolamon.example,+61 491 570 156,4 Jetty Road,0800,Darwin,Australia,\n"
    desk.run(desk.write("crm.csv", crm))
    sheet = load_workbook(Path(desk.out) / "master.xlsx").active
    assert sheet is not None
    header, row = (list(cells) for cells in sheet.iter_rows(values_only=True))
    shown = dict(zip(header, row, strict=True))
    assert shown["postal_code"] == "0800" and str(shown["phone"]).replace(" ", "") == "+61491570156"
    assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s"}
