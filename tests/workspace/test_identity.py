"""Records have identity: made of content, never of file, format, encoding or order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.model import Column, Mapping, RawTable
from listmerge.workspace import unique
from listmerge.workspace.identity import fold_header, form, record_ids, salesforce_18
from listmerge.workspace.unique import are_unique

HEADERS = ("Name", "E-mail", "City")


def raw(
    rows: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS, *, id_column: int | None = None, layout: str = "",
    system: str = "", rejected: Sequence[str] = (),
) -> RawTable:
    """A table as an importer would read it."""
    columns = () if id_column is None else (Column(id_column, headers[id_column], "source_id"),)
    columns_of_text = zip(*rows, strict=True)
    cells = pa.table({f"c{place}": pa.array(column, pa.string()) for place, column in enumerate(columns_of_text)})
    numbers = pa.array(range(1, len(rows) + 1), pa.int32())
    return RawTable("a.csv", tuple(headers), cells, numbers, numbers,
                    pa.array(rejected or [""] * len(rows), pa.string()), Mapping(layout, system, columns))


def ids(*tables: RawTable, source: str = "crm") -> list[str]:
    return [text for column in record_ids(source, tables) for text in column.to_pylist()]


cells = st.text(alphabet="ab é", max_size=3).map(str.strip)
lists = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12)


@given(lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_count(rows, random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert sorted(zip(ids(raw(rows)), rows, strict=True)) == sorted(zip(ids(raw(shuffled)), shuffled, strict=True))


@given(lists, st.permutations(range(3)))
def test_the_order_of_columns_does_not_count(rows, order) -> None:
    turned = [[row[place] for place in order] for row in rows]
    assert ids(raw(rows)) == ids(raw(turned, [HEADERS[place] for place in order]))


@given(lists, st.integers(0, 12))
def test_the_cut_into_files_does_not_count(rows, cut) -> None:
    whole, pieces = ids(raw(rows)), ids(raw(rows[:cut]), raw(rows[cut:]))
    assert sorted(whole) == sorted(pieces)


@given(lists)
def test_every_record_has_an_id_of_its_own(rows) -> None:
    assert len(set(ids(raw(rows)))) == len(rows)


def test_form_does_not_count() -> None:
    plain = raw([["José", "jose@a.example", ""]])
    decomposed = raw([[" Jose\u0301 ", "jose@a.example", "", ""]], ["\ufeffname", " E-MAIL ", "City", "Phone"])
    assert ids(plain) == ids(decomposed)


def test_the_source_counts() -> None:
    table = raw([["Ada", "", ""]])
    assert ids(table, source="crm") != ids(table, source="shop")


def test_a_header_is_part_of_what_is_said() -> None:
    assert ids(raw([["Ada", "", ""]])) != ids(raw([["", "Ada", ""]]))


def test_equal_records_are_numbered() -> None:
    first, second, third = ids(raw([["Ada", "", ""]] * 3))
    assert (second, third) == (f"{first}#2", f"{first}#3")


def test_an_own_id_outlives_changes() -> None:
    before, after = (ids(raw([["7", city, ""], ["8", "", ""]], id_column=0)) for city in ("Leeds", "York"))
    assert before == after


def test_records_of_one_own_id_are_numbered_by_content() -> None:
    rows = [["7", "Leeds", ""], ["7", "York", ""]]
    forth = dict(zip(("Leeds", "York"), ids(raw(rows, id_column=0, layout="known")), strict=True))
    back = dict(zip(("York", "Leeds"), ids(raw(rows[::-1], id_column=0, layout="known")), strict=True))
    assert forth == back


@pytest.mark.parametrize("rows", [[["7", "", ""], ["7", "", ""]], [["7", "", ""], ["", "x", ""]]])
def test_a_generic_id_column_must_be_filled_and_unique(rows: list[list[str]]) -> None:
    assert form("crm", raw(rows, id_column=0)).column is None


def test_a_rejected_row_moves_no_id() -> None:
    good = ids(raw([["Ada", "", ""], ["Ada", "", ""]], rejected=["", ""]))
    with_bad = ids(raw([["Ada", "", ""]] * 3, rejected=["ragged-row", "", ""]))
    assert with_bad[1:] == good


def test_two_columns_of_one_header_have_no_order() -> None:
    assert ids(raw([["a", "b"]], ["Tag", "Tag"])) == ids(raw([["b", "a"]], ["Tag", "Tag"]))


@pytest.mark.parametrize(("short", "long"), [
    ("0035e00000ABCde", "0035e00000ABCdeAAH"), ("001A0000006Vm9r", "001A0000006Vm9rIAC"), ("42", "42"),
])
def test_salesforce_ids_are_taken_as_18_characters(short: str, long: str) -> None:
    assert salesforce_18(short) == long and salesforce_18(long) == long


def test_short_and_long_salesforce_ids_are_one_record() -> None:
    short, long = (
        raw([[text, "", ""]], id_column=0, layout="salesforce-contact-report", system="Salesforce")
        for text in ("001A0000006Vm9r", "001A0000006Vm9rIAC"))
    assert ids(short) == ids(long)


def test_headers_fold() -> None:
    assert fold_header("\ufeff First\u00a0 Name ") == "first name"


@given(st.lists(st.lists(st.text(alphabet="ab\0é", max_size=20), max_size=6), max_size=4))
def test_texts_are_unique_when_no_two_are_the_same(pieces: list[list[str]]) -> None:
    texts = [text for piece in pieces for text in piece]
    columns = [pa.array(piece, pa.string()) for piece in pieces]
    assert are_unique(lambda: iter(columns)) == (bool(texts) and "" not in texts and len(set(texts)) == len(texts))


def test_texts_of_one_fingerprint_are_compared_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unique, "fingerprints", lambda texts: np.zeros(len(texts), np.uint64))
    assert are_unique(lambda: [pa.array(["a", "b"])])
    assert not are_unique(lambda: [pa.array(["a", "b"]), pa.array(["b"])])
