"""Masters that nothing changed since the last run: they are taken over as they were, and only the others made anew.

A master is made of the values of its contacts, of what is known of their sources, of what anybody said of its
addresses, and of how common its names are among those of the lists. Where all of that is as it was, so is the master,
but for what it has only beside others: its household, its organisation, the day on which it was last seen, and how
surely its contacts are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import Engine
from listmerge.stages.merge.groups import Numbers, by_contact, numbers, starts_run, text

#: Below this share of masters that nothing changed it is not worth to look for them.
ENOUGH: Final = 0.7
#: What is said now and was not, or was and is not.
_OTHER: Final = """
    (SELECT * FROM merge_now EXCEPT SELECT * FROM merge_then)
    UNION (SELECT * FROM merge_then EXCEPT SELECT * FROM merge_now)
"""


@dataclass(frozen=True)
class Standing:
    """The contacts of a run cluster by cluster (`contact`), where those of each master begin, and of each master the
    `row` that it had among those of the last run, -1 for one that is made anew. `was` is the number that each contact
    had in the last run, -1 for none."""

    contact: Numbers
    starts: Numbers
    row: Numbers
    was: Numbers

    @property
    def sizes(self) -> Numbers:
        """How many contacts each master has."""
        return np.diff(np.append(self.starts, len(self.contact)))

    @property
    def taken_over(self) -> bool:
        """Whether any master is as it was."""
        return bool((self.row >= 0).any())

    @property
    def new(self) -> Numbers:
        """Which masters are made anew."""
        anew: Numbers = self.row < 0
        return anew

    @property
    def new_contacts(self) -> Numbers:
        """Whether the master of each contact, in the order of `contact`, is made anew."""
        return np.repeat(self.new, self.sizes)

    @property
    def heads(self) -> Numbers:
        """The smallest contact of each master, after which its cluster is named."""
        return self.contact[self.starts]


def standing(engine: Engine, bearers: Numbers, days: tuple[str, str]) -> Standing:
    """Which masters the last run made of the same. `bearers` is how many contacts bear the names of each contact,
    `days` are today and the day of the last run."""
    cluster = by_contact(engine.get("clusters"), "cluster")
    contact = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(starts_run(cluster[contact]))
    if not engine.get("last_outlines").num_rows:
        return Standing(contact, starts, np.full(len(starts), -1, np.int32), np.full(len(contact), -1, np.int32))
    was = numbers(engine.get("seen"), "contact")
    made = Standing(contact, starts, np.full(len(starts), -1), was)
    row = _rows(engine, made, _steady(engine, was) & ~_speaks_of_later(engine, len(was), min(days)), bearers)
    return Standing(contact, starts, row, was) if (row >= 0).sum() > ENOUGH * len(row) else made


def _steady(engine: Engine, was: Numbers) -> Numbers:
    """The contacts that are as they were, and of whose source the same is known."""
    now, then = (engine.get(name)["origin"].combine_chunks() for name in ("origins", "last_origins"))
    same_name = pc.fill_null(pc.index_in(then.dictionary, now.dictionary), -1).to_numpy()
    before = np.append(same_name[then.indices.to_numpy()], -1)[was]
    sources = text(engine.get("contacts"), "source").dictionary_encode()
    known = pc.is_in(sources.dictionary, text(engine.get("steady_sources"), "source")).to_numpy(zero_copy_only=False)
    steady: Numbers = (before == now.indices.to_numpy()) & known[sources.indices.to_numpy()]
    return steady


def _speaks_of_later(engine: Engine, size: int, day: str) -> Numbers:
    """The contacts that state something of a day after `day`: an opt-in counts when its day has come."""
    statements = engine.get("statements")
    later = np.zeros(size, bool)
    later[numbers(statements, "contact")[pc.greater(pc.utf8_slice_codeunits(statements["date"], 0, 10), day)]] = True
    return later


def _rows(engine: Engine, made: Standing, steady: Numbers, bearers: Numbers) -> Numbers:
    """The row in the last run of each master all contacts of which are steady, that has no others and lost none, whose
    id stayed, of whose addresses the same is said, and whose names are in the same order by how many bear them; else
    -1."""
    outlines, group = engine.get("last_outlines"), np.repeat(np.arange(len(made.starts)), made.sizes)
    row = _row_then(engine, made, steady)
    alike = (row == row[made.starts][group]) & (row >= 0)
    stays = np.bincount(group, alike) == made.sizes
    row = np.where(stays, row[made.starts], -1)
    size = np.bincount(_masters_then(engine), minlength=outlines.num_rows)
    stays &= size[row] == made.sizes
    stays &= _same_ids(engine, row) & ~np.isin(row, _otherwise_said(engine, made, row))
    stays[group[_other_order(engine, made, group, bearers)]] = False
    return np.where(stays, row, -1)


def _row_then(engine: Engine, made: Standing, steady: Numbers) -> Numbers:
    """Of each contact, in the order of `made`, the row of the master that it had; -1 where it is not steady."""
    then = np.append(_masters_then(engine), -1)
    row: Numbers = np.where(steady, then[made.was], -1)[made.contact]
    return row


def _masters_then(engine: Engine) -> Numbers:
    """The row of the master of each contact of the last run."""
    heads: Numbers = numbers(engine.get("last_outlines"), "cluster")
    row: Numbers = np.searchsorted(heads, numbers(engine.get("last_clusters"), "cluster"))
    return row


def _same_ids(engine: Engine, row: Numbers) -> Numbers:
    now, then = text(engine.get("identities"), "master_id"), text(engine.get("last_outlines"), "master_id")
    return np.asarray(pc.equal(now, then.take(pa.array(row, mask=row < 0))).fill_null(False))


def _otherwise_said(engine: Engine, made: Standing, row: Numbers) -> Numbers:
    """The rows of masters of whose addresses something is said that was not, or was and is not; `row` is that of each
    master now."""
    now, then = engine.get("said"), engine.get("last_said")
    places = (row[np.searchsorted(made.heads, numbers(now, "cluster"))],
              np.searchsorted(numbers(engine.get("last_outlines"), "cluster"), numbers(then, "cluster")))
    for name, said, place in zip(("merge_now", "merge_then"), (now, then), places, strict=True):
        engine.put(name, said.set_column(0, "cluster", pa.array(place, pa.int32())))
    engine.sql("merge_other", _OTHER)
    other = numbers(engine.get("merge_other"), "cluster")
    engine.drop("merge_now", "merge_then", "merge_other")
    return other


def _other_order(engine: Engine, made: Standing, group: Numbers, bearers: Numbers) -> Numbers:
    """Places of `made.contact` from which on the contacts of one master stand in another order by their bearers."""
    then = np.append(numbers(engine.get("last_origins"), "bearers"), 0)[made.was]
    several = np.flatnonzero(np.repeat(made.sizes > 1, made.sizes))
    contact = made.contact[several]
    order = np.lexsort((then[contact], group[several]))
    ordered, which = contact[order], group[several][order]
    more, now = np.diff(then[ordered]), np.diff(bearers[ordered])
    other: Numbers = several[order][1:][(np.diff(which) == 0) & (np.sign(more) != np.sign(now))]
    return other
