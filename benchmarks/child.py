"""Commands in a process of their own, with what they cost."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Any


def cost(command: Sequence[str], environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Wall and processor seconds and peak memory (MB; of the largest process) of a command that must end with 0 or 1.

    Raises SystemExit with the end of what the command said when it fails.
    """
    begin = time.perf_counter()
    process = subprocess.Popen(list(command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, **(environment or {})})
    said = process.stderr.read() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command[:4])} … ended with {process.returncode}: {said[-500:]}")
    return {"wall_s": round(time.perf_counter() - begin, 2), "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
            "peak_mb": usage.ru_maxrss // 1024}
