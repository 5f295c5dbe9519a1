
"""Workbooks: cells as they are shown, sheets, hidden things, and workbooks that are none."""

from __future__ import annotations

import base64
import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from pyzipper import WZ_AES, AESZipFile

from listmerge.importers.beside import join_levels
from listmerge.importers.numberformats import padding, shown
from tests.importers.hostile import PEOPLE, cell, ods, xlsx
from tests.importers.making import FORMATTED, codes, one, read_bytes, record, refused, rows

SAMPLES = Path(__file__).parent.parent / "samples"


def workbook(fill: Callable[[Any], None], sheets: tuple[str, ...] = ("People",)) -> bytes:
    """The bytes of a workbook that `fill` has filled."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        book.create_sheet(name)
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_cells_are_text_as_they_are_shown() -> None:
    def fill(book: Any) -> None:
        sheet = book["People"]
        sheet.append(["E-mail", "Postcode", "Phone", "Since", "At", "Active", "Share", "Id", "Note"])
        sheet.append(
            [
                "a@x.example",
                1067,
                447700900141,
                datetime.date(2024, 2, 20),
                datetime.datetime(2024, 2, 20, 9, 5),
                True,
                0.5,
                12345678901234567890,
                "01067",
            ]
        )
        sheet["B2"].number_format = "00000"
        sheet["C2"].number_format = "0"

    assert record(one(workbook(fill), "a.xlsx")) == {
        "E-mail": "a@x.example",
        "Postcode": "01067",
        "Phone": "447700900141",
        "Since": "2024-02-20",
        "At": "2024-02-20T09:05:00",
        "Active": "TRUE",
        "Share": "0.5",
        "Id": "1.234567890123457E+19",
        "Note": "01067",
    }


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (1067, "00000", "01067"),
        (21391234, "00000-0000", "02139-1234"),
        (442079460000, "+0", "+442079460000"),
        (5, '"C"000', "C005"),
        (6175550142, "(000) 000-0000", "(617) 555-0142"),
        (123456, "00000", "123456"),
        (7, "\\+00", "+07"),
        (2079460000, '\\(00") "0000\\ 0000', "(20) 7946 0000"),
    ],
)
def test_number_formats(number: int, code: str, text: str) -> None:
    assert padding(code) == code and shown(number, code) == text


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (5550142, "[<=9999999]###-####;(###) ###-####", "555-0142"),
        (6175550142, "[<=9999999]###-####;(###) ###-####", "(617) 555-0142"),
        (6175550142, r"[<=9999999]###\-####;\(###\)\ ###\-####", "(617) 555-0142"),
        (2139, "[<=99999]00000;00000-0000", "02139"),
        (21391234, "[<=99999]00000;00000-0000", "02139-1234"),
        (2139, "[>99999]00000-0000;00000", "02139"),
        (1067, "[$-407]00000", "01067"),
        (1067, "[Red]00000;[Blue]-00000", "01067"),
        (1067, '"D-"00000;"; "', "D-01067"),
        (123456, "[<=99999]00000", None),
        (7, '[=7]"x"0;[<5]000;0000', "x7"),
        (3, '[=7]"x"0;[<5]000;0000', "003"),
        (9, '[=7]"x"0;[<5]000;0000', "0009"),
        (0.5, "0%", "50%"),
        (0.125, "0%", "12.5%"),
        (0.1 + 0.2, "0.00%", "30.00%"),
        (1, "0%", "100%"),
        (0, "0.0%", "0.0%"),
        (0.5, "00000", None),
        (-1067, "00000", None),
        (True, "00000", None),
        ("1067", "00000", None),
    ],
)
def test_formats_with_conditions_and_percentages(number: Any, code: str, text: str | None) -> None:
    assert padding(code) == code and shown(number, code) == text


@pytest.mark.parametrize("code", ["General", "0", "#", "##", "# ?/?", "#,##0.00", "0.00E+00", "@", "yyyy-mm-dd", "[h]:mm",
                                  "[$€-407] #,##0.00", "0.00", "", "[", "[<=]0", ";;;"])
def test_formats_that_add_nothing(code: str) -> None:
    assert padding(code) == ""


def test_formats_reach_the_cells_of_an_xlsx() -> None:
    def fill(book: Any) -> None:
        sheet = book["People"]
        sheet.append(["E-mail", *(header for header, *_ in FORMATTED)])
        sheet.append(["a@x.example", *(value for _, value, *_ in FORMATTED)])
        for column, (_, _, code, _) in enumerate(FORMATTED, 2):
            sheet.cell(2, column).number_format = code

    assert record(one(workbook(fill), "a.xlsx")) == {
        "E-mail": "a@x.example", **{header: text for header, _, _, text in FORMATTED}}


def test_formats_reach_the_cells_of_spreadsheetml() -> None:
    styles = "".join(f'<Style ss:ID="s{number}"><NumberFormat ss:Format="{escape(code)}"/></Style>'
                     for number, (_, _, code, _) in enumerate(FORMATTED))
    headers = "".join(f'<Cell><Data ss:Type="String">{header}</Data></Cell>' for header, *_ in FORMATTED)
    values = "".join(f'<Cell ss:StyleID="s{number}"><Data ss:Type="Number">{value}</Data></Cell>'
                     for number, (_, value, *_) in enumerate(FORMATTED))
    data = ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
            f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles>{styles}</Styles><Worksheet ss:Name="P">'
            f'<Table><Row><Cell><Data ss:Type="String">E-mail</Data></Cell>{headers}</Row>'
            f'<Row><Cell><Data ss:Type="String">a@x.example</Data></Cell>{values}</Row></Table></Worksheet></Workbook>')
    assert record(one(data, "a.xls")) == {"E-mail": "a@x.example", **{header: text for header, _, _, text in FORMATTED}}


def test_a_list_may_begin_below_many_blank_rows() -> None:
    def fill(book: Any) -> None:
        for column, texts in enumerate((("Name", "Ann"), ("E-mail", "ann@x.example")), 1):
            for row, text in enumerate(texts):
                book["People"].cell(200 + row, column, text)

    table = one(workbook(fill), "a.xlsx")
    assert rows(table) == [("Ann", "ann@x.example")] and table.lines.to_pylist() == [201]


def test_all_sheets_with_people_are_read_and_the_others_named() -> None:
    def fill(book: Any) -> None:
        for name in ("Customers", "Suppliers", "Old"):
            book[name].append(["Name", "E-mail"])
            book[name].append([f"{name} Lee", f"{name.lower()}@x.example"])
        book["Old"].sheet_state = "hidden"
        book["Meta"].sheet_state = "veryHidden"
        book["Chart"].append(["Quarter", "Sum"])
        book["Chart"].append(["Q1", 12])

    first, second = read_bytes(workbook(fill, ("Customers", "Chart", "Suppliers", "Old", "Meta")), "a.xlsx")
    assert (first.name, second.name) == ("a.xlsx!Customers", "a.xlsx!Suppliers")
    assert {(issue.code, issue.value) for issue in first.issues} == {
        ("hidden-sheet", "Old"),
        ("sheet-ignored", "Chart"),
    }


def test_hidden_rows_and_columns() -> None:
    def fill(book: Any) -> None:
        sheet = book["People"]
        for row in (["Id", "Name", "E-mail"], ["1", "Ann", "a@x.example"], ["2", "Bob", "b@x.example"]):
            sheet.append(row)
        sheet.column_dimensions["A"].hidden = True
        sheet.row_dimensions[2].hidden = True

    data = workbook(fill)
    table = one(data, "a.xlsx")
    assert rows(table) == [("1", "Ann", "a@x.example"), ("2", "Bob", "b@x.example")]
    assert codes(table) == ["hidden-rows", "columns-not-used"]
    assert table.facts["hidden columns"] == "1"
    visible = one(data, "a.xlsx", visible_only=True)
    assert (rows(visible), visible.lines.to_pylist()) == ([("Bob", "b@x.example")], [3])


def test_formulas_links_and_preambles() -> None:
    def fill(book: Any) -> None:
        sheet = book["People"]
        sheet.append(["Customer list"])
        sheet.append([])
        sheet.append(["Name", "E-mail", "Revenue"])
        sheet.append(["Ann Lee", "a@x.example", 5])
        sheet.append(["Bob Bell", "write to Bob", "=1+1"])
        sheet["B5"].hyperlink = "mailto:b@x.example?subject=x"
        sheet["A4"].hyperlink = "https://evil.example"
        sheet.append(["Total", None, "=SUM(C4:C5)"])

    table = one(workbook(fill), "a.xlsx")
    assert [row[:2] for row in rows(table)] == [("Ann Lee", "a@x.example"), ("Bob Bell", "b@x.example")]
    assert table.lines.to_pylist() == [4, 5]
    assert set(codes(table)) == {"formula-without-value", "link-differs", "columns-not-used"}


def test_the_date_system_of_1904() -> None:
    def fill(book: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book["People"].append(["E-mail", "Birthday"])
        book["People"].append(["a@x.example", datetime.date(1979, 3, 7)])

    assert record(one(workbook(fill), "a.xlsx"))["Birthday"] == "1979-03-07"


def test_ods_expands_only_what_is_filled() -> None:
    filled = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    header = (
        "<table:table-row>"
        + filled.format("", "Name")
        + filled.format("", "E-mail")
        + filled.format("", "Zip")
        + "</table:table-row>"
    )
    number = ' office:value-type="float" office:value="1067"'
    body = (
        "<table:table-row>"
        + filled.format("", "Ann<text:s text:c='2'/>Lee")
        + filled.format("", "a@x.example")
        + filled.format(number, "01067")
    )
    empty = '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
    gap = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    table = one(ods(header + gap.format(3) + body + empty + gap.format(1048570)), "a.ods")
    assert rows(table) == [("Ann  Lee", "a@x.example", "01067")]
    assert table.lines.to_pylist() == [5]


def test_ods_lines_of_hidden_rows_and_links_are_those_of_the_sheet() -> None:
    cell = "<table:table-cell{}>{}</table:table-cell>"
    header = "<table:table-row>" + cell.format("", "<text:p>Name</text:p>") + cell.format("", "<text:p>E-mail</text:p>") + "</table:table-row>"
    gap = '<table:table-row table:number-rows-repeated="4"/>'
    link = "<text:p><text:a xmlns:x='http://www.w3.org/1999/xlink' x:href='mailto:{0}'>{1}</text:a></text:p>"
    people = "".join(
        f'<table:table-row table:visibility="{seen}">' + cell.format("", f"<text:p>{name}</text:p>")
        + cell.format("", link.format(f"{name.lower()}@x.example", shown)) + "</table:table-row>"
        for name, shown, seen in (("Ann", "ann@x.example", "visible"), ("Bob", "write", "filter"), ("Cy", "cy@x.example", "visible")))
    wide = '<table:table-column table:visibility="collapse" table:number-columns-repeated="999999999"/>'
    data = ods(header + gap + people)
    table = one(data, "a.ods")
    assert [(issue.code, issue.source_line) for issue in table.issues] == [("hidden-rows", 0), ("link-differs", 7)]
    assert rows(table)[1] == ("Bob", "bob@x.example")
    assert one(data, "a.ods", visible_only=True).lines.to_pylist() == [6, 8]
    assert one(ods(wide + header + people), "a.ods").facts["hidden columns"] == "20000"


def test_a_page_saved_as_xls() -> None:
    page = (
        "<html><head><style>td {color: red}</style><script>alert('x')</script></head><body><table><tr><th>Name</th><th>E-mail</th><th colspan=2>Phone"
        "</th></tr><tr><td>J&uuml;rgen&nbsp;W<br>Lee</td><td style=\"mso-number-format:'\\@'\">a@x.example</td><td>1</td><td>2</td></tr></table>"
    )
    assert rows(one(page, "a.xls")) == [("Jürgen W\nLee", "a@x.example", "1", "2")]


@pytest.mark.parametrize(
    ("meta", "page", "told"),
    [
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">', "iso-8859-2", []),
        ("<meta charset='windows-1250'>", "cp1250", []),
        ("<meta charset=utf-8>", "utf-8", []),
        ("", "cp1250", ["encoding-guessed"]),
        ("<meta charset=nonsense>", "cp1250", ["encoding-guessed"]),
        ("<meta charset=utf-8>", "cp1250", ["encoding-guessed"]),
    ],
)
def test_a_page_is_in_the_code_page_that_it_names(meta: str, page: str, told: list[str]) -> None:
    text = (f"<html><head>{meta}</head><body><table><tr><th>Name</th><th>E-mail</th></tr>"
            "<tr><td>Zbigniew Ząbek-Śliwa</td><td>z@x.example</td></tr></table></body></html>")
    table = one(text.encode(page), "a.xls")
    assert rows(table) == [("Zbigniew Ząbek-Śliwa", "z@x.example")]
    assert [code for code in codes(table) if code.startswith("encoding")] == told


def test_spreadsheetml_skips_cells_by_index() -> None:
    table = one((SAMPLES / "EXCEL__spreadsheetml2003_named_xls.xls").read_bytes(), "a.xls")
    assert table.headers == ("Name", "E-mail", "", "Since")
    assert rows(table) == [("Dana Whitlock", "dana.whitlock@harbourpine.example", "", "2024-02-20")]


def test_spreadsheetml_is_read_as_it_is_shown() -> None:
    cell = '<Cell{}><Data ss:Type="{}">{}</Data></Cell>'
    header = "".join(cell.format(more, "String", text) for text, more in (
        ("Id", ""), ("Name", ""), ("Home", ' ss:MergeAcross="1"'), ("Work", ' ss:MergeAcross="1"'), ("Zip", "")))
    second = "".join(cell.format("", "String", text) for text in ("Id", "Name", "Zip", "E-mail", "Zip", "E-mail", "Zip"))

    def person(number: int, name: str, link: str = "") -> str:
        email = cell.format(f' ss:HRef="{link}"', "String", "write") if link else cell.format("", "String", f"{name}@x.example")
        return (cell.format("", "Number", number) + cell.format("", "String", name)
                + cell.format(' ss:StyleID="zip"', "Number", "1067") + email + cell.format(' ss:StyleID="child"', "Number", "481")
                + cell.format("", "String", f"{name}@work.example") + cell.format(' ss:StyleID="plain"', "Number", "1.2E3"))

    data = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="plain"/>'
        '<Style ss:ID="zip"><NumberFormat ss:Format="00000"/></Style><Style ss:ID="child" ss:Parent="zip"/>'
        '<Style ss:ID="id"><NumberFormat ss:Format="&quot;C&quot;000"/></Style></Styles><Worksheet ss:Name="People"><Table>'
        f'<Column ss:Hidden="1" ss:StyleID="id"/><Column ss:Index="3" ss:Span="2"/><Row>{header}</Row><Row>{second}</Row>'
        f'<Row ss:Index="5">{person(7, "ann")}</Row><Row ss:Hidden="1">{person(8, "bob", "mailto:bob@x.example")}</Row>'
        f'<Row>{person(9, "cy")}</Row></Table></Worksheet></Workbook>'
    )
    table = one(data, "a.xls")
    assert table.headers == ("Id", "Name", "Home | Zip", "Home | E-mail", "Work | Zip", "Work | E-mail", "Zip | Zip")
    assert rows(table)[1] == ("C008", "bob", "01067", "bob@x.example", "00481", "bob@work.example", "1200")
    assert [(issue.code, issue.source_line) for issue in table.issues][:2] == [("hidden-rows", 0), ("link-differs", 6)]
    visible = one(data, "a.xls", visible_only=True)
    assert (visible.headers[0], visible.lines.to_pylist()) == ("Name", [5, 7])


def test_japanese_readings_are_not_appended() -> None:
    name = '<c r="A3" t="inlineStr"><is><r><t>森永</t></r><rPh sb="0" eb="2"><t>モリナガ</t></rPh></is></c>'
    table = one(xlsx(f"<sheetData>{PEOPLE}<row r='3'>{name}{cell('B3', 'k@x.example')}</row></sheetData>"), "a.xlsx")
    assert rows(table)[1] == ("森永", "k@x.example")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ((SAMPLES / "EXCEL__password_protected_stub.xlsx").read_bytes(), "password-protected"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096, "not-a-contact-list"),
        (b"PK\x03\x04" + b"x" * 999, "damaged-file"),
        (xlsx("<sheetData></sheetData>"), "no-records"),
        (xlsx(f"<sheetData><row r='1'>{cell('A1', 'Name')}{cell('B1', 'E-mail')}</row></sheetData>"), "no-records"),
        (b"<html><body>hello</body></html>", "no-records"),
    ],
)
def test_refusals(data: bytes, code: str) -> None:
    error = refused(data, "a.xlsx")
    assert (error.code, error.exit_status) == (code, 3)
    assert error.hint and "a.xlsx" in error.what


def locked(plain: bytes, password: str) -> bytes:
    """A workbook with a password, as Excel saves it."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(password, out)
    return out.getvalue()


