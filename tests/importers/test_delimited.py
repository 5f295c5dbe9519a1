
"""Delimited text in all the forms that programs and people give it."""

from __future__ import annotations

import csv
import io
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listmerge.engine import spool
from listmerge.importers import ReadOptions, charset, damage, delimited, irregular, records
from listmerge.importers import fast as regular
from listmerge.importers.dialect import Dialect
from listmerge.model import REPAIRS
from tests.importers.making import codes, fields, one, read_bytes, record, refused, rows

ANN = "Ann,ann@firm.example"
BOB = "Bob,bob@firm.example"
BASE = f"Name,E-mail\n{ANN}\n{BOB}\n"
PLAIN = [("Ann", "ann@firm.example"), ("Bob", "bob@firm.example")]


@pytest.mark.parametrize(
    "text",
    [
        BASE,
        BASE.replace("\n", "\r\n"),
        BASE.replace("\n", "\r"),
        BASE.replace("\n", "\r\r\n"),
        BASE.rstrip("\n"),
        BASE + "\n\n\n",
        BASE + "\x1a",
        BASE.replace(",", ";"),
        BASE.replace(",", "\t"),
        BASE.replace(",", "|"),
        "sep=;\n" + BASE.replace(",", ";"),
        '"sep=|"\r\n' + BASE.replace(",", "|"),
        "\ufeff" + BASE,
        "\ufeff\n" + BASE,
        BASE.replace("Ann,", '"Ann",'),
        BASE.replace("Ann", "A\x00nn"),
        "#TYPE Selected.Contact\n" + BASE,
        "{}\n" + BASE.replace(",", "\t"),
        "My contacts\nprinted: yesterday\n\n" + BASE,
        BASE + "Name,E-mail\n",
        BASE.replace(BOB, f"Name,E-mail\n{BOB}"),
        BASE + "\nTotal,2\n",
        BASE + "\nCopyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\nPage 1 of 1\n",
    ],
)
def test_the_same_two_people_whatever_the_form(text: str) -> None:
    assert rows(one(text)) == PLAIN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_all_its_forms(encoding: str) -> None:
    table = one("Name,E-mail\nJürgen Weißkopf,j@firm.example\n恵子,k@firm.example\n".encode(encoding))
    assert [row[0] for row in rows(table)] == ["Jürgen Weißkopf", "恵子"]
    assert "encoding-guessed" not in codes(table)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ["Jürgen Weißkopf", "Théodore Lefèvre", "Zoë “Z” O’Neil"]),
        ("cp850", ["Jürgen Weißkopf", "Grüne Straße", "Möbel Käß"]),
        ("cp1250", ["Zbyněk Dvořák", "Šárka Čížková", "Łukasz Żółć"]),
        ("cp1251", ["Иван Кузовлёв", "Ольга Щербакова"]),
        ("cp1253", ["Γιώργος Παπαδόπουλος", "Ελένη Οικονόμου"]),
        ("cp1255", ["יעל כהן", "דוד לוי"]),
        ("cp932", ["森永恵子", "つばめ印刷株式会社"]),
        ("mac_roman", ["Jürgen Weißkopf", "Théodore Lefèvre", "Françoise Müller"]),
    ],
)
def test_one_code_page_is_found_for_the_whole_file_and_told(encoding: str, names: list[str]) -> None:
    text = "Name,E-mail\n" + "".join(f"{name},p{number}@firm.example\n" for number, name in enumerate(names))
    table = one(text.encode(encoding))
    assert [row[0] for row in rows(table)] == names
    (issue,) = [issue for issue in table.issues if issue.code == "encoding-guessed"]
    assert any(word in issue.message for name in names for word in name.split())
    assert rows(one(text.encode(encoding), encoding=encoding)) == rows(table)


MIXED = ["Jürgen Weißkopf", "Ángel Íñiguez", "“Zoë” Lefèvre", "Łukasz Łącki"]


