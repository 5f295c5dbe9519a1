"""The cells side of the books: which unit and slot each column feeds, and how many of its cells are filled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from listmerge.fields.text import is_filled, plain
from listmerge.model import CELLS, FIELDS, arrow_schema
from listmerge.stages.clean.plan import Value

#: The unit of cells that are filled but say nothing: 'n/a', '[not provided]', a name that is the e-mail address.
NOTHING = "nothing"


def count_cells(
    records: pa.Table, values: Sequence[Value], headers: dict[int, str], kept: Any, rejected: Any,
    stands: Callable[[Value], Any],
) -> pa.Table:
    """CELLS. `kept` are the rows that were read, `rejected` a mask over all rows; `stands(value)` is a mask over the
    kept rows, or None when every filled cell of the value counts. Cells that are filled and stand nowhere are counted
    in a row of their own, with the unit `nothing`."""
    file = records.column("source_file")[0].as_py() if records.num_rows else ""
    rows: list[tuple[Any, ...]] = []
    for value in values:
        shown = np.ones(records.num_rows, bool)
        mask = stands(value)
        if mask is not None:
            shown[kept] = mask
        for column in value.columns:
            filled = is_filled(plain(records.column(f"c{column.index}")))
            place = (file, column.index, headers.get(column.index, ""), value.part)
            refused = int((filled & rejected).sum())
            good, idle = (int((filled & ~rejected & which).sum()) for which in (shown, ~shown))
            rows.append((*place, FIELDS[column.field], value.slot, good, refused))
            rows += [(*place, NOTHING, 0, idle, 0)] if idle else []
    columns = zip(*rows, strict=True) if rows else [()] * len(CELLS)
    schema = arrow_schema(CELLS)
    arrays = [pa.array(list(column), kind.type) for column, kind in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)
