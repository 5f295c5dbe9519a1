"""What a few new rows cost in a workspace that holds many: import and dedupe, day after day, each in a process of its
own.

    python -m benchmarks.growing [ROWS [NEW [DAYS]]]     # 1000000 1000 3 unless named
"""

from __future__ import annotations

import json
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks.child import cost
from benchmarks.made import made_list
from benchmarks.results import keep

#: Seconds for a thousand new rows in a million, import and dedupe together.
BAR: Final = 12.0
DAYS: Final = 3


def main(rows: int = 1_000_000, new: int = 1_000, days: int = DAYS) -> int:
    """Prints and keeps seconds and memory of the first day and of those on which rows are added; fails above the
    bar."""
    with tempfile.TemporaryDirectory() as name:
        made = made_list(rows + days * new, Path(name))
        found = [_day(Path(name), path) for path in _lists(made, rows, new)]
    keep("growing", {str(rows): {"rows": rows, "new": new, "bar": BAR, "days": found}})
    print(json.dumps(found), flush=True)
    return int(any(day["wall_s"] > BAR for day in found[1:]))


def _lists(made: Path, rows: int, new: int) -> list[Path]:
    """The first `rows` rows as a list, the others as lists of `new` rows."""
    paths = []
    with made.open(encoding="utf-8") as file:
        header = next(file)
        while lines := list(islice(file, new if paths else rows)):
            paths.append(made.with_name(f"day{len(paths)}.csv"))
            paths[-1].write_text(header + "".join(lines), encoding="utf-8")
    return paths


def _day(folder: Path, path: Path) -> dict[str, Any]:
    told = ["--workspace", str(folder / "workspace"), "--quiet"]
    one = cost([sys.executable, "-m", "listmerge", "import", str(path), "--partial", *told])
    other = cost([sys.executable, "-m", "listmerge", "dedupe", *told])
    stored = sum(file.stat().st_size for file in (folder / "workspace" / "data").iterdir())
    return {"import_s": one["wall_s"], "dedupe_s": other["wall_s"], "wall_s": round(one["wall_s"] + other["wall_s"], 2),
            "cpu_s": round(one["cpu_s"] + other["cpu_s"], 2), "peak_mb": max(one["peak_mb"], other["peak_mb"]),
            "stored_mb": stored >> 20}


if __name__ == "__main__":
    sys.exit(main(*(int(number) for number in sys.argv[1:])))
