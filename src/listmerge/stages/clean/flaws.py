"""Issues of values as issues of records: with source, file, row, line and the header of the column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from listmerge.model import ISSUES, arrow_schema
from listmerge.stages.clean.plan import Cells, Value, same_text

_HEAD = ("email", "phone", "full_name", "family_name", "given_name", "company", "street", "address")


def header_of(value: Value) -> str:
    """The header under which a person finds a value: of its chief column."""
    ranked = sorted(value.columns, key=lambda column: _HEAD.index(column.field) if column.field in _HEAD else len(_HEAD))
    return ranked[0].header if ranked else ""


def to_issues(cells: Cells, header: str, rows: Any, flaws: pa.Table) -> pa.Table:
    """ISSUES for the flaws at `rows` (numbers of kept rows) of a column."""
    places = pa.array(rows)
    where = [cells.column(name).take(places) for name in ("source", "source_file", "source_row", "source_line")]
    what = [flaws.column(name) for name in ("code", "value", "message", "suggestion")]
    return pa.table([*where, same_text(header, len(rows)), *what], schema=arrow_schema(ISSUES))


def no_contact(cells: Cells, rows: Any) -> pa.Table:
    """ISSUES for rows that name nobody and reach nobody."""
    flaws = pa.table({
        "code": same_text("no-contact", len(rows)), "value": same_text("", len(rows)),
        "message": same_text("The row has no name, company, e-mail, phone or postal address.", len(rows)),
        "suggestion": same_text("", len(rows)),
    })
    return to_issues(cells, "", rows, flaws)


def gather_issues(cells: Cells, found: Sequence[tuple[str, Any, pa.Table]]) -> pa.Table:
    """One table of (header, rows of the positions or None when these are the rows themselves, flaws)."""
    tables = [arrow_schema(ISSUES).empty_table()]
    for header, rows, flaws in found:
        position = flaws.column("position").to_numpy()
        tables.append(to_issues(cells, header, (position if rows is None else np.asarray(rows)[position]), flaws))
    return pa.concat_tables(tables)
