"""Contacts as people see them: a few cells each, with the file and row they stand in, and which cells differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from listmerge.report.material import Material, picked, rows_of

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Keys = frozenset[tuple[str, ...]]       # the values of a field, each in its parts


@dataclass(frozen=True)
class Face:
    """A contact to show: `short` names its file, `cells` are texts by field, `keys` what differing is judged by (mere
    formatting is none)."""

    contact: int
    source: str
    short: str
    row: int
    line: int
    where: str
    cells: dict[str, str]
    keys: dict[str, Keys]

    @property
    def title(self) -> str:
        """What to call the contact in a heading."""
        return next((self.cells[field].split("\n")[0] for field in ("name", "job", "emails") if self.cells[field]),
                    "(no name)")


#: The fields of a face, in the order shown, with their names for people.
FIELDS: Final = {
    "name": "Name", "birthday": "Birthday", "job": "Company", "emails": "E-mail", "phones": "Phone",
    "address": "Address", "updated": "Changed",
}
#: What is read of a contact.
_COLUMNS: Final = (
    "source", "source_file", "source_row", "source_line", "full_name", "prefix", "given_name", "middle_name",
    "family_name", "suffix", "birthday", "company", "department", "job_title", "updated", "given_key", "family_key",
    "suffix_key", "company_key",
)
#: Fields in which members may differ without anything being wrong: they are only shown.
_NEVER_MARKED: Final = frozenset({"updated"})


def faces(material: Material, contacts: Iterable[int]) -> dict[int, Face]:
    """The face of each of the few `contacts`."""
    wanted = np.unique(np.fromiter(contacts, dtype=np.int32))
    several = {name: _several(rows_of(getattr(material, name), wanted)) for name in ("emails", "phones", "addresses")}
    rows = picked(material.contacts.select(_COLUMNS), wanted).to_pylist()
    return {int(contact): _face(material, int(contact), row, {name: of.get(int(contact), [])
                                                              for name, of in several.items()})
            for contact, row in zip(wanted, rows, strict=True)}


def marked(members: Sequence[Face]) -> list[frozenset[str]]:
    """For each member, the fields in which it contradicts others of the group and is not with most of them."""
    return [frozenset(field for field in FIELDS if field not in _NEVER_MARKED and _differs(member, members, field))
            for member in members]


def agreeing(members: Sequence[Face]) -> list[str]:
    """The fields, by their names for people, in which at least two members say the same."""
    return [title for field, title in FIELDS.items() if field not in _NEVER_MARKED and _shared(members, field)]


def _differs(member: Face, members: Sequence[Face], field: str) -> bool:
    mine = member.keys[field]
    if not mine:
        return False
    filled = [other.keys[field] for other in members if other.keys[field]]
    alike = sum(_compatible(mine, theirs) for theirs in filled)
    return alike < len(filled) and alike * 2 <= len(filled)


def _compatible(mine: Keys, theirs: Keys) -> bool:
    """Whether a value of one can be what the other says: what one leaves out is no contradiction, nor is an initial."""
    return not mine.isdisjoint(theirs) or any(all(map(_fits, one, other)) for one in mine for other in theirs)


def _fits(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    return not short or (len(short) == 1 and long.startswith(short))


def _shared(members: Sequence[Face], field: str) -> bool:
    filled = [member.keys[field] for member in members if member.keys[field]]
    return any(_same(*words) for one, other in combinations(filled, 2) for words in product(one, other))


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the values fit and have a part in common."""
    parts = list(zip(one, other, strict=True))
    return any(mine and mine == theirs for mine, theirs in parts) and all(_fits(*words) for words in parts)


def _several(table: pa.Table) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        groups[row["contact"]].append(row)
    return {contact: sorted(rows, key=lambda row: row["slot"]) for contact, rows in groups.items()}


def _face(material: Material, contact: int, row: Row, several: dict[str, list[Row]]) -> Face:
    place = row["source_file"], row["source_row"], row["source_line"]
    cells = {field: make(row, several) for field, make in _CELLS.items()}
    keys = {field: frozenset(filter(any, make(row, several))) for field, make in _KEYS.items()}
    short = material.short_names.get(row["source_file"], row["source_file"])
    return Face(contact, row["source"], short, *place[1:], material.where(*place), cells, keys)


def _joined(*texts: str, by: str = ", ") -> str:
    return by.join(filter(None, texts))


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(texts))


def _name(row: Row) -> str:
    parts = (row[name] for name in ("prefix", "given_name", "middle_name", "family_name", "suffix"))
    return row["full_name"] or _joined(*parts, by=" ")


def address_text(row: Row) -> str:
    """A postal address in one line, as on an envelope."""
    town = _joined(row["postal_code"], row["city"], by=" ")
    return _joined(row["street"], town, row["region"], row["country"])


_CELLS: Final[dict[str, Callable[[Row, dict[str, list[Row]]], str]]] = {
    "name": lambda row, _: _name(row),
    "birthday": lambda row, _: row["birthday"],
    "job": lambda row, _: _joined(row["company"], row["department"], row["job_title"]),
    "emails": lambda _, several: _lines(one["email"] for one in several["emails"]),
    "phones": lambda _, several: _lines(one["phone"] for one in several["phones"]),
    "address": lambda _, several: _lines(address_text(one) for one in several["addresses"]),
    "updated": lambda row, _: row["updated"],
}

_ADDRESS: Final = ("street_key", "number_key", "postal_key", "city_key")

_KEYS: Final[dict[str, Callable[[Row, dict[str, list[Row]]], list[tuple[str, ...]]]]] = {
    "name": lambda row, _: [(row["given_key"], row["family_key"], row["suffix_key"])],
    "birthday": lambda row, _: [(row["birthday"],)],
    "job": lambda row, _: [(row["company_key"],)],
    "emails": lambda _, several: [(one["email_key"],) for one in several["emails"]],
    "phones": lambda _, several: [(one["phone_key"],) for one in several["phones"]],
    "address": lambda _, several: [tuple(one[name] for name in _ADDRESS) for one in several["addresses"]],
    "updated": lambda row, _: [(row["updated"],)],
}
