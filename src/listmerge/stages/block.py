"""Which contacts are worth comparing: those that share a blocking key.

Keys are a table, KEYS: each names the columns of which two contacts must share all. A block that would cost too much is
cut by further columns, one after the other; what is then still too large is left out and said in the findings. A pair
that one key loses so, another still finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from listmerge.engine import Engine
from listmerge.model import PAIRS, arrow_schema
from listmerge.stages import Findings, Settings, Stage
from listmerge.stages.codes import LARGEST, Codes, distinct, recode
from listmerge.stages.columns import Column, columns_of
from listmerge.stages.features import TABLES, Features, features_of

#: What one key may cost: pairs per contact, and pairs in any list (so that short lists are compared nearly in full).
PAIRS_PER_CONTACT: Final = 0.6
PAIRS_ALWAYS: Final = 60_000
#: The same for keys that two strangers share by chance the more often, the longer the list is.
FEW: Final = 0.15
#: A block of more contacts than this is cut whatever it costs.
CAP: Final = 100
#: Contacts left uncompared by a key, from which on the report says so.
MANY: Final = 100
#: Keys that should be a contact's own: of these it is worth saying.
OWN_VALUES: Final = ("e-mail", "phone", "identifier", "birthday")
#: Of names it is only where so great a share of the contacts have one that others have.
CROWD: Final = 0.2
WHOLE_NAME: Final = "whole name in either order"

#: Keys that are worked on at a time; sorting lets go of the interpreter.
CORES: Final = 2


@dataclass(frozen=True, slots=True)
class Key:
    """Contacts that share all of `columns` are a block; blocks that cost too much (more than `most` pairs per contact,
    all together) are cut by `cuts`, one after the other."""

    name: str
    columns: tuple[str, ...]
    cuts: tuple[str, ...] = ()
    most: float = PAIRS_PER_CONTACT


KEYS: Final = (
    Key("e-mail", ("email-letters",), ("root", "family")),
    Key("before the @", ("local",), ("root", "family"), most=FEW),
    Key("start of the e-mail, given name, start of the family name", ("local-start", "root", "family-start"), most=FEW),
    Key("phone", ("phone",), ("root", "family", "birthday")),
    Key("identifier", ("identifier",), ("root", "family")),
    Key(WHOLE_NAME, ("swapped",), ("city", "work", "postal", "phone-end", "birthday", "local-start")),
    Key("letters of the family name, given name", ("family-letters", "root"),
        ("city", "work", "postal", "birth-month")),
    Key("family name and postcode", ("family", "postal"), ("root", "street")),
    Key("given name and postcode", ("root", "postal"), ("street", "family-start"), most=FEW),
    Key("street and number", ("street", "number"), ("city", "root", "family")),
    Key("given name, number, street's start", ("root", "number", "street-start"), ("city",)),
    Key("work and family name", ("work", "family"), ("root",)),
    Key("work and given name", ("work", "root"), ("family-start", "city"), most=FEW),
    Key("birthday", ("birthday",), ("initial", "family-initial", "postal")),
    Key("month of birth and family name", ("birth-month", "family"), ("initial",)),
    Key("month of birth and given name", ("birth-month", "root"), ("family-start", "city")),
    Key("city and given name", ("city", "root"), ("family-start", "birth-month"), most=FEW),
    Key("city and family name", ("city", "family"), ("initial", "birth-month"), most=FEW),
    Key("city and month of birth", ("city", "birth-month"), ("initial", "family-start")),
)
ORGANISATION_KEYS: Final = (
    Key("e-mail", ("email",), ("company",)),
    Key("phone", ("phone",), ("company", "postal")),
    Key("identifier", ("identifier",), ("company",)),
    Key("company", ("work",), ("postal", "city", "number")),
    Key("street and number", ("street", "number"), ("postal", "city", "company-start")),
    Key("number and postcode", ("number", "postal"), ("street-start", "company-start")),
    Key("number and start of street", ("number", "street-start"), ("city", "company-start")),
    Key("start of company, postcode", ("company-start", "postal"), ("number",)),
)


def block(engine: Engine, settings: Settings, findings: Findings) -> None:
    """Makes `pairs`."""
    found = features_of(engine)
    left, right = candidates(found, findings)
    engine.put("pairs", pa.table([pa.array(left), pa.array(right)], schema=arrow_schema(PAIRS)))


BLOCK: Final = Stage("block", TABLES, ("pairs",), block)


def candidates(found: Features, findings: Findings) -> tuple[Codes, Codes]:
    """All pairs that share a key, each once, left < right, sorted; persons and organisations apart."""
    every, lost = _by_key(found)
    pairs = distinct(np.concatenate([np.empty(0, np.int64), *(every.pop() for _ in range(len(every)))]))
    findings.counts["pairs"] = len(pairs)
    findings.counts["not_compared_by_key"] = lost
    findings.remarks += _said(lost, found.count)
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def _by_key(found: Features) -> tuple[list[Any], dict[str, int]]:
    """The pairs of each key, and by its name how many contacts it left uncompared."""
    column = columns_of(found)
    every = []
    lost: dict[str, int] = {}
    for keys, member in ((KEYS, ~found.organisation), (ORGANISATION_KEYS, found.organisation)):
        members = int(member.sum())
        with ThreadPoolExecutor(CORES) as pool:
            made = pool.map(lambda key, of=member, size=members: _pairs_of(key, column, of, size),
                            keys if members else ())
            for key, (pairs, uncompared) in zip(keys, made, strict=False):
                every.append(pairs)
                if uncompared:
                    lost[key.name] = lost.get(key.name, 0) + uncompared
    return every, lost


def _pairs_of(key: Key, column: Callable[[str], Column], member: Any, members: int) -> tuple[Any, int]:
    """The pairs of one key as left << 32 | right, and how many contacts of large blocks are in no pair."""
    owners, values, size = _first(column(key.columns[0]), member)
    for name in key.columns[1:]:
        owners, values, size = _and(owners, values, size, column(name))
    made = []
    budget = key.most * members + PAIRS_ALWAYS
    crowded = None
    for cut in (*key.cuts, None):
        owners, values, pairs = _small_blocks(owners, values, size, budget)
        made.append(pairs)
        crowded = owners if crowded is None else crowded
        if cut is None or not len(owners):
            break
        owners, values, size = _and(owners, values, size, column(cut))
    pairs = np.concatenate(made)
    return pairs, _without_pair(crowded, pairs, len(member)) if crowded is not None and len(crowded) else 0


def _without_pair(contacts: Codes, pairs: Any, count: int) -> int:
    """How many of the contacts are in none of the pairs."""
    alone = np.zeros(count, bool)
    alone[contacts] = True
    alone[pairs >> 32] = False
    alone[pairs & 0xFFFFFFFF] = False
    return int(alone.sum())


def _said(lost: Mapping[str, int], count: int) -> list[str]:
    """What the report says of contacts left uncompared, by key."""
    said = [f"{many:,} contacts share their {name} with so many others that it says nothing of them."
            for name, many in lost.items() if many > MANY and name in OWN_VALUES]
    if lost.get(WHOLE_NAME, 0) > max(MANY, CROWD * count):
        said.append(f"{lost[WHOLE_NAME]:,} contacts share their name with so many others that they were compared only "
                    "where something else is the same too.")
    return said


def _first(column: Column, member: Any) -> tuple[Codes, Any, int]:
    """(owner, value) of the members that have one, and how many values there may be."""
    if column.offsets is None:
        owners = np.flatnonzero(member & (column.codes >= 0)).astype(np.int32)
        return owners, column.codes[owners].astype(np.int64), column.size
    owners = np.repeat(np.arange(len(member), dtype=np.int32), np.diff(column.offsets))
    known = np.flatnonzero(member[owners] & (column.codes >= 0))
    return owners[known], column.codes[known].astype(np.int64), column.size


def _and(owners: Codes, values: Any, size: int, column: Column) -> tuple[Codes, Any, int]:
    """The same contacts with each of their values in a further column: (owner, both values as one number)."""
    if size * column.size >= LARGEST:
        values, size = recode(values)
    if column.offsets is None:
        further = column.codes[owners]
        known = np.flatnonzero(further >= 0)
        at, further = known, further[known]
    else:
        at, which = _each(owners, column.offsets)
        known = np.flatnonzero(column.codes[which] >= 0)
        at, further = at[known], column.codes[which[known]]
    return owners[at], values[at].astype(np.int64) * column.size + further, size * column.size


def _each(owners: Codes, offsets: Codes) -> tuple[Any, Any]:
    """For each value of each owner: (place of the owner, place of the value)."""
    start = offsets[owners]
    many = offsets[owners + 1] - start
    return np.repeat(np.arange(len(owners)), many), _runs(start, many)


def _runs(start: Any, many: Any) -> Any:
    """The places from each start on, as many as there are of each, one run after the other."""
    places = np.repeat(start - (np.cumsum(many) - many), many)
    return places + np.arange(len(places))


def _small_blocks(owners: Codes, values: Any, size: int, budget: float) -> tuple[Codes, Any, Any]:
    """(owners and values of blocks that cost too much, the pairs of all others, the smallest blocks first)."""
    owners, values = _in_blocks(owners, values, size)
    start = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.empty(0, np.int64)
    many = np.diff(np.append(start, len(values)))
    cap = _affordable(many, budget)
    large = _runs(start[many > cap], many[many > cap])
    pairs = np.concatenate([np.empty(0, np.int64), *pairs_within(owners, start, many, cap)])
    return owners[large], values[large], pairs


def _in_blocks(owners: Codes, values: Any, size: int) -> tuple[Codes, Any]:
    """Sorted by value and owner, each once."""
    bits = int(owners.max(initial=0)).bit_length()
    if size << bits >= LARGEST:
        values = recode(values)[0].astype(np.int64)
    both = distinct((values << bits) | owners)
    return (both & ((1 << bits) - 1)).astype(np.int32), both >> bits


def _affordable(size: Any, budget: float) -> int:
    """The largest size of a block, up to which all blocks together cost no more than the budget."""
    if not len(size):
        return CAP
    cost = np.bincount(size, weights=size * (size - 1.0) / 2)
    total = np.cumsum(cost)
    within = int(np.searchsorted(total, budget, side="right")) - 1
    return max(2, min(within, len(total) - 1)) if within < len(total) - 1 else int(size.max())


def pairs_within(owners: Codes, start: Any, size: Any, cap: int) -> Iterator[Any]:
    """All pairs of each block that begins at `start` and has `size` owners, blocks above `cap` left out."""
    some = np.flatnonzero((size > 1) & (size <= cap))
    some = some[np.argsort(size[some])]
    members, first = np.unique(size[some], return_index=True)
    for many, blocks in zip(members.tolist(), np.split(start[some], first[1:]), strict=False):
        one, other = np.triu_indices(many, 1)
        within = owners[blocks[:, None] + np.arange(many)].astype(np.int64)
        yield ((within[:, one] << 32) | within[:, other]).ravel()


def keys_shared(found: Features, left: int, right: int) -> tuple[str, ...]:
    """The names of the keys that two contacts share, whether or not their blocks were affordable."""
    keys = ORGANISATION_KEYS if found.organisation[left] else KEYS
    column = columns_of(found)
    return tuple(key.name for key in keys
                 if all(column(name).shared(left, right) for name in key.columns))
