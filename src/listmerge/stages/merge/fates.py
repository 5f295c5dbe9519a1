"""What became of every value of every contact: in the master, the same as one there, a loser, or kept out of it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from listmerge.model import FATE_ROWS, FATES, arrow_schema
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.groups import Numbers, filled, numbers, text
from listmerge.stages.merge.rules import Choice

IN_MASTER: Final = FATES.index("in-master")
SAME: Final = FATES.index("same-value")
LOSER: Final = FATES.index("conflict-loser")
OTHER: Final = FATES.index("other-column")
REFERENCE: Final = FATES.index("reference-only")


def fate_table(batch: Batch, unit: str, at: Numbers, slot: Numbers, fate: Numbers) -> pa.Table:
    """Rows of `fate_rows` for one unit."""
    contact = numbers(batch.members, "contact")[at]
    units = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(at), np.int8)), pa.array([unit]))
    fates = pa.DictionaryArray.from_arrays(pa.array(fate.astype(np.int8)), pa.array(FATES))
    return pa.table([pa.array(contact, pa.int32()), units, pa.array(slot, pa.int16()), fates],
                    schema=arrow_schema(FATE_ROWS))


def with_excluded(batch: Batch, unit: str, values: Values, fate: Numbers) -> pa.Table:
    """The fates of all rows of `values`: `fate` for those that may enter the master, `reference-only` for the rest."""
    own = batch.own[values.at]
    all_fates = np.full(len(own), REFERENCE)
    all_fates[own] = fate
    slot = numbers(values.table, "slot") if "slot" in values.table.column_names else np.zeros(len(own), np.int16)
    return fate_table(batch, unit, values.at, slot, all_fates)


def of_choice(choice: Choice) -> Numbers:
    """Of each candidate: the winner's is in the master, what adds nothing to it is the same, the rest lost."""
    won = choice.winner[choice.values.group] == np.arange(len(choice.values.at))
    return np.where(won, IN_MASTER, np.where(choice.differs, LOSER, SAME))


def of_set(first: Numbers) -> Numbers:
    """Of each value of a set: the one that is shown is in the master, those equal to it are the same."""
    return np.where(first, IN_MASTER, SAME)


def of_members(batch: Batch, unit: str, column: str, fate: int) -> pa.Table:
    """One fate for all members that have a text in `column` and may give it to their master."""
    at = np.flatnonzero(filled(text(batch.members, column)))
    kept_out = ~batch.own[at] & (fate == IN_MASTER)
    return fate_table(batch, unit, at, np.zeros(len(at), np.int16), np.where(kept_out, REFERENCE, fate))