def test_a_workbook_with_a_password_is_opened_with_it_alone() -> None:
    data = locked(workbook(_people), "øpen sesame")
    assert record(one(data, "a.xlsx", password="øpen sesame")) == {"Name": "Ann Lee", "E-mail": "ann@x.example"}
    assert refused(data, "a.xlsx").code == "password-protected"
    wrong = refused(data, "a.xlsx", password="open sesame")
    assert (wrong.code, "does not open it" in wrong.what) == ("password-protected", True)


def _people(book: Any) -> None:
    book["People"].append(["Name", "E-mail"])
    book["People"].append(["Ann Lee", "ann@x.example"])


def _aes() -> bytes:
    out = io.BytesIO()
    with AESZipFile(out, "w", encryption=WZ_AES) as archive:
        archive.setpassword(b"sesame")
        archive.writestr("list.csv", "Name,E-mail\nAnn Lee,ann@x.example\n")
    return out.getvalue()


#: The same list, packed by `zip -P sesame`, which knows the old way of encryption.
CLASSIC = base64.b64decode(
    "UEsDBAoACQAAAGOIdl3Wl9vwLgAAACIAAAAIAAAAbGlzdC5jc3b80CU8xIx52NuZSok5+NqoY87z4xzp3Yt/Qxrw9oe7XE/Jic346HmyVv2fpo"
    "jfUEsHCNaX2/AuAAAAIgAAAFBLAQIeAwoACQAAAGOIdl3Wl9vwLgAAACIAAAAIAAAAAAAAAAEAAACkgQAAAABsaXN0LmNzdlBLBQYAAAAAAQAB"
    "ADYAAABkAAAAAAA="
)


