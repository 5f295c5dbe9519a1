"""Made contact lists of any size, without the column that gives the answer away."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

from benchmarks.labelled import SHARED, TELLING


def made_list(rows: int, folder: Path, seed: int = 1) -> Path:
    """`list.csv` in the folder; with the truth beside it as `made.csv`."""
    made, path = folder / "made.csv", folder / "list.csv"
    subprocess.run([sys.executable, str(SHARED / "tools" / "make_contacts.py"), str(rows), str(made), str(seed)],
                   check=True, capture_output=True)
    with made.open(encoding="utf-8", newline="") as source, path.open("w", encoding="utf-8", newline="") as target:
        reader, writer = csv.reader(source), csv.writer(target)
        header = next(reader)
        keep = [at for at, column in enumerate(header) if column not in TELLING]
        writer.writerow([header[at] for at in keep])
        writer.writerows([row[at] for at in keep] for row in reader)
    return path
