"""Texts that were damaged before they came here: read with the wrong code page, letters replaced by question marks,
spreadsheet errors. They are reported, with a suggestion where the damage can be undone; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from listmerge.engine.spool import each, forget
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
#: UTF-8 that was read as cp1252: Ã¼, Ä…, â€™.
_MOJIBAKE: Final = (
    "[\u00c2-\u00c5\u00d0\u00d1\u00d7\u00d8\u00e2][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_LOST: Final = r"\pL\?\pL|\pL\?\?+|^\?\pL"


def find(cells: pa.Table, lines: pa.Array, mapping: Mapping, name: str) -> list[Issue]:
    """Issues `mojibake` and `lost-letter` in the columns of names and places."""
    issues: list[Issue] = []
    for column in mapping.columns:
        if FIELDS[column.field] in NAMED_UNITS and column.index < cells.num_columns:
            texts = cells.column(column.index)
            for row, text in _matches(texts, _MOJIBAKE, _is_foreign):
                if (better := repaired(text)) != text:
                    message = "The text was read with the wrong code page somewhere before."
                    issues.append(
                        Issue(
                            "mojibake",
                            message,
                            text[:200],
                            column.header,
                            name,
                            row + 1,
                            lines[row].as_py(),
                            better[:200],
                        )
                    )
            for row, text in _matches(texts, _LOST, _has_question_mark):
                message = "Question marks stand where letters were lost; take this value from another source."
                issues.append(
                    Issue("lost-letter", message, text[:200], column.header, name, row + 1, lines[row].as_py())
                )
    return issues


def _matches(
    column: pa.ChunkedArray, pattern: str, may: Callable[[pa.Array], pa.Array | None]
) -> Iterator[tuple[int, str]]:
    """The first cells that match, with their rows; only those are asked that `may` match, as a cheaper test says."""
    import pyarrow.compute as pc

    start, left = 0, SHOWN
    for chunk in column.chunks:
        suspects = may(chunk)
        rows = pc.indices_nonzero(suspects) if suspects is not None else ()
        if len(rows):
            texts = chunk.take(rows)
            hits = pc.indices_nonzero(pc.match_substring_regex(texts, pattern)).to_pylist()[:left]
            left -= len(hits)
            yield from ((start + rows[hit].as_py(), texts[hit].as_py()) for hit in hits)
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


def repaired(text: str) -> str:
    """The text with the wrong decoding undone, or the same text where that cannot be proved."""
    try:
        return b"".join(map(_byte, text)).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")  # the five bytes that cp1252 leaves open


def error_words(cells: pa.Table, header: tuple[str, ...], lines: pa.Array, name: str) -> tuple[list[str], list[Issue]]:
    """The spreadsheet errors that stand in cells, and an issue for each cell."""
    words: set[str] = set()
    issues = []
    for index, column in enumerate(cells.columns):
        for row, text in _matches(column, _ERROR, _has_hash):
            words.add(text)
            message = "A spreadsheet error stands where a value was; it is taken as empty."
            issues.append(Issue("error-cell", message, text, header[index], name, row + 1, lines[row].as_py()))
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