@pytest.mark.parametrize(
    ("page", "name", "many"),
    [("cp1252", "Théo Müller", 1), ("cp1252", "Théo Müller", 3_000), ("cp1250", "Zbyněk Čížek", 5)],
)
def test_parts_in_utf8_are_read_with_the_page_of_the_rest_and_told_one_by_one(
    page: str, name: str, many: int
) -> None:
    people = [f"{text} {number}" for number in range(many) for text in MIXED]
    lines = [f"{text},p{number}@firm.example\n".encode() for number, text in enumerate(people)]
    data = b"Full name,E-mail\n" + b"".join(lines) + f"{name},z@firm.example\n".encode(page)
    table = one(data)
    assert table.facts["encoding"] == page and rows(table)[-1][0] == name
    told = [issue for issue in table.issues if issue.code == "mojibake" and issue.source_row]
    assert [issue.suggestion for issue in told] == people[:1_000]
    assert [issue.source_line for issue in told] == list(range(2, 2 + len(told)))
    assert {"encoding-guessed", "encoding-mixed"} <= set(codes(table))
    more = [issue.message for issue in table.issues if issue.code == "mojibake" and not issue.source_row]
    assert more == ([f"The same holds for {len(people) - 1_000:,} cells more of the column."] if many > 1_000 else [])


@given(st.binary(min_size=1, max_size=60).filter(lambda some: not {0, 10, 13, 26, 34, 44} & set(some)))
@settings(max_examples=150, deadline=None)
def test_no_byte_of_a_mixed_text_is_lost(some: bytes) -> None:
    data = b"Full name;E-mail\n" + "Jürgen Weißkopf;j@firm.example\n".encode() + "Théo;".encode("cp1252") + some
    found = charset.guess(data, "list.csv")
    text = charset.decode(data, found)
    if found.encoding not in charset.EAST_ASIAN:
        assert b"".join(damage.byte_of(letter, found.encoding) for letter in text) == data


@pytest.mark.parametrize("text", ["CAFÉ’S, BEYONCÉ’S", "Ça, là – “MÜLLER”", "Åse, Ærø", "PÓŁNOC"])
def test_what_is_rightly_spelt_is_no_damage(text: str) -> None:
    table = one(f"Company,E-mail,Notes\n\"{text}\",a@firm.example,\"{text}\"\n")
    assert "mojibake" not in codes(table)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Jürgen".encode("cp1252"), "utf-8"),
        (b"Ann,a@b.example", "utf-16"),
        ("Jürgen ß".encode(), "ascii"),
        (b"\x81\x8d", "cp1252"),
    ],
)
def test_a_wrong_encoding_is_an_error(data: bytes, encoding: str) -> None:
    assert refused(b"Name,E-mail\n" + data + b",a@b.example\n", encoding=encoding).code == "encoding"


def test_nothing_is_guessed_to_be_a_number_or_missing() -> None:
    cells = [
        "01067",
        "NA",
        "Null",
        "None",
        "1234567890123456789",
        "1e5",
        "true",
        "2024-01-05",
        "-",
        "inf",
        "0x10",
        "1,5",
    ]
    text = "E-mail,Note\n" + "".join(f'p{number}@firm.example,"{cell}"\n' for number, cell in enumerate(cells))
    assert [row[1] for row in rows(one(text))] == cells


def test_guards_are_taken_off_once_and_only_guards() -> None:
    pairs = {
        "'+44 20 7946 0000": "+44 20 7946 0000",
        "'01067": "01067",
        '"=""00481"""': "00481",
        "'=1+1": "=1+1",
        "''=1": "'=1",
        "'t Hooft": "'t Hooft",
        "'90s music": "'90s music",
        "=1+1": "=1+1",
        "@x": "@x",
    }
    text = "E-mail,Note\n" + "".join(f"p{number}@firm.example,{cell}\n" for number, cell in enumerate(pairs))
    table = one(text)
    assert [row[1] for row in rows(table)] == list(pairs.values())
    assert set(codes(table)) == {"guard-removed"}


