"""Files of no known system: columns mapped by words and by values, and left alone where there is doubt."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.errors import OptionError
from listmerge.layouts.headers import fold_header, header_words
from listmerge.layouts.recognise import RecogniseOptions, TableStart, confirm_ids, find_table, recognise
from listmerge.layouts.structure import is_footer, is_repeat_of_header
from listmerge.layouts.words import look_up
from listmerge.model import FIELDS, Mapping

CASES = Path(__file__).parent.parent / "cases" / "headers.tsv"


def read_cases() -> list[tuple[str, list[str], str]]:
    lines = CASES.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(header, values.split(" ; ") if values else [], expected) for header, values, expected in rows]


def said(mapping: Mapping) -> dict[str, str]:
    """header -> what it was read as: field, /group, ~label, :meaning."""
    return {
        column.header: column.field + (f"/{column.group}" if column.group else "")
        + (f"~{column.label}" if column.label else "") + (f":{column.meaning}" if column.meaning else "")
        for column in mapping.columns
    }


@pytest.mark.parametrize(("header", "values", "expected"), read_cases())
def test_a_column_is_read_as_a_person_would(header: str, values: list[str], expected: str) -> None:
    mapping = recognise([header], [[value] for value in values])
    assert said(mapping).get(header, "") == expected


def table(text: str, delimiter: str = ",") -> TableStart:
    return find_table(list(csv.reader(io.StringIO(text), delimiter=delimiter))[:40])


#: sample -> (header row, what its columns are; what is not here must not be mapped)
CUSTOMERS = ("source_id", "given_name", "family_name", "company", "email", "phone", "phone/2~mobile", "street",
             "postal_code", "city", "country", "birthday", "consent:opt-in-flag")
SAMPLES: dict[str, tuple[str, int | None, tuple[str, ...]]] = {
    "EXCEL__csv_utf8_bom.csv": ("utf-8-sig", 0, CUSTOMERS),
    "EXCEL__unicode_text_utf16_tab.txt": ("utf-16", 0, CUSTOMERS),
    "EXCEL__german_semicolon_cp1252.csv": ("cp1252", 0, CUSTOMERS),
    "EXCEL__dos_cp850.csv": ("cp850", 0, CUSTOMERS),
    "EXCEL__damaged_numbers.csv": ("utf-8-sig", 0, (
        "source_id", "given_name", "family_name", "email", "phone~mobile", "postal_code", "birthday", "created", "")),
    "EXCEL__duplicate_headers_ragged.csv": ("utf-8-sig", 0, ("email", "phone", "phone/2", "full_name", "", "company")),
    "EXCEL__formula_cells.csv": ("utf-8-sig", 0, ("full_name", "email", "phone", "", "notes")),
    "EXCEL__japanese_shift_jis.csv": ("shift_jis", 0, (
        "full_name", "company", "email", "phone", "postal_code", "address")),
    "EXCEL__no_header.csv": ("utf-8-sig", None, ("given_name", "family_name", "email", "")),
    "EXCEL__pipe_delimited.txt": ("utf-8-sig", 0, ("source_id", "full_name", "email", "phone")),
    "EXCEL__preamble_totals_blank_rows.csv": ("utf-8-sig", 3, ("full_name", "email", "city", "", "")),
    "EXCEL__nul_and_ctrl.csv": ("utf-8-sig", 0, ("full_name", "email")),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_have_no_wrong_column(samples: Path, name: str) -> None:
    encoding, header, expected = SAMPLES[name]
    text = (samples / name).read_bytes().decode(encoding).replace("\x00", "")
    start = table(text, max(",;\t|", key=text[:400].count))
    read = [""] * len(expected)
    for column in start.mapping.columns:
        read[column.index] = column.field + (f"/{column.group}" if column.group else "") \
            + (f"~{column.label}" if column.label else "") + (f":{column.meaning}" if column.meaning else "")
    assert (start.header, tuple(read)) == (header, expected)


@pytest.mark.parametrize(("name", "expected", "not_mapped"), [
    ("febrl3", {"given_name": "given_name", "surname": "family_name", "street_number": "street", "address_1": "street",
                "address_2": "street", "suburb": "city", "postcode": "postal_code", "state": "region",
                "date_of_birth": "birthday", "soc_sec_id": "identifier"}, ()),
    ("splink_fake1000", {"first_name": "given_name", "surname": "family_name", "dob": "birthday", "city": "city",
                         "email": "email"}, ()),
    ("chicago_earlychildhood", {"Source": "source", "Site name": "company", "Address": "street", "Zip": "postal_code",
                                "Phone": "phone", "Fax": "fax/fax~fax", "Website": "website"},
     ("Director", "Agency", "Program Name", "Column", "Email Address")),     # the last holds dates
    ("pp_people_2020", {"source": "source", "first_name": "given_name", "middle": "middle_name", "city": "city",
                        "street_number": "street", "street_name": "street", "unit_number": "street",
                        "po_box": "po_box", "ssn": "identifier", "employer_name": "company"},
     ("employer_address", "age", "sex")),
])
def test_labelled_lists_are_mapped_without_a_word(
    shared: Path, name: str, expected: dict[str, str], not_mapped: tuple[str, ...]
) -> None:
    with (shared / "data" / name / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = [row[1:] for row, _ in zip(csv.reader(file), range(40), strict=False)]
    found = said(find_table(rows).mapping)
    assert {header: found.get(header) for header in expected} == expected
    assert not set(not_mapped) & set(found)


def test_a_list_with_source_and_source_id_and_a_column_of_numbers() -> None:
    start = table("source,source_id,full_name,email,phone,company,street,city,postcode,country,entity_id\n"
                  "crm,C-17,Ann Low,ann@low.example,,Low Ltd,1 Hill St,York,YO1 7HH,UK,5\n"
                  "shop,S-3,Bob Lee,bob@lee.example,,,2 Hill St,York,YO1 7HH,UK,6\n")
    assert said(start.mapping) == {name: name for name in (
        "source", "full_name", "email", "phone", "company", "street", "city", "country", "source_id")
    } | {"postcode": "postal_code"}


@pytest.mark.parametrize(("headers", "expected"), [
    ("Имя,Фамилия,Адрес электронной почты,Город,Компания", "given_name,family_name,email,city,company"),
    ("Ad,Soyadı,E-posta Adresi,Ev Posta Kodu,Şirket", "given_name,family_name,email,postal_code,company"),
    ("名字,姓氏,電子郵件地址,公司", "given_name,family_name,email,company"),
    ("الاسم الأول,اسم العائلة,عنوان البريد الإلكتروني,الشركة", "given_name,family_name,email,company"),
    ("Nome,Sobrenome,Endereço de email,CEP do Endereço Residencial", "given_name,family_name,email,postal_code"),
    ("名,姓,メール,電話番号", "given_name,family_name,email,phone"),
])
def test_headers_of_translations_are_known_in_other_lists(headers: str, expected: str) -> None:
    values = {"email": "ann@firm.example", "postal_code": "04109", "phone": "+44 20 7946 0001"}
    row = [values.get(field, "Ann") for field in expected.split(",")]
    start = find_table([["List of May"], headers.split(","), row, row])
    assert (start.header, [column.field for column in start.mapping.columns]) == (1, expected.split(","))
    assert not start.mapping.layout


# --- where the table begins -------------------------------------------------------------------------------------------


def test_a_header_below_a_preamble_is_found() -> None:
    start = table("Our members\nPrinted 1.2.2026\n\nVorname;Nachname;E-Mail\nAnn;Low;ann@low.example\n", ";")
    assert (start.header, said(start.mapping)["E-Mail"]) == (3, "email")


def test_a_header_of_unknown_words_above_addresses_is_a_header() -> None:
    start = table("Foo,Bar\nann@low.example,x\nbob@lee.example,y\n")
    assert (start.header, said(start.mapping)) == (0, {"Foo": "email"})


def test_a_file_without_header_is_read_by_its_values() -> None:
    start = table("ann@low.example,+44 20 7946 0812\nbob@lee.example,+44 20 7946 0813\n")
    assert start.header is None
    assert [column.field for column in start.mapping.columns] == ["email", "phone"]


def test_whole_names_without_header_are_told_by_the_addresses() -> None:
    start = table("Ann Low,ann.low@post.example\nJürgen Weiß,juergen.weiss@post.example\n")
    assert [column.field for column in start.mapping.columns] == ["full_name", "email"]


def test_names_that_no_address_repeats_stay_unmapped_without_header() -> None:
    start = table("Red,Blue,a1@post.example\nOak,Elm,b2@post.example\n")
    assert [column.field for column in start.mapping.columns] == ["email"]


def test_what_is_no_contact_list_says_so() -> None:
    start = table("Date,Amount\n2026-01-01,17.20\n2026-01-02,18.00\n")
    assert start.mapping.confidence == 0
    assert [issue.code for issue in start.issues] == ["no-contact-columns"]


def test_an_empty_grid_has_no_header_and_no_columns() -> None:
    start = find_table([])
    assert (start.header, start.mapping.columns) == (None, ())


def test_addresses_that_other_sources_hold_make_a_column_one_of_email() -> None:
    known = {"ann@low", "bob@lee", "cid@ham"}       # not even addresses of the public net
    rows = [["Ann", "ann@low"], ["Bob", "bob@lee"]]
    assert "x" not in said(recognise(["Name", "x"], rows))
    for test in (known, known.__contains__):
        assert said(recognise(["Name", "x"], rows, RecogniseOptions(known_emails=test)))["x"] == "email"


def test_endless_cells_and_columns_do_no_harm() -> None:
    rows = [["Name", "E-mail"] + ["x"] * 20_000, ["Ann " * 50_000, "a@" * 100_000 + "b.example"] + ["1" * 10] * 20_000]
    assert find_table(rows).header == 0


@pytest.mark.parametrize("line", (CASES.parent / "header_rows.txt").read_text("utf-8").splitlines())
def test_header_rows_of_many_languages_are_read(line: str) -> None:
    pairs = [cell.split(" = ") for cell in line.split(" | ")]
    found = said(recognise([header for header, _ in pairs], []))
    assert {header: found.get(header, "") for header, _ in pairs} == {
        header: "" if expected == "-" else expected for header, expected in pairs}


@pytest.mark.parametrize(("text", "turned"), [
    ("Name,Ann Low,Bob Lee\nCompany,Low Ltd,Lee AG\nE-mail,ann@low.example,bob@lee.example\nCity,York,Hull\n", True),
    ("E-mail,ann@low.example\nPhone,020 7946 0812\nCity,York\n", True),
    ("Preferred,Name,E-mail\nE-mail,Ann Low,ann@low.example\nPhone,Bob Lee,bob@lee.example\nFax,Cid,c@d.example\n", False),
    ("Name,City\nAnn Low,York\nBob Lee,Hull\n", False),
    ("Email,ann@low.example\nEmail,bob@lee.example\nPhone,020 7946 0812\nCity,York\n", False),
])
def test_fields_that_stand_in_rows_make_no_contacts(text: str, turned: bool) -> None:
    assert ([issue.code for issue in table(text).issues] == ["fields-in-rows"]) is turned


# --- several columns of one kind --------------------------------------------------------------------------------------


def test_billing_and_shipping_do_not_flow_into_each_other() -> None:
    found = said(recognise(["Billing First Name", "Billing City", "Shipping First Name", "Shipping City"],
                           [["Ann", "York", "Bob", "Hull"]]))
    assert found == {"Billing First Name": "given_name", "Billing City": "city/billing~billing",
                     "Shipping City": "city/shipping~shipping"}


def people(headers: list[str], rows: list[list[str]]) -> dict[str, int]:
    return {column.header: column.part for column in recognise(headers, rows).columns}


def test_the_address_of_a_second_contact_is_not_one_of_the_first() -> None:
    rows = [["Low Ltd", "Ann Low", "Abe Low", "ann@low.example", "abe@low.example", "020 7946 0812", "020 7946 0813"],
            ["Lee Ltd", "Bob Lee", "", "bob@lee.example", "", "020 7946 0814", ""]]
    headers = ["Company", "Contact", "Contact 2", "Email", "Email 2", "Phone 1", "Phone 2"]
    assert people(headers, rows) == dict.fromkeys(headers, 0) | dict.fromkeys(["Contact 2", "Email 2", "Phone 2"], 1)


def test_a_second_address_without_a_second_contact_is_the_first_one_s() -> None:
    rows = [["Ann Low", "Abe Low", "ann@low.example", ""], ["Bob Lee", "", "bob@lee.example", "bob@home.example"]]
    assert "Email 2" not in {header for header, part in people(["Name", "Name 2", "Email", "Email 2"], rows).items() if part}


def test_the_second_line_of_a_company_s_name_is_no_person() -> None:
    rows = [["Low GmbH", "Abt. Einkauf", "030 23125014"], ["Lee AG", "Werk Nord", "030 23125015"]]
    assert said(recognise(["NAME1", "NAME2", "Telefon"], rows)) == {"NAME1": "company", "Telefon": "phone"}


def test_every_number_is_a_value_of_its_own() -> None:
    mapping = recognise(["Phone", "Telephone", "Home Phone", "Phone 2"], [["+44 20 7946 0812"] * 4])
    groups = [column.group for column in mapping.columns]
    assert len(set(groups)) == len(groups) == 4


def test_somebody_else_s_columns_are_left_alone() -> None:
    headers = ["Name", "Assistant Phone", "Manager Email", "Emergency Contact Name", "Account Owner", "Spouse Name"]
    row = ["Ann Low", "+44 20 7946 0812", "no", "Bob Lee", "Cid Ham", "Dee"]
    assert said(recognise(headers, [row])) == {"Name": "full_name"}


def test_every_column_says_how_sure_it_is_and_why() -> None:
    for column in recognise(["Name", "E-mail", "Ort"], [["Ann Low", "ann@low.example", "Ulm"]]).columns:
        assert 0 < column.confidence < 1
        assert len(column.reason.split()) > 3


# --- ids --------------------------------------------------------------------------------------------------------------


def test_an_id_that_is_not_unique_over_all_rows_is_a_mere_identifier() -> None:
    mapping = recognise(["Customer No.", "Name"], [["1", "Ann Low"], ["7", "Bob Lee"]])
    assert said(mapping)["Customer No."] == "source_id"
    assert said(confirm_ids(mapping, lambda index: False))["Customer No."] == "identifier"
    assert confirm_ids(mapping, lambda index: True) == mapping


def test_ids_of_a_known_layout_are_not_doubted() -> None:
    mapping = recognise(["Copper ID", "First Name", "Copper URL"], [["1", "Ann", ""]])
    assert mapping.layout == "copper"
    assert confirm_ids(mapping, lambda index: False) == mapping


def test_a_second_id_is_an_identifier_or_nothing() -> None:
    rows = [["a1", "b1", "a@b.example"], ["a2", "b2", "c@d.example"]]
    found = said(recognise(["User ID", "Record ID", "E-mail"], rows))
    assert list(found.values()).count("source_id") == 1


# --- what a person pins -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["Rufname", "rufname ", "2", "B", "b"])
def test_a_column_may_be_pinned_by_header_number_or_letter(where: str) -> None:
    mapping = recognise(["x", "Rufname"], [["ann@low.example", "Ann"]], RecogniseOptions(maps=(("nickname", where),)))
    assert said(mapping) == {"x": "email", "Rufname": "nickname"}
    assert mapping.confidence == 1.0


def test_a_consent_column_is_pinned_with_its_meaning() -> None:
    mapping = recognise(["m", "n"], [["a@b.example", "ok"]], RecogniseOptions(maps=(("consent:opt-in-flag", "n"),)))
    assert said(mapping)["n"] == "consent:opt-in-flag"


@pytest.mark.parametrize(("maps", "code", "hint"), [
    (("emial", "m"), "unknown-field", "did you mean email?"), (("email", "mm"), "unknown-column", "did you mean m?"),
    (("consent", "m"), "unknown-field", "consent needs a meaning"), (("email", "9"), "unknown-column", "its letter"),
])
def test_a_wrong_pin_is_an_option_error(maps: tuple[str, str], code: str, hint: str) -> None:
    with pytest.raises(OptionError) as caught:
        recognise(["m"], [], RecogniseOptions(maps=(maps,)))
    assert (caught.value.code, hint in caught.value.hint) == (code, True)


# --- rows that are no records, and headers ----------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "footer"), [
    (["Total", "", "3"], True), (["Subtotal", "", "", "4", "1,303.50"], True), (["Page 1 of 1"], True),
    (["Grand Totals (12 records)"], True), (["Copyright (c) 2000-2026 salesforce.com, inc."], True),
    (["Confidential Information - Do Not Distribute"], True), (["Generated By: Ann"], True), (["search: 2"], True),
    (["Friday, June 12, 2026 07:33 AM GMTZ"], True), (["Summe", "12"], True), (["", "", "Total", "9"], True),
    (["Total Recall Ltd", "info@recall.example"], False), (["Sumner", "Ann"], False),
    (["Paget", "+44 20 7946 0812"], False),
    (["Note: Dee asked to be called first", "", ""], True), (["* includes gift aid", ""], True),
    (["Anzahl: 3", "", ""], True), (["", ":-----", "----:"], True), (["======", "====="], True),
    (["* Dee Fox", "Leeds"], False), (["*Dee Fox"], False), (["Antal Szabó", ""], False), (["Notelle Fox", ""], False),
    (["Note: call dee@fox.example", ""], False), (["-", "-"], False), (["---", "Dee Fox"], False),
    (["Total", "+44 20 7946 0812"], False), ([""], False), ([], False), (["Counter Ltd"], False), (["Totaly"], False),
])
def test_footers_are_told_from_records(row: list[str], footer: bool) -> None:
    assert is_footer(row) is footer


def test_a_layout_may_name_footers_of_its_own() -> None:
    assert not is_footer(["Fin de la liste"])
    assert is_footer(["Fin de la liste"], ("fin de",))


@pytest.mark.parametrize(("row", "repeat"), [
    (["Name", "E-mail", "City"], True), ([" name ", "E-MAIL", "city"], True), (["Name", "E-mail", ""], True),
    (["Name", "", ""], False), (["Name", "E-mail", "York"], False), (["", "", ""], False),
    (["Name", "E-mail", "City", "x"], False),
])
def test_repeated_headers_are_told_from_records(row: list[str], repeat: bool) -> None:
    assert is_repeat_of_header(row, ["Name", "E-mail", "City"]) is repeat


@pytest.mark.parametrize(("written", "folded"), [
    ("*ContactName", "contactname"), ("!CUST", "cust"), ("\ufeffEmail", "email"), (" Full   Name ", "full name"),
    ("Assistant’s Phone", "assistant's phone"), ("           - Line 2", "- line 2"), ("STRASSE", "strasse"),
])
def test_headers_are_folded(written: str, folded: str) -> None:
    assert fold_header(written) == folded


@pytest.mark.parametrize(("written", "words"), [
    ("EmailAddress", "email address"), ("e_mail", "email"), ("E-Mail-Adresse", "email adresse"), ("ZIP4", "zip 4"),
    ("P.O. Box", "p o box"), ("XMLField", "xml field"), ("名前", "名前"),
])
def test_headers_of_unknown_files_are_taken_apart(written: str, words: str) -> None:
    assert header_words(written) == words


@given(st.text(max_size=60))
def test_any_text_may_stand_in_a_header(text: str) -> None:
    assert fold_header(fold_header(text)) == fold_header(text) or text.strip()[:1] in "*!"
    word = look_up(text)
    assert word is None or word.doubtful or word.field in FIELDS


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=6))
def test_any_grid_gets_an_answer(rows: list[list[str]]) -> None:
    start = find_table(rows)
    assert start.header is None or 0 <= start.header < len(rows)
    width = max((len(row) for row in rows), default=0)
    assert all(0 <= column.index < width and column.field in FIELDS for column in start.mapping.columns)


def test_words_of_no_known_language_above_addresses_that_half_of_the_rows_lack_are_the_header() -> None:
    rows = ["სახელი,ფოსტა", "Ana Beridze,", "Nino Kapanadze,nino@mail.example", "Luka Lomidze,", "Eka Meladze,eka@mail.example"]
    assert table("\n".join(rows)).header == 0


def test_a_first_row_that_lacks_the_address_of_the_others_is_no_header() -> None:
    rows = ["Ana Beridze,", "Nino Kapanadze,nino@mail.example", "Luka Lomidze,luka@mail.example"]
    assert table("\n".join(rows)).header is None
