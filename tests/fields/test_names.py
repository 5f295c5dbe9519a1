"""Names: cases in tests/cases/names.tsv, columns that agree or not, and the properties that hold for all of them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listmerge.fields.names import NOBODY, PARTS, Name, clean_column, clean_parts, parse_one, suffix_key
from listmerge.fields.text import clean_distinct, fold

CASES = Path(__file__).parent.parent / "cases" / "names.tsv"
SHOWN = ("given_name", "middle_name", "family_name", "prefix", "suffix", "nickname", "suffix_key", "quality", "kind")


def _cases() -> list[list[str]]:
    lines = CASES.read_text("utf-8").splitlines()
    return [(line.split("\t") + [""] * 10)[:10] for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case[0])
def test_a_name_in_one_cell(case: list[str]) -> None:
    name = parse_one(case[0])
    assert [getattr(name, field) for field in SHOWN] == case[1:]


@pytest.mark.parametrize(("parts", "shown"), [
    (("", "John", "", "Smith", "", "Smith, John M."), ("John", "M.", "Smith", "")),
    (("", "ROBERT", "", "VAN DER BERG", "", ""), ("Robert", "", "van der Berg", "")),
    (("Dr.", "John Q.", "", "Smith Jr", "", ""), ("John", "Q.", "Smith", "jr")),
    (("", "恵子", "", "森永", "", "森永 恵子"), ("恵子", "", "森永", "")),
    (("", "Unknown", "", "Smith", "", ""), ("", "", "Smith", "")),
    (("", "John Smith", "", "", "", ""), ("John", "", "Smith", "")),
    (("", "María José", "", "", "", ""), ("María José", "", "", "")),
    (("", "Bob", "", "", "", "Bob Jones"), ("Bob", "", "Jones", "")),
    (("", "", "", "Smith, John", "", ""), ("John", "", "Smith", "")),
    (("", "María José", "", "García López", "", ""), ("María José", "", "García López", "")),
    (("", "John", "", "Smith", "Sr.", "John Smith"), ("John", "", "Smith", "sr")),
    (("", "John", "Q", "Smith", "", "John R Smith"), ("John", "Q", "Smith", "")),
])
def test_a_name_in_several_cells(parts: tuple[str, ...], shown: tuple[str, ...]) -> None:
    name = clean_parts(*parts)
    assert (name.given_name, name.middle_name, name.family_name, name.suffix_key) == shown
    assert name.kind == "person"


def test_columns_that_hold_two_names_are_an_issue_and_the_parts_win() -> None:
    name = clean_parts("", "Anna", "", "Smith", "", "Bob Jones")
    assert (name.given_name, name.family_name) == ("Anna", "Smith")
    assert [code for code, _, _ in name.issues] == ["name-columns-differ"]


def test_keys_are_folded_and_equal_for_ways_to_write_a_name() -> None:
    ways = ["Jürgen Weißkopf", "WEISSKOPF, JÜRGEN", "Weißkopf, Jürgen", "jürgen weißkopf", "Dr. Jürgen WEIßKOPF"]
    assert {(name.given_key, name.family_key) for name in map(parse_one, ways)} == {("jurgen", "weisskopf")}
    assert parse_one("Liam O’Dwyer").family_key == parse_one("liam odwyer").family_key


def test_the_second_of_a_couple_is_no_key_and_a_middle_name_is_one() -> None:
    names = map(parse_one, ("John & Mary Smith", "Smith, John & Mary", "John A. & Mary B. Smith", "John Mary Smith"))
    assert [(name.given_key, name.middle_key, name.family_key) for name in names] == [
        ("john", "", "smith"), ("john", "", "smith"), ("john", "a", "smith"), ("john", "mary", "smith")]


@pytest.mark.parametrize(("given", "family", "keys"), [
    ("John & Mary", "Smith", ("john", "", "smith")), ("Mary Ann and Bob", "Smith", ("mary ann", "", "smith")),
    ("Troy and Mary", "Lewis", ("troy", "", "lewis")), ("John A. & Mary B.", "Smith", ("john", "a", "smith")),
    ("John", "Smith & Sons", ("john", "", "smith sons")), ("John Mary", "Smith", ("john mary", "", "smith")),
])
def test_of_two_given_names_in_a_column_the_first_is_the_key(given: str, family: str, keys: tuple[str, ...]) -> None:
    name = clean_parts("", given, "", family, "", "")
    assert (name.given_key, name.middle_key, name.family_key) == keys


def test_suffix_keys() -> None:
    assert [suffix_key(text) for text in ("Jr.", "Junior", "Sr", "III", "2nd", "PhD", "MD, Jr.", "")] == [
        "jr", "jr", "sr", "3", "2", "", "jr", ""]


def test_an_empty_name_is_nobody() -> None:
    assert parse_one("") == parse_one(" \t ") == clean_parts(*[""] * 7) == NOBODY


WORDS = st.sampled_from([
    "John", "MARIA", "smith", "Müller", "O'Dwyer", "van", "der", "Berg", "de", "la", "Cruz", "García", "López", "Jr.",
    "II",
    "Dr.", "Mr", "M.", "M", "J.", "J.R.", "x", "d", "y", "Jean", "Pierre", "Anna-Lena", "MCDONALD", "Ltd", "GmbH", "Co",
    "Accounts", "Team", "Unknown", "Test", "Doe", "Jane", "Иван", "Петрович", "Сидоров", "森永", "恵子", "王小明", "&",
    "and", "PhD", "MA", "LI", "Wei", "\"Bob\"", "(Bob)", "a@b.example", "12", "Gda?sk", "Simpson", "Ph.D.", "née", "-",
    "S.", "A.", "a", "Maria,", "Smith,", "SMITH,", "e", "I", "Bank", "Company", "’t", "n/a", "ÅSA", "İpek", "ǅ",
])
NAMES = st.lists(WORDS, max_size=5).map(" ".join) | st.text(max_size=12)
ROWS = st.lists(st.tuples(*[st.just("") | NAMES] * 2, st.just("") | WORDS, NAMES, st.just("") | WORDS, NAMES,
                          st.just("") | WORDS), min_size=1, max_size=12)


@settings(max_examples=400, deadline=None)
@given(ROWS)
def test_the_column_says_what_the_cells_say(rows: list[tuple[str, ...]]) -> None:
    columns = [pa.array(list(column), pa.string()) for column in zip(*rows, strict=True)]
    fast, slow = clean_column(columns), clean_distinct(columns, clean_parts, Name)
    assert fast.table.to_pylist() == slow.table.to_pylist()
    assert _issues(fast.issues) == _issues(slow.issues)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.just("") | WORDS, st.just("") | WORDS, NAMES), min_size=1, max_size=12))
def test_the_column_says_what_the_cells_say_of_bare_names(rows: list[tuple[str, ...]]) -> None:
    given_names, family_names, full_names = (pa.array(list(column), pa.string()) for column in zip(*rows, strict=True))
    blank = pa.array([""] * len(rows), pa.string())
    columns = [blank, given_names, blank, family_names, blank, full_names, blank]
    assert clean_column(columns).table.to_pylist() == clean_distinct(columns, clean_parts, Name).table.to_pylist()


def _issues(issues: pa.Table) -> list[tuple[int, str]]:
    return sorted((row["position"], row["code"]) for row in issues.to_pylist())


def _letters(text: str) -> set[str]:
    return {letter for letter in unicodedata.normalize("NFKD", text.casefold()) if letter.isalnum()}


@settings(max_examples=300, deadline=None)
@given(st.tuples(*[NAMES] * len(PARTS)))
def test_nothing_is_invented(parts: tuple[str, ...]) -> None:
    name = clean_parts(*parts)
    said = fold(" ".join(parts)).replace(" ", "")
    for shown in name[:7]:
        assert _letters(shown) <= _letters(" ".join(parts))
        assert all(word in said for word in fold(shown).split())


def test_a_family_name_in_capitals_beside_a_quiet_given_name_is_shown_as_names_are_written() -> None:
    name = clean_parts("", "Jocelyn", "", "VANDERGATE", "", "")
    assert (name.given_name, name.family_name, name.full_name) == ("Jocelyn", "Vandergate", "Jocelyn Vandergate")
    assert clean_parts("", "JP", "", "Morgan", "", "").given_name == "JP"
