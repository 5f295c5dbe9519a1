"""The one place that knows of processes: one function, done to many small tasks by workers beside this process.

A worker is a fresh Python: nothing is shared, no `__main__` is run again, and it ends when this process does. Tasks and
answers go through pipes, so they must be small: they name files, and the data lies in these.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Final

from listmerge.errors import Bug

_MOST: Final = 4                 # more would but share the memory's bandwidth
_BEGIN: Final = (
    "import sys; sys.path[:] = {path!r}; from listmerge.engine import memory, pool;"
    " memory.give_back_what_is_free(); memory.leave_pandas_out(); pool.work()")


def cores() -> int:
    """How many workers may work at once on this machine."""
    known = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(known, _MOST)


class Pool:
    """Does `fn`, a function of a module, to tasks: in `processes` workers, or here and at once when that is one.

    The answers do not depend on how many there are. Use it as a context: leaving it ends the workers.
    """

    def __init__(self, fn: Callable[[Any], Any], processes: int) -> None:
        self._fn = fn
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._workers = [_Worker(fn) for _ in range(processes)] if processes > 1 and sys.executable else []
        self._threads = ThreadPoolExecutor(len(self._workers)) if self._workers else None
        for worker in self._workers:
            self._idle.put(worker)

    def submit(self, task: Any) -> Future[Any]:
        """The answer to come; what `fn` raises is raised by its `result()`."""
        if self._threads:
            return self._threads.submit(self._ask, task)
        answer: Future[Any] = Future()
        answer.set_result(self._fn(task))
        return answer

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._threads:
            self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def _ask(self, task: Any) -> Any:
        worker = self._idle.get()
        try:
            return worker.ask(task)
        finally:
            self._idle.put(worker)


class _Worker:
    """A process that does one function to what it is sent."""

    def __init__(self, fn: Callable[[Any], Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BEGIN.format(path=sys.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._send(fn)

    def ask(self, task: Any) -> Any:
        assert self._process.stdout
        try:
            self._send(task)
            good, answer = pickle.load(self._process.stdout)
        except (EOFError, BrokenPipeError) as error:
            raise Bug("worker-ended", "a process that worked beside this one ended before it was done.",
                      hint="is there enough memory? nothing was changed.") from error
        if not good:
            raise answer
        return answer

    def end(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()
        self._process.wait()

    def _send(self, what: Any) -> None:
        assert self._process.stdin
        pickle.dump(what, self._process.stdin)
        self._process.stdin.flush()


def work() -> None:
    """What a worker does until nothing more is sent: the parent answers for interrupts, and for what is printed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    fn = pickle.load(sys.stdin.buffer)
    while True:
        try:
            task = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(_answer(fn, task), answers)
        answers.flush()


def _answer(fn: Callable[[Any], Any], task: Any) -> tuple[bool, Any]:
    try:
        return True, fn(task)
    except Exception as error:              # noqa: BLE001 - the parent raises it again
        return False, error
