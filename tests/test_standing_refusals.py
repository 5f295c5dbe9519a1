"""A refusal that names no address is remembered for all addresses of the contact, so that it outlives the record."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from listmerge.model import ADDRESSES, EMAILS, PHONES, STATEMENTS, Columns, arrow_schema
from listmerge.pipeline.cleaning import addresses_of, refusals_of

Rows = list[dict[str, Any]]
POST = ("post", "mill lane|3|leeds|ls1")


def table(columns: Columns, rows: Rows) -> pa.Table:
    nothing = {"string": "", "bool": False}
    filled = [{name: row.get(name, nothing.get(kind, 0)) for name, kind in columns} for row in rows]
    return pa.Table.from_pylist(filled, schema=arrow_schema(columns))


def lists(**said: str) -> dict[str, pa.Table]:
    """Contact 0, who says it, has two phones and a street; contact 1 has others."""
    return {
        "emails": table(EMAILS, [{"contact": 1, "email_key": "b@mail.example"}]),
        "phones": table(PHONES, [{"contact": 0, "phone_key": "+442079460001"}, {"contact": 0, "phone_key": ""},
                                 {"contact": 0, "phone_key": "+442079460002"},
                                 {"contact": 1, "phone_key": "+442079460003"}]),
        "addresses": table(ADDRESSES, [{"contact": 0, "street_key": "mill lane", "number_key": "3", "city_key": "leeds",
                                        "postal_key": "ls1"}]),
        "statements": table(STATEMENTS, [{"contact": 0, "fact": "refusal", "date": "2026-03-04", **said}]),
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
