"""Issues of values as issues of records: with source, file, row, line and the header of the column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.text import same_text
from listmerge.model import ISSUES, arrow_schema
from listmerge.stages.clean.plan import Cells, Value

_SHOWN = 100        # characters of a cell that is too long
_CHIEF = ("email", "phone", "full_name", "family_name", "given_name", "company", "street", "address")


class Found(NamedTuple):
    """Issues of the values that some columns make: `flaws` by position in `rows` (numbers of kept rows), or by row when
    `rows` is None."""

    value: Value
    rows: Any
    flaws: pa.Table


def header_of(value: Value, field: str = "") -> str:
    """The header under which a person finds a value: of its column for `field`, else of its chief column."""
    ranked = sorted(value.columns, key=lambda column: (column.field != field, _rank(column.field)))
    return ranked[0].header if ranked else ""


def _rank(field: str) -> int:
    return _CHIEF.index(field) if field in _CHIEF else len(_CHIEF)


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


def long_cells(cells: Cells, header: str, index: int, rows: Any) -> pa.Table:
    """ISSUES for cells of a column that are too long to be what it holds; they show how such a cell begins."""
    texts = cells.raw(index).take(pa.array(rows))
    message = pc.binary_join_element_wise(
        "The cell has ", pc.utf8_length(texts).cast(pa.string()), " characters, more than any such value; it was left"
        " with its record and comes out with --all-columns.", "")
    begins = pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, _SHOWN), "…", "")
    flaws = pa.table({"code": same_text("cell-too-long", len(rows)), "value": begins, "message": message,
                      "suggestion": same_text("", len(rows))})
    return to_issues(cells, header, rows, flaws)


def gather_issues(cells: Cells, found: Sequence[Found]) -> pa.Table:
    """One table of all issues, each under the header of its column."""
    tables = [arrow_schema(ISSUES).empty_table()]
    for value, rows, flaws in found:
        for field in pc.unique(flaws.column("field")).to_pylist():
            own = flaws.filter(pc.equal(flaws.column("field"), field))
            position = own.column("position").to_numpy()
            tables.append(to_issues(cells, header_of(value, field), position if rows is None else rows[position], own))
    return pa.concat_tables(tables)
