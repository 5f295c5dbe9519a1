"""The slow path for delimited text: what Arrow refuses is read by the csv module, record by record.

It gives any text; ragged rows, stray quotation marks and blank lines are what it is for. The records are gathered into
batches, cleaned and laid down as those of the fast path are, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from listmerge.engine.spool import laid
from listmerge.importers.body import Body
from listmerge.importers.cells import Cleaning
from listmerge.importers.dialect import Dialect, widths
from listmerge.importers.fast import Found
from listmerge.importers.records import Records
from listmerge.importers.sheets import check_filled, check_width, columns_of, stack, widen
from listmerge.model import Issue

if TYPE_CHECKING:
    import pyarrow as pa

BATCH: Final = 20_000
MOST_CELLS: Final = 2_000_000   # of a batch: its texts are objects until it is whole
SHOWN: Final = 100


def read_table(
    body: Body, head: str, dialect: Dialect, name: str, hidden: bool, scratch: Path | None = None
) -> tuple[Found, list[Issue]]:
    """The records of UTF-8 text `body`, beginning with `head`, and what was wrong with their quotation marks.

    Where there is a `scratch` folder they lie in files in it, one for each time that a wider record came. Raises
    InputError `too-large`.
    """
    import pyarrow as pa

    counts = Counter(widths(head, dialect))
    reader = Records(body.lines(), dialect, counts.most_common(1)[0][0] if counts else 1)
    cleaning, lines = Cleaning(hidden), [pa.array([], pa.int32())]
    batches = groupby(_tables(reader, body.size, name, lines), lambda batch: batch.num_columns)
    cells = stack([laid(map(cleaning.clean, same), scratch) for _, same in batches])
    return Found(cells, cleaning.taken, pa.concat_arrays(lines)), _unbalanced(reader, name)


def _tables(reader: Records, size: int, name: str, lines: list[pa.Array]) -> Iterator[pa.Table]:
    """The records batch by batch, each as wide as the widest record so far; the line of each goes to `lines`."""
    import pyarrow as pa

    widest = count = 0
    for rows, starts, width in _batches(reader):
        check_width(width, name)
        widest, count = max(widest, width), count + len(rows)
        check_filled(count * widest, size, widest, name)
        lines.append(pa.array(starts, pa.int32()))
        yield widen(columns_of(rows, width), widest)


def _batches(reader: Records) -> Iterator[tuple[list[list[str]], list[int], int]]:
    rows: list[list[str]] = []
    starts: list[int] = []
    width = 0
    for row, line in reader:
        rows.append(row)
        starts.append(line)
        width = max(width, len(row))
        if len(rows) == BATCH or len(rows) * width >= MOST_CELLS:
            yield rows, starts, width
            rows, starts, width = [], [], 0
    if rows:
        yield rows, starts, width


def _unbalanced(reader: Records, name: str) -> list[Issue]:
    return [Issue("unbalanced-quote", "A quotation mark is not closed; the line was read without quotes.",
                  source_file=name, source_line=line) for line in reader.unbalanced[:SHOWN]]
