"""One batch of whole masters: their contacts and values, sorted, numbered and joined once for all that follows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.merge.groups import Numbers, filled, numbers, per_group, ranks, starts_run, taken, text


def in_order(table: pa.Table, *keys: Numbers) -> pa.Table:
    """The rows sorted by numbers, the first key first; what is in order already is not moved."""
    order = np.lexsort(keys[::-1])
    sorted_already = bool((order[1:] > order[:-1]).all())
    return table if sorted_already else table.take(pa.array(order))


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
    """`members` sorted by (cluster, contact); `group` numbers the masters from 0; `today` is YYYY-MM-DD."""

    identities: pa.Table
    members: pa.Table
    group: Numbers
    size: int
    today: str

    @classmethod
    def of(cls, identities: pa.Table, members: pa.Table, today: str) -> Batch:
        """Sorts; every master has at least one member."""
        identities = in_order(identities, numbers(identities, "cluster")).combine_chunks()
        members = in_order(members, numbers(members, "cluster"), numbers(members, "contact")).combine_chunks()
        group = np.cumsum(starts_run(numbers(members, "cluster"))) - 1
        return cls(identities, members, group, identities.num_rows, today)

    def values(self, table: pa.Table) -> Values:
        """The rows of a value table beside their members."""
        contacts = numbers(self.members, "contact")
        by_contact = np.argsort(contacts, kind="stable")
        at = by_contact[np.searchsorted(contacts, numbers(table, "contact"), sorter=by_contact)]
        slot = numbers(table, "slot") if "slot" in table.column_names else np.zeros(len(at), np.int16)
        table = in_order(table, at, slot).combine_chunks()
        at = np.sort(at)
        return Values(table, at, self.group[at])

    @cached_property
    def own(self) -> Numbers:
        """Per member: its values may enter the master. Those of a reference-only source may not when a source that is
        none carries the same master."""
        mine: Numbers = ~numbers(self.members, "reference_only") | self.reference_masters[self.group]
        return mine

    @cached_property
    def reference_masters(self) -> Numbers:
        """Per master: only reference-only sources carry it."""
        own = ~numbers(self.members, "reference_only")
        none: Numbers = per_group(self.group[own], self.size) == 0
        return none

    @cached_property
    def expired(self) -> Numbers:
        """Per member: the time in which its source may be used is over."""
        until = text(self.members, "use_until")
        over: Numbers = filled(until) & pc.less(until, self.today).to_numpy(zero_copy_only=False)
        return over

    @cached_property
    def trust(self) -> Numbers:
        """Per member: how far its source is trusted; higher wins."""
        return numbers(self.members, "trust")

    @cached_property
    def updated(self) -> Numbers:
        """Per member: a number that grows with the date of its values; 0 without a date."""
        dates = text(self.members, "updated")
        return np.where(filled(dates), ranks(dates) + 1, 0)

    @cached_property
    def starts(self) -> Numbers:
        """The first member row of each master."""
        return np.flatnonzero(starts_run(self.group))
