"""The text of a cell: what spreadsheets and copying put around it is taken off, and counted; nothing else is changed.

`clean` (one text) is the specification, `clean_table` (Arrow columns) the speed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from listmerge.fields.text import bytes_of
from listmerge.model import Issue

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

#: Characters that nobody sees: controls become a blank, zero-width ones nothing. Joiners (U+200C, U+200D) carry meaning
#: in Persian and in emoji and stay.
CONTROLS: Final = "\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u00a0\u2007\u202f"
VANISHING: Final = "\x00\u200b\u2060\ufeff\u00ad"
_CONTROL = re.compile(f"[{CONTROLS}]")
_VANISHING = re.compile(f"[{VANISHING}]")
#: A guard is an apostrophe before nothing or before what a spreadsheet would take for a formula or a number, or ="…"
#: around a text.
GUARD: Final = r"^'('*[=+\-@\t\r].*|'*[0-9][0-9 ()./+\-]*|)$"
WRAPPED: Final = r'^="((?:[^"]|"")*)"$'
_GUARD = re.compile(GUARD, re.S)
_WRAPPED = re.compile(WRAPPED, re.S)


def clean(text: str) -> str:
    """`text` without invisible characters, blanks at its ends and one leading guard."""
    text = _CONTROL.sub(" ", _VANISHING.sub("", text)).strip()
    text = _WRAPPED.sub(lambda match: match.group(1).replace('""', '"'), text)
    return _GUARD.sub(r"\1", text).strip()


_GUARDS: Final = tuple(b"'=")    # what a guard begins with
SHOWN: Final = 1_000        # cells of one kind in one column that are listed one by one
INVISIBLE: Final = "invisible-characters"
GUARD_REMOVED: Final = "guard-removed"
BRACES_REMOVED: Final = "braces-removed"
MESSAGES: Final = {
    INVISIBLE: "Invisible or control characters were removed.",
    GUARD_REMOVED: 'A guard for spreadsheets (leading apostrophe or ="…") was taken off.',
    BRACES_REMOVED: "Braces that the program left around the value were taken off.",
}
_ANY_INVISIBLE: Final = f"[{CONTROLS}{VANISHING}]"
_SEEN: Final = bytes(range(32, 127)) + b"\t\n\r"


def may_hide(pieces: Iterable[bytes]) -> bool:
    """Whether there is an invisible character in this UTF-8 text; far cheaper than to ask each cell."""
    before = b""
    for piece in pieces:
        foreign = before + piece.translate(None, _SEEN)
        if re.search(_ANY_INVISIBLE, foreign.decode("utf-8", "replace")):
            return True
        before = foreign[-3:]           # a character may be cut between two pieces
    return False


class Taken(NamedTuple):
    """What was taken off in cells of a `column`: which kind of thing, in how many cells, and the first of them: rows
    from 0 with the text that was there."""

    column: int
    code: str
    cells: int
    places: tuple[tuple[int, str], ...]


class Cleaning:
    """Cleans the batches of a text, one after the other; `taken` is what was taken off, for `told`.

    `hidden` tells whether there may be invisible characters at all.
    """

    def __init__(self, hidden: bool) -> None:
        self.taken: list[Taken] = []
        self._hidden = hidden
        self._rows = 0
        self._shown: Counter[tuple[int, str]] = Counter()

    def clean(self, batch: pa.Table) -> pa.Table:
        """The next batch, cleaned. Of what nobody will be shown only the number is kept."""
        cleaned, taken = clean_batch(batch, self._hidden, self._rows)
        self._rows += batch.num_rows
        for one in taken:
            shown = self._shown[one.column, one.code]
            self.taken.append(one._replace(places=one.places[: SHOWN - shown]))
            self._shown[one.column, one.code] += len(self.taken[-1].places)
        return cleaned


def clean_table(table: pa.Table, name: str, lines: pa.Array, hidden: bool = True) -> tuple[pa.Table, list[Issue]]:
    """Every column through `clean`, and an issue for each cell from which something was taken off, as `told` has them.

    `lines` are those of the rows; `hidden` tells whether there may be invisible characters at all.
    """
    cleaned, taken = clean_batch(table, hidden)
    return cleaned, told(taken, name, lines)


def clean_batch(table: pa.Table, hidden: bool, before: int = 0) -> tuple[pa.Table, list[Taken]]:
    """Some rows of a table cleaned, and what was taken off; `told` makes issues of that of all rows. There are `before`
    rows in other batches."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    columns: list[pa.ChunkedArray] = []
    taken: list[Taken] = []
    for index, column in enumerate(table.columns):
        if not _letters(column):
            columns.append(column)
            continue
        seen = pc.match_substring_regex(column, _ANY_INVISIBLE.replace("\x00", r"\x00")) if hidden else None
        if seen is not None:
            column, found = _repair(column, seen, INVISIBLE, index, before)
            taken += found
        column = _trimmed(column)
        if np.isin(_firsts(column), _GUARDS).any():
            hits = pc.or_(pc.starts_with(column, "'"), pc.starts_with(column, '="'))
            hits = hits if seen is None else pc.and_not(hits, seen)     # these are clean: only one guard is taken off
            column, found = _repair(column, hits, GUARD_REMOVED, index, before)
            taken += found
        columns.append(column)
    return pa.table(columns, names=table.column_names), taken


