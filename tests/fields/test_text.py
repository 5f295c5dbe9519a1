"""Trimming and folding, and columns that say what their scalar says."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listmerge.fields import text
from listmerge.fields.text import Flaw


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  a  ", "a"),
        ("\u00a0a\u202f", "a"),
        ("a\u200bb\ufeff", "ab"),
        ("a\x00b\x1a", "ab"),
        ("“quoted”", "quoted"),
        ("„Zitat“", "Zitat"),
        ("«cité»", "cité"),
        ("l’été", "l’été"),
        ("“a” and “b”", "“a” and “b”"),
        ("a\r\nb", "a\nb"),
        ("می‌خواهم", "می‌خواهم"),
        ("a\u200db", "ab"),
        ("", ""),
        ("\ufeff", ""),
    ],
)
def test_trim_takes_off_what_nobody_sees(raw: str, shown: str) -> None:
    assert text.trim(raw) == shown


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("Müller", "muller"),
        ("WEISSKOPF", "weisskopf"),
        ("Weißkopf", "weisskopf"),
        ("O'Dwyer", "odwyer"),
        ("O’Dwyer", "odwyer"),
        ("Lefèvre-Brun", "lefevre brun"),
        ("Zieliński", "zielinski"),
        ("Кузовлев", "kuzovlev"),
        ("Ｆｕｌｌ", "full"),
        ("a\u0301", "a"),
        ("  Two   words ", "two words"),
        ("John 😀 Smith", "john smith"),
        ("Straße 9/a", "strasse 9 a"),
        ("Øre", "ore"),
        ("...", ""),
        ("", ""),
        ("1,234", "1 234"),
    ],
)
def test_fold_gives_one_form(raw: str, key: str) -> None:
    assert text.fold(raw) == key


@given(st.text())
def test_fold_is_plain_and_idempotent(raw: str) -> None:
    key = text.fold(raw)
    assert text.fold(key) == key
    assert all(letter in "abcdefghijklmnopqrstuvwxyz0123456789 " for letter in key)
    assert key == " ".join(key.split())


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(), st.from_regex(r"[ -~\t\n]{0,20}", fullmatch=True))))
def test_fold_column_says_what_fold_says(values: list[str]) -> None:
    assert text.fold_column(pa.array(values, pa.string())).to_pylist() == [text.fold(value) for value in values]


@given(st.text())
def test_trim_is_idempotent(raw: str) -> None:
    once = text.trim(raw)
    assert text.trim(once) == once or once[:1] in "“„‟”«‹‘‚‛"  # quotes within quotes go one by one


@pytest.mark.parametrize("cell", ["#VALUE!", "#N/A", "#########", "#WERT!", "#REF!"])
def test_error_cells_are_known(cell: str) -> None:
    assert text.is_error_cell(cell)


def test_ordinary_cells_are_no_errors() -> None:
    assert not any(text.is_error_cell(cell) for cell in ("", "#1", "Value", "# 12", "#hashtag"))


class Pair(NamedTuple):
    left: str
    right: str
    issues: tuple[Flaw, ...]


def test_a_function_is_called_once_for_each_distinct_row() -> None:
    calls = []

    def join(first: str, second: str) -> Pair:
        calls.append((first, second))
        return Pair(first + second, second, (("same", "Both are one.", ""),) if first == second else ())

    cleaned = text.clean_distinct([pa.array(["a", "b", "a", "c"]), pa.array(["b", "b", "b", None])], join, Pair, "x")
    assert cleaned.table.to_pylist() == [
        {"left": "ab", "right": "b"},
        {"left": "bb", "right": "b"},
        {"left": "ab", "right": "b"},
        {"left": "c", "right": ""},
    ]
    assert cleaned.issues.to_pylist() == [
        {"position": 1, "field": "x", "code": "same", "value": "b", "message": "Both are one.", "suggestion": ""}
    ]
    assert len(calls) == 3


def test_an_empty_column_has_the_same_columns() -> None:
    cleaned = text.clean_distinct([pa.array([], pa.string())], lambda value: Pair(value, value, ()), Pair)
    assert cleaned.table.column_names == ["left", "right"]
    assert cleaned.table.num_rows == cleaned.issues.num_rows == 0
    assert cleaned.issues.schema == text.FLAWS


@pytest.mark.parametrize(("shown", "lost"), [("Gda?sk", True), ("M\ufffdller", True), ("Why?", False), ("", False)])
def test_lost_letters_are_an_issue(shown: str, lost: bool) -> None:
    assert [flaw[0] for flaw in text.lost_letters(shown)] == (["lost-letter"] if lost else [])
