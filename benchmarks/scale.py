"""How time and memory grow with the list: matching alone (clean to clusters), sizes each in a process of its own.

    python -m benchmarks.scale [ROWS …]           # 10000 100000 1000000 unless named
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.labelled import SHARED, TELLING

SIZES: Final = (10_000, 100_000, 1_000_000)


def main(sizes: list[int]) -> int:
    """Prints seconds and memory per size, and the exponent from one size to the next."""
    before: dict[str, Any] = {}
    for rows in sizes or SIZES:
        ran = subprocess.run([sys.executable, "-m", "benchmarks.scale", "--one", str(rows)], check=True,
                             capture_output=True, text=True)
        now = json.loads(ran.stdout)
        if before:
            now["exponent"] = round(math.log(now["dedupe_s"] / before["dedupe_s"]) / math.log(rows / before["rows"]), 2)
        print(json.dumps(now), flush=True)
        before = now
    return 0


def one(rows: int) -> dict[str, Any]:
    """Makes a list of that size, imports it, dedupes it; seconds, stages, peak memory."""
    import resource

    import listmerge

    with tempfile.TemporaryDirectory() as name:
        made, path = Path(name) / "made.csv", Path(name) / "list.csv"
        subprocess.run([sys.executable, str(SHARED / "tools" / "make_contacts.py"), str(rows), str(made), "1"],
                       check=True, capture_output=True)
        without(made, path)
        begin = time.perf_counter()
        listmerge.import_files([path], Path(name) / "workspace")
        read = time.perf_counter()
        outcome = listmerge.dedupe(Path(name) / "workspace")
        end = time.perf_counter()
    return {"rows": rows, "import_s": round(read - begin, 1), "dedupe_s": round(end - read, 1),
            "stages": outcome["timings"], "pairs_per_row": round(outcome["counts"]["pairs_compared"] / rows, 2),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def without(made: Path, path: Path) -> None:
    """Copies a made list without the columns that give the answer away."""
    import csv

    with made.open(encoding="utf-8", newline="") as source, path.open("w", encoding="utf-8", newline="") as target:
        reader, writer = csv.reader(source), csv.writer(target)
        header = next(reader)
        keep = [at for at, column in enumerate(header) if column not in TELLING]
        writer.writerow([header[at] for at in keep])
        writer.writerows([row[at] for at in keep] for row in reader)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(int(sys.argv[2]))))
        sys.exit(0)
    sys.exit(main([int(size) for size in sys.argv[1:]]))
