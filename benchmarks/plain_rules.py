"""What plain exact rules make of a list: e-mail equal, or name and phone equal, or name and address equal.

All that such pairs connect is one. Beside this judge listmerge must never be worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine.local import connected

NAME: Final = ("kind", "given_key", "family_key", "company_name")
#: Table -> what must be equal beside the name; an e-mail needs none.
RULES: Final[dict[str, tuple[bool, tuple[str, ...]]]] = {
    "emails": (False, ("email_key",)), "phones": (True, ("phone_key",)),
    "addresses": (True, ("street_key", "number_key", "postal_key", "city_key")),
}


def clusters(tables: Mapping[str, pa.Table]) -> Any:
    """The cluster of each contact, named by its smallest."""
    contacts = tables["contacts"]
    company = pc.if_else(pc.equal(contacts["kind"], "organisation"), contacts["company_key"], "")
    named = contacts.append_column("company_name", company).select(list(NAME))
    edges = [_equal(tables[name], named if by_name else None, columns) for name, (by_name, columns) in RULES.items()]
    parts = connected(pa.concat_tables(edges))
    cluster = np.arange(contacts.num_rows, dtype=np.int64)
    cluster[parts["contact"].to_numpy()] = parts["cluster"].to_numpy()
    return cluster


def _equal(values: pa.Table, named: pa.Table | None, columns: tuple[str, ...]) -> pa.Table:
    """Each contact joined to the first that has the same."""
    owners = values["contact"]
    parts = [values[column].cast(pa.string()) for column in columns]
    filled = pc.not_equal(parts[0], "")
    if named is not None:
        names = named.take(owners)
        parts += names.columns
        given = pc.and_(pc.not_equal(names["given_key"], ""), pc.not_equal(names["family_key"], ""))
        filled = pc.and_(filled, pc.or_(given, pc.not_equal(names["company_name"], "")))
    code = pc.binary_join_element_wise(*parts, "\x1f").combine_chunks().dictionary_encode().indices.to_numpy()
    who, code = owners.to_numpy()[np.asarray(filled)], code[np.asarray(filled)]
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    left, right = np.minimum(who, who[first][which]), np.maximum(who, who[first][which])
    apart = left != right
    return pa.table({"left": left[apart].astype(np.int32), "right": right[apart].astype(np.int32)})
