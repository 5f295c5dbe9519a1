"""The books of a run: every row and every cell that was read has one fate, or the run stops; and what was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import IN_SLOTS, SEVERAL_A_SLOT
from listmerge.pipeline.cleaning import Cleaning
from listmerge.stages.balance import Balance, balance
from listmerge.stages.pages import Book, Pages, opened
from listmerge.workspace.folder import Change


def open_pages(change: Change, cleaned: Cleaning, contacts: pa.Table) -> Pages:
    """Whose contact each record is that was read: what of the balance needs no merge."""
    return opened(_books(change, cleaned), contacts)


def balanced(pages: Pages, fates: pa.Table, tables: Mapping[str, pa.Table]) -> Balance:
    """The balance of everything that was read; `tables` are those of the values. Raises Bug when something is counted
    twice or not at all."""
    return balance(pages, fates, {unit: tables[IN_SLOTS[unit]].num_rows for unit in SEVERAL_A_SLOT})


def _books(change: Change, cleaned: Cleaning) -> Iterator[Book]:
    """One part at a time: their records need not be in memory together."""
    for part, tables, again in zip(cleaned.parts, cleaned.of_parts, cleaned.said_again, strict=True):
        records = change.parts.read(part.records, ["record_id", "source_row"])
        yield Book(part.name, records, tables["filled"], tables["cells"],
                   tables["rejected"]["rejected"].combine_chunks(), part.structure_rows, part.structure_cells, again)


def inputs(cleaned: Cleaning) -> list[dict[str, Any]]:
    """What run.json says of each table that was read; rows are those that a person sees, headers and the like too."""
    return [
        {"source": part.source, "file": part.name, "sha256": part.sha256, "system": mapping.system,
         "layout": mapping.layout, "date": part.date, "rows": part.rows + part.rejected + part.structure_rows,
         "kept": part.rows + part.rejected - rejected, "rejected": rejected, "structure": part.structure_rows,
         "facts": part.facts}
        for part, tables in zip(cleaned.parts, cleaned.of_parts, strict=True)
        for mapping in [part.parsed_mapping()]
        for rejected in [_rejected(tables["rejected"])]
    ]


def _rejected(table: pa.Table) -> int:
    return int(pc.sum(pc.not_equal(table["rejected"], "")).as_py() or 0)
