"""Two broken samples of each kind; bars/test_mutations.py has thousands, `benchmarks/fuzz.py` runs any number."""

from __future__ import annotations

from pathlib import Path

import pytest

from listmerge.importers.sniff import family_of
from tests.importers.mutation import mutated, outcome

SAMPLES = Path(__file__).parent.parent / "samples"
FILES = sorted(path for path in SAMPLES.iterdir() if not path.name.startswith("_"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_broken_samples_are_read_or_refused(path: Path, tmp_path: Path) -> None:
    original = path.read_bytes()
    assert path.suffix in (".ods", ".xlsx") or family_of(original, path.name)
    outcomes = []
    for seed in range(2):
        target = tmp_path / path.name
        target.write_bytes(mutated(original, seed))
        outcomes.append(outcome(target, path.name))
    assert outcomes
