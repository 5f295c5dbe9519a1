"""Rows that their system marks as deleted make no contact; that someone said no in one of them stands all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.config import Config
from listmerge.pipeline import chunks, cleaning
from listmerge.pipeline.cleaning import Tables
from listmerge.stages import clean
from listmerge.workspace.folder import Change
from listmerge.workspace.snapshots import Part


def said(change: Change, part: Part, config: Config) -> Iterator[Tables]:
    """What the deleted rows of a stored part say, chunk by chunk, as cleaning would read it if they were not."""
    names = change.parts.chunks(part.records) if part.rejected else []
    marks = {name: pc.equal(change.parts.read(name, ["rejected"])["rejected"], "deleted") for name in names}
    if not any(pc.any(some).as_py() for some in marks.values()):
        return
    mapping, settings = cleaning.how(change, part, config)
    orders = clean.date_orders((clean.date_proofs(change.parts.read(name), mapping) for name in names), mapping)
    for name, deleted in marks.items():
        rows = change.parts.read(name).filter(deleted)
        place = rows.schema.get_field_index("rejected")
        rows = rows.set_column(place, rows.field(place), pa.array([""] * rows.num_rows, pa.string()))
        if rows.num_rows:
            yield chunks.as_tables(clean.clean_part(rows.combine_chunks(), mapping, replace(settings, orders=orders)))
