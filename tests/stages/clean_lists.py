"""Small lists for the tests of cleaning: records made of rows of text, and mappings made of short words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from listmerge.model import Column, Mapping
from listmerge.stages.clean import Cleaned, CleanSettings, clean_part

SETTINGS = CleanSettings(key=b"secret", today="2026-11-22")


def columns_of(*words: str) -> tuple[Column, ...]:
    """Columns of words like 'email', 'email:work', 'given_name@1', 'consent=opt-in-date' or 'consent:1=status-word'."""
    return tuple(_column(index, word) for index, word in enumerate(words))


def _column(index: int, word: str) -> Column:
    rest, _, meaning = word.partition("=")
    rest, _, part = rest.partition("@")
    field, _, group = rest.partition(":")
    return Column(index, f"{word} header", field, group=group, part=int(part or 0), meaning=meaning)


def mapping_of(*words: str, **others: Any) -> Mapping:
    """A mapping of such columns."""
    return Mapping("", "", columns_of(*words), **others)


def records_of(rows: Sequence[Sequence[str]], rejected: Sequence[str] = (), ids: Sequence[str] = (),
               file: str = "list.csv", width: int = 0) -> pa.Table:
    """RECORDS of one file, with ids r1, r2, … unless given; `width` is how many cells a row has when there is none."""
    size = len(rows)
    numbers = pa.array(range(1, size + 1), pa.int32())
    cells = list(zip(*rows, strict=True)) if rows else [()] * width
    return pa.table({
        "record_id": pa.array(list(ids) or [f"r{number}" for number in range(1, size + 1)], pa.string()),
        "source": pa.array(["crm"] * size, pa.string()), "source_id": pa.array([""] * size, pa.string()),
        "source_file": pa.array([file] * size, pa.string()), "source_row": numbers, "source_line": numbers,
        "rejected": pa.array(list(rejected) or [""] * size, pa.string()),
        **{f"c{index}": pa.array(list(column), pa.string()) for index, column in enumerate(cells)},
    })


def clean(mapping: Mapping, *rows: Sequence[str], **others: Any) -> Cleaned:
    """The rows, cleaned."""
    return clean_part(records_of(rows, width=len(mapping.columns), **others), mapping, SETTINGS)


def shown(table: pa.Table, *columns: str) -> list[Any]:
    """The rows of some columns as tuples, of one column as values."""
    rows = [tuple(row[column] for column in columns) for row in table.select(list(columns)).to_pylist()]
    return [row[0] for row in rows] if len(columns) == 1 else rows