def test_lines_are_those_that_a_person_sees() -> None:
    table = one('Report\n\nName,E-mail\n"Ann\nof Ayr",ann@firm.example\n\nBob,bob@firm.example\n')
    assert table.lines.to_pylist() == [4, 7]
    assert table.facts["header_line"] == "3"


def test_short_rows_are_padded_and_long_ones_are_told() -> None:
    text = "E-mail,Name,City\nann@firm.example,Ann\nbob@firm.example,Bob,Ayr,,\ncid@firm.example,Cid,Ayr,more\nSmith, Dan,dan@firm.example,Ayr\n"
    table = one(text)
    assert table.rejected.to_pylist() == ["", "", "", "ragged-row"]
    assert [(issue.code, issue.source_row, issue.source_line) for issue in table.issues] == [
        ("ragged-row", 4, 5),
        ("ragged-row", 3, 4),
    ]
    assert rows(table)[2][:4] == ("cid@firm.example", "Cid", "Ayr", "more")


def test_an_open_quotation_mark_costs_one_line() -> None:
    people = "".join(f"Person {number},p{number}@firm.example\n" for number in range(120))
    table = one(f'Name,E-mail\nAnn,ann@firm.example\n"Bob,bob@firm.example\n{people}')
    assert len(rows(table)) == 122
    assert [issue.source_line for issue in table.issues if issue.code == "unbalanced-quote"] == [3]
    assert rows(table)[2] == ("Person 0", "p0@firm.example")


def test_two_open_quotation_marks_do_not_make_one_record() -> None:
    table = one('Name,E-mail\n"Ann,ann@firm.example\n"Bob,bob@firm.example\nCid,cid@firm.example\n')
    assert [row[1] for row in rows(table)] == ["ann@firm.example", "bob@firm.example", "cid@firm.example"]
    assert codes(table).count("unbalanced-quote") == 2


def test_backslash_escapes_and_literal_quotes() -> None:
    backslash = one('Name,E-mail\n"Ann \\"Annie\\" Lee, Dr",ann@firm.example\n"Bob",bob@firm.example\n')
    assert rows(backslash)[0] == ('Ann "Annie" Lee, Dr', "ann@firm.example")
    ends = one('"Name","Folder","E-mail"\n"Ann \\"Annie\\"","x","ann@firm.example"\n"Bob","y","bob@firm.example"\n')
    assert rows(ends)[0] == ('Ann "Annie"', "x", "ann@firm.example")
    path = one('"Folder","E-mail"\n"C:\\Temp\\","ann@firm.example"\n"D:\\","bob@firm.example"\n')
    assert [row[0] for row in rows(path)] == ["C:\\Temp\\", "D:\\"]
    literal = one('Name\tE-mail\n"Mug\tann@firm.example\nMug "Harbour"\tbob@firm.example\n')
    assert [row[1] for row in rows(literal)] == ["ann@firm.example", "bob@firm.example"]


def test_several_tables_in_one_file() -> None:
    table, second = delimited.read(
        b"Attendee Details\nName,E-mail\nAnn,ann@firm.example\n\nPanelist Details\nFirst Name,Last Name,E-mail\nBob,Bell,bob@firm.example\n",
        "zoom.csv",
        __import__("listmerge.importers").importers.ReadOptions(),
    )
    assert rows(table) == [("Ann", "ann@firm.example", "")]
    assert second.name == "zoom.csv!Panelist Details"
    assert record(second) == {"First Name": "Bob", "Last Name": "Bell", "E-mail": "bob@firm.example"}
    assert (second.structure_rows, second.structure_cells, second.lines.to_pylist()) == (2, 4, [7])


