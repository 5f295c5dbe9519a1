"""Texts that were damaged before they came here: read with the wrong code page, letters replaced by question marks,
spreadsheet errors. They are reported, with a suggestion where the damage can be undone; nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from listmerge.engine.spool import each, forget
from listmerge.importers.charset import LENIENT
from listmerge.model import FIELDS, Issue, Mapping

if TYPE_CHECKING:
    import pyarrow as pa

ERRORS: Final = (
    "#VALUE!",
    "#N/A",
    "#REF!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
)
NAMED_UNITS: Final = frozenset({"name", "job", "address"})
SHOWN: Final = 1_000  # of one kind in one column
LONGEST_CELL: Final = 32_767  # characters of a cell in Excel
_ERROR: Final = "^(?:" + "|".join(word.replace("?", r"\?") for word in ERRORS) + "|#{3,})$"
_LOST: Final = r"\pL\?\pL|\pL\?\?+|^\?\pL"


def find(cells: pa.Table, lines: pa.Array, mapping: Mapping, name: str, mixed: str = "") -> list[Issue]:
    """Issues `mojibake`, and `lost-letter` in names and places; `mixed` is the code page with which parts of the file
    that are UTF-8 were read, where there are such."""
    issues: list[Issue] = []
    for column in mapping.columns:
        if column.field == "drop" or column.index >= cells.num_columns:
            continue
        place = _Place(column.header, name, lines)
        issues += place.issues(_misread(cells.column(column.index), mixed))
        if FIELDS[column.field] in NAMED_UNITS:
            issues += place.issues(_lost(cells.column(column.index)))
    return issues


def _misread(texts: pa.ChunkedArray, mixed: str) -> Iterator[tuple[int, Issue]]:
    message = f"The text is UTF-8 and was read as {mixed}, as the rest of the file." if mixed else (
        "The text was read with the wrong code page somewhere before.")
    page = mixed or "cp1252"
    for row, text in _matches(texts, _misreading(_ANY_FIRST if mixed else _USUAL_FIRST, page), _is_foreign):
        if (better := repaired(text, page)) != text:
            yield row, Issue("mojibake", message, text[:200], suggestion=better[:200])


def _lost(texts: pa.ChunkedArray) -> Iterator[tuple[int, Issue]]:
    message = "Question marks stand where letters were lost; take this value from another source."
    for row, text in _matches(texts, _LOST, _has_question_mark):
        yield row, Issue("lost-letter", message, text[:200])


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of a file, in which issues are found; `lines` are those of its rows."""

    header: str
    name: str
    lines: pa.Array

    def issues(self, found: Iterable[tuple[int, Issue]]) -> Iterator[Issue]:
        """The issues with their places, given with the rows from 0; of very many the number of the rest."""
        coming = iter(found)
        code = ""
        for row, issue in islice(coming, SHOWN):
            code = issue.code
            yield replace(issue, field=self.header, source_file=self.name, source_row=row + 1,
                          source_line=self.lines[row].as_py())
        rest = sum(1 for _ in coming)
        if rest:
            yield Issue(code, f"The same holds for {rest:,} cells more of the column.", field=self.header,
                        source_file=self.name)


def _matches(
    column: pa.ChunkedArray, pattern: str, may: Callable[[pa.Array], pa.Array | None]
) -> Iterator[tuple[int, str]]:
    """The cells that match, with their rows; only those are asked that `may` match, as a cheaper test says."""
    import pyarrow.compute as pc

    start = 0
    for chunk in column.chunks:
        suspects = may(chunk)
        if suspects is not None and len(rows := pc.indices_nonzero(suspects)):
            texts = chunk.take(rows)
            hits = pc.indices_nonzero(pc.match_substring_regex(texts, pattern))
            found = (start + row for row in rows.take(hits).to_pylist())
            yield from zip(found, texts.take(hits).to_pylist(), strict=True)
        start += len(chunk)
        forget()


def _is_foreign(texts: pa.Array) -> pa.Array | None:
    import pyarrow.compute as pc

    return None if letters(texts).isascii() else pc.invert(pc.string_is_ascii(texts))


def _has_question_mark(texts: pa.Array) -> pa.Array | None:
    import pyarrow.compute as pc

    return pc.match_substring(texts, "?") if b"?" in letters(texts) else None


def _has_hash(texts: pa.Array) -> pa.Array | None:
    import pyarrow.compute as pc

    return pc.starts_with(texts, "#") if b"#" in letters(texts) else None


def letters(texts: pa.Array) -> bytes:
    """All letters of a column's piece, and perhaps of its neighbours: what is not in them is in no cell."""
    data = texts.buffers()[2]
    return data.to_pybytes() if data else b""


def repaired(text: str, page: str = "cp1252") -> str:
    """The text with the wrong decoding undone, or the same text where that cannot be proved."""
    try:
        return _bytes_of(text, page).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _bytes_of(text: str, page: str) -> bytes:
    try:
        return text.encode(page)        # at once, which most texts allow
    except UnicodeEncodeError:
        return b"".join(byte_of(letter, page) for letter in text)


def byte_of(letter: str, page: str) -> bytes:
    """The byte that was read as this letter in a single-byte code page. Raises UnicodeEncodeError for other letters."""
    try:
        return letter.encode(page)
    except UnicodeEncodeError:
        return letter.encode("latin-1")  # the bytes that the page leaves open


#: The bytes with which letters of UTF-8 begin; and those of Latin, Cyrillic, Hebrew and Arabic letters and of signs.
_ANY_FIRST: Final = bytes(range(0xC2, 0xF5))
_USUAL_FIRST: Final = b"\xc2\xc3\xc4\xc5\xd0\xd1\xd7\xd8\xe2"


@cache
def _misreading(first: bytes, page: str) -> str:
    """UTF-8 that was read with a code page, as an expression: Ã¼, Ä…, â€™ in cp1252."""
    begins, goes_on = (re.escape(some.decode(page, LENIENT)) for some in (first, bytes(range(0x80, 0xC0))))
    return f"[{begins}][{goes_on}]"


def error_words(cells: pa.Table, header: tuple[str, ...], lines: pa.Array, name: str) -> tuple[list[str], list[Issue]]:
    """The spreadsheet errors that stand in cells, and an issue for each cell."""
    words: set[str] = set()
    issues: list[Issue] = []
    message = "A spreadsheet error stands where a value was; it is taken as empty."
    for index, column in enumerate(cells.columns):
        found = list(_matches(column, _ERROR, _has_hash))
        words |= {text for _, text in found}
        errors = ((row, Issue("error-cell", message, text)) for row, text in found)
        issues += _Place(header[index], name, lines).issues(errors)
    return sorted(words), issues


def cut_cells(cells: pa.Table, header: tuple[str, ...], lines: pa.Array, name: str) -> list[Issue]:
    """Issues for cells that are exactly as long as Excel lets them be: their ends are probably lost."""
    import numpy as np

    issues = []
    for index, column in enumerate(cells.columns):
        for row in np.flatnonzero(each(column, _is_full))[:SHOWN]:
            message = "The cell is as long as Excel lets it be; its end may be lost."
            issues.append(Issue("cell-cut", message, "", header[index], name, int(row) + 1, lines[int(row)].as_py()))
    return issues


def _is_full(texts: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    lengths = pc.binary_length(texts)
    shorter = (pc.max(lengths).as_py() or 0) < LONGEST_CELL
    return pc.equal(lengths, -1) if shorter else pc.equal(pc.utf8_length(texts), LONGEST_CELL)
