"""A canary of awkward cells, 400 in records that are alone and 400 in records that are merged with another: nothing
changes on its way into the master, out in four forms, and back in, unless an issue says so."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lists import _FAMILY, _GIVEN

from .conftest import listmerge, read

GIVEN, FAMILY = _GIVEN.split(), _FAMILY.split()
HEADERS = ("Name", "E-mail", "Company", "Job title", "Phone", "Street", "Postcode", "City", "Country", "Website",
           "Birthday", "Notes", "Customer no.")
#: Column of the list -> column of the master.
MASTER = {"Name": "full_name", "E-mail": "email", "Company": "company", "Job title": "job_title", "Phone": "phone",
          "Street": "street", "Postcode": "postal_code", "City": "city", "Website": "website", "Birthday": "birthday",
          "Notes": "notes"}
FIELDS = {**MASTER, "Country": "country", "Customer no.": "source_id"}
TEXTS = (
    "0", "00", "007", "1.0", "NA", "N/A", "Null", "NULL", "None", "nan", "TRUE", "False", "-", "--", "?", "1E5",
    "1e5 Ltd", "4111111111111111", "1234567890123456", "0049 30", "45341", "45341.4375", "3/4", "03-Apr", "MARCH1",
    "Smith, John", "Smith; John", "a; b; c", "a\\;b", "back\\slash", "quote \"inside\"", "\"all quoted\"", "it's",
    "'leading", "''two", "'", "=1+1", "+44", "-5 street", "@home", "=HYPERLINK(\"http://x.example\")", "tab\tinside",
    "line\nbreak", "line\r\nbreak", "two\n\nlines", "no\xa0break", "zero\u200bwidth", "soft\xadhyphen",
    "\u200fright to left", "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd", "\u0645\u0631\u062d\u0628\u0627",
    "\u6771\u4eac\u90fd", "\u68ee\u6c38", "\U0001f600 smile", "\U0001f469\u200d\U0001f469\u200d\U0001f467 family",
    "e\u0301 decomposed", "\ufb01 ligature", "\u0130stanbul", "\xdf", "\u1e9e", "\u01c5", "\x00nul", "bell\x07",
    "escape\x1b[31m", "vertical\x0btab", "del\x7f", "x" * 40000, " leading", "trailing ", "  both  ", "<b>bold</b>",
    "&amp;", "&", "{{x}}", "${x}", "%s", "{0}", "[/foo]", "\\n", "\\t", "C:\\temp", "//x", "#REF!", "#N/A", "#######",
    "Robert'); DROP TABLE x;--", "J\xfcrgen", "J\xc3\xbcrgen", "Gda?sk", "M\ufffdller", "\xbfQu\xe9?", "\u2026",
    "\u2013", "1 204,50", "1,204.50", "\u20ac 5", "50 %", "\xbd", "\xb2", "\u2116 5", "a,b,c", ",", ";", "|", "\"",
    "a | b", "tel:+44", "mailto:x", "x" * 300,
)


#: What is told otherwise: a nickname between quotation marks, for which the master has no column; a name with its
#: surname in front, which is turned round.
KNOWN = {'quote "inside"', "a, b, c"}
ALONE, TWINS = 400, 400
#: What the other record of a person says where the canary has an awkward cell, in every second case.
USUAL = {"Company": "Harbour {} Ltd", "Job title": "Buyer", "Phone": "+44 20 7946 0{}", "Street": "{} Mill Road",
         "Postcode": "LS1 9ZZ", "City": "Leeds", "Website": "https://harbour{}.example", "Birthday": "1980-05-17",
         "Notes": "met at the fair"}
#: Columns of the master that hold all values of a kind, the first among them.
ALL_OF = {"email": "emails", "phone": "phones", "street": "addresses", "postal_code": "addresses", "city": "addresses"}


def rows() -> Iterator[dict[str, str]]:
    """People, each with one awkward cell."""
    for number in range(ALONE + TWINS):
        yield {**person(number), "Customer no.": f"K{number}", field_of(number): TEXTS[number % len(TEXTS)]}


def twins() -> Iterator[dict[str, str]]:
    """A second record of each person from ALONE on: without the awkward cell, or with a usual value in its place."""
    for number in range(ALONE, ALONE + TWINS):
        field = field_of(number)
        yield {**person(number), **({field: USUAL[field].format(number)} if number % 2 and field in USUAL else {})}


def person(number: int) -> dict[str, str]:
    given, family = GIVEN[number % len(GIVEN)], FAMILY[(number + number // len(GIVEN)) % len(FAMILY)]
    return {"Name": f"{given} {family}", "E-mail": f"{given}@{family}.example".lower(), "Country": "GB"}


def field_of(number: int) -> str:
    fields = [name for name in MASTER if name not in ("E-mail",)]
    return fields[(number + number // len(TEXTS)) % len(fields)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The canary, its master, and the master exported and imported again in four forms."""
    where = tmp_path_factory.mktemp("canary")
    for name, people in (("canary.csv", rows()), ("twins.csv", twins())):
        with (where / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADERS)
            writer.writeheader()
            writer.writerows(people)
    maps = [f"--map={field}={header}" for header, field in FIELDS.items()]      # most of its values say nothing
    run(where, "canary.csv", "twins.csv", "--out", "out", "--all-columns", "--workspace", "first", *maps)
    for form in ("csv", "xlsx", "vcf", "parquet"):
        done = listmerge(where, "export", f"master.{form}", "--all-columns", "--workspace", "first")
        assert done.returncode == 0, done.stderr
        run(where, f"master.{form}", "--out", form, "--all-columns", "--workspace", f"again-{form}")
    return where


