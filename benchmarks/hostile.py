"""Lists that would bring a matcher to its knees: many records that share one value, many empty ones, endless names.

    python -m benchmarks.hostile [ROWS]           # 50000 unless named

Each is a made list in which one thing was overwritten, run as users do; none may take three times what the list takes
as it was made, and none may make a cluster of what is shared.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.child import cost
from benchmarks.made import made_list
from benchmarks.results import keep

Row = dict[str, str]
#: How much longer a hostile list may take, and how many contacts one master may have there.
SLOWEST: Final = 3.0
LARGEST: Final = 30
#: Every so manieth name is endless.
_EVERY: Final = 100
_LETTERS: Final = "bcdfghklmnprst"

#: Name of a list -> what is overwritten in row number n.
LISTS: Final[dict[str, Callable[[int, Row], Row]]] = {
    "as made": lambda n, row: {},
    "one e-mail": lambda n, row: {"email": "everyone@post.example"},
    "one phone": lambda n, row: {"phone": "+442079460000"},
    "one surname": lambda n, row: {"full_name": "", "first_name": row["first_name"] or _word(n, 6),
                                   "last_name": "Smith"},
    "one name": lambda n, row: {"full_name": "", "first_name": "John", "last_name": "Smith"},
    "empty": lambda n, row: {name: "" for name in row if name not in ("source", "source_id")},
    "endless names": lambda n, row: {} if n % _EVERY else {"full_name": "", "first_name": _word(n, 5_000),
                                                           "last_name": _word(n + 1, 5_000)},
    "all names endless": lambda n, row: {"full_name": "", "first_name": f"{n} {_word(n, 50) * 100}",
                                         "last_name": _word(n + 1, 50) * 100},
}


def _word(number: int, length: int) -> str:
    """A word of so many letters, another one for each number."""
    return "".join(_LETTERS[(number * 31 + at * (number % 7 + 1)) % len(_LETTERS)] for at in range(length)).title()


def main(rows: int) -> int:
    """Prints and keeps a line for each list; 1 when one is too slow or made a large cluster."""
    failed = False
    with tempfile.TemporaryDirectory() as name:
        made, usual = made_list(rows, Path(name)), 0.0
        for list_name, overwrite in LISTS.items():
            found = one(made, Path(name) / list_name.replace(" ", "-"), overwrite)
            usual = usual or found["cpu_s"]
            found["ratio"] = round(found["cpu_s"] / usual, 2)
            failed |= found["ratio"] > SLOWEST or found["largest"] > LARGEST
            keep("hostile", {list_name: found})
            print(json.dumps({"list": list_name, **found}), flush=True)
    return int(failed)


def one(made: Path, folder: Path, overwrite: Callable[[int, Row], Row]) -> dict[str, Any]:
    """Writes a list and runs it: what it costs, the largest cluster, rows refused, what was said."""
    folder.mkdir()
    _write(made, folder / "list.csv", overwrite)
    found = cost([sys.executable, "-m", "listmerge", "run", str(folder / "list.csv"), "--out", str(folder / "out"),
                  "--workspace", str(folder / "workspace")])
    with (folder / "out" / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        sizes = Counter(row["master_id"] for row in csv.DictReader(file))
    told = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))
    return {**found, "largest": max(sizes.values(), default=0), "rejected": told["balance"]["rows"]["rejected"],
            "remarks": told["remarks"]}


def _write(made: Path, path: Path, overwrite: Callable[[int, Row], Row]) -> None:
    with made.open(encoding="utf-8", newline="") as source, path.open("w", encoding="utf-8", newline="") as target:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(target, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(row | overwrite(number, row) for number, row in enumerate(reader))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