def unwrapped(table: pa.Table, signs: str) -> tuple[pa.Table, list[Taken]]:
    """The cells without the two `signs` that some programs leave around a value, and from which they were taken."""
    import pyarrow.compute as pc

    taken: list[Taken] = []
    for index, column in enumerate(table.columns):
        hits = pc.and_(pc.starts_with(column, signs[0]), pc.ends_with(column, signs[1]))
        column, found = _repair(column, hits, BRACES_REMOVED, index, 0, lambda text: text[1:-1].strip())
        if found:
            table = table.set_column(index, table.column_names[index], column)
            taken += found
    return table, taken


def told(taken: Iterable[Taken], name: str, lines: pa.Array) -> list[Issue]:
    """An issue for each cell, of very many in one column the number of the rest.

    The `field` of an issue is the column's number, its `source_row` the row from 1.
    """
    found: dict[tuple[int, int], list[Taken]] = {}
    for one in taken:
        found.setdefault((one.column, list(MESSAGES).index(one.code)), []).append(one)
    return [issue for _, same in sorted(found.items()) for issue in _issues(same, name, lines)]


def _issues(same: list[Taken], name: str, lines: pa.Array) -> Iterator[Issue]:
    code, field = same[0].code, str(same[0].column)
    places = list(islice((place for one in same for place in one.places), SHOWN))
    for row, text in places:
        yield Issue(code, MESSAGES[code], text[:200], field, name, row + 1, lines[row].as_py())
    rest = sum(one.cells for one in same) - len(places)
    if rest:
        yield Issue(code, f"The same was done in {rest:,} cells more of the column.", field=field, source_file=name)


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without blanks at the ends; the same column, not a copy, where there are none.

    A blank is a byte up to 32, or of a letter that is not ASCII: only texts with one at an end are looked at.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    ends = _firsts(column), _lasts(column)
    odd = pa.array(np.logical_or.reduce([((end <= 32) & (end > 0)) | (end > 127) for end in ends]))
    some = pc.filter(column, odd)
    return column if _letters(pc.utf8_trim_whitespace(some)) == _letters(some) else pc.utf8_trim_whitespace(column)


def _firsts(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """The first byte of each text, 0 for ''."""
    return _bytes_at(column, lambda ends: ends[:-1])


def _lasts(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """The last byte of each text, 0 for ''."""
    return _bytes_at(column, lambda ends: ends[1:] - 1)


def _bytes_at(column: pa.ChunkedArray, places: Callable[[Any], Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    found = [np.zeros(0, np.uint8)]
    for chunk in column.chunks:
        data, ends = bytes_of(chunk)
        filled = np.flatnonzero(ends[1:] > ends[:-1])
        found.append(np.zeros(len(chunk), np.uint8))
        found[-1][filled] = data[places(ends)[filled]]
    return np.concatenate(found)


def _letters(column: pa.ChunkedArray) -> int:
    import pyarrow.compute as pc

    return pc.sum(pc.binary_length(column)).as_py() or 0


def _repair(
    column: pa.ChunkedArray, hits: pa.ChunkedArray, code: str, index: int, rows_before: int,
    mend: Callable[[str], str] = clean,
) -> tuple[pa.ChunkedArray, list[Taken]]:
    """The column with the cells `hits` mended, and what was done."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.any(hits).as_py():
        return column, []
    before = pc.filter(column, hits).to_pylist()
    after = [mend(text) for text in before]
    changed = [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old.strip() != new]
    rows = np.flatnonzero(np.asarray(hits))[changed[:SHOWN]] + rows_before
    places = tuple(zip(rows.tolist(), (before[number] for number in changed[:SHOWN]), strict=True))
    column = pa.chunked_array([pc.replace_with_mask(_whole(column), _whole(hits), _array(after))])
    return column, [Taken(index, code, len(changed), places)] if changed else []


def _array(texts: list[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(texts, pa.string())


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if hasattr(column, "chunks") else column
