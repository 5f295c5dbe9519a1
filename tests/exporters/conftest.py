"""A table of masters with awkward cells, which every writer must keep."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from listmerge import model

#: What people really have in their lists, and what breaks writers.
AWKWARD = (
    "plain", "0800", "01067", "NA", "null", "1234567890123456", "3/4", "+61 2 5550 0123", "+61255500123",
    "+442079460001;ext=12", "=1+1", "=cmd|'/c calc'!A0", "-5", "@sum(A1)", "\ttab", "\rreturn", "'tis", "'0800", "'=x",
    "''=x", "=\"0800\"", "a,b", 'he said "no"', '"', "two\nlines", "two\r\nlines", "a;b", "a\\;b", "a; b", "\\n", "{x}",
    "<script>alert(1)</script>", "&amp;", "[/foo]", "]]>", "_x0041_", "bell\x07", "Zoë O’Neil-Müller", "王晓明",
    "👩‍👩‍👧", "אבג", "e\u0301", "NUL\x00", " ", "x" * 300, "ü" * 200, "#N/A", "TRUE", "1E5", "%", "`", "",
)


def made(rows: list[dict[str, str]]) -> pa.Table:
    """Masters from rows; what a row leaves out is ''."""
    names = [name for name, _ in model.MASTERS]
    return pa.Table.from_pylist([{name: row.get(name, "") for name in names} for row in rows],
                                schema=model.arrow_schema(model.MASTERS))


@pytest.fixture
def masters() -> Callable[[list[dict[str, str]]], pa.Table]:
    """Makes masters from rows."""
    return made


@pytest.fixture
def awkward() -> pa.Table:
    """Each awkward text as name and company of one master, among ordinary cells."""
    return made([{"master_id": f"M{index:016d}", "kind": "person", "full_name": text, "company": text,
                  "email": f"p{index}@mail.example", "phone": "+61255500123", "postal_code": "0800"}
                 for index, text in enumerate(AWKWARD)])
