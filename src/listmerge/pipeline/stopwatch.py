"""How long each step took, for run.json."""

from __future__ import annotations

import time


class Stopwatch:
    """`lap(name)` gives the time since the last lap to `name`; `timings` has them all, in seconds."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.timings[name] = round(self.timings.get(name, 0.0) + now - self._last, 3)
        self._last = now
