"""What the pairs of contacts show: the outcome of each field, and the patterns that these make."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from listmerge.stages.codes import Codes
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, companies, level_of, looks, names, places, values

Compare = Callable[[Features, Codes, Codes], Any]
#: Field -> its comparison (given and family name are compared together).
COMPARISONS: Final[dict[str, Compare]] = {
    "middle": names.middle_outcomes,
    "suffix": names.suffix_outcomes,
    "email": values.email_outcomes,
    "phone": values.phone_outcomes,
    "address": places.address_outcomes,
    "work": places.work_outcomes,
    "birthday": values.birthday_outcomes,
    "identifier": values.identifier_outcomes,
}


OUTCOMES: Final = ("given", "family", *COMPARISONS, "company")
#: Fields by which organisations are compared.
ORGANISATION_FIELDS: Final[dict[str, Compare]] = {
    "company": companies.company_outcomes,
    "email": values.email_outcomes,
    "phone": values.phone_outcomes,
    "address": places.address_outcomes,
    "identifier": values.identifier_outcomes,
}


#: Pairs that are looked at together, on each core: bounds the memory.
BATCH: Final = 200_000
CORES: Final = 2


def in_batches(count: int, do: Callable[[int], None]) -> None:
    """Does `do` to the first position of each batch of `count`, on both cores: numpy, Arrow and rapidfuzz let go of the
    interpreter while they work."""
    with ThreadPoolExecutor(CORES) as pool:
        for _ in pool.map(do, range(0, count, BATCH)):
            pass                                        # what `do` raises is raised here


def compared(found: Features, left: Codes, right: Codes) -> dict[str, Any]:
    """The outcome of each field for each pair; MISSING for the fields that its kind of contact has not."""
    outcomes = {name: np.full(len(left), MISSING, np.int16) for name in OUTCOMES}

    def fill(start: int) -> None:
        organisation = found.organisation[left[start:start + BATCH]]
        for rows, compare in ((~organisation, _persons), (organisation, _organisations)):
            at = start + np.flatnonzero(rows)
            for name, own in (compare(found, left[at], right[at]) if len(at) else {}).items():
                outcomes[name][at] = own

    if len(left) > BATCH:
        looks.made_ready(found, CORES)
    in_batches(len(left), fill)
    return outcomes


def _persons(found: Features, left: Codes, right: Codes) -> dict[str, Any]:
    given, family = names.name_outcomes(found, left, right)
    outcomes = {"given": given, "family": family}
    outcomes |= {name: fn(found, left, right) for name, fn in COMPARISONS.items()}
    same_mailbox = (outcomes["email"] != MISSING) & (level_of(outcomes["email"]) <= values.SHARED)
    by_domain = level_of(outcomes["work"]) == places.DOMAIN
    outcomes["work"] = np.where(same_mailbox & by_domain, np.int16(MISSING), outcomes["work"])    # one and the same
    moved = (level_of(outcomes["work"]) == places.OTHER_COMPANY) & _of_work(found, left) & _of_work(found, right)
    other_email = (outcomes["email"] != MISSING) & (level_of(outcomes["email"]) == values.DIFFERENT)
    outcomes["email"] = np.where(moved & other_email, np.int16(MISSING), outcomes["email"])    # another job, once
    return outcomes


def _of_work(found: Features, contacts: Codes) -> Any:
    """Whether a contact's e-mail shows a place of work."""
    def marked() -> Any:
        shown = np.zeros(found.count, bool)
        shown[found.work.owners()[found.work.rows == 1]] = True
        return shown
    return looks.kept(found, "of work", marked)[contacts]


def _organisations(found: Features, left: Codes, right: Codes) -> dict[str, Any]:
    return {name: fn(found, left, right) for name, fn in ORGANISATION_FIELDS.items()}


def patterns(outcomes: dict[str, Any]) -> tuple[dict[str, Any], Any, Any]:
    """(distinct patterns by field, pattern of each pair, pairs per pattern)."""
    code = np.zeros(len(next(iter(outcomes.values()))), np.int64)
    most = 1
    for column in outcomes.values():
        there = np.bincount(column - MISSING, minlength=1) > 0
        if most * (int(there.sum()) + 1) >= 2**62:
            code = np.unique(code, return_inverse=True)[1].astype(np.int64)
            most = len(code)
        code = code * int(there.sum()) + (np.cumsum(there) - 1)[column - MISSING]
        most *= max(int(there.sum()), 1)
    _, first, which, pairs = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    return {name: column[first] for name, column in outcomes.items()}, which, pairs
