"""Who is probably one person, while it is not known yet which contacts are one: frequencies count people by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from listmerge.stages.codes import NONE, Codes, Who, combine, people_behind, recode
from listmerge.stages.together import first_letters

#: A person has up to so many e-mail addresses; a name that has more is several people's.
ADDRESSES_OF_ONE: Final = 4


def reached_at(
    tables: Mapping[str, pa.Table], texts: Callable[[str, str], tuple[Codes, pa.Array]], count: int
) -> Codes:
    """For each contact a code of its first e-mail, else of its first phone, else NONE."""
    reached = np.full(count, NONE, np.int64)
    base = 0
    for name, key in (("phones", "phone_key"), ("emails", "email_key")):
        codes, different = texts(name, key)
        known = np.flatnonzero(codes >= 0)[::-1]
        reached[tables[name]["contact"].to_numpy()[known]] = codes[known].astype(np.int64) + base
        base += len(different)
    return reached


def who_of(names: Mapping[str, Any], organisation: Any, stand_ins: Codes, reached: Codes) -> Who:
    """Who each contact is while it is not known which are one."""
    initials = _initials(names["words"], names["root"], names["family"])
    word = np.where(names["given"] >= 0, names["given"], names["family"]).astype(np.int64)
    row = np.arange(len(reached))
    own = np.where(reached >= 0, 3 * reached, np.where(word >= 0, 3 * word + 1, 3 * row + 2))
    nameless = recode(np.where(organisation | (names["name"] >= 0), NONE, own))[0]
    surely, probably = (np.where(organisation, stand_ins, codes) for codes in (initials, names["person"]))
    return Who(surely, probably, nameless)


def persons(name: Codes, reached: Codes) -> Codes:
    """Who is probably one person: those of one name; but a name with more addresses than one person has is several
    people's, told apart by these."""
    addresses = people_behind(name, reached, int(name.max(initial=NONE)) + 1)
    by_address = (reached >= 0) & (addresses[name] > ADDRESSES_OF_ONE)
    return recode(combine(name, np.where(by_address, reached, int(reached.max(initial=NONE)) + 1)))[0]


def _initials(words: Any, given: Codes, family: Codes) -> Codes:
    """The two first letters of a name as one code, in either order: who is surely not one person."""
    letters = first_letters(words).astype(np.int32)     # the last one answers for NONE
    first, second = letters[given], letters[family]
    return np.where((given < 0) | (family < 0), NONE, np.minimum(first, second) * 65_536 + np.maximum(first, second))


def stand_ins(addresses: pa.Table, texts: Callable[[str, str], tuple[Codes, pa.Array]]) -> Codes:
    """What stands for an organisation while it is not known which are one: its house number, else its name."""
    (number, numbers), (company, _) = texts("addresses", "number_key"), texts("contacts", "company_key")
    stand_in = np.where(company >= 0, company.astype(np.int64) + len(numbers), NONE)
    known = np.flatnonzero(number >= 0)[::-1]
    stand_in[addresses["contact"].to_numpy()[known]] = number[known]
    return stand_in
