"""Work in other processes: the same answers, and errors come through whole."""

from __future__ import annotations

import operator
import pickle

import pytest

from listmerge.engine.pool import Pool
from listmerge.errors import DiskError


@pytest.mark.parametrize("processes", [1, 2])
def test_answers_come_in_the_order_of_the_tasks(processes: int) -> None:
    with Pool(operator.neg, processes) as pool:
        assert [answer.result() for answer in [pool.submit(number) for number in range(20)]] == [*range(0, -20, -1)]


def test_what_a_worker_raises_is_raised_here() -> None:
    with Pool(int, 2) as pool:
        answers = [pool.submit("x"), pool.submit("7")]
        with pytest.raises(ValueError, match="invalid literal"):
            answers[0].result()
        assert answers[1].result() == 7


def test_an_error_passes_between_processes_with_all_it_says() -> None:
    error = pickle.loads(pickle.dumps(DiskError("disk-full", "no room.", where="/x", hint="free some.")))
    assert (error.code, error.what, error.where, error.hint, error.exit_status) == (
        "disk-full", "no room.", "/x", "free some.", 6)
