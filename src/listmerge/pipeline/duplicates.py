"""possible_duplicates.csv: pairs that were not merged and that a person should see, both sides in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.report.material import Material, picked, rows_of, whole
from listmerge.report.merging import near_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FROM_CONTACT: Final = ("record_id", "part", "source", "source_file", "source_row", "full_name", "company", "birthday")
_FROM_LISTS: Final = (("emails", "email"), ("phones", "phone"))
_ADDRESS: Final = ("street", "city", "postal_code", "country")


def possible_duplicates(material: Material) -> pa.Table:
    """One row per pair, refused people first: `left_…` and `right_…` columns, match_probability, reason."""
    pairs = picked(material.near_pairs, near_order(material))
    columns: dict[str, Any] = {}
    for side in ("left", "right"):
        for name, column in _side(material, whole(pairs[side])).items():
            columns[f"{side}_{name}"] = column
    probability = pc.round(pairs["probability"].cast(pa.float64()), 4)
    return pa.table({**columns, "match_probability": probability.cast(pa.string()), "reason": pairs["reason"]})


def _side(material: Material, contacts: pa.Array) -> dict[str, Any]:
    chosen = picked(material.contacts.select(list(_FROM_CONTACT)), np.asarray(contacts))
    side = {"master_id": material.master_ids.take(contacts), **{name: chosen[name] for name in _FROM_CONTACT}}
    refusals = whole(material.masters["refusal"])
    side["refusal"] = refusals.take(pa.array(material.master_rows[np.asarray(contacts)]))
    wanted = np.unique(np.asarray(contacts))
    for table, column in _FROM_LISTS:
        side[column] = _joined(rows_of(getattr(material, table), wanted), column, wanted, contacts)
    addresses = rows_of(material.addresses, wanted)
    lines = pc.binary_join_element_wise(*(addresses[name] for name in _ADDRESS), "\n")
    lines = pc.replace_substring_regex(pc.utf8_trim(lines, "\n"), r"\n+", ", ")
    side["address"] = _joined(addresses.append_column("line", lines), "line", wanted, contacts)
    return side


def _joined(mine: pa.Table, column: str, wanted: NDArray[np.int32], contacts: pa.Array) -> pa.Array:
    """All different values of a contact in one cell; `mine` are those of the `wanted` contacts, in order."""
    mine = mine.select(["contact", column]).filter(pc.not_equal(mine[column], ""))
    values = whole(mine[column]).dictionary_encode()
    pairs = np.searchsorted(wanted, mine["contact"].to_numpy()) * max(len(values.dictionary), 1)
    pairs += values.indices.to_numpy()
    first = np.sort(np.unique(pairs, return_index=True)[1])
    holder = pairs[first] // max(len(values.dictionary), 1)
    order = np.argsort(holder, kind="stable")
    bounds = np.searchsorted(holder[order], np.arange(len(wanted) + 1)).astype(np.int32)
    texts = pc.replace_substring(values.take(pa.array(first[order])).cast(pa.string()), ";", "\\;")
    cells = pc.binary_join(pa.ListArray.from_arrays(pa.array(bounds), texts), "; ")
    return cells.take(pa.array(np.searchsorted(wanted, np.asarray(contacts))))
