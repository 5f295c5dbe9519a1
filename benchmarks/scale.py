"""How time and memory grow with the list: a whole run of each size, in a process of its own.

    python -m benchmarks.scale [ROWS …]           # 100000 1000000 5000000 unless named
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.child import cost
from benchmarks.made import made_list
from benchmarks.results import keep, kept

SIZES: Final = (100_000, 1_000_000, 5_000_000)


def main(sizes: list[int]) -> int:
    """Prints and keeps seconds and memory per size, and the exponent from one size to the next."""
    for rows in sizes or SIZES:
        keep("scale", {str(rows): one(rows)})
    for found in grown(kept("scale")[1]):
        print(json.dumps(found), flush=True)
    return 0


def one(rows: int) -> dict[str, Any]:
    """Makes a list of that size and runs listmerge on it; seconds, stages, peak memory, pairs per row."""
    with tempfile.TemporaryDirectory() as name:
        path, out = made_list(rows, Path(name)), Path(name) / "out"
        found = cost([sys.executable, "-m", "listmerge", "run", str(path), "--out", str(out), "--workspace",
                      f"{name}/workspace"])
        told = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return {"rows": rows, **found, "stages": told["timings"],
            "pairs_per_row": round(told["counts"]["pairs_compared"] / rows, 2)}


def grown(sizes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The sizes in order, each with how its wall time grew since the one before: how often, and as which power."""
    ordered = sorted(sizes.values(), key=lambda found: int(found["rows"]))
    made: list[dict[str, Any]] = []
    for before, now in zip([None, *ordered], ordered, strict=False):
        more = {} if before is None else {"times": round(now["wall_s"] / before["wall_s"], 2), "exponent": round(
            math.log(now["wall_s"] / before["wall_s"]) / math.log(now["rows"] / before["rows"]), 2)}
        made.append({**now, **more})
    return made


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]]))
