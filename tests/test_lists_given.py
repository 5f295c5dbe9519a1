"""What is given to be read: a list register, a folder of good and bad files, columns that must not be taken."""

from __future__ import annotations

import json

import openpyxl
import pyarrow.parquet as pq
import pytest

import listmerge
from listmerge.errors import OptionError

from .lists import Table, person

REGISTER = [["Source", "Owner", "Relationship", "Permission", "Trust", "Use_until", "Reference_only"],
            ["crm", "Sales", "Customer", "", "5", "", ""],
            ["brokers", "", "hired", "none", "", "2026-12-31", "yes"]]


def write_register(table: Table, form: str) -> str:
    path = table.folder / f"sources.{form}"
    if form == "csv":
        path.write_text("\n".join(",".join(row) for row in REGISTER), encoding="utf-8-sig")
    else:
        book = openpyxl.Workbook()
        for row in REGISTER:
            book.active.append(row)
        book.save(path)
    return str(path)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_register_says_what_is_known_of_each_source(table: Table, form: str) -> None:
    people = [person(number) for number in range(6)]
    crm = table.write("crm.csv", people[:4])
    brokers = table.write("brokers.csv", [{**people[0], "Phone": "+44 20 7946 0999"}, people[5]])
    done = table.run(write_register(table, form), crm, brokers)
    assert done.imported.registered == ["brokers", "crm"]
    masters = {row["email"]: row for row in table.rows("master.csv")}
    assert masters["ada@lindqvist.example"]["relationship"] == "customer"
    assert "+442079460999" not in masters["ada@lindqvist.example"]["phones"]       # for reference only


def test_a_register_with_a_wrong_word_is_an_option_error(table: Table) -> None:
    path = table.folder / "sources.csv"
    path.write_text("source,relationship\ncrm,frenemy\n")
    with pytest.raises(OptionError) as caught:
        listmerge.import_files(str(path), table.place)
    assert "relationship" in caught.value.what


def test_a_folder_of_good_and_bad_files(table: Table) -> None:
    people = [person(number) for number in range(6)]
    table.write("lists/crm.csv", people[:3])
    table.write("lists/deeper/shop.csv", people[3:])
    (table.folder / "lists/photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (table.folder / "lists/empty.csv").write_bytes(b"")
    (table.folder / "lists/letter.pdf").write_bytes(b"%PDF-1.7")
    (table.folder / "lists/.hidden.csv").write_text("E-mail\nno@x.example\n")
    done = listmerge.import_files(str(table.folder / "lists"), table.place)
    assert sorted(line["source"] for line in done.sources) == ["crm", "shop"]
    codes = sorted(failure.code for failure in done.failures)
    assert codes == ["empty-file", "not-a-contact-list", "not-a-contact-list"]
    assert done.exit_status == 3


def test_what_must_not_be_taken_is_dropped_and_counted(table: Table) -> None:
    headers = ("*ContactName", "EmailAddress", "POAddressLine1", "FirstName", "LastName", "BankAccountNumber")
    rows = [{"*ContactName": "Lindqvist Foods Ltd", "EmailAddress": "ada@lindqvist.example", "FirstName": "Ada",
             "LastName": "Lindqvist", "BankAccountNumber": "12-3456-7890123-00"}]
    done = table.run(table.write("xero.csv", rows, headers), all_columns=True)
    assert done.outcome["balance"]["cells"]["dropped-by-policy"] == 1
    for path in (table.folder / "out").iterdir():
        assert b"7890123" not in path.read_bytes(), path.name
    for path in (table.folder / "workspace/data").glob("records-*.parquet"):
        assert "7890123" not in str(pq.read_table(path).to_pylist())


def test_deleted_rows_make_no_contact_and_are_counted(table: Table) -> None:
    headers = ("ID", "ISDELETED", "ACCOUNTID", "LASTNAME", "FIRSTNAME", "EMAIL")
    rows = [dict(zip(headers, ("003A", "false", "001", "Lindqvist", "Ada", "ada@lindqvist.example"), strict=True)),
            dict(zip(headers, ("003B", "true", "001", "Okafor", "Ben", "ben@okafor.example"), strict=True))]
    done = table.run(table.write("extract.csv", rows, headers))
    assert [row["email"] for row in table.rows("master.csv")] == ["ada@lindqvist.example"]
    assert [(row["code"], row["source_row"]) for row in table.rows("issues.csv")] == [("deleted", "2")]
    assert done.outcome["balance"]["rows"]["rejected"] == 1


def test_inspect_says_what_was_ignored(table: Table) -> None:
    path = table.folder / "list.csv"
    path.write_text("Customer list,,\n,,\nName,E-mail,Shoe\nAda Lindqvist,ada@lindqvist.example,38\nTotal,,38\n")
    (shown,), _ = listmerge.inspect(str(path), table.place)
    assert shown["facts"]["columns not used"] == "Shoe"
    assert shown["structure_rows"] == 3 and shown["facts"]["header_line"] == "3"
    assert "columns-not-used" in {issue["code"] for issue in shown["issues"]}
    assert json.dumps(shown)


def test_a_register_that_is_damaged_is_an_input_that_cannot_be_read_and_the_rest_is_done(table: Table) -> None:
    (table.folder / "sources.xlsx").write_bytes(bytes(range(256)) * 8)
    done = listmerge.import_files([str(table.folder / "sources.xlsx"), table.write("crm.csv", [person(0)])], table.place)
    assert (done.exit_status, [line["source"] for line in done.sources]) == (3, ["crm"])


@pytest.mark.parametrize(("text", "said"), [
    ("source,owner,permision\ncrm,Sales,none\n", "did you mean permission"), ("source,reference_only\ncrm,maybe\n", "")])
def test_a_register_is_not_guessed_at(table: Table, text: str, said: str) -> None:
    (table.folder / "sources.csv").write_text(text, encoding="utf-8")
    with pytest.raises(OptionError) as caught:
        listmerge.import_files(str(table.folder / "sources.csv"), table.place)
    assert said in caught.value.hint
