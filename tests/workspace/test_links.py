"""Which new record took the place of which that is gone: only where there is no doubt."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from listmerge.model import ADDRESSES, CONTACTS, EMAILS, PHONES, arrow_schema
from listmerge.workspace.links import changed_rows

_ZERO = {"string": "", "int16": 0, "int32": 0}


def cleaned(*people: dict[str, str]) -> dict[str, pa.Table]:
    """Cleaned tables of people with `id`, `given`, `family`, and perhaps `email`, `phone`, `street`."""
    def rows(columns: Any, texts: list[dict[str, Any]]) -> pa.Table:
        blank = {name: _ZERO[kind] for name, kind in columns}
        return pa.Table.from_pylist([blank | row for row in texts], schema=arrow_schema(columns))

    def points(key: str, column: str) -> list[dict[str, Any]]:
        return [{"contact": n, column: person[key]} for n, person in enumerate(people) if key in person]

    return {
        "contacts": rows(CONTACTS, [
            {"record_id": person["id"], "kind": "person", "given_key": person.get("given", "ada"),
             "family_key": person.get("family", "lindqvist")} for person in people]),
        "emails": rows(EMAILS, points("email", "email_key")), "phones": rows(PHONES, points("phone", "phone_key")),
        "addresses": rows(ADDRESSES, points("street", "street_key")),
    }


def test_name_and_one_more_are_enough() -> None:
    for one in ("email", "phone", "street"):
        assert changed_rows(cleaned({"id": "a", one: "x"}), cleaned({"id": "b", one: "x"})) == [("a", "b")]


def test_a_name_alone_is_not_enough() -> None:
    assert changed_rows(cleaned({"id": "a", "email": "x"}), cleaned({"id": "b", "email": "y"})) == []


def test_another_name_is_another_record() -> None:
    gone, new = cleaned({"id": "a", "email": "x"}), cleaned({"id": "b", "email": "x", "given": "ben"})
    assert changed_rows(gone, new) == []


def test_of_several_none_is_taken() -> None:
    one, two = {"id": "a", "email": "x"}, {"id": "c", "email": "x"}
    assert changed_rows(cleaned(one, two), cleaned({"id": "b", "email": "x"})) == []
    assert changed_rows(cleaned({"id": "b", "email": "x"}), cleaned(one, two)) == []


def test_two_ways_to_two_records_are_none() -> None:
    new = cleaned({"id": "b", "email": "x"}, {"id": "c", "phone": "1"})
    assert changed_rows(cleaned({"id": "a", "email": "x", "phone": "1"}), new) == []


def test_nothing_gone_or_nothing_new() -> None:
    assert changed_rows(cleaned(), cleaned({"id": "b", "email": "x"})) == []
    assert changed_rows(cleaned({"id": "b", "email": "x"}), cleaned()) == []
