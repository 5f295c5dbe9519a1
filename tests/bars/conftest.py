"""Runs of `listmerge` on reference lists, and how right they were: counted from the files alone."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from math import comb
from pathlib import Path
from typing import NamedTuple


class Accuracy(NamedTuple):
    """Pairwise: of the pairs in one master, how many are right; of the true pairs, how many are in one master."""

    precision: float
    recall: float
    f1: float


def pairwise(found: Mapping[Hashable, str], truth: Mapping[Hashable, str]) -> Accuracy:
    """`found` and `truth` name the master and the person of each record; a record not found is alone."""
    masters = {key: found.get(key, f"alone {key}") for key in truth}
    right = pairs(Counter((masters[key], truth[key]) for key in truth).values())
    together, true = pairs(Counter(masters.values()).values()), pairs(Counter(truth.values()).values())
    precision, recall = right / together if together else 1.0, right / true if true else 1.0
    return Accuracy(precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0)


def pairs(sizes: Iterable[int]) -> int:
    return sum(comb(size, 2) for size in sizes)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listmerge(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in `folder`; its workspace and its outputs stay there."""
    command = [sys.executable, "-m", "listmerge", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900)


def persons_of(crosswalk: Path) -> dict[str, set[str]]:
    """master id -> the records in it, as 'file row part'."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in read(crosswalk):
        members[row["master_id"]].add(f"{row['source_file']} {row['source_row']} {row['part']}")
    return members
