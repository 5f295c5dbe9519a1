"""Which contacts are worth comparing: those that share a blocking key.

Keys are a table, KEYS: each names the columns of which two contacts must share all. A block that would cost too much is
cut by further columns, one after the other; what is then still too large is left out and said in the findings. A pair
that one key loses so, another still finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import Engine
from listmerge.model import PAIRS, arrow_schema
from listmerge.stages import Findings, Settings, Stage
from listmerge.stages.codes import NONE, Codes, combine, distinct, encode, recode
from listmerge.stages.features import TABLES, Features, features_of

#: What one key may cost: pairs per contact, and pairs in any list (so that short lists are compared nearly in full).
PAIRS_PER_CONTACT: Final = 0.6
PAIRS_ALWAYS: Final = 60_000
#: A block of more contacts than this is cut whatever it costs.
CAP: Final = 100
#: Contacts left uncompared by a key, from which on the report says so.
MANY: Final = 100
#: Keys that should be a contact's own: of these it is worth saying.
OWN_VALUES: Final = ("e-mail", "phone", "identifier", "birthday")

#: (owner, value) for each value of a column.
Column = tuple[Codes, Codes]


@dataclass(frozen=True, slots=True)
class Key:
    """Contacts that share all of `columns` are a block; blocks that cost too much are cut by `cuts`, one after the
    other."""

    name: str
    columns: tuple[str, ...]
    cuts: tuple[str, ...] = ()


KEYS: Final = (
    Key("e-mail", ("email-letters",), ("root", "family")),
    Key("before the @", ("local",), ("root", "family")),
    Key("start of the e-mail, given name", ("local-start", "root"), ("domain", "family-start")),
    Key("phone", ("phone",), ("root", "family", "birthday")),
    Key("identifier", ("identifier",), ("root", "family")),
    Key("whole name in either order", ("swapped",), ("city", "work", "postal", "phone-end", "birthday", "local-start")),
    Key("letters of the family name, given name", ("family-letters", "root"),
        ("city", "work", "postal", "birth-month")),
    Key("family name and postcode", ("family", "postal"), ("root", "street")),
    Key("given name and postcode", ("root", "postal"), ("street", "family-start")),
    Key("street and number", ("street", "number"), ("city", "root", "family")),
    Key("given name, number, street's start", ("root", "number", "street-start"), ("city",)),
    Key("work and family name", ("work", "family"), ("root",)),
    Key("work and given name", ("work", "root"), ("family-start", "city")),
    Key("birthday", ("birthday",), ("initial", "family-initial", "postal")),
    Key("month of birth and family name", ("birth-month", "family"), ("initial",)),
    Key("month of birth and given name", ("birth-month", "root"), ("family-start", "city")),
    Key("city and given name", ("city", "root"), ("family-start", "birth-month")),
    Key("city and family name", ("city", "family"), ("initial", "birth-month")),
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
    columns = _columns(found)
    every = []
    lost: dict[str, int] = {}
    for keys, member in ((KEYS, ~found.organisation), (ORGANISATION_KEYS, found.organisation)):
        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(lambda key, of=member: _pairs_of(key, columns, of), keys if member.any() else ()))
        for key, (pairs, uncompared) in zip(keys, made, strict=False):
            every.append(pairs)
            if uncompared:
                lost[key.name] = lost.get(key.name, 0) + uncompared
    pairs = distinct(np.concatenate([np.empty(0, np.int64), *every]))
    findings.counts["pairs"] = len(pairs)
    findings.counts["not_compared_by_key"] = lost
    findings.remarks += [f"{many:,} contacts share their {name} with so many others that it says nothing of them."
                         for name, many in lost.items() if many > MANY and name in OWN_VALUES]
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def _columns(found: Features) -> Callable[[str], Column]:
    made: dict[str, Column] = {}

    def column(name: str) -> Column:
        if name not in made:
            made[name] = COLUMNS[name](found)
        return made[name]

    return column


def _plain(codes: Codes) -> Column:
    owners = np.flatnonzero(codes >= 0).astype(np.int32)
    return owners, codes[owners]


def _starts(codes: Codes, texts: Any, length: int) -> Codes:
    """The code of the first letters of each value."""
    if not len(texts):
        return codes
    start, _ = encode(pc.utf8_slice_codeunits(pa.array(texts, pa.string()), 0, length))
    return np.where(codes >= 0, start[codes], NONE).astype(np.int32)


def _ends(codes: Codes, texts: Any, length: int) -> Codes:
    if not len(texts):
        return codes
    end, _ = encode(pc.utf8_slice_codeunits(pa.array(texts, pa.string()), -length))
    return np.where(codes >= 0, end[codes], NONE).astype(np.int32)


def _letters(codes: Codes, texts: Any) -> Codes:
    """The code of the letters of each value in the order of the alphabet: the same when letters changed places."""
    if not len(texts):
        return codes
    letters, _ = encode(pa.array(["".join(sorted(text)) for text in texts], pa.string()))
    return np.where(codes >= 0, letters[codes], NONE).astype(np.int32)


def _of_address(found: Features, codes: Codes) -> Column:
    values = found.addresses
    mine = codes[values.codes]
    return values.owners()[mine >= 0], mine[mine >= 0]


def _swapped(found: Features) -> Column:
    """The two names in either order, for those whose names also occur the other way round."""
    first, second = np.minimum(found.root, found.family), np.maximum(found.root, found.family)
    return _plain(recode(combine(first, second))[0])


def _mere_names(found: Features) -> Any:
    """E-mails of which what is before the @ is no more than a given or family name."""
    words = pa.array(list(found.words), pa.string())
    mere = pc.is_in(pa.array(list(found.local_texts), pa.string()), words).to_numpy(zero_copy_only=False)
    return mere[found.local_parts]


#: Name of a column -> (owners, values). Codes of one column are comparable with one another only.
COLUMNS: Final[dict[str, Callable[[Features], Column]]] = {
    "root": lambda f: _plain(f.root),
    "family": lambda f: _plain(f.family),
    "initial": lambda f: _plain(_starts(f.given, f.words, 1)),
    "family-initial": lambda f: _plain(_starts(f.family, f.words, 1)),
    "family-start": lambda f: _plain(_starts(f.family, f.words, 3)),
    "swapped": _swapped,
    "birthday": lambda f: _plain(f.birthday),
    "birth-month": lambda f: _plain(_starts(f.birthday, f.birthdays, 7)),
    "birth-day": lambda f: _plain(_ends(f.birthday, f.birthdays, 5)),
    "family-letters": lambda f: _plain(_letters(f.family, f.words)),
    "company": lambda f: _plain(f.company),
    "company-start": lambda f: _plain(_starts(f.company, f.companies, 4)),
    "email": lambda f: (f.emails.owners(), f.emails.codes),
    "email-letters": lambda f: (f.emails.owners(), _letters(f.emails.codes, f.emails.texts)),
    "domain": lambda f: (f.emails.owners(), f.domains[f.emails.codes]),
    "local": lambda f: (f.emails.owners(), np.where(f.role | _mere_names(f), NONE, f.local_parts)[f.emails.codes]),
    "local-start": lambda f: (f.emails.owners(), _starts(f.emails.codes, f.emails.texts, 4)),
    "phone": lambda f: (f.phones.owners(), f.phones.codes),
    "phone-end": lambda f: (f.phones.owners(), _ends(f.phones.codes, f.phones.texts, 4)),
    "identifier": lambda f: (f.identifiers.owners(), f.identifiers.codes),
    "work": lambda f: (f.work.owners(), f.work.codes),
    "street": lambda f: _of_address(f, f.streets),
    "street-start": lambda f: _of_address(f, _starts(f.streets, f.street_texts, 4)),
    "number": lambda f: _of_address(f, f.numbers),
    "city": lambda f: _of_address(f, f.cities),
    "postal": lambda f: _of_address(f, f.postals),
}


def _pairs_of(key: Key, column: Callable[[str], Column], member: Any) -> tuple[Any, int]:
    """The pairs of one key as left << 32 | right, and how many contacts of large blocks are in no pair."""
    owners, values = column(key.columns[0])
    keep = member[owners] & (values >= 0)
    owners, values = owners[keep], values[keep].astype(np.int64)
    for name in key.columns[1:]:
        owners, values = _and(owners, values, column(name))
    made = []
    budget = PAIRS_PER_CONTACT * int(member.sum()) + PAIRS_ALWAYS
    crowded = None
    for cut in (*key.cuts, None):
        owners, values, pairs = _small_blocks(owners, values, budget)
        made.append(pairs)
        crowded = owners if crowded is None else crowded
        if cut is None or not len(owners):
            break
        owners, values = _and(owners, values, column(cut))
    pairs = np.concatenate(made)
    return pairs, _without_pair(crowded, pairs) if crowded is not None and len(crowded) else 0


def _without_pair(contacts: Codes, pairs: Any) -> int:
    """How many of the contacts are in none of the pairs."""
    everyone = distinct(contacts)
    return len(everyone) - int(np.isin(everyone, np.concatenate([pairs >> 32, pairs & 0xFFFFFFFF])).sum())


def _and(owners: Codes, values: Any, column: Column) -> tuple[Codes, Any]:
    """The same contacts with each of their values in a further column: (owner, both values as one code)."""
    others, further = column
    start = np.searchsorted(others, owners)
    many = np.searchsorted(others, owners, side="right") - start
    at = np.repeat(np.arange(len(owners)), many)
    which = np.repeat(start - (np.cumsum(many) - many), many) + np.arange(len(at))
    keys, _ = recode(combine(recode(values)[0][at], further[which]))
    known = keys >= 0
    return owners[at][known], keys[known].astype(np.int64)


def _small_blocks(owners: Codes, values: Any, budget: float) -> tuple[Codes, Any, Any]:
    """(owners and values of blocks that cost too much, the pairs of all others, the smallest blocks first)."""
    order = np.lexsort((owners, values))
    owners, values = owners[order], values[order]
    fresh = np.ones(len(values), bool)
    fresh[1:] = (values[1:] != values[:-1]) | (owners[1:] != owners[:-1])
    owners, values = owners[fresh], values[fresh]
    start = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.empty(0, np.int64)
    size = np.diff(np.append(start, len(values)))
    cap = _affordable(size, budget)
    large = np.repeat(size > cap, size)
    pairs = np.concatenate([np.empty(0, np.int64), *pairs_within(owners, start, size, cap)])
    return owners[large], values[large], pairs


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
    for members in np.unique(size[(size > 1) & (size <= cap)]):
        blocks = owners[start[size == members][:, None] + np.arange(members)].astype(np.int64)
        one, other = np.triu_indices(members, 1)
        yield ((blocks[:, one] << 32) | blocks[:, other]).ravel()


def keys_shared(found: Features, left: int, right: int) -> tuple[str, ...]:
    """The names of the keys that two contacts share, whether or not their blocks were affordable."""
    keys = ORGANISATION_KEYS if found.organisation[left] else KEYS
    column = _columns(found)
    return tuple(key.name for key in keys if all(_share(column(name), left, right) for name in key.columns))


def _share(column: Column, left: int, right: int) -> bool:
    owners, values = column
    mine, theirs = (set(values[owners == contact].tolist()) - {NONE} for contact in (left, right))
    return not mine.isdisjoint(theirs)
