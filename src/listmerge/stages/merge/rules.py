"""Which of several values survives: named rules in a fixed order that ends in content, so that there is never a tie.

A unit is a set of columns that survive together, as one record had them: 0 masters with the given name of one record
and the family name of another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow.compute as pc

from listmerge.errors import OptionError
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.groups import (
    Numbers,
    codes,
    filled,
    labels,
    numbers,
    per_group,
    pick,
    ranks,
    starts_run,
    text,
)

NAMED_RULES: Final = ("most-trusted-source", "most-recent", "most-frequent", "most-complete")


@dataclass(frozen=True)
class Unit:
    """Columns that survive together. `shown` are the master's columns, `key` those that decide whether two are the same
    value, `alike` those that count for `most-frequent`, `flaws` grades a row (0 is sound), `complete` are the columns
    that make it fuller, `order` is the default order of the rules, `graded` what `flaws` reads besides."""

    name: str
    shown: tuple[str, ...]
    key: tuple[str, ...]
    alike: tuple[str, ...]
    complete: tuple[str, ...]
    flaws: Callable[[Values], Numbers]
    order: tuple[str, ...]
    graded: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read of it."""
        return tuple(dict.fromkeys((*self.shown, *self.key, *self.alike, *self.complete, *self.graded)))


@dataclass(frozen=True)
class Candidates:
    """The rows among which the winners of one unit are chosen."""

    batch: Batch
    unit: Unit
    values: Values

    def only(self, rows: Numbers) -> Candidates:
        """Some of them."""
        mask = np.zeros(len(self.values.at), bool)
        mask[rows] = True
        return Candidates(self.batch, self.unit, self.values.where(mask))

    def ranked(self, names: tuple[str, ...]) -> list[Numbers]:
        """The ranks of the texts of some columns."""
        return [ranks(text(self.values.table, name)) for name in names]


def _trusted(rows: Candidates) -> Numbers:
    return -rows.batch.trust[rows.values.at]


def _recent(rows: Candidates) -> Numbers:
    return -rows.batch.updated[rows.values.at]


def _frequent(rows: Candidates) -> Numbers:
    alike = codes([rows.values.group, *(labels(text(rows.values.table, name)) for name in rows.unit.alike)])
    return -per_group(alike, 0)[alike]


def _complete(rows: Candidates) -> Numbers:
    count = np.zeros(len(rows.values.at), np.int64)
    for name in rows.unit.complete:
        count -= filled(text(rows.values.table, name))
    return count


def _common(rows: Candidates) -> Numbers:
    """Of two spellings that are equal so far the one that more people in the lists bear: the other is a slip."""
    return -numbers(rows.values.table, "name_count")


def _own_letters(rows: Candidates) -> Numbers:
    """Of two spellings that are equal so far the one with ö, é, ł: it may lose them on its way, but never gains any."""
    found = np.zeros(len(rows.values.at), np.int64)
    for name in rows.unit.shown:
        column = text(rows.values.table, name)
        found -= pc.subtract(pc.binary_length(column), pc.utf8_length(column)).to_numpy(zero_copy_only=False)
    return found


def _quality(rows: Candidates) -> Numbers:
    return rows.unit.flaws(rows.values)


def _content(rows: Candidates) -> Numbers:
    return codes(rows.ranked(rows.unit.shown))


#: Rule -> grade of each candidate, smaller is better.
GRADES: Final[Mapping[str, Callable[[Candidates], Numbers]]] = {
    "best-quality": _quality,
    "most-trusted-source": _trusted,
    "most-recent": _recent,
    "most-frequent": _frequent,
    "most-complete": _complete,
    "own-letters": _own_letters,
    "most-common-spelling": _common,
    "content": _content,
}


@dataclass(frozen=True)
class Choice:
    """The winners of one unit: `winner` is a row of `values` per master, -1 without any. `ranked` are the rows of
    masters with several candidates, best first within a master; `grades` are theirs, by rule in order."""

    unit: Unit
    values: Values
    winner: Numbers
    ranked: Numbers
    rules: tuple[str, ...]
    grades: tuple[Numbers, ...]

    @cached_property
    def differs(self) -> Numbers:
        """Per candidate: it says something that the winner does not say."""
        winner = self.winner[self.values.group]
        others = np.flatnonzero(winner != np.arange(len(winner)))
        found = np.zeros(len(winner), bool)
        for name in self.unit.key:
            key = text(self.values.table, name)
            own, won = pick(key, others), pick(key, winner[others])
            found[others] |= filled(own) & pc.not_equal(own, won).to_numpy(zero_copy_only=False)
        return found

    @cached_property
    def contested(self) -> Numbers:
        """Places in `ranked`: of each master with candidates that differ these, and before them the winner."""
        group, differs = self.values.group[self.ranked], self.differs[self.ranked]
        open_masters = per_group(group[differs], len(self.winner)) > 0
        return np.flatnonzero(open_masters[group] & (differs | starts_run(group)))


def order_of(unit: Unit, chosen: Mapping[str, str]) -> tuple[str, ...]:
    """The rules of a unit in order: quality, the rule that the settings name for it, its default order, content.

    Raises OptionError when the settings name a rule that does not exist."""
    rule = chosen.get(unit.name, "")
    if rule and rule not in NAMED_RULES:
        raise OptionError("unknown-rule", f"{rule!r} is no rule for {unit.name}.", where=f"rules.{unit.name}",
                          hint=f"one of {', '.join(NAMED_RULES)}.")
    rest = [name for name in unit.order if name != rule]
    rest.insert(len(rest) - ("most-common-spelling" in rest), "own-letters")
    return ("best-quality", *((rule,) if rule else ()), *rest, "content")


def choose(batch: Batch, unit: Unit, values: Values, chosen: Mapping[str, str]) -> Choice:
    """The winners among `values`; grades are worked out only where there is a choice."""
    counts = per_group(values.group, batch.size)
    winner = np.full(batch.size, -1, np.int64)
    alone = counts[values.group] == 1
    winner[values.group[alone]] = np.flatnonzero(alone)
    several = np.flatnonzero(~alone)
    rules = order_of(unit, chosen)
    contest = Candidates(batch, unit, values).only(several)
    grades = [GRADES[rule](contest) for rule in rules]
    best = np.lexsort((*reversed(grades), contest.values.group)) if len(several) else several
    ranked = several[best]
    heads = np.unique(values.group[ranked], return_index=True)
    winner[heads[0]] = ranked[heads[1]]
    return Choice(unit, values, winner, ranked, rules, tuple(grade[best] for grade in grades))