def test_a_section_without_known_words_makes_no_contacts() -> None:
    table = one("Attendee Details\nName,E-mail,Join time\nAnn Lee,ann@firm.example,10:00\n\n"
                "Other Attended\nUser,Join time\n441134960000,11:00\n", "zoom.csv")
    assert rows(table) == [("Ann Lee", "ann@firm.example", "10:00")]
    assert "section-ignored" in codes(table)


def test_duplicate_and_empty_headers_keep_their_place() -> None:
    table = one(",Phone,Phone,E-mail\nx,+44 20 7946 0001,+44 20 7946 0002,ann@firm.example\n")
    assert table.headers == ("", "Phone", "Phone", "E-mail")
    assert [column.index for column in table.mapping.columns if column.field == "phone"] == [1, 2]


def test_no_header() -> None:
    table = one("Ann,Lee,ann@firm.example\nBob,Bell,bob@firm.example\n")
    assert len(rows(table)) == 2
    assert table.structure_rows == 0
    assert "email" in fields(table).values()


def test_a_total_that_is_a_company_stays() -> None:
    table = one("Company,E-mail,City\nTotal,info@total.example,Paris\nSum,,Oslo\nTotal,,\n")
    assert [row[0] for row in rows(table)] == ["Total", "Sum"]


def test_damaged_texts_are_told_with_a_suggestion() -> None:
    table = one("Name,E-mail,City\nJÃ¼rgen MÃ¶ller,j@firm.example,Gda?sk\nAnn,a@firm.example,#N/A\n")
    told = {issue.code: issue for issue in table.issues}
    assert told["mojibake"].suggestion == "Jürgen Möller"
    assert (told["lost-letter"].value, told["lost-letter"].field) == ("Gda?sk", "City")
    assert "#N/A" in table.mapping.null_words
    assert rows(table)[0][0] == "JÃ¼rgen MÃ¶ller"


# --- the fast path ----------------------------------------------------------------------------------------------------

CELLS = st.text(st.sampled_from("ab,\"\n\r 'é恵;=+0"), max_size=6)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=4, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(CELLS, max_size=4),
)
def test_the_fast_path_gives_what_the_csv_module_gives(body: list[list[str]], end: str, preamble: list[str]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerows([[cell] for cell in preamble])
    writer.writerows(body)
    _assert_equal(out.getvalue())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from('ab,"\n\r é'), max_size=12), min_size=3, max_size=10))
def test_the_fast_path_is_never_wrong_on_any_text(lines: list[str]) -> None:
    _assert_equal("\n".join(lines))


def _assert_equal(text: str, folder: Path | None = None) -> None:
    data = text.encode()
    slow = delimited.read_sheet(data, "x", fast=False)
    saved, delimited.FAST_FROM = delimited.FAST_FROM, 0
    try:
        fast = delimited.read_sheet(data, "x", scratch=folder)
    finally:
        delimited.FAST_FROM = saved
    assert fast.cells.to_pylist() == slow.cells.to_pylist()
    assert fast.lines.to_pylist() == slow.lines.to_pylist()
    assert fast.cleaned == slow.cleaned


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["'=1", "a\xa0b", "\u200b", "x"])), min_size=3, max_size=30),
    st.sampled_from(["\n", "\r\n", "\r\r\n"]), st.integers(1, 200))
def test_the_size_of_the_pieces_changes_nothing(tmp_path: Path, rows: Any, end: str, size: int) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        _set_pieces(size, patch)
        _assert_equal(out.getvalue(), tmp_path)


