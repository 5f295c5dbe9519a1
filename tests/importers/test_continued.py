"""Records that go on in the rows below."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listmerge.importers import continued
from listmerge.model import RawTable
from tests.importers.making import codes, one, record, rows
from tests.lists import Table

HEADER = ("email", "_website", "_store", "group_id", "firstname", "lastname", "password_hash", "_address_street",
          "_address_city", "_address_postcode", "_address_country_id", "_address_telephone")
ANN = ("ann@hale.example", "base", "default", "1", "Ann", "Hale", "x1", "1 High St", "Leeds", "LS1 4AP", "GB", "")
BOB = ("bob@rye.example", "base", "default", "1", "Bob", "Rye", "x2", "4 Elm St", "Bath", "BA1 1AA", "GB", "")
YORK = ("", "", "", "", "", "", "", "2 Low Rd", "York", "YO1 7HH", "GB", "+44 113 496 0101")
HULL = ("", "", "", "", "", "", "", "3 Mill Lane\nFlat 2", "Hull", "HU1 1AA", "GB", "")


def text_of(*lines: tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([HEADER, *lines])
    return written.getvalue()


def filled(table: RawTable) -> list[str]:
    return sorted(text for row in rows(table) for text in row if text)


def test_a_further_address_belongs_to_the_customer_above() -> None:
    table = one(text_of(ANN, YORK, HULL, BOB))
    assert table.mapping.layout == "magento-2-customers"
    assert record(table)["_address_city"] == "Leeds"
    assert record(table)["_address_city (2)"] == "York"
    assert record(table)["_address_street (3)"] == HULL[7]
    assert record(table, 2) == {header: text for header, text in zip(HEADER, BOB, strict=True) if text}
    assert table.lines.to_pylist() == [2, 6]
    assert table.structure_rows == 3 and table.structure_cells == len(HEADER)


def test_each_such_row_is_told_with_its_line_and_the_record_that_it_belongs_to() -> None:
    table = one(text_of(BOB, ANN, YORK, HULL).replace("York", '="York"'))
    told = [(issue.code, issue.source_row, issue.source_line) for issue in table.issues]
    assert told == [("guard-removed", 2, 4), ("row-continued", 2, 4), ("row-continued", 2, 5)]


def test_a_row_that_names_somebody_is_a_record_of_its_own() -> None:
    own = ("", "", "", "", "Cleo", "Orr", "", "5 Oak St", "Ely", "CB7 4DL", "GB", "")
    table = one(text_of(ANN, own, YORK))
    assert [row[4] for row in rows(table)] == ["Ann", "Cleo"]
    assert record(table, 2)["_address_city (2)"] == "York"


def test_rows_above_the_first_customer_stay_as_they_are() -> None:
    table = one(text_of(YORK, ANN))
    assert len(rows(table)) == 2 and "row-continued" not in codes(table)


def test_very_many_rows_of_one_record_do_not_make_a_table_of_thousands_of_columns() -> None:
    table = one(text_of(ANN, *[YORK] * 3_000, BOB))
    assert table.cells.num_columns < 100
    assert table.cells.num_rows == 2 + 3_000 - continued.MOST
    assert len(filled(table)) == sum(bool(cell) for line in (ANN, *[YORK] * 3_000, BOB) for cell in line)


def test_an_order_without_e_mail_has_one_record_for_all_its_lines() -> None:
    header = ("Name", "Email", "Financial Status", "Accepts Marketing", "Lineitem name", "Billing Name", "Billing City")
    lines = (("#1001", "", "paid", "no", "Mug", "Ann Hale", "Leeds"), ("#1001", "", "", "", "Plate", "", ""),
             ("#1002", "bob@rye.example", "paid", "no", "Mug", "Bob Rye", "Bath"),
             ("#1002", "bob@rye.example", "", "", "Plate", "", ""))
    table = one("\n".join(",".join(line) for line in (header, *lines)) + "\n")
    assert table.mapping.layout == "shopify-orders"
    assert record(table)["Lineitem name (2)"] == "Plate"
    assert [row[1] for row in rows(table)] == ["", "bob@rye.example", "bob@rye.example"]
    assert table.rejected.to_pylist() == [""] * 3


def test_other_lists_have_no_such_rows() -> None:
    table = one("Name,E-mail,City\nAnn,ann@hale.example,Leeds\n,,York\n")
    assert len(rows(table)) == 2 and "row-continued" not in codes(table)


@given(st.lists(st.sampled_from([ANN, BOB, YORK, HULL]), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_each_cell_of_the_file_stands_in_one_record(lines: list[tuple[str, ...]]) -> None:
    table = one(text_of(*lines))
    assert filled(table) == sorted(cell for line in lines for cell in line if cell)
    assert len(rows(table)) + table.structure_rows == len(lines) + 1


def test_the_size_of_the_pieces_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of(*[BOB, ANN, YORK, HULL, BOB, YORK] * 5)
    whole = one(text)
    monkeypatch.setattr(continued, "_STEP", 2)
    parts = one(text, scratch=tmp_path)
    assert rows(parts) == rows(whole) and parts.headers == whole.headers and parts.issues == whole.issues


def test_the_customer_has_all_addresses_and_the_books_balance(table: Table) -> None:
    path = table.folder / "shop.csv"
    path.write_text(text_of(ANN, YORK, HULL, BOB), encoding="utf-8")
    table.run(str(path))
    masters = {row["email"]: row for row in table.rows("master.csv")}
    assert sorted(masters) == [BOB[0], ANN[0]][::-1]
    assert masters[ANN[0]]["addresses"].count("; ") == 2 and "Hull" in masters[ANN[0]]["addresses"]
    assert masters[ANN[0]]["phones"] == "+441134960101"
    balance = json.loads((table.folder / "out" / "run.json").read_text())["balance"]
    written = [cell for line in (HEADER, ANN, YORK, HULL, BOB) for cell in line if cell]
    assert balance["rows"]["read"] == 5 and balance["rows"]["kept"] == 2
    assert balance["cells"]["read"] == len(written) and balance["cells"]["dropped-by-policy"] == 2
