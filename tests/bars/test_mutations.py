"""Five thousand broken samples: each is read, or refused with one error; `benchmarks/fuzz.py` runs any number."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from tests.importers.mutation import outcomes

SAMPLES = Path(__file__).parent.parent / "samples"
CASES = 5000


def test_broken_samples_are_read_or_refused(tmp_path: Path) -> None:
    files = sorted(path for path in SAMPLES.iterdir() if not path.name.startswith("_"))
    each = CASES // len(files) + 1
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        tasks = [pool.submit(outcomes, path, range(each), tmp_path) for path in files]
        wait(tasks)
    assert [str(error) for task in tasks if (error := task.exception())] == []
    found = Counter(outcome for task in tasks for outcome in task.result())
    assert sum(found.values()) >= CASES
    assert found["read"] > CASES // 2
