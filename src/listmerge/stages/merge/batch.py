"""One batch of whole masters: their contacts and values, sorted, numbered and joined once for all that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.merge.groups import (
    Numbers,
    filled,
    number_of,
    numbers,
    per_group,
    ranks,
    starts_run,
    taken,
    text,
)


def in_order(table: pa.Table, *keys: Numbers) -> pa.Table:
    """The rows sorted by numbers, the first key first; what is in order already is not moved."""
    return table if _ordered(keys) else table.take(pa.array(np.lexsort(keys[::-1])))


def _ordered(keys: Sequence[Numbers]) -> bool:
    """Whether no row stands before one that is smaller: in the first key, or in the next where that is equal."""
    tied = np.ones(max(len(keys[0]) - 1, 0), bool)
    for key in keys:
        if (tied & (key[1:] < key[:-1])).any():
            return False
        tied &= key[1:] == key[:-1]
    return True


@dataclass(frozen=True)
class Values:
    """Rows of a value table (e-mails, phones …), sorted by master, contact and slot; `at` is the member's row."""

    table: pa.Table
    at: Numbers
    group: Numbers

    def where(self, mask: Numbers) -> Values:
        """Only these rows."""
        rows = np.flatnonzero(mask)
        return Values(taken(self.table, rows), self.at[rows], self.group[rows])


@dataclass(frozen=True)
class Batch:
    """`members` sorted by (cluster, contact), `source` the row of each in `sources`; `group` numbers the masters from
    0; `today` is YYYY-MM-DD."""

    identities: pa.Table
    members: pa.Table
    sources: pa.Table
    source: Numbers
    group: Numbers
    size: int
    today: str

    @classmethod
    def of(cls, identities: pa.Table, members: pa.Table, sources: pa.Table, today: str) -> Batch:
        """Every master has at least one member, `members` are in order; the last of `sources` is that of which nothing
        is said."""
        identities = in_order(identities, numbers(identities, "cluster")).combine_chunks()
        group = np.cumsum(starts_run(numbers(members, "cluster"))) - 1
        source = number_of(text(members, "source"), text(sources, "source"), sources.num_rows - 1)
        return cls(identities, members, sources, source, group, identities.num_rows, today)

    @cached_property
    def own(self) -> Numbers:
        """Per member: its values may enter the master. Those of a reference-only source may not when a source that is
        none carries the same master."""
        mine: Numbers = ~self.reference_only | self.reference_masters[self.group]
        return mine

    @cached_property
    def reference_only(self) -> Numbers:
        """Per member: its source may but be compared with."""
        only: Numbers = numbers(self.sources, "reference_only")[self.source]
        return only

    @cached_property
    def reference_masters(self) -> Numbers:
        """Per master: only reference-only sources carry it."""
        none: Numbers = per_group(self.group[~self.reference_only], self.size) == 0
        return none

    @cached_property
    def expired(self) -> Numbers:
        """Per member: the time in which its source may be used is over."""
        until = text(self.sources, "use_until")
        over: Numbers = filled(until) & pc.less(until, self.today).to_numpy(zero_copy_only=False)
        return over[self.source]

    @cached_property
    def trust(self) -> Numbers:
        """Per member: how far its source is trusted; higher wins."""
        trust: Numbers = numbers(self.sources, "trust")[self.source]
        return trust

    @cached_property
    def updated(self) -> Numbers:
        """Per member: a number that grows with the date of its values; 0 without a date."""
        dates = text(self.members, "updated")
        return np.where(filled(dates), ranks(dates) + 1, 0)

    @cached_property
    def starts(self) -> Numbers:
        """The first member row of each master."""
        return np.flatnonzero(starts_run(self.group))
