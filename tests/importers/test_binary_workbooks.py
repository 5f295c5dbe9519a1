"""Workbooks of binary records, .xls and .xlsb: what stands beside the values is found as in an .xlsx, or it is told."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import python_calamine
import xlrd
from msoffcrypto.format.ooxml import OOXMLFile

from listmerge.errors import InputError
from listmerge.importers import ReadOptions, beside, excel, numberformats, xlsbrecords, xlsrecords
from listmerge.importers.grids import as_text
from tests.importers import xls
from tests.importers.hostile import zipped
from tests.importers.making import FORMATTED, codes, one, read_bytes, record, refused, rows
from tests.importers.mutation import mutated
from tests.importers.xlsb import Sheet, xlsb

BOOKS = Path(__file__).parent / "workbooks"
FORMATS = (BOOKS / "formats.xls").read_bytes()          # LibreOffice made it and the .ods from the .xlsx beside them
CELLS = [["Name", "E-mail", "Zip"], ["Ann Lee", "ann@x.example", (1067, 1)]]


@pytest.mark.parametrize("name", ["formats.xls", "formats.ods"])
def test_it_is_read_as_the_xlsx_that_it_was(name: str) -> None:
    new, old = (read_bytes((BOOKS / each).read_bytes(), "a") for each in ("formats.xlsx", name))
    assert [(table.name, table.headers, rows(table), table.lines.to_pylist(), table.facts) for table in old] == [
        (table.name, table.headers, rows(table), table.lines.to_pylist(), table.facts) for table in new]
    told = [[(issue.code, issue.value, issue.source_line) for issue in table.issues if issue.code != "hidden-sheet"]
            for tables in (new, old) for table in tables]
    assert told[:2] == told[2:]
    assert record(old[0]) == {
        "Id": "C007", "First": "Ann", "Last": "Lee", "Home | Phone": "+442079460000",
        "Home | E-mail": "ann@home.example", "Work | Phone": "+44 20 7946 0001", "Work | E-mail": "ann@work.example",
        "Zip": "01067", "Since": "2024-02-20", "Share": "50%", "Long": "1234567890123456",
        "Seen": "2024-02-20T09:05:00", "Tel": "(20) 7946 0000"}
    assert codes(old[0]) == ["hidden-rows", "link-differs", "columns-not-used", "hidden-sheet"]


@pytest.mark.parametrize("name", ["formats.xls", "formats.ods"])
def test_only_what_is_visible(name: str) -> None:
    first = read_bytes((BOOKS / name).read_bytes(), name, visible_only=True)[0]
    assert ("Id" in first.headers, first.lines.to_pylist()) == (False, [3, 5])


def test_xlrd_finds_the_same_in_an_xls() -> None:
    book = xlrd.open_workbook(file_contents=FORMATS, formatting_info=True)
    for sheet, found in zip(book.sheets(), xlsrecords.look(FORMATS), strict=True):
        styles = {(row, column): book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str
                  for row in range(sheet.nrows) for column in range(sheet.ncols)
                  if sheet.cell_type(row, column) == xlrd.XL_CELL_NUMBER}
        assert sorted(found.padded) == [(row + 1, column, code) for (row, column), style in sorted(styles.items())
                                        if (code := numberformats.padding(style))]
        assert found.hidden_rows == {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
        assert found.hidden_columns == {column for column, info in sheet.colinfo_map.items() if info.hidden}
        assert sorted(found.merged) == sorted((row + 1, left, end, right - 1)
                                              for row, end, left, right in sheet.merged_cells)
        assert found.links == [(link.frowx + 1, link.fcolx, link.url_or_path) for link in sheet.hyperlink_list]


@pytest.mark.parametrize("version", [xls.EXCEL_95, xls.EXCEL_97])
def test_an_xls_of_old(version: int) -> None:
    table = one(xls.xls(xls.rows(CELLS, version), ["00000"], version), "a.xls")
    assert (rows(table), codes(table)) == ([("Ann Lee", "ann@x.example", "01067")], [])


PEOPLE_IN_ROWS = Sheet(
    [["Id", "Name", "", "Home", "", "Zip", "Since", "Seen", "Share"],
     ["Id", "First", "Last", "Phone", "E-mail", "Zip", "Since", "Seen", "Share"],
     [(7, 2), "Ann", "Lee", (442079460000, 3), "ann@home.example", (1067, 1), (45342, 4), (45342.5, 6), (0.5, 5)],
     [(8, 2), "Bob", "Bell", (442079460002, 3), "write to Bob", (2116, 1), (28921, 4), (28921.5, 6), (0.25, 5)],
     [(9, 2), "Cy", "Dole", (442079460003, 3), "cy@home.example", (99999, 1), (28922, 4), "", (0.75, 5)]],
    formats=["00000", '"C"000', "+0", "yyyy-mm-dd", "0%", "dd.mm.yy hh:mm"], hidden_rows=frozenset({3}),
    hidden_columns=frozenset({0}), merged=[(0, 1, 0, 2), (0, 3, 0, 4)], links={(3, 4): "mailto:bob@home.example?subject=x"})


def test_an_xlsb() -> None:
    table = one(xlsb(PEOPLE_IN_ROWS), "a.xlsb")
    assert rows(table) == [
        ("C007", "Ann", "Lee", "+442079460000", "ann@home.example", "01067", "2024-02-20", "2024-02-20T12:00:00", "50%"),
        ("C008", "Bob", "Bell", "+442079460002", "bob@home.example", "02116", "1979-03-07", "1979-03-07T12:00:00", "25%"),
        ("C009", "Cy", "Dole", "+442079460003", "cy@home.example", "99999", "1979-03-08", "", "75%")]
    assert codes(table) == ["hidden-rows", "link-differs", "columns-not-used"]
    assert (table.facts["hidden rows"], table.facts["hidden columns"]) == ("1", "1")
    visible = one(xlsb(PEOPLE_IN_ROWS), "a.xlsb", visible_only=True)
    assert ("Id" in visible.headers, visible.lines.to_pylist()) == (False, [3, 5])


def test_merged_headers_of_an_xlsb() -> None:
    sheet = Sheet([["Name", "Home", "", "Work", ""], ["Name", "Phone", "E-mail", "Phone", "E-mail"],
                   ["Ann Lee", "020 7946 0000", "ann@home.example", "020 7946 0001", "ann@work.example"]],
                  merged=[(0, 1, 0, 2), (0, 3, 0, 4)])
    assert one(xlsb(sheet), "a.xlsb").headers == (
        "Name", "Home | Phone", "Home | E-mail", "Work | Phone", "Work | E-mail")


def test_the_date_system_of_1904_in_an_xlsb() -> None:
    sheet = Sheet([["E-mail", "Birthday"], ["a@x.example", (27459, 1)]], ["d. mmmm yyyy"], of_1904=True)
    assert record(one(xlsb(sheet), "a.xlsb"))["Birthday"] == "1979-03-07"


@pytest.mark.parametrize(("code", "is_date"), [
    ("yyyy-mm-dd", True), ("[$-407]d. mmmm", True), ("D.M.YY;@", True), ('"day "00000', False), ("[Red]0", False),
    ("0\\d", False), ("00000_d", False), ("hh:mm", False), ("General", False), ("", False),
])
def test_formats_of_dates(code: str, is_date: bool) -> None:
    assert numberformats.is_date(code) is is_date


@pytest.mark.parametrize("kind", ["xls", "xlsb"])
def test_formats_with_conditions_and_percentages(kind: str) -> None:
    cells = [["E-mail", *(header for header, *_ in FORMATTED)],
             ["a@x.example", *((value, style) for style, (_, value, *_) in enumerate(FORMATTED, 1))]]
    formats = [code for _, _, code, _ in FORMATTED]
    book = xls.xls(xls.rows(cells), formats) if kind == "xls" else xlsb(Sheet(cells, formats))
    assert record(one(book, f"a.{kind}")) == {"E-mail": "a@x.example",
                                              **{header: text for header, _, _, text in FORMATTED}}


# --- what cannot be found is told --------------------------------------------------------------------------------------


def test_an_xls_whose_formats_cannot_be_read_is_read_without() -> None:
    whole = xls.xls(xls.rows(CELLS), ["00000"])
    data = whole.replace(xls.stream([xls.ENDS]) + bytes(8), xls.stream([(0x000B, b"")]) + bytes(8))
    table = one(data, "a.xls")
    assert rows(table) == [("Ann Lee", "ann@x.example", "1067")]
    (issue,) = table.issues
    assert issue.code == "formats-not-read"
    assert "zeros in front" in issue.message and "it ends within a sheet" in issue.message


def test_a_number_where_there_is_no_cell_makes_the_rest_untrue() -> None:
    found = beside.Found(padded=[(1, 0, "00000"), (3, 0, "00000")], hidden_rows={1}, numbers=True)
    assert found.agreeing([[1.0], [2.0], [3.0]]) is found
    assert found.agreeing([[1.0], [2.0]]) == beside.Found(unread="two readers see different cells")


def test_two_sheets_at_one_place_are_not_looked_at() -> None:
    sheets = [(0x0085, struct.pack("<IH", 0, 0) + b"\x01\x00A")] * 2
    begin = (0x0809, struct.pack("<HHHH", xls.EXCEL_97, 5, 0, 0))
    with pytest.raises(beside.Unreadable, match="at one place"):
        xlsrecords.look(xls.container(xls.stream([begin, *sheets, xls.ENDS])))


def _zeroed(data: bytes, seed: int) -> bytes:
    at = random.Random(seed).randrange(len(data) - 64)
    return data[:at] + bytes(64) + data[at + 64:]


def test_damage_costs_no_more_than_a_sound_workbook() -> None:
    damaged = [mutated(FORMATS, seed) for seed in range(300)] + [_zeroed(FORMATS, seed) for seed in range(300)]
    sound = 0
    before = time.process_time()
    for data in damaged:
        try:
            sound += len(xlsrecords.look(data)) > 0
        except beside.Unreadable as error:
            assert str(error)
    assert sound > 50
    assert time.process_time() - before < 10


def test_damaged_parts_of_an_xlsb_are_unreadable_and_nothing_else() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsb(PEOPLE_IN_ROWS))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for seed, name in enumerate(name for name in parts if name.endswith(".bin") for _ in range(100)):
        with zipfile.ZipFile(io.BytesIO(zipped(parts | {name: mutated(parts[name], seed)}))) as archive:
            try:
                assert len(xlsbrecords.look(archive)) <= 2
            except beside.Unreadable as error:
                assert str(error)


# --- passwords ---------------------------------------------------------------------------------------------------------


def test_an_xls_with_a_password_is_opened_with_it_alone() -> None:
    data = (BOOKS / "sesame.xls").read_bytes()
    table = one(data, "a.xls", password="sesame")
    assert (rows(table), codes(table)) == ([("Ann Lee", "ann@x.example", "01067")], [])
    assert refused(data, "a.xls").code == "password-protected"
    wrong = refused(data, "a.xls", password="open sesame")
    assert (wrong.code, "does not open it" in wrong.what) == ("password-protected", True)


def test_a_damaged_workbook_with_a_password_is_one_error() -> None:
    data = (BOOKS / "sesame.xls").read_bytes()
    for seed in range(150):
        for password in ("sesame", ""):
            try:
                assert excel.decrypted(mutated(data, seed), "a.xls", password)
            except InputError as error:
                assert error.code in ("password-protected", "damaged-file")


def test_a_panic_of_the_reader_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As calamine raises it."""

    def panics(*_: object) -> None:
        raise PanicException("slice index")

    monkeypatch.setattr(python_calamine.CalamineWorkbook, "from_filelike", panics, raising=True)
    with pytest.raises(InputError, match="slice index"):
        excel.extract(FORMATS, "a.xls", ReadOptions())


