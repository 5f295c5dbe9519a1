"""The fast path for delimited text: a regular file is read by Arrow, all columns as text, none interpreted.

It gives exactly the sheet that the csv module gives, or None where the file is not regular (ragged rows, blank lines,
escapes, unbalanced quotes): Arrow refuses those. A property test holds the two equal.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from listmerge.importers.dialect import LONGEST_RECORD, Dialect, widths
from listmerge.importers.records import Records
from listmerge.importers.sheets import check_width, columns_of, names, stack

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BLOCK: Final = 8 << 20
_LINE_END = re.compile(rb"\r\n|\r|\n")


def read_table(body: bytes, head: str, dialect: Dialect, name: str) -> tuple[pa.Table, pa.Array] | None:
    """The records of UTF-8 text `body`, beginning with `head`, and the line where each begins; None: not regular."""
    start = _regular_from(head, dialect)
    if start is None or dialect.quoting != "standard":
        return None
    before, line, width = start
    check_width(width, name)
    regular = body[_offset_of_line(body, line) :]
    found = _read(regular, dialect, width)
    if found is None:
        return None
    count = line_count(regular)
    breaks = _breaks(found) if count != found.num_rows else None
    if breaks is not None and (int(breaks.max()) > LONGEST_RECORD or int(breaks.sum()) != count - found.num_rows):
        return None
    if breaks is not None and not _quotes_fit(regular, dialect.delimiter):
        return None
    return _under(before, found, _lines(found.num_rows, breaks, line))


def _regular_from(head: str, dialect: Dialect) -> tuple[list[tuple[list[str], int]], int, int] | None:
    """The records before the regular ones with their lines, the first regular line, and the usual width."""
    counts = Counter(widths(head, dialect, complete=False))
    width = counts.most_common(1)[0][0] if counts else 0
    reader = Records(head, dialect, width)
    found = list(reader)[:-1]
    first = next((index + 1 for index in range(len(found) - 1, -1, -1) if len(found[index][0]) != width), 0)
    if reader.unbalanced or first >= len(found) - 2:
        return None
    return found[:first], found[first][1], width


def _offset_of_line(body: bytes, line: int) -> int:
    ends = _LINE_END.finditer(body)
    return 0 if line == 1 else next(match.end() for number, match in enumerate(ends, 2) if number == line)


def _read(body: bytes, dialect: Dialect, width: int) -> pa.Table | None:
    import pyarrow as pa
    from pyarrow import csv

    columns = names(width)
    try:
        return csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            csv.ReadOptions(column_names=columns, block_size=BLOCK),
            csv.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=b'"' in body, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), null_values=[], strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None


def _breaks(table: pa.Table) -> np.ndarray[Any, Any]:
    """The number of line ends within each record."""
    import numpy as np
    import pyarrow.compute as pc

    total = np.zeros(table.num_rows, np.int32)
    for column in table.columns:
        for sign, what in ((1, "\n"), (1, "\r"), (-1, "\r\n")):
            total += sign * np.asarray(pc.count_substring(column, what), dtype=np.int32)
    return total


def _quotes_fit(body: bytes, delimiter: str) -> bool:
    """Whether each quoted text begins and ends where a field does; one that does not may have swallowed records."""
    import numpy as np

    letters = np.frombuffer(b"\n" + body + b"\n", np.uint8)
    edges = np.zeros(256, bool)
    edges[list(delimiter.encode() + b'\r\n"')] = True  # a quotation mark beside another is a doubled one
    quotes = np.flatnonzero(letters == 34)
    opening, closing = quotes[0::2], quotes[1::2]
    return bool(
        len(opening) == len(closing) and edges[letters[opening - 1]].all() and edges[letters[closing + 1]].all()
    )


def _lines(rows: int, breaks: np.ndarray[Any, Any] | None, first: int) -> np.ndarray[Any, Any]:
    import numpy as np

    lines = np.arange(first, first + rows, dtype=np.int32)
    if breaks is not None:
        lines[1:] += np.cumsum(breaks)[:-1].astype(np.int32)
    return lines


def line_count(body: bytes) -> int:
    """The number of lines, the last one with or without its end."""
    ends = body.count(b"\n")
    if b"\r" in body:  # asked first: a search for two bytes is much slower than for one
        ends += body.count(b"\r") - body.count(b"\r\n")
    return ends + (body[-1:] not in (b"\r", b"\n"))


def _under(
    before: list[tuple[list[str], int]], found: pa.Table, lines: np.ndarray[Any, Any]
) -> tuple[pa.Table, pa.Array]:
    """The regular records under those before them."""
    import pyarrow as pa

    first = columns_of([row for row, _ in before], max((len(row) for row, _ in before), default=0))
    starts = pa.array([line for _, line in before], pa.int32())
    return stack([first, found]) if before else found, pa.concat_arrays([starts, pa.array(lines, pa.int32())])
