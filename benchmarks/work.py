"""How much work is done, in counts that never wobble: pairs per contact, comparisons per pair, calls of slow libraries.

    python -m benchmarks.work [ROWS]

`counted` is what the tests hold against the limits.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa

from listmerge.stages import Findings, block
from listmerge.stages.evidence import compared, patterns
from listmerge.stages.features import features
from listmerge.stages.levels import names, places, values

#: What may be spent at most.
LIMITS: Final = {"pairs_per_contact": 6.0, "texts_per_pair": 6.0, "patterns_per_pair": 0.6}


def counted(tables: dict[str, pa.Table]) -> dict[str, float]:
    """Counts for the five tables of contacts."""
    found = features(tables)
    with _counting() as texts:
        left, right = block.candidates(found, Findings())
        _, _, pairs = patterns(compared(found, left, right))
    return {"contacts": found.count, "pairs_per_contact": len(left) / max(found.count, 1),
            "texts_per_pair": texts["compared"] / max(len(left), 1),
            "patterns_per_pair": len(pairs) / max(len(left), 1)}


@contextmanager
def _counting() -> Iterator[dict[str, int]]:
    """Counts the texts that are compared letter by letter."""
    seen = {"compared": 0}
    real = names.process.cpdist

    def cpdist(one: Any, other: Any, **options: Any) -> Any:
        seen["compared"] += len(one)
        return real(one, other, **options)

    for module in (names, places, values):
        module.process.cpdist = cpdist
    try:
        yield seen
    finally:
        for module in (names, places, values):
            module.process.cpdist = real


def main(rows: int) -> int:
    """Prints the counts of a made list; 1 when one is above its limit."""
    from benchmarks.cleaned import made_tables

    found = counted(made_tables(rows))
    print(json.dumps({name: round(value, 3) for name, value in found.items()}))
    return 1 if any(found[name] > limit for name, limit in LIMITS.items()) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
