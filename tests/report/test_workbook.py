"""The workbook: seven sheets, every cell text, and no more rows than a person can use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from listmerge.report import sheets as module
from listmerge.report.material import Material
from listmerge.report.sheets import ANSWER, sheets
from listmerge.report.workbook import write_workbook

SHEETS = ["summary", "merged", "possible duplicates", "conflicts", "issues", "not mailable", "by source"]


@pytest.fixture
def book(material: Material, tmp_path: Path) -> Any:
    write_workbook(material, tmp_path / "report.xlsx")
    return openpyxl.load_workbook(tmp_path / "report.xlsx")


def cells(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_the_sheets(book: Any) -> None:
    assert book.sheetnames == SHEETS


def test_every_cell_is_text(book: Any) -> None:
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "inlineStr"}
    cells_ = [cell for row in book["possible duplicates"].iter_rows() for cell in row]
    assert {cell.number_format for cell in cells_ if str(cell.value).startswith("=cmd")} == {"@"}


def test_headers_are_frozen_and_filtered(book: Any) -> None:
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert all(sheet.auto_filter.ref.startswith("A1:") for sheet in book)


def test_members_stand_in_adjacent_rows(book: Any) -> None:
    header, *rows = cells(book["merged"])
    assert [row[0] for row in rows] == ["1", "1", "1", "2", "2"]
    assert [row[header.index("source")] for row in rows[:3]] == ["crm", "newsletter", "xero"]
    assert rows[2][header.index("Address")] == "2 Low Road, 0800 Darwin"
    assert rows[2][header.index("file")] == "old/crm.csv"
    assert "Birthday" not in header                                 # nobody has one


def test_cells_that_differ_are_marked(book: Any) -> None:
    sheet = book["merged"]
    header = [cell.value for cell in sheet[1]]
    name = [sheet.cell(row, header.index("Name") + 1).fill.start_color.rgb for row in (2, 3, 4)]
    assert name[1] == "FFFFF0B8" and "FFFFF0B8" not in (name[0], name[2])


def test_answers_can_be_chosen(book: Any) -> None:
    sheet = book["possible duplicates"]
    header, *rows = cells(sheet)
    assert header[1] == ANSWER and {row[1] for row in rows} == {None}
    [rule] = sheet.data_validations.dataValidation
    assert rule.formula1 == '"same,different"' and str(rule.sqref) == "B2:B5"


def test_conflicts_and_issues_name_their_places(book: Any) -> None:
    header, first, *_ = cells(book["conflicts"])
    assert (first[0], first[header.index("from")]) == ("must-decide", "lists/crm.csv row 1 (line 2)")
    assert first[header.index("others")] == "2 Low Road (old/crm.csv row 1 (line 2))"
    header, first, *_ = cells(book["issues"])
    assert first[header.index("file")] == "lists/crm.csv" and first[header.index("row")] == "3"


def test_who_may_not_be_mailed(book: Any) -> None:
    _, *rows = cells(book["not mailable"])
    assert [row[0] for row in rows] == ["unsubscribed", "no permission", "no permission"]


def test_rare_issues_are_not_crowded_out(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    typo, ragged = material.issues.slice(0, 1), material.issues.slice(1, 1)
    monkeypatch.setattr(module, "LIMIT", 2)
    found = next(sheet for sheet in sheets(replace(material, issues=pa.concat_tables([typo, typo, typo, ragged])))
                 if sheet.name == "issues")
    assert [row[0] for row in found.rows] == ["ragged-row", "email-typo"] and found.cut


def test_sources_and_their_total(book: Any) -> None:
    header, *rows = cells(book["by source"])
    assert [row[0] for row in rows] == ["crm", "newsletter", "xero", "all sources"]
    assert [row[header.index("may be written to")] for row in rows] == ["1", "1", "1", "1"]
    assert rows[0][header.index("also in newsletter")] == "2"


def test_long_sheets_are_cut_and_name_the_file(
    material: Material, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "LIMIT", 3)
    write_workbook(material, tmp_path / "report.xlsx")
    rows = cells(openpyxl.load_workbook(tmp_path / "report.xlsx")["merged"])
    assert [row[0] for row in rows[1:]] == [
        "1", "1", "1", None, "These are the first 3 of 5, worst first; all are in crosswalk.csv."]


def test_a_group_is_never_cut_in_two(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 4)
    assert len(next(sheet for sheet in sheets(material) if sheet.name == "merged").rows) == 3


def test_a_cell_that_is_too_long_says_that_it_was_cut(material: Material, tmp_path: Path) -> None:
    row = material.issues.column_names.index("value")
    long = material.issues.set_column(row, "value", pa.array(["x" * 40_000, "short"]))
    write_workbook(replace(material, issues=long), tmp_path / "report.xlsx")
    sheet = cells(openpyxl.load_workbook(tmp_path / "report.xlsx")["issues"])
    (cut,) = [cell for row in sheet for cell in row if cell and cell.endswith("xxx … [cut]")]
    assert len(cut) == 32_767 and "Longer than a cell can be" in str(sheet[-1][0])


def test_the_same_run_gives_the_same_bytes(material: Material, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(material, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_run_without_anything_to_show(material: Material, tmp_path: Path) -> None:
    empty = {name: getattr(material, name).slice(0, 0) for name in ("issues", "conflicts", "near_pairs")}
    write_workbook(replace(material, **empty, run={}), tmp_path / "report.xlsx")
    assert openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames == SHEETS


def test_the_summary_says_how_right_it_is(material: Material) -> None:
    own = {"precision": 0.97, "precision_interval": [0.9, 0.99], "recall": 0.8, "recall_interval": [0.7, 0.9]}
    run = {**material.run, "accuracy": {**own, "rules": {**own, "recall": 0.4}}}
    rows = [tuple(row[:2]) for row in sheets(replace(material, run=run))[0].rows]
    assert ("Precision, listmerge", "97 (90 to 99)") in rows
    assert ("Recall, plain rules", "40 (70 to 90)") in rows
    assert not [row for row in sheets(material)[0].rows if row[0].startswith("Precision")]
