"""vCards of all versions and makers: properties, charsets, and what is broken in them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from vobject.base import ParseError, getLogicalLines, parseLine

from listmerge.importers import read
from listmerge.importers.cards import numbered_lines, properties, split
from tests.importers.making import codes, fields, one, record, refused

SAMPLES = Path(__file__).parent.parent / "samples"


def card(*lines: str, end: str = "\r\n") -> str:
    return end.join(["BEGIN:VCARD", *lines, "END:VCARD", ""])


@pytest.mark.parametrize(
    ("line", "header", "text"),
    [
        ("FN:Smith, John", "FN", "Smith, John"),
        ("FN:Smith\\, John", "FN", "Smith, John"),
        ("TITLE:Buyer, Outdoor", "TITLE", "Buyer, Outdoor"),
        ("NOTE:one\\ntwo\\, three\\; four \\\\ five", "NOTE", "one\ntwo, three; four \\ five"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:J=C3=BCr=\r\ngen=0D=0Atwo", "NOTE", "Jürgen\r\ntwo"),
        ("NOTE;QUOTED-PRINTABLE;CHARSET=Windows-1252:J=FCrgen", "NOTE", "Jürgen"),
        ("NOTE;encoding=quoted-printable;charset=nonsense:J=FCrgen", "NOTE", "Jürgen"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:=E6=81=\r\n=B5", "NOTE", "恵"),
        ("NOTE:a folded\r\n  line", "NOTE", "a folded line"),
        ("NOTE:not folded\r\nat all", "NOTE", "not folded\nat all"),
        ("N:Doe;John;Richter,James;Dr.;Jr.", "N.additional", "Richter,James"),
        ("N:;A\\;B;;;", "N.given", "A;B"),
        ("ORG:Firm\\, Ltd;Sales;North", "ORG.unit", "Sales, North"),
        ("EMAIL;VALUE=uri:mailto:a@firm.example", "EMAIL.1", "a@firm.example"),
        ('TEL;VALUE=uri;TYPE="work,voice":tel:+44-20-7946-0000;ext=12', "TEL.1", "+44-20-7946-0000;ext=12"),
        ("TEL;WORK;FAX:+44 20 7946 0000", "TEL.1.label", "work fax"),
        ("item1.TEL:+44 20 7946 0000\r\nitem1.X-ABLabel:_$!<HomeFAX>!$_", "TEL.1.label", "HomeFAX"),
        ("ADR;WORK:;;14 Row\\nUnit 3;London;;SE1 0ZQ;UK", "ADR.1.street", "14 Row\nUnit 3"),
        ("LABEL;WORK:14 Row\\nLondon", "ADDRESS.1", "14 Row\nLondon"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-09", "BDAY", "--05-09"),
        ("CATEGORIES:a,b\\,c,d;e", "CATEGORIES", "a; b,c; d\\;e"),
        ("X-ABShowAs:COMPANY", "KIND", "org"),
        ("x-thing:kept", "X-THING", "kept"),
        ("URL:https\\://firm.example", "URL.1", "https://firm.example"),
    ],
)
def test_one_property(line: str, header: str, text: str) -> None:
    assert record(one(card("FN:Ann", line) if not line.startswith("FN") else card(line), "a.vcf"))[header] == text


def test_the_preferred_value_comes_first() -> None:
    found = record(
        one(card("EMAIL:b@firm.example", "EMAIL;PREF=1:a@firm.example", "TEL:1", "TEL;type=pref:2"), "a.vcf")
    )
    assert (found["EMAIL.1"], found["EMAIL.2"], found["TEL.1"]) == ("a@firm.example", "b@firm.example", "2")


def test_numbers_become_groups() -> None:
    table = one(card("TEL:1", "TEL;CELL:2", "ADR:;;Row 1;Ayr;;;"), "a.vcf")
    by_header = {column.header: (column.field, column.group) for column in table.mapping.columns}
    assert by_header["TEL.2"] == ("phone", "2")
    assert by_header["TEL.2.label"] == ("phone_label", "2")
    assert by_header["ADR.1.city"] == ("city", "1")


def test_a_name_that_is_the_address_is_no_name() -> None:
    table = one(card("FN:Ann@firm.example", "EMAIL:ann@firm.example"), "a.vcf")
    assert fields(table)["FN.is-email"] == "ignore"


def test_photos_are_left_out_and_counted() -> None:
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJ\r\nRgABAQ==\r\n"
    table = one(card("FN:Ann", photo, "PHOTO:data:image/jpeg;base64,AAAA", "NOTE:x"), "a.vcf")
    assert set(record(table)) == {"FN", "NOTE"}
    assert table.facts["pictures and keys left out"] == "2"


def test_groups_are_rejected_and_cards_within_cards_are_their_own() -> None:
    text = card("FN:All", "KIND:group", "MEMBER:urn:uuid:1") + card("N:parent", card("N:nest").strip(), "TEL:1")
    table = one(text + card("FN:Boss", "AGENT:", card("FN:Agent").strip()), "a.vcf")
    assert table.rejected.to_pylist() == ["group", "", "", ""]
    assert record(table, 2) == {"N.family": "parent", "TEL.1": "1"}
    assert record(table, 4) == {"FN": "Boss"}


def test_a_broken_card_does_not_lose_the_others() -> None:
    table = one(
        card("FN:Ann", "nonsense", ";:;:", "EMAIL;=;==:a@firm.example") + "BEGIN:VCARD\r\nFN:Cut\r\n" + card("FN:Bob"),
        "a.vcf",
    )
    assert [record(table, row)["FN"] for row in (1, 2, 3)] == ["Ann\nnonsense\n;:;:", "Cut", "Bob"]
    assert record(table)["EMAIL.1"] == "a@firm.example"
    assert [(issue.code, issue.source_row) for issue in table.issues] == [("stray-line", 1), ("unclosed-card", 2)]
    assert table.lines.to_pylist() == [1, 7, 9]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "cp1250", "cp1252"])
def test_encodings(encoding: str) -> None:
    name = "Zbyněk Dvořák" if encoding == "cp1250" else "Jürgen Weißkopf"
    assert record(one(card(f"FN:{name}", "ORG:Möbel").encode(encoding), "a.vcf"))["FN"] == name


def test_each_property_has_its_own_charset() -> None:
    raw = card("FN:Jürgen").encode("utf-8") + card("FN;CHARSET=ISO-8859-1:Jürgen").encode("latin-1")
    table = one(raw, "a.vcf")
    assert [record(table, row)["FN"] for row in (1, 2)] == ["Jürgen", "Jürgen"]
    assert "encoding-guessed" not in codes(table)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_line_ends(end: str) -> None:
    assert record(one(card("FN:Ann", "NOTE:a", " b", end=end), "a.vcf")) == {"FN": "Ann", "NOTE": "ab"}


def test_an_empty_card_is_no_list() -> None:
    assert refused(card(), "a.vcf").code == "no-records"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.vcf")), ids=lambda path: path.name)
def test_the_line_layer_gives_what_that_of_vobject_gives(path: Path) -> None:
    """Names and raw values of all text properties, in order; vobject keeps soft breaks, which are taken out here."""
    text = path.read_bytes().decode("latin-1").replace("\r\n", "\n")
    theirs = []
    for line, number in getLogicalLines(io.StringIO(text), True):
        try:
            name, params, value, _ = parseLine(line, number)
        except ParseError:
            continue
        if not any(word.upper() in ("B", "BASE64") for param in params for word in param):
            theirs.append((name.upper(), re.sub(r"=\n|=$", "", value)))
    ours = [
        (each.name, "".join(each.raw).removesuffix("="))
        for each in properties(numbered_lines(path.read_bytes()))
        if not each.is_binary
    ]
    assert ours == theirs


def test_split_keeps_escaped_separators() -> None:
    assert split("a\\;b;c\\\\;d", ";") == ["a;b", "c\\", "d"]


def test_every_card_of_the_public_suites_is_read(shared: Path) -> None:
    for path in sorted((shared / "vcards").rglob("*.vcf")):
        data = path.read_bytes()
        text = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("latin-1")
        cards = len(re.findall(r"BEGIN[ \t]*:[ \t]*VCARD", text, re.I))
        if not cards:
            continue
        (table,) = read(path, path.name)
        assert len(table.rows) == cards, path.name
        values = [cell for row in table.cells.to_pylist() for cell in row.values()]
        assert sum(cell.count("@") for cell in values) >= len(set(re.findall(r"(?m)^EMAIL[^\n:]*:[^\n]*@", text))), (
            path.name
        )
