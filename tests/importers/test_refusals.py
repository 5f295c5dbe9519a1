"""What cannot or must not be read is one error with a code of its own, in time and within memory."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from listmerge.errors import InputError, OptionError
from listmerge.importers import ReadOptions, families, read
from tests.importers.hostile import FILES
from tests.importers.making import one, refused

#: Hostile file -> the code of its refusal, or the number of its records.
OUTCOMES: dict[str, str | int] = {
    "blank-lines.csv": 1,
    "long-line.csv": "too-large",
    "wide.csv": "too-large",
    "padded.csv": "too-large",
    "open-quote.csv": 20_001,
    "open-quotes.csv": 20_000,
    "far-cell.xlsx": "too-large",
    "laughs.xlsx": "damaged-file",
    "outside.xlsx": "damaged-file",
    "bomb.xlsx": "too-large",
    "cut.xlsx": "damaged-file",
    "repeated.ods": "too-large",
    "wide.ods": "too-large",
    "laughs.ods": "damaged-file",
    "laughs.xls": "damaged-file",
    "index.xls": "too-large",
    "bomb.zip": "unsafe-archive",
    "line-within.zip": "too-large",
    "wide-within.zip": "too-large",
    "padded-within.zip": "too-large",
    "path.zip": "unsafe-archive",
    "nested.zip": "unsafe-archive",
    "many.zip": "unsafe-archive",
    "params.vcf": 1,
    "folded.vcf": 1,
    "begins.vcf": "no-records",
    "phones.vcf": 1,
    "line.vcf": "too-large",
    "nested.vcf": 50_000,
    "properties.vcf": "too-large",
    "many-parts.eml": 1,
    "arrays.json": "damaged-file",
    "keys.json": "too-large",
    "directory.zip": "unsafe-archive",
    "lying.zip": "damaged-file",
    "nulls.parquet": "too-large",
    "deep.json": "damaged-file",
    "deep.jsonl": 1,
    "deep.html": 1,
    "span.html": 1,
    "parts.eml": "not-a-contact-list",
    "blocks.ldif": 1,
}


def test_every_hostile_file_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(FILES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_hostile_files(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    before = time.process_time()
    try:
        outcome: str | int = len(read(path, name)[0].rows)
    except InputError as error:
        outcome = error.code
        assert error.hint
    assert outcome == OUTCOMES[name]
    assert time.process_time() - before < 10


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"\n\n  \r\n", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b"\x00" * 100, "empty-file"),
        (b"Name,E-mail\n", "no-records"),
        (b"Name,E-mail\n,\n,\n", "no-records"),
        (b"E-mail\n", "no-records"),
        (b"%PDF-1.7 x", "not-a-contact-list"),
        (b"\x89PNG\r\n\x1a\n....", "not-a-contact-list"),
        (b"\xff\xd8\xff\xe0", "not-a-contact-list"),
        (b"\x7fELF\x02", "not-a-contact-list"),
        (bytes(range(256)) * 20, "not-a-contact-list"),
        (b"The quick brown fox\njumps over\nthe lazy dog.\n", "not-a-contact-list"),
        (b"x,y\n1,2\n3,4\n", "not-a-contact-list"),
        (b"<?xml version='1.0'?><a/>", "not-a-contact-list"),
        (b"{\\rtf1 hello}", "not-a-contact-list"),
    ],
)
def test_what_is_no_list(data: bytes, code: str) -> None:
    assert refused(data, "lists/a.csv").code == code


def test_paths(tmp_path: Path) -> None:
    with pytest.raises(InputError) as missing:
        read(tmp_path / "none.csv", "none.csv")
    with pytest.raises(InputError) as folder:
        read(tmp_path, "folder")
    assert (missing.value.code, folder.value.code) == ("missing-file", "directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"E-mail\na@x.example\n")
    path.chmod(0)
    with pytest.raises(InputError) as caught:
        read(path, "a.csv")
    assert caught.value.code == "unreadable"


def test_an_unknown_encoding_is_a_wrong_option(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"E-mail\na@x.example\n")
    with pytest.raises(OptionError) as caught:
        read(path, "a.csv", ReadOptions(encoding="klingon"))
    assert caught.value.code == "unknown-encoding"


def test_options_reach_the_mapping() -> None:
    table = one("A,B\nAnn Lee,a@x.example\n", maps=(("full_name", "A"), ("email", "B")), region="gb")
    assert [(column.header, column.field) for column in table.mapping.columns] == [("A", "full_name"), ("B", "email")]
    assert table.mapping.region == "GB"


def test_every_family_has_a_word_for_people() -> None:
    assert {"delimited", "excel", "vcard", "archive"} < set(families())
    assert all(families().values())
