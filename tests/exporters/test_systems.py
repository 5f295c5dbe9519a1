"""What each system's import is given: its own headers, its own ids, and none of those who refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.errors import OptionError
from listmerge.exporters.selection import Selection, select, with_refusals, with_unknown, without_refused
from listmerge.exporters.systems import SYSTEMS, as_imported, system_of, write_for
from listmerge.importers import read
from listmerge.layouts.headers import fold_header
from listmerge.layouts.layout import load_layouts
from listmerge.model import MASTERS, PERMISSION_ROWS, REFUSALS, arrow_schema

ADA = {"master_id": "M1", "kind": "person", "full_name": "Ada Lindqvist", "given_name": "Ada", "may_email": "yes",
       "family_name": "Lindqvist", "email": "ada@kestrel.example", "company": "Kestrel, Ltd", "street": "1 Mill Street",
       "emails": "ada@kestrel.example; ada@home.example", "phone": "+442079460001;ext=12", "city": "Leeds",
       "phones": "+442079460001\\;ext=12; +447700900111", "postal_code": "01067", "country": "GB",
       "categories": "VIP; a\\;b"}


def made(rows: list[dict[str, str]]) -> pa.Table:
    """Masters from rows; what a row leaves out is ''."""
    return pa.Table.from_pylist([{name: row.get(name, "") for name, _ in MASTERS} for row in rows],
                                schema=arrow_schema(MASTERS))


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_header_is_known_to_the_layout_and_those_that_tell_it_are_there(name: str) -> None:
    system = system_of(name)
    (layout,) = (one for one in load_layouts() if one.id == system.layout)
    headers = {fold_header(header) for header, _ in system.columns}
    assert headers >= layout.detect_keys and not headers & layout.absent_keys
    assert {header for header in headers if not layout.knows(header)} <= {"phone number"}
    assert len(headers) == len(system.columns)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_person_comes_back(name: str, tmp_path: Path) -> None:
    system, path = system_of(name), tmp_path / "out.csv"
    write_for(system, made([ADA]), {}, path)
    (table,) = read(path, path.name)
    assert table.mapping.layout == system.layout
    cells = table.cells.to_pylist()[0]
    said = {column.field: cells[f"c{column.index}"] for column in reversed(table.mapping.columns)}
    assert (said["given_name"], said["family_name"], said["email"]) == ("Ada", "Lindqvist", "ada@kestrel.example")
    assert "+442079460001 ext. 12" in cells.values() and "01067" in cells.values()


def test_several_values_have_a_column_each() -> None:
    row = as_imported(system_of("google"), made([ADA]), {}).to_pylist()[0]
    assert [row[f"E-mail {number} - Value"] for number in (1, 2, 3)] == [
        "ada@kestrel.example", "ada@home.example", ""]
    assert row["Phone 2 - Value"] == "+447700900111" and row["Labels"] == "VIP ::: a;b"
    outlook = as_imported(system_of("outlook"), made([ADA]), {}).to_pylist()[0]
    assert (outlook["E-mail 2 Type"], outlook["E-mail 3 Type"]) == ("SMTP", "")


def test_outlook_gets_its_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    write_for(system_of("outlook"), made([ADA]), {}, tmp_path / "out.csv")
    written = (tmp_path / "out.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfTitle,") and written.count(b"\r\n") == written.count(b"\n") == 2


def test_formulas_are_guarded_but_what_is_the_system_s_own_is_kept_to_the_letter() -> None:
    table = as_imported(system_of("xero"), made([ADA | {"street": "=1+1"}]), {"*ContactName": pa.array(["@Home Ltd"])})
    assert (table["*ContactName"][0].as_py(), table["POAddressLine1"][0].as_py()) == ("@Home Ltd", "'=1+1")


def test_a_name_that_is_taken_does_not_overwrite_another_contact_in_xero() -> None:
    people = made([ADA, ADA | {"master_id": "M2"}, ADA | {"master_id": "M3", "full_name": "Ben Okafor"}])
    own = {"*ContactName": pa.array(["Ada Lindqvist", "", ""])}
    names = as_imported(system_of("xero"), people, own, {"ben okafor"})["*ContactName"].to_pylist()
    assert names == ["Ada Lindqvist", "Ada Lindqvist (M2)", "Ben Okafor (M3)"]


def test_awkward_cells_stay_in_their_rows(awkward: pa.Table, tmp_path: Path) -> None:
    for name in SYSTEMS:
        write_for(system_of(name), awkward, {}, tmp_path / "out.csv")
        with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == awkward.num_rows + 1
        assert {len(row) for row in rows} == {len(system_of(name).columns)}


def test_an_empty_list_is_a_header(tmp_path: Path) -> None:
    for name in SYSTEMS:
        write_for(system_of(name), made([]), {}, tmp_path / "out.csv")
        assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_an_unknown_system_says_which_there_are() -> None:
    with pytest.raises(OptionError) as raised:
        system_of("myspace")
    assert "mailchimp" in raised.value.hint


PERSON = st.fixed_dictionaries({
    "refusal": st.sampled_from(REFUSALS), "permission": st.sampled_from(["express", "unknown", "none", "pending"]),
    "why_not": st.sampled_from(["no permission", "hard bounce", "only on a reference list"]), "twin": st.booleans(),
    "since": st.booleans()})


@given(st.lists(PERSON, max_size=8))
def test_nobody_refused_bounced_or_held_back_is_ever_in_a_mailing(people: list[dict[str, str]]) -> None:
    masters, rows = [], []
    for number, one in enumerate(people):
        mailable = one["permission"] == "express" and not one["refusal"]
        row = {"master_id": f"M{number}", "refusal": one["refusal"], "may_email": "yes" if mailable else "no",
               "why_not": "" if mailable else one["refusal"] or one["why_not"], "sources": "crm"}
        masters.append(row)
        told = {**row, "address": f"p{number}@mail.example", "channel": "email", "permission": one["permission"]}
        rows.append({name: told.get(name, "") for name, _ in PERMISSION_ROWS})
    known = with_refusals(made(masters), {f"M{number}": "erased" for number, one in enumerate(people) if one["since"]})
    table = with_unknown(known, pa.Table.from_pylist(rows, schema=arrow_schema(PERMISSION_ROWS)))
    twins = {f"M{number}" for number, one in enumerate(people) if one["twin"]}
    chosen: Selection = without_refused(select(table, mailable=True, held_back=twins))
    expected = [
        f"M{number}" for number, one in enumerate(people)
        if not (one["refusal"] or one["since"] or one["twin"])
        and (one["permission"] == "express" or (one["permission"], one["why_not"]) == ("unknown", "no permission"))]
    assert chosen.masters["master_id"].to_pylist() == expected
    assert len(expected) + sum(chosen.left_out.values()) == len(people)
