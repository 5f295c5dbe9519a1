"""Mutation fuzzer over sample files: `python benchmarks/fuzz.py [CASES] [FIRST_SEED] [FOLDER]`.

Prints how often each outcome came, and stops at the first file that gives anything but tables or one error; that file
stays in `fuzz-failure/`.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.importers.mutation import mutated, outcome  # noqa: E402

from listmerge.importers import worker  # noqa: E402


def main(cases: int = 5000, first: int = 1000, folder: str = str(ROOT / "tests" / "samples")) -> None:
    """Runs `cases` mutations, one file after the other."""
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file() and not path.name.startswith("_"))
    place = Path("fuzz-failure")
    place.mkdir(exist_ok=True)
    outcomes: Counter[str] = Counter()
    slowest = (0.0, "")
    for number in range(cases):
        path = files[number % len(files)]
        target = place / path.name
        target.write_bytes(mutated(path.read_bytes(), first + number))
        before = time.perf_counter()
        outcomes[outcome(target, path.name)] += 1
        slowest = max(slowest, (time.perf_counter() - before, f"{path.name} seed {first + number}"))
        target.unlink()
    place.rmdir()
    print(dict(outcomes.most_common()), "slowest:", slowest)


if __name__ == "__main__":
    with worker.kept():
        main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
