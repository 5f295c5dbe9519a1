"""A sheet is a rectangle of texts as it stands in a file: nobody knows yet what is header and what is data.

All grid families (delimited, excel, ods, html, spreadsheetml) make sheets; `tables` turns them into raw tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from listmerge.errors import InputError
from listmerge.model import Issue

if TYPE_CHECKING:
    import pyarrow as pa

MOST_COLUMNS: Final = 20_000
MOST_PADDED: Final = 4_000_000
MOST_PADDING: Final = 10        # cells for each byte of the text, beyond those


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` is what the sheet is called in messages; `cells` has text columns c0, c1, …; `lines` is int32.

    `cleaned`: what was taken off its cells, None when they are as they stand in the file; `header`: the index of the
    header row where the format says it; `before`: how many rows of the whole stand above this part of it; `family`:
    the layouts that its headers may be of.
    """

    name: str
    cells: pa.Table
    lines: pa.Array
    facts: dict[str, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    cleaned: tuple[Issue, ...] | None = None
    header: int | None = None
    before: int = 0
    family: str = "table"


def columns_of(rows: Sequence[Sequence[str]], width: int) -> pa.Table:
    """Rows of texts as a table of `width` columns, at least one, short rows padded with ''."""
    import pyarrow as pa

    width = max(width, 1)
    padded = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in rows]
    columns = list(zip(*padded, strict=True)) or [()] * width
    return pa.table([pa.array(column, pa.string()) for column in columns], names=names(width))


def names(width: int) -> list[str]:
    """c0, c1, …"""
    return [f"c{index}" for index in range(width)]


def check_width(width: int, name: str) -> None:
    """Raises InputError `too-large` for more columns than a contact list can have."""
    if width > MOST_COLUMNS:
        raise InputError(
            "too-large",
            f"{name} has {width:,} columns; no contact list has more than {MOST_COLUMNS:,}.",
            where=name,
            hint="save the columns that you need.",
        )


def check_filled(cells: int, size: int, width: int, name: str) -> None:
    """Raises InputError `too-large` for a small text that makes a large table: each cell of a list has a byte or more,
    its delimiter; what short rows are padded with has none."""
    if cells > MOST_PADDED + MOST_PADDING * size:
        raise InputError(
            "too-large", f"{name} has a row of {width:,} columns among many short ones.", where=name,
            hint="find that row, which is none of a contact, and take it out.")


def stack(tables: Sequence[pa.Table]) -> pa.Table:
    """The tables under each other, narrower ones padded with '' to the width of the widest."""
    import pyarrow as pa

    width = max((table.num_columns for table in tables), default=0)
    return pa.concat_tables([widen(table, width) for table in tables]) if tables else columns_of([], 0)


def widen(table: pa.Table, width: int) -> pa.Table:
    """The table with at least `width` columns, the further ones empty."""
    import pyarrow as pa

    if table.num_columns >= width:
        return table
    lengths = [len(chunk) for chunk in table.column(0).chunks] if table.num_columns else [table.num_rows]
    longest = pa.repeat(pa.scalar("", pa.string()), max(lengths, default=0))
    filler = pa.chunked_array([longest.slice(0, length) for length in lengths], pa.string())
    return pa.table([*table.columns, *[filler] * (width - table.num_columns)], names=names(width))