def _set_pieces(size: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(spool, "PIECE", size)
    patch.setattr(regular, "FED", size)


@pytest.mark.parametrize("size", range(1, 40))
def test_a_line_end_in_quotes_is_whole_wherever_the_pieces_end(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_pieces(size, monkeypatch)
    _assert_equal('a,b\r\n1,"x\r\ny"\r\n2,"\r\n"\r\n3,"\r\r\nz\r"\r\n4,w\r\n')


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("size", [3, 7, 1 << 20])
def test_a_text_of_any_code_page_is_the_same_in_pieces(
    encoding: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("Name;E-mail\r\r\n" + "Zoë Müller;zoe@firm.example\r\r\n" * 50).encode(encoding)
    whole = one(data)
    _set_pieces(size, monkeypatch)
    table, = delimited.read(data, "list.csv", ReadOptions(scratch=tmp_path))
    assert (rows(table), table.lines) == (rows(whole), whole.lines)
    assert not list(tmp_path.iterdir())


def test_a_regular_file_takes_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "".join(f'{number},"Ann\nLee",p{number}@firm.example\n' for number in range(40_000))
    monkeypatch.setattr(irregular, "read_table", lambda *args: pytest.fail("not regular"))
    table = one("No,Name,E-mail\n" + body)
    assert table.lines[-1].as_py() == 2 + 2 * 39_999
    assert len(table.rows) == 40_000


RAGGED = st.text(st.sampled_from('ab,"\n\r é\x0b\x85'), max_size=12)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RAGGED, min_size=1, max_size=12), st.integers(1, 5), st.integers(1, 9), st.integers(2, 5))
def test_an_irregular_text_is_the_same_in_batches(
    tmp_path: Path, lines: list[str], batch: int, piece: int, most: int
) -> None:
    data = "\n".join(lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "MOST_LINES", most)
        whole = delimited.read_sheet(data, "x", fast=False)
        patch.setattr(irregular, "BATCH", batch)
        patch.setattr(spool, "PIECE", piece)
        parts = delimited.read_sheet(data, "x", fast=False, scratch=tmp_path)
    assert parts.cells.to_pylist() == whole.cells.to_pylist()
    assert (parts.lines, parts.issues, parts.cleaned) == (whole.lines, whole.issues, whole.cleaned)


def test_records_are_read_from_lines_without_end() -> None:
    lines = chain(['a,b\n', '"open,1\n'], repeat("x,y\n"))
    found = list(islice(records.Records(lines, Dialect(), 2), 5_000))
    assert found[:3] == [(["a", "b"], 1), (['"open', "1"], 2), (["x", "y"], 3)]
    assert found[-1] == (["x", "y"], 5_000)


def test_irregular_records_do_not_stay_in_memory(tmp_path: Path) -> None:
    body = "".join(f'{number},"Ann Lee",ann{number}@x.example{",more" * (number % 3)}\n\n' for number in range(60_000))
    before = pa.total_allocated_bytes()
    table, = delimited.read(("No,Name,E-mail\n" + body).encode(), "x", ReadOptions(scratch=tmp_path))
    assert len(table.rows) == 60_000 and table.cells.num_columns > 3
    assert pa.total_allocated_bytes() - before < 40 * 60_000 < table.cells.get_total_buffer_size()


def test_the_books_balance_on_the_samples() -> None:
    folder = Path(__file__).parent.parent / "samples"
    for path in sorted(folder.glob("*.csv")):
        data = path.read_bytes()
        if path.name.startswith("_"):
            continue
        sheet = delimited.read_sheet(data, path.name)
        filled = sum(
            bool(cell.strip("\x00\u00a0 \x0b\u200b")) for row in sheet.cells.to_pylist() for cell in row.values()
        )
        table = one(data, path.name)
        kept = sum(bool(cell) for row in rows(table) for cell in row)
        assert kept + table.structure_cells == filled, path.name


def test_what_was_taken_off_is_told_row_by_row() -> None:
    text = "Exported by me\nName,E-mail,Phone\nAnn Lee,ann@x.example,'+44 20 7946 0000\n\nBob\u200b Ray,bob@x.example,'0044 20\n"
    found = [(issue.code, issue.value, issue.field, issue.source_row, issue.source_line) for issue in one(text).issues
             if issue.code in ("guard-removed", "invisible-characters")]
    assert found == [("invisible-characters", "Bob\u200b Ray", "Name", 2, 5),
                     ("guard-removed", "'+44 20 7946 0000", "Phone", 1, 3), ("guard-removed", "'0044 20", "Phone", 2, 5)]


@pytest.mark.parametrize("fast", [True, False])
def test_of_very_many_the_rest_is_counted(fast: bool) -> None:
    body = "".join(f"Ann Lee {number},ann{number}@x.example,'+4420794{number:05}\n" for number in range(40_000))
    sheet = delimited.read_sheet(("Name,E-mail,Phone\n" + body).encode(), "a.csv", fast=fast)
    assert sheet.cleaned and len(sheet.cleaned) == 1001
    assert [(issue.source_row, issue.source_line) for issue in sheet.cleaned[:2]] == [(2, 2), (3, 3)]
    assert sheet.cleaned[-1].message == "The same was done in 39,000 cells more of the column."


MYOB = ("Co./Last Name", "First Name", "Card ID", "Addr 1 - Line 1", "Addr 1 - City", "Addr 1 - Email", "Notes")


def test_braces_that_myob_leaves_around_values_are_taken_off_and_told() -> None:
    table = one("{}\n" + "\t".join(MYOB) + "\n"
                "{Hale Foods Ltd}\t{}\tC1\t{1 High St}\tLeeds\t{ann@hale.example}\tsays {so} {twice\n"
                "Rye\tBob\tC2\t4 {Elm} St\tBath\tbob@rye.example\t\n")
    assert rows(table) == [("Hale Foods Ltd", "", "C1", "1 High St", "Leeds", "ann@hale.example", "says {so} {twice"),
                           ("Rye", "Bob", "C2", "4 {Elm} St", "Bath", "bob@rye.example", "")]
    told = [(issue.source_row, issue.source_line, issue.field, issue.value) for issue in table.issues
            if issue.code == "braces-removed"]
    assert told == [(1, 3, "Co./Last Name", "{Hale Foods Ltd}"), (1, 3, "First Name", "{}"),
                    (1, 3, "Addr 1 - Line 1", "{1 High St}"), (1, 3, "Addr 1 - Email", "{ann@hale.example}")]
    assert {issue.code for issue in table.issues} & set(REPAIRS) == {"braces-removed"}


def test_braces_of_other_lists_stay() -> None:
    table = one("Name,E-mail,Street\nAnn,ann@hale.example,{1 High St}\n")
    assert rows(table)[0][2] == "{1 High St}"


@pytest.mark.parametrize("blank", ["\n", "\r\n", " \n", ";;\n", "\t\n"])
@pytest.mark.parametrize("many", [31, 41, 500, 300_000])
def test_a_list_may_begin_below_any_number_of_blank_lines(blank: str, many: int) -> None:
    table = one(blank * many + "Name;E-mail;City\nAnn;ann@firm.example;Leeds\nBob;bob@firm.example;Bath\n")
    assert rows(table) == [("Ann", "ann@firm.example", "Leeds"), ("Bob", "bob@firm.example", "Bath")]
    assert table.lines.to_pylist() == [many + 2, many + 3]
    assert (table.structure_rows, table.facts["header_line"]) == (1, str(many + 1))


def test_blank_lines_between_a_title_and_its_list_do_not_count() -> None:
    table = one("Our friends\n" + "\n" * 60 + "printed yesterday\n" + "\n" * 60 + BASE)
    assert rows(table) == PLAIN and table.structure_rows == 3


def test_sections_that_stand_far_apart_are_tables_of_their_own() -> None:
    text = "\n" * 70 + "Customers\nName,E-mail\nAnn,ann@firm.example\n" + "\n" * 70 + "Suppliers\nFirm,E-mail\nX Ltd,x@firm.example\n"
    found = read_bytes(text.encode())
    assert [(table.name, rows(table)) for table in found] == [
        ("list.csv!Customers", [("Ann", "ann@firm.example")]), ("list.csv!Suppliers", [("X Ltd", "x@firm.example")])]
    assert [table.lines.to_pylist() for table in found] == [[73], [146]]
