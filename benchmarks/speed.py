"""listmerge beside a peer on the same made list, in turn: ratios of time and memory, and the stages of a run.

    python -m benchmarks.speed [ROWS] [TIMES] [--peer-python PYTHON] [--peer SCRIPT]      # 1000000 3 unless said

The peer is a script that gets the list (with its truth) as its first argument; its Python may be another one, given
here or as LISTMERGE_PEER_PYTHON, since its libraries may live in an environment of their own. Each is measured so many
times, one after the other; the best of each counts. Without a peer's Python listmerge is measured alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.child import cost
from benchmarks.labelled import SHARED
from benchmarks.made import made_list
from benchmarks.results import keep

PEER: Final = SHARED / "tools" / "peer_splink_contacts.py"
VARIANT: Final = "e"
#: What is compared with the peer's matching, and the bar of its ratio of wall time.
BARS: Final = {"run": 1.0, "dedupe": 0.7}
LISTMERGE: Final = (sys.executable, "-m", "listmerge")


def main(asked: argparse.Namespace) -> int:
    """Prints and keeps seconds, memory and ratios; 1 when a ratio is above its bar."""
    with tempfile.TemporaryDirectory() as name:
        path = made_list(asked.rows, Path(name))
        turns = [turn(path, Path(name) / str(number), asked) for number in range(asked.times)]
    best = {one: min((measured[one] for measured in turns), key=lambda found: float(found["wall_s"]))
            for one in turns[0]}
    found: dict[str, Any] = {"rows": asked.rows, "times": asked.times, **best}
    if "peer" in best:
        found["ratio"] = {one: {of: round(best[one][of] / best["peer"][of], 2) for of in best["peer"]} for one in BARS}
    keep("speed", {str(asked.rows): found})
    print(json.dumps(found, indent=1))
    return int(any(found["ratio"][one]["wall_s"] > bar for one, bar in BARS.items())) if "ratio" in found else 0


def turn(path: Path, folder: Path, asked: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Each of them once: the whole run, matching alone, and the peer."""
    folder.mkdir()
    whole, apart = folder / "whole", folder / "apart"
    found = {"run": cost([*LISTMERGE, "run", str(path), "--out", str(folder / "out"), "--workspace", str(whole)])}
    found["run"]["stages"] = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))["timings"]
    cost([*LISTMERGE, "import", str(path), "--workspace", str(apart)])
    found["dedupe"] = cost([*LISTMERGE, "dedupe", "--workspace", str(apart)])
    if asked.peer_python:
        found["peer"] = cost([asked.peer_python, str(asked.peer), str(path.with_name("made.csv")), VARIANT],
                             {"PYTHONPATH": str(asked.peer.parent)})
    return found


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.speed", description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=1_000_000)
    parser.add_argument("times", type=int, nargs="?", default=3)
    parser.add_argument("--peer-python", default=os.environ.get("LISTMERGE_PEER_PYTHON", ""))
    parser.add_argument("--peer", type=Path, default=PEER)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(_asked(sys.argv[1:])))
