"""A refusal that names no address is remembered for all addresses of the contact, so that it outlives the record."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listmerge.model import ADDRESSES, EMAILS, PHONES, STATEMENTS, Columns, arrow_schema
from listmerge.pipeline.cleaning import addresses_of, refusals_of

from .lists import HEADERS, Table, person

Rows = list[dict[str, Any]]
POST = ("post", "mill lane|3|leeds|ls1")


def made(columns: Columns, rows: Rows) -> pa.Table:
    nothing = {"string": "", "bool": False}
    filled = [{name: row.get(name, nothing.get(kind, 0)) for name, kind in columns} for row in rows]
    return pa.Table.from_pylist(filled, schema=arrow_schema(columns))


def lists(**said: str) -> dict[str, pa.Table]:
    """Contact 0, who says it, has two phones and a street; contact 1 has others."""
    return {
        "emails": made(EMAILS, [{"contact": 1, "email_key": "b@mail.example"}]),
        "phones": made(PHONES, [{"contact": 0, "phone_key": "+442079460001"}, {"contact": 0, "phone_key": ""},
                                 {"contact": 0, "phone_key": "+442079460002"},
                                 {"contact": 1, "phone_key": "+442079460003"}]),
        "addresses": made(ADDRESSES, [{"contact": 0, "street_key": "mill lane", "number_key": "3", "city_key": "leeds",
                                        "postal_key": "ls1"}]),
        "statements": made(STATEMENTS, [{"contact": 0, "fact": "refusal", "date": "2026-03-04", **said}]),
    }


def stored(tables: dict[str, pa.Table]) -> set[tuple[str, str]]:
    rows = refusals_of("crm", [tables]).to_pylist()
    assert {(row["source"], row["date"], row["by_hand"]) for row in rows} <= {("crm", "2026-03-04", False)}
    return {(row["channel"], row["address_key"]) for row in rows}


@pytest.mark.parametrize(("said", "expected"), [
    pytest.param({"channel": "email", "value": "unsubscribed"}, set(), id="no address in that channel"),
    pytest.param({"channel": "post", "value": "unsubscribed"}, {POST}, id="its own street"),
    pytest.param({"channel": "phone", "value": "do-not-contact"},
                 {("phone", "+442079460001"), ("phone", "+442079460002")}, id="its own phones"),
    pytest.param({"channel": "email", "value": "do-not-contact"},
                 {(by, key) for by in ("phone", "sms") for key in ("+442079460001", "+442079460002")} | {POST},
                 id="what holds for every channel"),
    pytest.param({"channel": "email", "value": "unsubscribed", "address_key": "x@mail.example"},
                 {("email", "x@mail.example")}, id="the address that is named, and no other"),
])
def test_a_refusal_without_address_is_of_all_addresses(said: dict[str, str], expected: set[tuple[str, str]]) -> None:
    assert stored(lists(**said)) == expected


def test_streets_are_looked_up_too() -> None:
    assert {*POST} <= {cell for row in addresses_of(lists()).to_pylist() for cell in row.values()}


# --- rows that their system marks as deleted ------------------------------------------------------------------------


FORCE = ("ID", "ISDELETED", "LASTNAME", "FIRSTNAME", "ACCOUNTID", "EMAIL", "HASOPTEDOUTOFEMAIL", "EMAILBOUNCEDDATE")
NEWS = (*HEADERS, "Opted in")


def force(number: int, email: str, **said: str) -> dict[str, str]:
    one = person(number)
    return {"ID": f"003000000000{number:03d}", "ISDELETED": "false", "LASTNAME": one["Last name"],
            "FIRSTNAME": one["First name"], "ACCOUNTID": "0010000000001", "EMAIL": email,
            "HASOPTEDOUTOFEMAIL": "false", **said}


def news(*emails: str) -> list[dict[str, str]]:
    return [{**person(number), "E-mail": email, "Opted in": "yes"} for number, email in enumerate(emails)]


def may_email(table: Table) -> dict[str, tuple[str, str]]:
    return {row["emails"]: (row["may_email"], row["refusal"]) for row in table.rows("master.csv")}


def test_a_refusal_in_a_deleted_row_stands_for_its_address(table: Table) -> None:
    crm = table.write("crm.csv", [
        force(9, "kept@mail.example"),
        force(2, "No@Mail.example", ISDELETED="true", HASOPTEDOUTOFEMAIL="true"),
        force(3, "silent@mail.example", ISDELETED="true"),
        force(4, "bounced@mail.example", ISDELETED="true", EMAILBOUNCEDDATE="2026-03-01"),
    ], FORCE)
    letter = table.write("letter.csv", news("no@mail.example", "silent@mail.example", "bounced@mail.example"), NEWS)
    table.run(crm)
    assert set(may_email(table)) == {"kept@mail.example"}
    table.run(crm, letter)
    masters = may_email(table)
    assert masters["no@mail.example"] == ("no", "unsubscribed")
    assert masters["silent@mail.example"] == masters["bounced@mail.example"] == ("yes", "")


def test_it_stands_when_the_row_is_gone(table: Table) -> None:
    refusing = [force(1, "a@mail.example"), force(2, "no@mail.example", ISDELETED="true", HASOPTEDOUTOFEMAIL="true")]
    table.run(table.write("crm.csv", refusing, FORCE))
    table.run(table.write("crm.csv", [force(1, "a@mail.example")], FORCE))
    table.run(table.write("letter.csv", news("no@mail.example"), NEWS))
    assert may_email(table)["no@mail.example"] == ("no", "unsubscribed")


def test_a_deleted_row_gives_no_permission(table: Table) -> None:
    deleted = [{**row, "Deleted": mark} for row, mark in zip(news("a@mail.example", "b@mail.example"), ("no", "yes"),
                                                             strict=True)]
    table.run(table.write("crm.csv", deleted, (*NEWS, "Deleted")))
    table.run(table.write("web.csv", [person(1, **{"E-mail": "b@mail.example"})]))
    assert may_email(table) == {"a@mail.example": ("yes", ""), "b@mail.example": ("no", "")}


STATES = {"HASOPTEDOUTOFEMAIL": ["true", "false"], "ISDELETED": ["true", "false"]}


@given(st.lists(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in STATES.items()}),
                min_size=1, max_size=5))
@settings(max_examples=12, deadline=None)
def test_marking_rows_as_deleted_never_weakens_a_refusal(said: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Table(Path(folder))
        crm = [force(0, "kept@mail.example"),
               *(force(number, f"p{number}@mail.example", **one) for number, one in enumerate(said, 1))]
        refused = {row["EMAIL"] for row in crm if row["HASOPTEDOUTOFEMAIL"] == "true"}
        letter = table.write("letter.csv", news(*(row["EMAIL"] for row in crm)), NEWS)
        table.run(table.write("crm.csv", crm, FORCE), letter)
        found = {email for emails, (may, _) in may_email(table).items() if may == "no" for email in emails.split("; ")}
    assert refused == found
