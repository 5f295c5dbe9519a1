"""Whom a text means: ids and places first, then an e-mail address or a full name when it is one person's."""

from __future__ import annotations

import pyarrow as pa
import pytest

from listmerge.errors import OptionError
from listmerge.review.who import contacts_meant

A, B, C, D = (letter * 24 for letter in "abcd")
PEOPLE = [
    (A, "person", "Zoë O'Dwyer", "", "zoe@mail.example", "M1"), (B, "person", "Zoe ODwyer", "", "zoe@mail.example", "M1"),
    (C, "person", "Ada Quill", "Quill Ltd", "office@quill.example", "M2"),
    (D, "organisation", "", "Quill Ltd", "office@quill.example", "M3"),
]


def tables(name: str) -> pa.Table:
    """The tables of a run with PEOPLE, one part each."""
    ids = {"record_id": [one[0] for one in PEOPLE], "part": pa.array([0] * len(PEOPLE), pa.int16())}
    return {
        "contacts": pa.table({**ids, "kind": [one[1] for one in PEOPLE], "full_name": [one[2] for one in PEOPLE],
                              "company": [one[3] for one in PEOPLE]}),
        "emails": pa.table({"contact": pa.array(range(len(PEOPLE)), pa.int32()),
                            "email_key": [one[4] for one in PEOPLE]}),
        "crosswalk": pa.table({**ids, "source_file": ["lists/crm.csv"] * len(PEOPLE),
                               "source_row": pa.array(range(1, len(PEOPLE) + 1), pa.int32()),
                               "master_id": [one[5] for one in PEOPLE]}),
    }[name]


@pytest.mark.parametrize(("text", "keys"), [
    (A, [f"{A}.0"]), ("M1", [f"{A}.0", f"{B}.0"]), ("crm.csv:3", [f"{C}.0"]),
    ("Zoe@Mail.example", [f"{A}.0", f"{B}.0"]), ("zoe  o'dwyer", [f"{A}.0", f"{B}.0"]),
    ("Ada Quill", [f"{C}.0"]), ("quill ltd", [f"{D}.0"]),
])
def test_one_is_meant(text: str, keys: list[str]) -> None:
    assert contacts_meant(tables, text) == keys


@pytest.mark.parametrize("text", ["nobody@mail.example", "Ada", "", "@", "crm.csv:9", "M9"])
def test_nobody_is_meant(text: str) -> None:
    with pytest.raises(OptionError, match="unknown-contact"):
        contacts_meant(tables, text)


def test_several_are_listed_with_their_ids() -> None:
    with pytest.raises(OptionError) as raised:
        contacts_meant(tables, "office@quill.example")
    assert raised.value.what == (
        f"'office@quill.example' could be Ada Quill (lists/crm.csv:3, {C}.0, master M2); "
        f"or Quill Ltd (lists/crm.csv:4, {D}.0, master M3).")
