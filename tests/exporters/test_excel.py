"""The workbook: text as text, nothing evaluated, nothing lost but what Excel cannot hold."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from listmerge.exporters.excel import write_xlsx
from listmerge.exporters.inline import CUT, LONGEST, escaped


def read(path: Path) -> list[list[str]]:
    """The cells as openpyxl has them; it does not decode _x000D_ in inline strings, so that is done here."""
    sheet = openpyxl.load_workbook(path).active
    return [[unescape(cell) if cell else "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_every_cell_comes_back(awkward: pa.Table, tmp_path: Path) -> None:
    write_xlsx(awkward, tmp_path / "out.xlsx")
    assert read(tmp_path / "out.xlsx") == [awkward.column_names, *(list(row.values()) for row in awkward.to_pylist())]


def test_every_cell_is_text(awkward: pa.Table, tmp_path: Path) -> None:
    write_xlsx(awkward, tmp_path / "out.xlsx")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "inlineStr"}
    assert {cell.number_format for cell in cells[awkward.num_columns:] if cell.value} == {"@"}


def test_header_is_frozen_and_filtered(awkward: pa.Table, tmp_path: Path) -> None:
    write_xlsx(awkward, tmp_path / "out.xlsx", "people")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["people"]
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == f"A1:AJ{awkward.num_rows + 1}"
    assert all(dimension.width >= 9 for dimension in sheet.column_dimensions.values())


def test_what_xml_cannot_hold_is_written_as_excel_writes_it(tmp_path: Path) -> None:
    texts = ["\ufffe", "a\uffffb", "\x00", "ｆｕｌｌ", "_x0041_"]
    write_xlsx(pa.table({"a": texts}), tmp_path / "out.xlsx")
    assert read(tmp_path / "out.xlsx") == [["a"], *([text] for text in texts)]


def test_rows_beyond_one_batch_keep_their_numbers(tmp_path: Path) -> None:
    values = [str(number) for number in range(20_000)]
    write_xlsx(pa.table({"a": values, "b": [""] * 20_000, "c": values}), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)     # trusts the dimension that the file states
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    book.close()
    assert rows == [(value, None, value) for value in values]


def test_no_rows_is_a_header(tmp_path: Path) -> None:
    write_xlsx(pa.table({"a": pa.array([], pa.string())}), tmp_path / "out.xlsx")
    assert read(tmp_path / "out.xlsx") == [["a"]]


@pytest.mark.parametrize("letter", ["x", "é", "👩"])
def test_a_cell_that_excel_cannot_hold_is_cut_and_says_so(letter: str) -> None:
    text = escaped(letter * 40_000)
    assert text.endswith(CUT)
    assert LONGEST - 1 <= len(text.encode("utf-16-le")) // 2 <= LONGEST
    assert escaped("x" * LONGEST) == "x" * LONGEST


@given(st.text())
def test_escaping_can_be_undone(text: str) -> None:
    plain = escaped(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert unescape(plain) == text


def test_the_same_table_gives_the_same_bytes(awkward: pa.Table, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(awkward, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
