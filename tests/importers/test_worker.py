"""The worker: one reads all files of a call, however large the process is that asks it."""

from __future__ import annotations

import numpy as np

from listmerge.importers import limits, worker
from tests.importers.making import one

CARD = "BEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD\r\n"


def test_a_worker_of_a_large_process_is_not_worn_from_its_birth() -> None:
    large = np.ones(limits.WORN + (1 << 20), np.uint8)
    with worker.kept():
        worker._held.desk.end()
        one(CARD, "a.vcf")
        first = worker._held.desk._process
        one(CARD, "b.vcf")
        assert first is worker._held.desk._process is not None
    assert large.all()
