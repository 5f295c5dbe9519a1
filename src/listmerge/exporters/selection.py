"""Which masters go out: those that answer a filter, and for a mailing only those that may be written to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import OptionError
from listmerge.stages.merge.reasons import NOT_PERMITTED, REFERENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Columns of a master that hold several values in one cell, joined with '; '.
SEVERAL: Final = frozenset({"emails", "phones", "addresses", "categories", "sources"})
HELD_BACK: Final = "may be the same person as one who refused"
REFUSED_SINCE: Final = "refused since the lists were last merged"
WRONG_KIND: Final = "no {kind}"
#: What permissions.csv says of an address about which nothing is known but that it may not be used without asking.
_UNKNOWN: Final = {"channel": "email", "permission": "unknown", "refusal": "", "why_not": NOT_PERMITTED["unknown"]}
NO_REASON: Final = "no reason given"
#: What a reason adds on one person: 'unsubscribed on 2026-03-04 (newsletter), at another address'.
_DETAILS: Final = r"(?: on [0-9-]{10}| \(.*\)).*$"


@dataclass(frozen=True, slots=True)
class Selection:
    """The masters to write, and how many were left out for which kind of reason: filters first, then by number."""

    masters: pa.Table
    left_out: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.masters.num_rows:,} written, {sum(self.left_out.values()):,} left out"]
        reasons = [f"  {count:,}  {reason}" for reason, count in self.left_out.items()]
        return "\n".join([*lines, *reasons, *self.remarks])


def select(
    masters: pa.Table,
    where: Sequence[tuple[str, str]] = (),
    mailable: bool = False,
    held_back: Collection[str] = (),
) -> Selection:
    """The masters for which every (column, value) of `where` holds, case aside; in a column of several values one must.

    With `mailable` only those who may be written to by e-mail and whose master id is not in `held_back` (see
    `refused_twins`), those marked by `with_unknown` among them. Raises OptionError for a column that is none.
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


def without_refused(chosen: Selection, kind: str = "") -> Selection:
    """The same without anyone who refused or is on reference lists only, which must not be copied anywhere; and with
    masters of one kind only where `kind` says so."""
    masters, left_out = chosen.masters, dict(chosen.left_out)
    stays = pc.or_(pc.not_equal(masters["refusal"], ""), pc.equal(masters["why_not"], REFERENCE))
    for reason, count in _counted(pc.replace_substring_regex(masters.filter(stays)["why_not"], _DETAILS, "")).items():
        left_out[reason] = left_out.get(reason, 0) + count
    masters = masters.filter(pc.invert(stays))
    if kind:
        kept = masters.filter(pc.equal(masters["kind"], kind))
        left_out[WRONG_KIND.format(kind=kind)] = masters.num_rows - kept.num_rows
        masters = kept
    return Selection(masters, {reason: count for reason, count in left_out.items() if count}, chosen.remarks)


def with_unknown(masters: pa.Table, permission_rows: pa.Table) -> pa.Table:
    """The masters, those of unknown permission marked as if they might be mailed: `may_email` is 'unknown' and `email`
    an address of which nothing is known but that nobody gave permission for it."""
    rows = permission_rows
    for name, value in _UNKNOWN.items():
        rows = rows.filter(pc.equal(rows[name], value))
    row = pc.index_in(masters["master_id"], value_set=rows["master_id"].combine_chunks())
    address = pc.fill_null(rows["address"].take(row.combine_chunks()), "")
    asked = pc.and_(pc.equal(masters["refusal"], ""), pc.not_equal(masters["may_email"], "yes"))
    asked = pc.and_(asked, pc.not_equal(address, ""))
    masters = _replaced(masters, "email", pc.if_else(asked, address, masters["email"]))
    return _replaced(masters, "may_email", pc.if_else(asked, "unknown", masters["may_email"]))


def without_permission(masters: pa.Table) -> dict[str, int]:
    """Source -> how many of the masters marked by `with_unknown` it has a record of."""
    sources = masters.filter(pc.equal(masters["may_email"], "unknown"))["sources"]
    counts = pc.value_counts(pc.list_flatten(pc.split_pattern(sources, "; "))).to_pylist()
    return {entry["values"]: entry["counts"] for entry in sorted(counts, key=lambda one: str(one["values"]))}


def with_refusals(masters: pa.Table, refusals: Mapping[str, str]) -> pa.Table:
    """The masters with what they refused (master id -> refusal) after the run that made them."""
    ids = pa.array(sorted(refusals), pa.string())
    row = pc.index_in(masters["master_id"], value_set=ids)
    new = pc.and_(pc.is_valid(row), pc.equal(masters["refusal"], ""))
    said = pa.array([refusals[one] for one in ids.to_pylist()], pa.string()).take(row.combine_chunks())
    masters = _replaced(masters, "refusal", pc.if_else(new, said, masters["refusal"]))
    masters = _replaced(masters, "may_email", pc.if_else(new, "no", masters["may_email"]))
    return _replaced(masters, "why_not", pc.if_else(new, REFUSED_SINCE, masters["why_not"]))


def refused_twins(masters: pa.Table, master_ids: pa.Array, near_pairs: pa.Table) -> frozenset[str]:
    """The ids of masters that are a possible duplicate of one who refused: `master_ids` gives each contact's master."""
    return twins_of(masters.filter(pc.not_equal(masters["refusal"], ""))["master_id"].combine_chunks(), master_ids,
                    near_pairs)


def twins_of(refused: pa.Array, master_ids: pa.Array, near_pairs: pa.Table) -> frozenset[str]:
    """The ids of masters that are a possible duplicate of one of those that `refused` names."""
    left, right = (pc.take(master_ids, near_pairs[side]) for side in ("left", "right"))
    twins = [other.filter(pc.is_in(one, value_set=refused)) for one, other in ((left, right), (right, left))]
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
    allowed = _mask(pc.is_in(masters["may_email"], value_set=pa.array(["yes", "unknown"])))
    twin = _mask(pc.is_in(masters["master_id"], value_set=pa.array(sorted(held_back), pa.string())))
    why = masters.filter(pa.array(~allowed))["why_not"]
    reasons = _counted(pc.replace_substring_regex(why, _DETAILS, ""))
    reasons[HELD_BACK] = reasons.get(HELD_BACK, 0) + int((allowed & twin).sum())
    return masters.filter(pa.array(allowed & ~twin)), reasons


def _replaced(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def _mask(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(column.combine_chunks(), dtype=bool)


def _counted(column: pa.ChunkedArray) -> dict[str, int]:
    counts = [(entry["values"] or NO_REASON, entry["counts"]) for entry in pc.value_counts(column).to_pylist()]
    return dict(sorted(counts, key=lambda item: (-item[1], item[0])))
