"""Tables that lie in a file and not in memory: written batch by batch, looked at as any other table.

The file has no name any more once it is written, so that nothing is left of it when its table is given up, however the
process ends. What was looked at counts as memory of the process until `forget` gives it back.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from listmerge.engine.memory import trim
from listmerge.workspace.disk import TEMPORARY, disk_errors

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

Bytes = bytes | mmap.mmap

#: Bytes looked at in one go: they stay in the processor's cache, and their memory is used again for the next.
PIECE = 256 << 10
#: After so many batches what they left free is given back: it lies between what is kept of them.
TRIMMED: Final = 8
_MAPPED: WeakSet[Any] = WeakSet()
_FORGET: Final = getattr(mmap, "MADV_DONTNEED", None)


def spooled(batches: Iterable[pa.Table], folder: Path) -> pa.Table:
    """The batches, at least one and all of one schema, as one table that lies in a file in `folder`.

    Raises DiskError. What the batches themselves raise ends it, and nothing is left.
    """
    import pyarrow as pa

    coming = iter(batches)
    first = next(coming)
    with disk_errors(folder), tempfile.TemporaryFile(prefix=TEMPORARY, dir=folder) as file:
        with pa.ipc.new_file(file, first.schema) as writer:
            for number, batch in enumerate(chain([first], coming), 1):
                writer.write_table(batch)
                if not number % TRIMMED:
                    trim()
        file.flush()
        return pa.ipc.open_file(pa.py_buffer(_mapped(file.fileno()))).read_all()


def laid(batches: Iterable[pa.Table], folder: Path | None) -> pa.Table:
    """The same in a file in `folder`, where one is given, else in memory."""
    import pyarrow as pa

    return pa.concat_tables(list(batches)) if folder is None else spooled(batches, folder)


def written(pieces: Iterable[bytes], folder: Path) -> Bytes:
    """The pieces of a text, one after the other, as one that lies in a file in `folder`. Raises DiskError."""
    with disk_errors(folder), tempfile.TemporaryFile(prefix=TEMPORARY, dir=folder) as file:
        size = sum(file.write(piece) for piece in pieces)
        file.flush()
        return _mapped(file.fileno()) if size else b""


def pieces(data: Bytes, start: int = 0, end: int | None = None, size: int = 0) -> Iterator[bytes]:
    """What stands from `start` to `end`, piece by piece; what was read is given back to the system."""
    end, size = len(data) if end is None else end, size or PIECE
    for begin in range(start, end, size):
        yield data[begin : min(begin + size, end)]
        forget_one(data)


def each(column: pa.ChunkedArray, ask: Callable[[pa.Array], pa.Array]) -> np.ndarray[Any, Any]:
    """What is to be known of each cell of a column, asked chunk by chunk; what was looked at is given back."""
    import numpy as np

    found = [np.zeros(0, bool)]
    for chunk in column.chunks:
        found.append(np.asarray(ask(chunk)))
        forget()
    return np.concatenate(found) if len(found) != 2 else found[1]


def forget() -> None:
    """Gives the memory back through which tables in files were looked at; they are read again when they are needed."""
    for data in list(_MAPPED):
        forget_one(data)


def forget_one(data: Any) -> None:
    """The same for one file that is mapped into memory, of whatever kind; nothing happens to what is none."""
    if _FORGET is not None and isinstance(data, mmap.mmap):
        data.madvise(_FORGET)


def _mapped(handle: int) -> mmap.mmap:
    data = mmap.mmap(handle, 0, access=mmap.ACCESS_READ)
    _MAPPED.add(data)
    return data
