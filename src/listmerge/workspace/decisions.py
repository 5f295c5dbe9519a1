"""What a person said of two contacts: kept for ever by contact key, the last word on a pair counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyarrow as pa

from listmerge.model import DECISIONS, arrow_schema
from listmerge.workspace.catalogue import Catalogue
from listmerge.workspace.links import Links

VERDICTS: Final = ("same", "different")


def add(catalogue: Catalogue, at: str, verdict: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Remembers `verdict` for each pair of contact keys."""
    catalogue.change(
        "INSERT INTO decisions (op, at, left_key, right_key, verdict) VALUES (:op, :at, :left, :right, :verdict)",
        [{"at": at, "left": min(pair), "right": max(pair), "verdict": verdict} for pair in pairs],
    )


def table(catalogue: Catalogue) -> pa.Table:
    """The table DECISIONS as of now: rows that changed since are followed to the records that took their place."""
    links = Links(catalogue)
    last: dict[tuple[str, str], str] = {}
    for row in catalogue.rows("SELECT left_key, right_key, verdict FROM decisions ORDER BY id"):
        left, right = sorted((links.follow_key(row["left_key"]), links.follow_key(row["right_key"])))
        last[left, right] = row["verdict"]
    rows = [{"left_key": left, "right_key": right, "verdict": last[left, right]} for left, right in sorted(last)]
    return pa.Table.from_pylist(rows, schema=arrow_schema(DECISIONS))
