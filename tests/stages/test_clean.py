"""From records to contacts: who is in a row, which values it has, what was wrong, and that the books balance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stages.clean_lists import clean, mapping_of, records_of, shown

from listmerge.fields import emails, names, phones
from listmerge.fields.text import fold
from listmerge.model import arrow_schema
from listmerge.stages.clean import CleanSettings, clean_part, gather
from listmerge.stages.clean.tables import SCHEMAS, table_names


@pytest.mark.parametrize(("row", "kind"), [
    (("Anna Smith", "Acme Ltd", ""), "person"),
    (("", "Acme Ltd", ""), "organisation"),
    (("Accounts Team", "", ""), "organisation"),
    (("Unknown", "Acme Ltd", ""), "organisation"),
    (("Birchwater Ltd", "", ""), "organisation"),
    (("", "", "anna@home.example"), "person"),
    (("", "", "info@acme.example"), "organisation"),
])
def test_kind_by_content(row: tuple[str, ...], kind: str) -> None:
    assert shown(clean(mapping_of("full_name", "company", "email"), row).contacts, "kind") == [kind]


def test_kind_by_mapping_and_by_column() -> None:
    row = ("Acme", "company")
    assert shown(clean(mapping_of("company", "ignore", kind="person"), row).contacts, "kind") == ["person"]
    assert shown(clean(mapping_of("full_name", "kind"), row).contacts, "kind") == ["organisation"]


def test_a_company_in_the_name_is_the_company() -> None:
    contacts = clean(mapping_of("full_name"), ["Birchwater Analytics Ltd"]).contacts
    assert shown(contacts, "company", "company_key", "given_key", "family_key") == [
        ("Birchwater Analytics Ltd", "birchwater analytics", "", "")]


def test_rows_that_name_nobody_are_rejected_and_the_others_numbered() -> None:
    made = clean(mapping_of("full_name", "email", "country"), ("Anna Smith", "", ""), ("n/a", "", "US"), ("-", "", ""),
                 ("Bo Hale", "bo@hale.example", ""), rejected=["", "", "", "ragged-row"])
    assert made.rejected.to_pylist() == ["", "no-contact", "no-contact", "ragged-row"]
    assert shown(made.contacts, "record_id", "full_name") == [("r1", "Anna Smith")]
    assert made.emails.num_rows == 0
    assert ("no-contact", 2) in shown(made.issues, "code", "source_row")


def test_slots_follow_the_mapping_and_one_cell_may_hold_several() -> None:
    made = clean(mapping_of("full_name", "email:work", "email:home", "phone:1", "phone:2"),
                 ("Ann Bo", "a@x.example; b@x.example", "c@x.example", "", "+44 20 7946 0812"),
                 ("Cy Dee", "", "d@x.example", "+44 20 7946 0813 / +44 20 7946 0814", ""))
    assert shown(made.emails, "contact", "slot", "email_key") == [
        (0, 0, "a@x.example"), (0, 0, "b@x.example"), (0, 1, "c@x.example"), (1, 1, "d@x.example")]
    assert shown(made.phones, "contact", "slot", "phone_key") == [
        (0, 1, "+442079460812"), (1, 0, "+442079460813"), (1, 0, "+442079460814")]


def test_national_numbers_belong_to_the_country_of_the_row_then_of_the_list() -> None:
    rows = [("Ann Bo", "020 7946 0812", "United Kingdom"), ("Cy Dee", "030 23125 014", ""),
            ("Ed Fay", "030 23125 014", "DE")]
    made = clean(mapping_of("full_name", "phone", "country", region="DE"), *rows)
    assert shown(made.phones, "phone_key") == ["+442079460812", "+493023125014", "+493023125014"]


def test_address_lines_are_joined_and_a_whole_address_is_taken_apart() -> None:
    made = clean(mapping_of("full_name", "street", "street", "city", "postal_code"),
                 ("Ann Bo", "14 Tannery Row", "Unit 3", "London", "SE1 0ZQ"))
    assert shown(made.addresses, "street", "city", "postal_code") == [("14 Tannery Row, Unit 3", "London", "SE1 0ZQ")]
    whole = clean(mapping_of("full_name", "address", "country"), ("Ann Bo", "880 Wharf Street, Boston, MA 02116", ""))
    assert shown(whole.addresses, "street", "city", "postal_code") == [("880 Wharf Street", "Boston", "02116")]


def test_several_addresses_in_the_same_cells_are_taken_apart_side_by_side() -> None:
    mapping = mapping_of("full_name", "street", "city", "country")
    mapping = replace(mapping, columns=tuple(
        replace(column, separator=":::") if column.field != "full_name" else column for column in mapping.columns))
    made = clean(mapping, ("Ann Bo", "14 Tannery Row ::: 2 Mill Lane", "London ::: York", "GB"),
                 ("Cy Dee", "3 Quay Street", "Bristol", ""))
    assert shown(made.addresses, "contact", "street", "city", "country") == [
        (0, "14 Tannery Row", "London", "GB"), (0, "2 Mill Lane", "York", ""), (1, "3 Quay Street", "Bristol", "")]


def test_of_several_jobs_in_one_cell_the_first_is_whole() -> None:
    mapping = mapping_of("full_name", "company", "job_title")
    mapping = replace(mapping, columns=tuple(replace(column, separator=":::") for column in mapping.columns))
    made = clean(mapping, ("Ann Bo", "Acme Ltd ::: Beta Ltd", "Buyer ::: Director"))
    assert shown(made.contacts, "company", "job_title") == [("Acme Ltd", "Buyer")]


def test_further_people_of_a_row_are_of_its_company() -> None:
    mapping = mapping_of("company", "email", "given_name@1", "family_name@1", "email@1", "given_name@2",
                         "family_name@2")
    made = clean(mapping, ("Acme Ltd", "accounts@acme.example", "Ann", "Bo", "ann@acme.example", "", ""),
                 ("", "", "", "", "", "Cy", "Dee"))
    assert shown(made.contacts, "record_id", "part", "kind", "full_name", "company") == [
        ("r1", 0, "organisation", "", "Acme Ltd"), ("r1", 1, "person", "Ann Bo", "Acme Ltd"),
        ("r2", 2, "person", "Cy Dee", "")]
    assert shown(made.emails, "contact", "email_key") == [(0, "accounts@acme.example"), (1, "ann@acme.example")]


def test_words_for_nothing_are_nothing() -> None:
    made = clean(mapping_of("full_name", "company", null_words=("[not provided]", "0/0/00")),
                 ("Ann Bo", "[Not Provided]"))
    assert shown(made.contacts, "company") == [""]
    assert shown(made.cells, "unit", "filled") == [("name", 1), ("job", 0), ("nothing", 1)]


def test_a_company_that_is_the_persons_own_name_is_none_and_a_surname_in_its_column_is_one() -> None:
    made = clean(mapping_of("given_name", "family_name", "company"), ("Ann", "Bo-Hale", "Ann Bo-Hale"))
    assert shown(made.contacts, "company", "full_name") == [("", "Ann Bo-Hale")]
    mapping = mapping_of("company", "given_name")
    myob = pa.table(records_of([("Chaudhuri-Sen", "Ravindra"), ("Acme Ltd", "")]))
    columns = (mapping.columns[0].__class__(0, "Co./Last Name", "company"), mapping.columns[1])
    contacts = clean_part(myob, mapping.__class__("", "", columns), CleanSettings()).contacts
    assert shown(contacts, "full_name", "company") == [("Ravindra Chaudhuri-Sen", ""), ("", "Acme Ltd")]


def test_a_firm_that_has_the_name_of_its_owner_is_a_company() -> None:
    made = clean(mapping_of("full_name", "company"), ("Cid Fox", "Fox Ltd"), ("Dee Orr", "Orr"),
                 ("Jürgen Weiß", "Jürgen Weiß GmbH"), ("Eva Sas", "Sas"))
    assert sorted(shown(made.contacts, "full_name", "company")) == [
        ("Cid Fox", "Fox Ltd"), ("Dee Orr", ""), ("Eva Sas", ""), ("Jürgen Weiß", "Jürgen Weiß GmbH")]


def test_birthdays_dates_websites_and_texts() -> None:
    made = clean(mapping_of("full_name", "birthday", "updated", "website", "categories", "categories", "relationship",
                            date_order="dmy"),
                 ("Ann Bo", "07/03/1979", "2026-01-02", "https://bo.example", "vip", "fair 2024", "Kunde"))
    assert shown(made.contacts, "birthday", "updated", "website_key", "categories", "relationship") == [
        ("1979-03-07", "2026-01-02", "bo.example", "vip\nfair 2024", "customer")]


def test_identifiers_are_hashed_with_the_key_and_named_by_their_header() -> None:
    made = clean(mapping_of("full_name", "identifier", "identifier"), ("Ann Bo", "C-0101", "DE 99"),
                 ("Cy Dee", "c0101", ""))
    keys = shown(made.identifiers, "contact", "slot", "identifier_key")
    assert [key[:2] for key in keys] == [(0, 0), (0, 1), (1, 0)]
    assert keys[0][2] == keys[2][2] != keys[1][2]
    assert "0101" not in keys[0][2]


def test_issues_name_file_row_line_and_header() -> None:
    made = clean(mapping_of("full_name", "email"), ("Ann Bo", "ann@gmial.com"))
    assert shown(made.issues, "source", "source_file", "source_row", "source_line", "field", "code", "suggestion") == [
        ("crm", "list.csv", 1, 1, "email header", "email-typo", "ann@gmail.com")]


def test_an_empty_list() -> None:
    made = clean_part(records_of([]), mapping_of(), CleanSettings())
    assert all(getattr(made, name).num_rows == 0 for name in table_names())
    assert gather([]).tables.contacts.num_rows == gather([made]).tables.contacts.num_rows == 0


# --- gathering and properties -----------------------------------------------------------------------------------------

ROWS = st.lists(st.tuples(
    st.sampled_from(["", "Ann Bo", "SMITH, JOHN", "n/a", "Accounts", "Acme Ltd", "José García López", "a@b.example"]),
    st.sampled_from(["", "Acme Ltd", "self-employed", "Müller GmbH"]),
    st.sampled_from(["", "ann@bo.example", "x@y.example; z@y.example", "nobody", "info@acme.example", "n/a"]),
    st.sampled_from(["", "+44 20 7946 0812", "020 7946 0812 or 020 7946 0813", "4.4E+11", "none"]),
    st.sampled_from(["", "14 Tannery Row", "n/a"]), st.sampled_from(["", "London"]), st.sampled_from(["", "US", "GB"]),
    st.sampled_from(["", "0", "1", "yes"]), st.sampled_from(["", "free text"]),
), max_size=10)
MAPPING = mapping_of("full_name", "company", "email", "phone", "street", "city", "country",
                     "consent=opt-out-flag", "notes")


@settings(max_examples=100, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_every_filled_cell_is_counted_once(rows: list[tuple[str, ...]], random: Any) -> None:
    rejected = [random.choice(["", "", "ragged-row"]) for _ in rows]
    made = clean(MAPPING, *rows, rejected=rejected)
    for column in MAPPING.columns if rows else ():
        mine = made.cells.filter(pc.equal(made.cells.column("column"), column.index))
        counted = sum(row["filled"] + row["rejected"] for row in mine.to_pylist())
        assert counted == sum(row[column.index] != "" for row in rows)
    kept = made.rejected.to_pylist().count("")
    assert len(set(shown(made.contacts, "record_id"))) == kept


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_values_are_those_of_the_scalar_functions(rows: list[tuple[str, ...]]) -> None:
    made = clean(MAPPING, *rows)
    number = {record: place for place, record in enumerate(shown(made.contacts, "record_id"))}
    expected_emails = [
        (number[f"r{place}"], *emails.clean_one(text)[:3])
        for place, row in enumerate(rows, 1) if f"r{place}" in number for text in emails.split(row[2])]
    assert shown(made.emails, "contact", "email", "email_key", "quality") == expected_emails
    expected_phones = [
        (number[f"r{place}"], phones.clean_one(text, row[6]).key)
        for place, row in enumerate(rows, 1) if f"r{place}" in number for text in phones.split(row[3])]
    assert shown(made.phones, "contact", "phone_key") == expected_phones
    for row in made.contacts.to_pylist():
        name = names.parse_one(rows[row["source_row"] - 1][0])
        assert (row["full_name"], row["given_key"], row["family_key"]) == (
            name.full_name, name.given_key, name.family_key)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_nothing_is_invented(rows: list[tuple[str, ...]]) -> None:
    for row in clean(MAPPING, *rows).contacts.to_pylist():
        said = fold(" ".join(rows[row["source_row"] - 1])).split()
        for column in ("full_name", "given_name", "family_name", "company", "notes"):
            assert set(fold(row[column]).split()) <= set(said)


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_gathering_does_not_know_the_order_of_files_or_rows(first: Any, second: Any, random: Any) -> None:
    made, mixed = [], []
    for file, rows in (("a.csv", first), ("b.csv", second)):
        records = records_of(rows, ids=[f"{file}{place:03}" for place in range(len(rows))], file=file)
        if not rows:
            continue
        order = random.sample(range(len(rows)), len(rows))
        made.append(clean_part(records, MAPPING, CleanSettings()))
        mixed.append(clean_part(records.take(pa.array(order, pa.int64())), MAPPING, CleanSettings()))
    one, two = gather(made).tables, gather(mixed[::-1]).tables
    for name in table_names():
        assert getattr(one, name).to_pylist() == getattr(two, name).to_pylist(), name
        assert getattr(one, name).schema.names == arrow_schema(SCHEMAS[name]).names
    keys = shown(one.contacts, "record_id", "part")
    assert keys == sorted(keys)