def run(where: Path, *arguments: str) -> None:
    done = listmerge(where, "run", *arguments)
    assert done.returncode == 0, done.stderr


def told(path: Path) -> dict[str, set[str]]:
    """record number, or the header of a column -> codes of its issues; twins are left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in read(path):
        if row["source_file"] == "twins.csv":
            continue
        found[row["source_row"] if row["source_row"] != "0" else row["field"]].add(row["code"])
    return found


def masters(folder: Path) -> dict[str, dict[str, str]]:
    """record number -> its master, guards of formulas taken off, what lost against others added."""
    by_id = {row["master_id"]: {key: unguarded(text) for key, text in row.items()}
             for row in read(folder / "master.csv")}
    for row in read(folder / "conflicts.csv"):
        by_id[row["master_id"]]["lost"] = by_id[row["master_id"]].get("lost", "") + plain(row["others"])
    return {row["source_row"]: by_id[row["master_id"]] for row in read(folder / "crosswalk.csv")
            if row["source_file"] != "twins.csv"}


def unguarded(text: str) -> str:
    return re.sub(r"^'(?='*[=+\-@\t\r])", "", text)


def plain(text: str) -> str:
    """A text without the difference of blanks, of capitals, and between line ends and commas."""
    return " ".join(re.sub(r"\s*[\n,]+\s*", ", ", text.strip()).split()).casefold()


def test_every_cell_is_in_the_master_or_an_issue_names_it(folder: Path) -> None:
    found, issues = masters(folder / "out"), told(folder / "out/issues.csv")
    silent = []
    for number, row in enumerate(rows(), 1):
        master = found[str(number)]
        for field, column in MASTER.items():
            text = plain(row.get(field, ""))
            zeros = "\0" in text and "zero-characters" in issues[""]
            if not is_held(text, master, column) and not zeros and text not in KNOWN and not issues[str(number)] | issues[field]:
                silent.append((number, field, row[field][:60], master[column][:60], master["records"]))
    assert silent == []
    sizes = [int(found[str(number + 1)]["records"]) for number in range(ALONE + TWINS)]
    assert sum(size > 1 for size in sizes[:ALONE]) < ALONE // 10
    assert sum(size > 1 for size in sizes[ALONE:]) > TWINS * 3 // 4


def is_held(text: str, master: dict[str, str], column: str) -> bool:
    """Whether a master, or a conflict that made it, holds a text of a column: in-master, same-value, conflict-loser."""
    own = "\n".join(plain(master.get(name, "")) for name in (column, ALL_OF.get(column, ""), "lost"))
    held = own + "\n" + own.replace("\\;", ";")
    parts = text.split() if column == "full_name" else [text]      # a conflict of names is one of their parts
    return text in held or all(part in held for part in parts)


@pytest.mark.parametrize("form", ["csv", "xlsx", "vcf", "parquet"])
def test_what_is_exported_comes_back_as_it_was(folder: Path, form: str) -> None:
    """Several notes of one master come back as one, whose semicolons are then written as those within a value."""
    first = read(folder / "out/master.csv")
    again, issues = masters(folder / form), told(folder / form / "issues.csv")
    assert len(again) == len(first)
    silent = []
    for number, row in enumerate(first, 1):         # all forms have the order of the first master
        master = again[str(number)]
        for column in MASTER.values():
            before, after = (plain(text).replace("\\;", ";") for text in (unguarded(row[column]), master[column]))
            joined = master["records"] != "1" and is_held(before, master, column)
            if before != after and not joined and not issues[str(number)] and not issues[column]:
                silent.append((number, column, before[:60], after[:60]))
    assert silent == []
    assert sum(master["records"] != "1" for master in again.values()) < 20
