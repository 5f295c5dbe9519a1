"""What became of every value of every contact: in the master, the same as one there, a loser, or kept out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import Bug
from listmerge.model import (
    FATES,
    IN_SLOTS,
    SEVERAL_A_SLOT,
    Columns,
    arrow_schema,
    count_column,
    fate_column,
    fates_columns,
)
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.groups import Numbers, filled, numbers, text
from listmerge.stages.merge.rules import Choice

IN_MASTER: Final = FATES.index("in-master")
SAME: Final = FATES.index("same-value")
LOSER: Final = FATES.index("conflict-loser")
OTHER: Final = FATES.index("other-column")
REFERENCE: Final = FATES.index("reference-only")


#: What stands in a place without a value, read as a number without a sign: -1, behind all fates.
_NONE: Final = 255


class Fated(NamedTuple):
    """The fates (places in FATES) of values of one unit: the row of each one's member, and its slot."""

    unit: str
    at: Numbers
    slot: Numbers
    fate: Numbers

    @classmethod
    def of_one(cls, unit: str, at: Numbers, fate: Numbers) -> Fated:
        """Those of a unit of which a member has one value."""
        return cls(unit, at, np.zeros(len(at), np.int16), fate)


def columns(values: Mapping[str, pa.Table]) -> Columns:
    """The columns of `fates` for the values (`emails`, `phones` …) that a run has."""
    return fates_columns({unit: pc.max(values[name]["slot"]).as_py() + 1
                          for unit, name in IN_SLOTS.items() if values[name].num_rows})


def with_excluded(batch: Batch, unit: str, values: Values, fate: Numbers) -> Fated:
    """The fates of all rows of `values`: `fate` for those that may enter the master, `reference-only` for the rest."""
    own = batch.own[values.at]
    all_fates = np.full(len(own), REFERENCE)
    all_fates[own] = fate
    if unit not in IN_SLOTS:
        return Fated.of_one(unit, values.at, all_fates)
    return Fated(unit, values.at, numbers(values.table, "slot"), all_fates)


def of_choice(choice: Choice) -> Numbers:
    """Of each candidate: the winner's is in the master, what adds nothing to it is the same, the rest lost."""
    won = choice.winner[choice.values.group] == np.arange(len(choice.values.at))
    return np.where(won, IN_MASTER, np.where(choice.differs, LOSER, SAME))


def of_set(first: Numbers) -> Numbers:
    """Of each value of a set: the one that is shown is in the master, those equal to it are the same."""
    return np.where(first, IN_MASTER, SAME)


def of_members(batch: Batch, unit: str, column: str, fate: int) -> Fated:
    """One fate for all members that have a text in `column` and may give it to their master."""
    at = np.flatnonzero(filled(text(batch.members, column)))
    kept_out = ~batch.own[at] & (fate == IN_MASTER)
    return Fated.of_one(unit, at, np.where(kept_out, REFERENCE, fate))


def side_by_side(members: pa.Table, fated: Iterable[Fated], wanted: Columns) -> pa.Table:
    """`fates` with the `wanted` columns: a row for each of `members`, in their order. Raises Bug when a value has two
    fates."""
    size = members.num_rows
    made = {"contact": numbers(members, "contact").astype(np.int32)}
    for one in fated:
        made |= _cells(one, size)
    nothing = {kind: pa.array(np.full(size, value, kind)) for kind, value in (("int8", -1), ("int32", 0))}
    schema = arrow_schema(wanted)
    if unknown := made.keys() - set(schema.names):
        raise Bug("unbalanced", f"Values have fates that nobody counts: {', '.join(sorted(unknown))}.")
    return pa.table([made.get(name, nothing[kind]) for name, kind in wanted], schema=schema)


def _cells(one: Fated, size: int) -> dict[str, Numbers]:
    """The columns of one unit: the best fate in each slot and, where a slot may hold several, how many there are."""
    made = {fate_column(one.unit, slot): _best(one, one.slot == slot, size) for slot in np.unique(one.slot).tolist()}
    if one.unit in SEVERAL_A_SLOT:
        return {**made, count_column(one.unit): np.bincount(one.at, minlength=size).astype(np.int32)}
    if sum(int((cells >= 0).sum()) for cells in made.values()) != len(one.at):
        raise Bug("unbalanced", f"A value of {one.unit} has two fates.")
    return made


def _best(one: Fated, rows: Numbers, size: int) -> Numbers:
    cells = np.full(size, _NONE, np.uint8)
    np.minimum.at(cells, one.at[rows], one.fate[rows].astype(np.uint8))
    return cells.view(np.int8)
