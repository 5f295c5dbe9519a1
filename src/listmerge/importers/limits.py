"""How much time and memory a file may take: so much for any, and more for each MB that it honestly has.

What a file unpacks to does not count: a small file that grows is stopped within ten seconds, where nothing else runs,
and one gigabyte, a large one has what reading it takes.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

SECONDS: Final = 6          # of processor time
SECONDS_A_MB: Final = 1.0
CLOCK: Final = 40           # seconds by the clock: on a machine that is busy, processor time is long in coming
CLOCK_A_MB: Final = 4.0
CLOCK_ALONE: Final = 8      # where nothing else limits
MEMORY: Final = 700 << 20
MEMORY_A_BYTE: Final = 60   # the texts of a workbook, many times packed, as objects
WORN: Final = 400 << 20     # a worker that had more than this once is not used again


def clock(size: int) -> float:
    """Seconds that may pass for a file of so many bytes."""
    return (CLOCK if find_spec("resource") else CLOCK_ALONE) + CLOCK_A_MB * size / (1 << 20)


def begin() -> None:
    """Loads what any reader needs before limits are set; nothing is left to write but pipes and results."""
    import pyarrow as pa

    pa.set_cpu_count(1)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def for_file(size: int) -> Iterator[None]:
    """Limits this process while it reads a file of so many bytes, where the system knows such limits."""
    try:
        import resource
    except ImportError:         # Windows: the clock alone
        yield
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + SECONDS + SECONDS_A_MB * size / (1 << 20))
    known = {resource.RLIMIT_CPU: seconds, resource.RLIMIT_AS: _held() + MEMORY + MEMORY_A_BYTE * size}
    for limit, value in known.items():
        _set(limit, value)
    yield
    for limit in known:
        _set(limit, resource.RLIM_INFINITY)


def _set(limit: int, value: int) -> None:
    import resource

    hard = resource.getrlimit(limit)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _held() -> int:
    """Bytes of address space that this process has now."""
    with suppress(OSError, ValueError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 1 << 30


def is_worn() -> bool:
    """Whether this process has grown so large once that a fresh one is better."""
    return _most_held() > WORN


def _most_held() -> int:
    """The most bytes of memory that this process had. `ru_maxrss`, where nothing else is known, begins with what the
    process that started this one had: beside a large one each worker would be worn from its birth."""
    with suppress(OSError, ValueError, StopIteration):
        told = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in told if line.startswith("VmHWM:")).split()[1]) * 1024
    with suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return 0
