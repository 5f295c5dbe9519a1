"""Cards: vobject, which many programs use, reads back what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from listmerge.exporters.vcard import card, several, write_vcards, write_vcards_4

FULL = {
    "master_id": "M0000000000000001", "kind": "person", "full_name": "Dr. Zoë O’Neil, PhD", "given_name": "Zoë",
    "middle_name": "A.", "family_name": "O’Neil", "prefix": "Dr.", "suffix": "PhD", "company": "Smith; Sons, Ltd \\ Co",
    "department": "R&D", "job_title": "Head, Sales", "email": "zoe@mail.example",
    "emails": "zoe@mail.example; z@work.example", "phone": "+442079460001",
    "phones": "+442079460001; +61255500123\\;ext=12", "street": "1 High Street, Flat 2", "city": "Darwin",
    "region": "NT", "postal_code": "0800", "country": "AU", "website": "https://mail.example/a;b",
    "birthday": "1980-02-29", "categories": "friends; a\\;b; c, d",
}
WRITERS = {"3.0": write_vcards, "4.0": write_vcards_4}


def read(path: Path) -> list[vobject.base.Component]:
    return list(vobject.readComponents(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("version", WRITERS)
def test_a_full_card_comes_back(version: str, masters: Callable[..., pa.Table], tmp_path: Path) -> None:
    WRITERS[version](masters([FULL]), tmp_path / "out.vcf")
    [found] = read(tmp_path / "out.vcf")
    assert found.version.value == version
    assert found.uid.value == FULL["master_id"]
    assert found.fn.value == FULL["full_name"]
    name = found.n.value
    assert [name.family, name.given, name.additional, name.prefix, name.suffix] == ["O’Neil", "Zoë", "A.", "Dr.", "PhD"]
    assert found.org.value == [FULL["company"], "R&D"]
    assert found.title.value == FULL["job_title"]
    assert [line.value for line in found.contents["email"]] == ["zoe@mail.example", "z@work.example"]
    assert [line.value for line in found.contents["tel"]] == ["+442079460001", "+61255500123 ext. 12"]
    place = found.adr.value
    assert [place.street, place.city, place.region, place.code, place.country] == [
        "1 High Street, Flat 2", "Darwin", "NT", "0800", "AU"]
    assert found.url.value == FULL["website"]
    assert found.bday.value == {"3.0": "1980-02-29", "4.0": "19800229"}[version]
    assert found.contents["categories"][0].value == ["friends", "a;b", "c, d"]


def test_the_preferred_address_is_marked() -> None:
    assert "EMAIL;TYPE=INTERNET,PREF:zoe@mail.example\r\n" in card(FULL, "3.0")
    assert "EMAIL;PREF=1:zoe@mail.example\r\n" in card(FULL, "4.0")
    assert "EMAIL:z@work.example\r\n" in card(FULL, "4.0")


def test_an_organisation_says_so() -> None:
    firm = {"kind": "organisation", "company": "Acme"}
    assert "KIND:org\r\n" in card(firm, "4.0") and "FN:Acme\r\n" in card(firm, "4.0")
    assert "X-ABShowAs:COMPANY\r\n" in card(firm, "3.0")


def test_a_birthday_without_a_year() -> None:
    assert "BDAY:--0307\r\n" in card({"birthday": "--03-07"}, "4.0")
    assert "BDAY:1604-03-07\r\n" in card({"birthday": "--03-07"}, "3.0")


def test_lines_are_short_and_characters_whole() -> None:
    text = card({"full_name": "ü👩x" * 80}, "3.0")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n ", "").count("ü👩x" * 80) == 1


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_any_name_comes_back(name: str) -> None:
    found = vobject.readOne(card({"full_name": name}, "3.0"))
    assert found.fn.value == name


def test_awkward_cells_stay_in_their_card(awkward: pa.Table, tmp_path: Path) -> None:
    write_vcards(awkward, tmp_path / "out.vcf")
    cards = tmp_path.joinpath("out.vcf").read_bytes().split(b"END:VCARD\r\n")
    assert len(cards) == awkward.num_rows + 1
    assert all(text.count(b"\r\nEMAIL;") == 1 for text in cards[:-1])


def test_several_values_of_a_cell() -> None:
    assert several("a; b\\;c; d") == ["a", "b;c", "d"]
    assert several("") == []
