"""possible_duplicates.csv: pairs that were not merged and that a person should see, both sides in full."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.report.material import Material, whole
from listmerge.report.merging import near_order

_FROM_CONTACT: Final = ("record_id", "part", "source", "source_file", "source_row", "full_name", "company", "birthday")
_FROM_LISTS: Final = (("emails", "email"), ("phones", "phone"))
_ADDRESS: Final = ("street", "city", "postal_code", "country")


def possible_duplicates(material: Material) -> pa.Table:
    """One row per pair, refused people first: `left_…` and `right_…` columns, match_probability, reason."""
    pairs = material.near_pairs.take(pa.array(near_order(material)))
    columns: dict[str, Any] = {}
    for side in ("left", "right"):
        for name, column in _side(material, whole(pairs[side])).items():
            columns[f"{side}_{name}"] = column
    probability = pc.round(pairs["probability"].cast(pa.float64()), 4)
    return pa.table({**columns, "match_probability": probability.cast(pa.string()), "reason": pairs["reason"]})


def _side(material: Material, contacts: pa.Array) -> dict[str, Any]:
    chosen = material.contacts.select(list(_FROM_CONTACT)).take(contacts)
    side = {"master_id": material.master_ids.take(contacts), **{name: chosen[name] for name in _FROM_CONTACT}}
    refusals = whole(material.masters["refusal"])
    side["refusal"] = refusals.take(pa.array(material.master_rows[np.asarray(contacts)]))
    for table, column in _FROM_LISTS:
        side[column] = _joined(getattr(material, table), column, contacts)
    lines = pc.binary_join_element_wise(*(material.addresses[name] for name in _ADDRESS), "\n")
    lines = pc.replace_substring_regex(pc.utf8_trim(lines, "\n"), r"\n+", ", ")
    side["address"] = _joined(material.addresses.append_column("line", lines), "line", contacts)
    return side


def _joined(table: pa.Table, column: str, contacts: pa.Array) -> pa.Array:
    """All different values of a contact in one cell."""
    wanted = np.unique(np.asarray(contacts))
    mine = table.select(["contact", column]).filter(pc.is_in(table["contact"], value_set=pa.array(wanted, pa.int32())))
    mine = mine.filter(pc.not_equal(mine[column], ""))
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
