"""One letter a household: who of those at one address is written to by post.

A letter goes to one named person who has not refused letters. Unlike a mailing it does not need permission, but whoever
is known to have given none is left out, and it is said of how many nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.exporters.selection import HELD_BACK, Selection, twins_of
from listmerge.stages.merge.permission import EVERY_CHANNEL
from listmerge.stages.merge.reasons import EXPIRED, NOT_PERMITTED, REFERENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFUSED: Final = "no letters wanted"
NO_ADDRESS: Final = "no postal address"
NO_NAME: Final = "no name"
ANOTHER: Final = "another member of the household is written to"
#: A refusal of these in any channel is one of letters, as far as a master tells.
_OF_EVERYTHING: Final = pa.array(sorted({refusal for refusal, _ in EVERY_CHANNEL}))


def one_per_household(
    chosen: Selection, permission_rows: pa.Table, master_ids: pa.Array, near_pairs: pa.Table
) -> Selection:
    """Of the chosen masters those who get a letter, one of each household, in the same order; who is in no household
    gets one of their own. `master_ids` gives each contact's master, `near_pairs` the possible duplicates."""
    masters, left_out = chosen.masters, dict(chosen.left_out)
    for reason, out in _left_out(masters, permission_rows, master_ids, near_pairs):
        kept = masters.filter(pc.invert(pc.is_in(masters["master_id"], value_set=out)))
        left_out[reason] = left_out.get(reason, 0) + masters.num_rows - kept.num_rows
        masters = kept
    agreed = pc.and_(_is(permission_rows, "channel", "post"), _is(permission_rows, "usable", "yes"))
    usable = _ids(permission_rows, agreed)
    first = _first_of_each(masters, usable)
    left_out[ANOTHER] = masters.num_rows - len(first)
    masters = masters.take(pa.array(first))
    unknown = masters.num_rows - (pc.sum(pc.is_in(masters["master_id"], value_set=usable)).as_py() or 0)
    remarks = (f"{unknown:,} of them without known permission for letters",) if unknown else ()
    return Selection(masters, {reason: count for reason, count in left_out.items() if count},
                     (*chosen.remarks, *remarks))


def _left_out(
    masters: pa.Table, rows: pa.Table, master_ids: pa.Array, near_pairs: pa.Table
) -> Iterator[tuple[str, pa.Array]]:
    """Why who gets no letter: reasons with master ids."""
    by_post = _is(rows, "channel", "post")
    said = [_ids(rows, pc.and_(by_post, pc.invert(_is(rows, "refusal", "")))),
            _ids(masters, pc.is_in(masters["refusal"], value_set=_OF_EVERYTHING)),
            *(_ids(rows, pc.and_(_is(rows, "refusal", refusal), _is(rows, "channel", channel)))
              for refusal, channel in EVERY_CHANNEL if channel != "*")]
    refused = pc.unique(pa.chunked_array(said))
    yield REFUSED, refused
    yield NOT_PERMITTED["none"], _ids(rows, pc.and_(by_post, _is(rows, "permission", "none")))
    for reason in (REFERENCE, EXPIRED):
        yield reason, _ids(masters, _is(masters, "why_not", reason))
    nowhere = pc.and_(_is(masters, "city", ""), _is(masters, "postal_code", ""))
    yield NO_ADDRESS, _ids(masters, pc.or_(_is(masters, "street", ""), nowhere))
    nameless = pc.if_else(_is(masters, "kind", "person"),
                          pc.and_(_is(masters, "given_name", ""), _is(masters, "family_name", "")),
                          pc.and_(_is(masters, "full_name", ""), _is(masters, "company", "")))
    yield NO_NAME, _ids(masters, nameless)
    yield HELD_BACK, pa.array(sorted(twins_of(refused, master_ids, near_pairs)), pa.string())


def _first_of_each(masters: pa.Table, usable: pa.Array) -> NDArray[np.int64]:
    """The rows to keep: of each household who agreed to letters, else who stands in most records, else by id."""
    order = pa.table({
        "row": np.arange(masters.num_rows), "household": masters["household_id"], "id": masters["master_id"],
        "agreed": pc.is_in(masters["master_id"], value_set=usable).cast(pa.int8()),
        "records": masters["records"].cast(pa.int64()),
    }).sort_by([("household", "ascending"), ("agreed", "descending"), ("records", "descending"), ("id", "ascending")])
    household = order["household"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    alone = np.asarray(pc.equal(order["household"], ""))
    first = alone | (np.diff(household, prepend=-1) != 0)
    return np.sort(order["row"].to_numpy()[first])


def _is(table: pa.Table, name: str, value: str) -> pa.ChunkedArray:
    return pc.equal(table[name], value)


def _ids(table: pa.Table, mask: pa.ChunkedArray) -> pa.Array:
    return pc.unique(table.filter(mask)["master_id"].cast(pa.string()))
