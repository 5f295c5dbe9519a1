"""What each system does in its own way, read as it means it: small files as it writes them, and what they say.

A case is a file of quirks/ and beside it `<file>.txt`: the layout that it is recognised as, one line for each contact
with what it says of itself (`row.part kind field=value | …`), the facts stated of its addresses, and at last the
issues.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from listmerge.importers import read
from listmerge.model import RawTable
from listmerge.stages.clean import Cleaned, CleanSettings, clean_part
from listmerge.workspace import identity
from tests.importers.mutation import records_of

FOLDER = Path(__file__).parent / "quirks"
CASES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".txt")
SHOWN = ("full_name", "prefix", "given_name", "middle_name", "family_name", "suffix", "company", "department",
         "job_title", "birthday", "website", "categories", "relationship", "updated")
ADDRESS = ("street", "city", "region", "postal_code", "country")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_a_file_says_what_its_system_means(path: Path) -> None:
    expected = path.with_name(f"{path.name}.txt").read_text("utf-8").splitlines()
    assert [line for table in read(path, path.name) for line in lines_of(table)] == expected


def lines_of(table: RawTable) -> Iterator[str]:
    """What a table says, as the cases write it."""
    ids, = identity.record_ids("list", [table])
    cleaned = clean_part(records_of(table, ids), table.mapping, CleanSettings(key=b"key", today="2026-11-22"))
    yield f"layout {table.mapping.layout or '-'}"
    contacts = cleaned.contacts.to_pylist()
    for number in sorted(range(len(contacts)), key=lambda number: _place(contacts[number])):
        row, part = _place(contacts[number])
        yield f"{row}.{part} {contacts[number]['kind']} " + " | ".join(_values(cleaned, contacts[number], number))
    yield from sorted({f"! {issue['code']} {issue['value']}".strip() for issue in cleaned.issues.to_pylist()})


def _place(contact: dict[str, Any]) -> tuple[int, int]:
    return contact["source_row"], contact["part"]


def _values(cleaned: Cleaned, contact: dict[str, Any], number: int) -> Iterator[str]:
    yield from (f"{name}={contact[name]}".replace("\n", "; ") for name in SHOWN if contact[name])
    for name, table in (("email", cleaned.emails), ("phone", cleaned.phones)):
        yield from (f"{name}={one[name]} {one['label']}".strip() for one in _of(table, number))
    for one in _of(cleaned.addresses, number):
        yield f"address={', '.join(filter(None, map(one.get, ADDRESS)))} {one['label']}".strip()
    for one in _of(cleaned.statements, number):
        yield " ".join(filter(None, (one["channel"], one["address"], one["fact"], one["value"], one["date"])))


def _of(table: Any, number: int) -> list[dict[str, Any]]:
    return [one for one in table.to_pylist() if one["contact"] == number]