@pytest.mark.parametrize("data", [_aes(), CLASSIC], ids=["aes", "classic"])
def test_an_archive_with_a_password(data: bytes) -> None:
    assert record(one(data, "a.zip", password="sesame")) == {"Name": "Ann Lee", "E-mail": "ann@x.example"}
    assert refused(data, "a.zip").code == "password-protected"
    assert refused(data, "a.zip", password="simsalabim").code == "password-protected"


def test_two_levels_of_headers_are_joined_where_names_stand_twice() -> None:
    def fill(book: Any) -> None:
        sheet = book["People"]
        sheet.append(["Name", None, "Home", None, "Work", None])
        sheet.append(["First", "Last", "Phone", "E-mail", "Phone", "E-mail"])
        sheet.append(["Ann", "Lee", "+44 20 7946 0000", "ann@home.example", "+44 20 7946 0001", "ann@work.example"])
        for cells in ("A1:B1", "C1:D1", "E1:F1"):
            sheet.merge_cells(cells)

    table = one(workbook(fill), "a.xlsx")
    assert table.headers == ("First", "Last", "Home | Phone", "Home | E-mail", "Work | Phone", "Work | E-mail")
    assert [(column.field, column.group) for column in table.mapping.columns][2:] == [
        ("phone", "home"), ("email", "home"), ("phone", "work"), ("email", "work")]


def test_the_last_of_two_levels_is_the_header() -> None:
    def fill(book: Any) -> None:
        sheet = book["People"]
        sheet.append(["Person", None, "Contact", None, None])
        sheet.append(["First", "Last", "E-mail", "Phone", "Postcode"])
        sheet.append(["Ann", "Lee", "ann@home.example", "+44 20 7946 0000", "SE1 0ZQ"])
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("C1:E1")

    table = one(workbook(fill), "a.xlsx")
    assert [column.field for column in table.mapping.columns] == [
        "given_name", "family_name", "email", "phone", "postal_code"]


@pytest.mark.parametrize(("above", "below", "joined"), [
    (["All", "All", "All"], ["Name", "Phone", "Phone"], ["Name", "Phone", "Phone"]),       # a title tells nothing apart
    (["", "Home", "Work"], ["Name", "Phone", "phone"], ["Name", "Home | Phone", "Work | phone"]),
    (["Who", "Home"], ["Name", "Phone"], ["Name", "Phone"]),
])
def test_levels_are_joined_only_where_that_tells_apart(above: list[str], below: list[str], joined: list[str]) -> None:
    join_levels(above, below)
    assert below == joined
