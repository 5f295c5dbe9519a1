"""CSV: the csv module reads back what was written, and a spreadsheet finds no formula in it."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.exporters import columns
from listmerge.exporters.delimited import guarded, write_csv
from listmerge.importers import cells

RISKY = ("=", "+", "-", "@", "\t", "\r")


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def rows(table: pa.Table) -> list[list[str]]:
    return [list(row.values()) for row in table.to_pylist()]


def guarded_texts(texts: list[str]) -> list[str]:
    return guarded(pa.array(texts, pa.string())).to_pylist()


def test_every_cell_comes_back(awkward: pa.Table, tmp_path: Path) -> None:
    write_csv(awkward, tmp_path / "out.csv")
    header, *found = read(tmp_path / "out.csv")
    assert header == awkward.column_names
    expected = [[guarded_texts([cell])[0] for cell in row] for row in rows(awkward)]
    assert found == expected


def test_quotes_only_where_needed_and_line_feeds(tmp_path: Path) -> None:
    write_csv(pa.table({"a": ["x", "", 'say "a"'], "b": ["1,5", "", "y"]}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b'a,b\nx,"1,5"\n,\n"say ""a""",y\n'


def test_numbers_and_truth_values_are_written_as_text_and_not_guarded(tmp_path: Path) -> None:
    write_csv(pa.table({"n": pa.array([-1, 2], pa.int32()), "b": [True, False]}), tmp_path / "out.csv")
    assert read(tmp_path / "out.csv") == [["n", "b"], ["-1", "true"], ["2", "false"]]


def test_no_rows_is_a_header(tmp_path: Path) -> None:
    write_csv(pa.table({"a": pa.array([], pa.string())}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"a\n"


def test_a_lone_empty_cell_is_a_row(tmp_path: Path) -> None:
    write_csv(pa.table({"a": ["x", "", "y"]}), tmp_path / "out.csv")
    assert read(tmp_path / "out.csv") == [["a"], ["x"], [""], ["y"]]


@pytest.mark.parametrize(("cell", "written"), [
    ("=1+1", "'=1+1"), ("+foo", "'+foo"), ("-5", "'-5"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"),
    ("'=x", "''=x"), ("'0800", "''0800"),                               # import would take these apostrophes off
    ("'tis", "'tis"), ("a=b", "a=b"), ("", ""), ("0800", "0800"),
    ("+442079460001", "+442079460001"),
    ("+442079460001\\;ext=12; +61255500123", "+442079460001\\;ext=12; +61255500123"),
    ("+442079460001; 020 7946-0002", "+442079460001; 020 7946-0002"), ("020 7946-0002", "020 7946-0002"),
    ("+44-20-7946-0001", "'+44-20-7946-0001"),                           # a sum, to a spreadsheet
    ("+442079460001; =1+1", "'+442079460001; =1+1"), ("+44 20 7946 0001", "'+44 20 7946 0001"), ("+", "'+"),
])
def test_the_guard(cell: str, written: str) -> None:
    assert guarded_texts([cell]) == [written]


@given(st.lists(st.text(alphabet="=+-@\t\r'0 9a,\"\n;é"), min_size=1, max_size=20))
def test_import_takes_off_exactly_the_guard(texts: list[str]) -> None:
    for text, written in zip(texts, guarded_texts(texts), strict=True):
        assert not written.startswith(RISKY) or (written == text.strip() != "" and written[1:2].isdigit())
        if text == cells.clean(text) and written != text:
            assert cells.clean(written) == text


def test_what_import_cleaned_survives_the_way_out_and_in() -> None:
    for text in ("=x", "+44 20", "@home", "-", "'=x", "''0", "'0800", "O'Neil"):
        assert cells.clean(guarded_texts([text])[0]) == text


def test_slices_and_chunks_are_written_as_they_are(tmp_path: Path) -> None:
    whole = pa.chunked_array([["dropped", "a,b"], ["=c", "d"]])
    write_csv(pa.table({"x": whole, "y": whole}).slice(1), tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")[1:] == [["a,b", "a,b"], ["'=c", "'=c"], ["d", "d"]]


def test_heavy_rows_are_written_in_small_pieces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(columns, "BYTES_AT_ONCE", 100)
    table = pa.table({"a": ["x" * 90, "y", "z" * 200, "w"], "b": ["1", "2", "3", "4"]})
    write_csv(table, tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")[1:] == rows(table)
