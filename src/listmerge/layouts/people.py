"""Further people in a row: `Contact 2` has `Email 2`, which must not become an address of the first one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from listmerge.layouts.sample import Sample
from listmerge.model import FIELDS, Column

_NUMBER: Final = re.compile(r"(?:^|\D)([2-6])\D*$")
_NAMES: Final = frozenset({"full_name", "given_name", "family_name"})
#: Units of a person's own; places and companies are those of the row.
_OWN: Final = frozenset({"name", "email", "phone", "birthday"})


def apart(columns: Iterable[Column], samples: Mapping[int, Sample]) -> Iterator[Column]:
    """The columns, where those with the number of a further person are that person's.

    Only where a numbered name has a numbered e-mail address that is never there without it: a mere second line of a
    name (`Name 1`, `Name 2`) makes no person.
    """
    columns = list(columns)
    found = {number for name in columns if name.field in _NAMES and (number := _number(name))
             for email in columns if email.field == "email" and _number(email) == number
             and _goes_with(samples[email.index], samples[name.index])}
    for column in columns:
        number = _number(column)
        if number in found and FIELDS[column.field] in _OWN:
            column = replace(column, part=number - 1, group=column.group.removesuffix(str(number)).strip())
        yield column


def _number(column: Column) -> int:
    """The number in a header that tells a further person's column, 0 where it has none."""
    found = _NUMBER.search(column.header)
    return int(found[1]) if found else 0


def _goes_with(email: Sample, name: Sample) -> bool:
    rows = [bool(known.strip()) for address, known in zip(email.values, name.values, strict=True) if address.strip()]
    return bool(rows) and all(rows)
