"""The fast path for delimited text: a regular file is read by Arrow, all columns as text, none interpreted.

It gives exactly the sheet that the csv module gives, or None where the file is not regular (ragged rows, blank lines,
escapes, unbalanced quotes): Arrow refuses those. A property test holds the two equal.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from listmerge.engine.spool import laid
from listmerge.importers.body import HEAD, Body
from listmerge.importers.cells import Cleaning, Taken
from listmerge.importers.damage import letters
from listmerge.importers.dialect import LONGEST_RECORD, Dialect, widths
from listmerge.importers.records import Records
from listmerge.importers.sheets import check_width, columns_of, names

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BLOCK: Final = 8 << 20
FED = 4 << 20                   # bytes that Arrow is given in one go: it makes a batch of them
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Found(NamedTuple):
    """The records of a regular text, cleaned, what was taken off, and the line where each begins."""

    cells: pa.Table
    taken: list[Taken]
    lines: pa.Array


def read_table(
    body: Body, head: str, dialect: Dialect, name: str, hidden: bool, scratch: Path | None = None
) -> Found | None:
    """The records of UTF-8 text `body`, beginning with `head`; None: not regular.

    They come and are cleaned batch by batch; where there is a `scratch` folder they lie in a file in it.
    """
    import pyarrow as pa

    start = _regular_from(head, dialect)
    if start is None or dialect.quoting != "standard":
        return None
    before, line, width = start
    check_width(width, name)
    regular = Body(body.data, body.start + _offset_of_line(body, line), body.end)
    batches = _Batches(regular, dialect, width, before, hidden)
    try:
        cells = laid(batches, scratch)
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    lines = batches.lines(line)
    return None if lines is None else Found(cells, batches.cleaning.taken, lines)


class _Batches:
    """The batches of a regular text under the records `before` it; after the last one the lines are known."""

    def __init__(
        self, body: Body, dialect: Dialect, width: int, before: list[tuple[list[str], int]], hidden: bool
    ) -> None:
        self.cleaning = Cleaning(hidden)
        self._body, self._dialect, self._width, self._before = body, dialect, width, before
        self._quoted = bool(body.bytes_of(b'"'))
        self._breaks: list[np.ndarray[Any, Any]] = []

    def __iter__(self) -> Iterator[pa.Table]:
        import numpy as np

        if self._before:
            yield self.cleaning.clean(columns_of([row for row, _ in self._before], self._width))
        for batch in _read(self._body, self._dialect, self._width, self._quoted):
            self._breaks.append(_breaks(batch) if self._quoted else np.zeros(batch.num_rows, np.int32))
            yield self.cleaning.clean(batch)

    def lines(self, first: int) -> pa.Array | None:
        """The line of each record, the regular ones from `first` on; None when some record took others in."""
        import numpy as np
        import pyarrow as pa

        breaks = np.concatenate(self._breaks)
        if breaks.sum() != line_count(self._body) - len(breaks) or breaks.max() > LONGEST_RECORD:
            return None
        if breaks.any() and not _quotes_fit(self._body, self._dialect.delimiter):
            return None
        lines = np.arange(first, first + len(breaks), dtype=np.int32)
        lines[1:] += np.cumsum(breaks, dtype=np.int32)[:-1]
        return pa.concat_arrays([pa.array([line for _, line in self._before], pa.int32()), pa.array(lines)])


def _regular_from(head: str, dialect: Dialect) -> tuple[list[tuple[list[str], int]], int, int] | None:
    """The records before the regular ones with their lines, the first regular line, and the usual width."""
    counts = Counter(widths(head, dialect, complete=False))
    width = counts.most_common(1)[0][0] if counts else 0
    reader = Records(io.StringIO(head, newline=""), dialect, width)
    found = list(reader)[:-1]
    first = next((index + 1 for index in range(len(found) - 1, -1, -1) if len(found[index][0]) != width), 0)
    if reader.unbalanced or first >= len(found) - 2 or any(len(row) > width for row, _ in found[:first]):
        return None
    return found[:first], found[first][1], width


def _offset_of_line(body: Body, line: int) -> int:
    """How far from its beginning a line of the text begins; it is in its first part."""
    head = bytes(body.data[body.start : min(body.start + HEAD, body.end)])
    ends = _LINE_END.finditer(head)
    return 0 if line == 1 else next(match.end() for number, match in enumerate(ends, 2) if number == line)


def _read(body: Body, dialect: Dialect, width: int, quoted: bool) -> Iterator[pa.Table]:
    """The records batch by batch. Raises ArrowInvalid or ArrowKeyError where they are not regular."""
    import pyarrow as pa
    from pyarrow import csv

    columns = names(width)
    reader = csv.open_csv(
        pa.PythonFile(_Feed(body), "r"),
        csv.ReadOptions(column_names=columns, block_size=BLOCK),
        csv.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=quoted, ignore_empty_lines=False),
        csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), null_values=[], strings_can_be_null=False),
    )
    with ThreadPoolExecutor(1) as beside:       # the next batch is parsed while the last one is cleaned
        coming = beside.submit(next, reader, None)
        while (batch := coming.result()) is not None:
            coming = beside.submit(next, reader, None)
            if batch.num_rows:
                yield pa.Table.from_batches([batch])


class _Feed:
    """A text as a file that Arrow reads. No read ends with CR before more text: Arrow would take a LF that follows
    away, in quotes too."""

    closed = False

    def __init__(self, body: Body) -> None:
        self._pieces = body.pieces(FED)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size` or a piece."""
        waiting = self._rest or next(self._pieces, b"")
        while not waiting.strip(b"\r") and (more := next(self._pieces, b"")):
            waiting += more
        part = waiting if size < 0 else waiting[:size]
        found = part.rstrip(b"\r") or part
        self._rest = waiting[len(found) :]
        return found

    def close(self) -> None:
        """Nothing is open."""