def test_a_workbook_that_excel_opens_without_asking() -> None:
    locked = io.BytesIO()
    with (BOOKS / "formats.xlsx").open("rb") as plain:
        OOXMLFile(plain).encrypt("VelvetSweatshop", locked)
    assert [table.name for table in read_bytes(locked.getvalue(), "a.xlsx")] == ["a.xlsx!Customers", "a.xlsx!Straße 2"]


# --- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "text"), [
    (999999999999999.0, "999999999999999"),
    (1234567890123456.0, "1234567890123456"),
    (1234567890123450.0, "1.23456789012345E+15"),       # Excel keeps 15 digits: the last may have been another
    (-1234567890123450.0, "-1.23456789012345E+15"),
    (1e15, "1E+15"),
    (12345678901234567890.0, "1.2345678901234567E+19"),
    (0.5, "0.5"),
    (7, "7"),
    (True, "TRUE"),
    (date(2024, 2, 20), "2024-02-20"),
    (datetime(2024, 2, 20), "2024-02-20"),
])
def test_cells_as_text(number: object, text: str) -> None:
    assert as_text(number) == text


def test_all_whole_numbers_that_differ_differ_as_texts() -> None:
    numbers = [float(10**15 + step) for step in range(-20, 30)]
    assert all(as_text(one) != as_text(other) for one, other in pairwise(numbers))
