"""The books of a run: every row and every cell that was read has one fate, or the run stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.workspace.snapshots import Part


def balance(parts: Sequence[Part], tables: Mapping[str, pa.Table]) -> tuple[dict[str, Any], str]:
    """`{rows: …}` for run.json, and what does not balance ('' when all does)."""
    rejected = tables["rejected"]["rejected"]
    kept = int(pc.sum(pc.equal(rejected, "")).as_py() or 0)
    structure = sum(part.structure_rows for part in parts)
    read = sum(part.rows + part.rejected for part in parts) + structure
    rows = {"read": read, "kept": kept, "rejected": len(rejected) - kept, "structure": structure}
    wrong = "" if read == sum(rows.values()) - read else f"{read} rows were read, {sum(rows.values()) - read} are accounted for"
    return {"rows": rows}, wrong