def _breaks(table: pa.Table) -> np.ndarray[Any, Any]:
    """The number of line ends within each record."""
    import numpy as np
    import pyarrow.compute as pc

    total = np.zeros(table.num_rows, np.int32)
    for column in table.columns:
        if _has_line_end(column):
            for sign, what in ((1, "\n"), (1, "\r"), (-1, "\r\n")):
                total += sign * np.asarray(pc.count_substring(column, what), dtype=np.int32)
    return total


def _has_line_end(column: pa.ChunkedArray) -> bool:
    """Whether there may be one in some cell: the bytes of all are looked through at once, byte by byte, which is
    ten times quicker than by an expression."""
    return any(end in found for found in map(letters, column.chunks) for end in (b"\n", b"\r"))


def _quotes_fit(body: Body, delimiter: str) -> bool:
    """Whether each quoted text begins and ends where a field does; one that does not may have swallowed records."""
    import numpy as np

    edges = np.zeros(256, bool)
    edges[list(delimiter.encode() + b'\r\n"')] = True  # a quotation mark beside another is a doubled one
    inside, waiting = 0, b"\n"
    for piece in chain(body.pieces(), [b"\n"]):
        letters = np.frombuffer(waiting + piece, np.uint8)      # the first and the last one are but neighbours
        quotes = np.flatnonzero(letters[1:-1] == 34) + 1
        opening, closing = quotes[inside::2], quotes[1 - inside :: 2]
        if not (edges[letters[opening - 1]].all() and edges[letters[closing + 1]].all()):
            return False
        inside = (inside + len(quotes)) % 2
        waiting = letters[-2:].tobytes()
    return not inside


def line_count(body: Body) -> int:
    """The number of lines, the last one with or without its end."""
    import numpy as np

    ends, last = 0, b""
    for piece in body.pieces():
        ends += int(np.count_nonzero(np.frombuffer(piece, np.uint8) == 10))       # ten times as quick as `count`
        if b"\r" in piece:  # asked first: a search for two bytes is much slower than for one
            ends += piece.count(b"\r") - piece.count(b"\r\n")
        ends -= last == b"\r" and piece[:1] == b"\n"
        last = piece[-1:]
    return ends + (last not in (b"\r", b"\n"))
