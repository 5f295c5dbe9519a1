"""The values of two contacts in one field as people read them: 'Vanderquist', or 'Bill / William' where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

#: Field -> (table, columns that make its text).
COLUMNS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "given": ("contacts", ("given_name",)), "family": ("contacts", ("family_name",)),
    "middle": ("contacts", ("middle_name",)), "suffix": ("contacts", ("suffix",)),
    "birthday": ("contacts", ("birthday",)), "company": ("contacts", ("company",)), "work": ("contacts", ("company",)),
    "email": ("emails", ("email",)), "phone": ("phones", ("phone",)),
    "address": ("addresses", ("street", "postal_code", "city")),
}
MOST: Final = 3         # values of one contact that are shown


def both(tables: Mapping[str, pa.Table], field: str, left: int, right: int) -> str:
    """What both have, else what either has; '' for a field that is not to be shown."""
    if field not in COLUMNS:
        return ""
    one, other = (_values(tables, field, contact) for contact in (left, right))
    folded = {text.casefold() for text in other}
    shared = [text for text in one if text.casefold() in folded]
    return ", ".join(shared[:MOST]) or " / ".join(", ".join(side[:MOST]) for side in (one, other) if side)


def _values(tables: Mapping[str, pa.Table], field: str, contact: int) -> list[str]:
    name, columns = COLUMNS[field]
    table = tables[name]
    rows = table.slice(contact, 1) if name == "contacts" else table.filter(pc.equal(table["contact"], contact))
    found = rows.select(columns).to_pylist()
    return [text for row in found if (text := ", ".join(str(row[column]) for column in columns if row[column]))]
