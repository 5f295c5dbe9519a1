"""listmerge beside a peer on the same file, in turn: ratios of wall time and peak memory.

    python -m benchmarks.speed FILE.csv PEER COMMAND…     # e.g. python peer.py

The peer's command gets the file as its last argument. Each is a child process, measured three times; the best counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

TIMES: Final = 3


def main(path: Path, peer: list[str]) -> int:
    """Prints seconds, memory (MB) and ratios as JSON."""
    mine = best([sys.executable, "-m", "listmerge", "run", str(path), "--out", "{out}", "--workspace", "{workspace}"])
    found = {"listmerge": mine}
    if peer:
        found["peer"] = best([*peer, str(path)])
        found["ratio"] = {key: round(mine[key] / found["peer"][key], 2) for key in mine}
    print(json.dumps({"cores": os.cpu_count(), **found}, indent=2))
    return 0


def best(command: list[str]) -> dict[str, float]:
    """The fastest of TIMES runs, each with fresh folders."""
    return min((once(command) for _ in range(TIMES)), key=lambda run: run["wall_s"])


def once(command: list[str]) -> dict[str, float]:
    """Wall and processor seconds and peak memory of one child process."""
    with tempfile.TemporaryDirectory() as name:
        filled = [word.format(out=f"{name}/out", workspace=f"{name}/workspace") for word in command]
        begin = time.perf_counter()
        process = subprocess.Popen(filled, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{filled[0]} … ended with {process.returncode}")
    return {"wall_s": round(time.perf_counter() - begin, 2), "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
            "peak_mb": usage.ru_maxrss / 1024}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
