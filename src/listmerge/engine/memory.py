"""How a process of listmerge takes memory from the system and gives it back.

Arrow's own allocator keeps what was freed for later, and so does the C library for arrays of some megabytes: after a
million contacts were read and put in order, 380 MB of tables stood in a process of 1,400 MB. With Arrow on the C
library and every large array in pages of its own it was 590 MB, and quicker. An array in pages of its own has each of
them cleared by the system, however: the columns of a batch, a megabyte or two, are made from what is free already.
With half a megabyte as the bound a run on a million contacts took 3.7 million such pages, now 1.9, and five seconds
of processor time less for 45 MB more.
"""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.abc import MetaPathFinder
from typing import Any, Final

#: mallopt(3): from which size on an array has pages of its own; what may stay free at the end of the heap; heaps.
_MMAP_THRESHOLD, _TRIM_THRESHOLD, _ARENA_MAX = -3, -1, -8
_SETTINGS: Final = ((_MMAP_THRESHOLD, 4 << 20), (_TRIM_THRESHOLD, 32 << 20), (_ARENA_MAX, 2))


def give_back_what_is_free() -> None:
    """To be called by the owner of a process before pyarrow is loaded; without effect where the C library is not
    glibc. ARROW_DEFAULT_MEMORY_POOL is left as it is where it is set."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        for name, value in _SETTINGS:
            mallopt(name, value)


class _NoPandas(MetaPathFinder):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("No module named 'pandas': this process has no use for it.", name=fullname)


def leave_pandas_out() -> None:
    """To be called by the owner of a process that never uses pandas, before pyarrow is used: it would load pandas, a
    quarter of a second and 40 MB, only to see that what it is given is not pandas'."""
    sys.meta_path.insert(0, _NoPandas())


def trim() -> None:
    """Gives the free rest of the heap back, between two steps of which the second needs other memory."""
    found = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if found is not None:
        found(0)
