"""Which masters go out: those that answer a filter, and for a mailing only those that may be written to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Columns of a master that hold several values in one cell, joined with '; '.
SEVERAL: Final = frozenset({"emails", "phones", "addresses", "categories", "sources"})
HELD_BACK: Final = "may be the same person as one who refused"
NO_REASON: Final = "no reason given"
#: What a reason adds on one person: 'unsubscribed on 2026-03-04 (newsletter), at another address'.
_DETAILS: Final = r"(?: on [0-9-]{10}| \(.*\)).*$"


@dataclass(frozen=True, slots=True)
class Selection:
    """The masters to write, and how many were left out for which kind of reason: filters first, then by number."""

    masters: pa.Table
    left_out: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"{self.masters.num_rows:,} written, {sum(self.left_out.values()):,} left out"]
        return "\n".join(lines + [f"  {count:,}  {reason}" for reason, count in self.left_out.items()])


def select(
    masters: pa.Table,
    where: Sequence[tuple[str, str]] = (),
    mailable: bool = False,
    held_back: Collection[str] = (),
) -> Selection:
    """The masters for which every (column, value) of `where` holds, case aside; in a column of several values one must.

    With `mailable` only those who may be written to by e-mail and whose master id is not in `held_back` (see
    `refused_twins`). Raises OptionError for a column that masters do not have.
    """
    left_out: dict[str, int] = {}
    for name, value in where:
        kept = _having(masters, name, value)
        left_out[f"not {name}={value}"] = masters.num_rows - kept.num_rows
        masters = kept
    if mailable:
        masters, reasons = _mailable(masters, held_back)
        left_out.update(reasons)
    return Selection(masters, {reason: count for reason, count in left_out.items() if count})


def refused_twins(masters: pa.Table, master_ids: pa.Array, near_pairs: pa.Table) -> frozenset[str]:
    """The ids of masters that are a possible duplicate of one who refused: `master_ids` gives each contact's master."""
    refused = masters.filter(pc.not_equal(masters["refusal"], ""))["master_id"]
    left, right = (pc.take(master_ids, near_pairs[side]) for side in ("left", "right"))
    twins = [other.filter(pc.is_in(one, value_set=refused.combine_chunks()))
             for one, other in ((left, right), (right, left))]
    return frozenset(value for column in twins for value in column.to_pylist())


def _having(masters: pa.Table, name: str, value: str) -> pa.Table:
    if name not in masters.column_names:
        close = difflib.get_close_matches(name, masters.column_names, 1)
        hint = f"did you mean {close[0]}?" if close else f"use one of {', '.join(masters.column_names)}."
        raise OptionError("unknown-column", f"masters have no column {name!r}.", where="--where", hint=hint)
    around = (r"(?:^|; )", r"(?:; |$)") if name in SEVERAL else ("^", "$")
    pattern = f"(?is){around[0]}{re.escape(value)}{around[1]}"
    return masters.filter(pc.match_substring_regex(masters[name].cast(pa.string()), pattern))


def _mailable(masters: pa.Table, held_back: Collection[str]) -> tuple[pa.Table, dict[str, int]]:
    allowed = _mask(pc.equal(masters["may_email"], "yes"))
    twin = _mask(pc.is_in(masters["master_id"], value_set=pa.array(sorted(held_back), pa.string())))
    why = masters.filter(pa.array(~allowed))["why_not"]
    reasons = _counted(pc.replace_substring_regex(why, _DETAILS, ""))
    reasons[HELD_BACK] = reasons.get(HELD_BACK, 0) + int((allowed & twin).sum())
    return masters.filter(pa.array(allowed & ~twin)), reasons


def _mask(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(column.combine_chunks(), dtype=bool)


def _counted(column: pa.ChunkedArray) -> dict[str, int]:
    counts = [(entry["values"] or NO_REASON, entry["counts"]) for entry in pc.value_counts(column).to_pylist()]
    return dict(sorted(counts, key=lambda item: (-item[1], item[0])))
