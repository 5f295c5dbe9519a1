"""How a delimited text is written: its delimiter, its quotes, and from which line on its rows are regular.

The delimiter is the one under which most records, parsed with quotes, have the same number of fields; characters are
not counted. A file whose standard reading gives a record of many lines, or ragged rows, is read with backslash escapes
or without quotes where that gives more regular rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from typing import Any, Final

DELIMITERS: Final = (",", ";", "\t", "|")
LONGEST_RECORD: Final = 50  # physical lines; more than that is an unbalanced quote
_SEP = re.compile(r"\s*\"?sep=(.)\"?\s*(\r\n|\r|\n|$)", re.I)

csv.field_size_limit(1 << 30)  # long notes are fine; the length of a line is checked before


@dataclass(frozen=True, slots=True)
class Dialect:
    """`quoting` is 'standard' (doubled quotes), 'backslash' or 'none'; `sep_line`: line 1 says `sep=;`."""

    delimiter: str = ","
    quoting: str = "standard"
    sep_line: bool = False

    def options(self) -> dict[str, Any]:
        """The keyword arguments of csv.reader for this dialect."""
        if self.quoting == "none":
            return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE}
        if self.quoting == "backslash":
            return {"delimiter": self.delimiter, "escapechar": "\\", "doublequote": True}
        return {"delimiter": self.delimiter}


def find(head: str, complete: bool = True) -> Dialect:
    """The dialect of a text from its `head`; when that is not the `complete` text its last record is not judged."""
    match = _SEP.match(head)
    if match:
        return Dialect(match.group(1), _quoting(head[match.end() :], match.group(1), complete), sep_line=True)
    ranked = [
        (_regularity(widths(head, Dialect(delimiter), complete)), -order, delimiter)
        for order, delimiter in enumerate(DELIMITERS)
    ]
    score, _, delimiter = max(ranked)
    return Dialect(delimiter if score else ",", _quoting(head, delimiter if score else ",", complete))


def _quoting(head: str, delimiter: str, complete: bool) -> str:
    if '"' not in head:
        return "standard"
    standard = _cost(head, Dialect(delimiter), complete)
    if standard == 0 and '\\"' not in head:
        return "standard"
    quotings = ["standard", "backslash", "none"]
    if '\\"' not in head:
        quotings.remove("backslash")
    if not _is_careless(head):
        quotings.remove("none")
    if "backslash" in quotings and _escapes(head, delimiter):
        quotings = ["backslash", *(quoting for quoting in quotings if quoting != "backslash")]
    ranked = [
        (_cost(head, Dialect(delimiter, quoting), complete), order, quoting) for order, quoting in enumerate(quotings)
    ]
    return min(ranked)[2]


def _escapes(head: str, delimiter: str) -> bool:
    """Whether within quotes a mark stands behind a backslash and ends nothing; in `"C:\\Temp\\"` it ends the field."""
    mark = re.escape(delimiter)
    return re.search(rf'(?:^|{mark})"[^"\r\n]*\\"(?=[^"{mark}\r\n])', head, re.M) is not None


def _is_careless(head: str) -> bool:
    """Whether so many lines have an open quotation mark that marks mean nothing here; a few are mended one by one."""
    lines = head.splitlines()
    odd = sum(line.count('"') % 2 for line in lines)
    return odd >= 3 and odd * 10 > len(lines)


def _cost(head: str, dialect: Dialect, complete: bool) -> float:
    """How irregular the text is when read so: records of many lines and rows of another width, as a share."""
    found = list(records(head, dialect))[: None if complete else -1]
    filled = [(len(row), lines) for row, lines in found if any(row)]
    if not filled:
        return 2.0
    usual = Counter(width for width, _ in filled).most_common(1)[0][0]
    odd = sum(width != usual for width, _ in filled)
    long = sum(lines > LONGEST_RECORD for _, lines in filled)
    return (odd + 10 * long) / len(filled)


def records(text: str, dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    """The records of `text` and how many physical lines each takes."""
    reader = csv.reader(io.StringIO(text, newline=""), **dialect.options())
    before = 0
    try:
        for row in reader:
            yield row, reader.line_num - before
            before = reader.line_num
    except csv.Error:
        return


def widths(head: str, dialect: Dialect, complete: bool = True) -> list[int]:
    """The number of fields of each record of `head` that is not blank."""
    found = [len(row) for row, _ in records(head, dialect) if any(row)]
    return found if complete or len(found) < 2 else found[:-1]


def _regularity(found: list[int]) -> float:
    """High when many records have the same number of fields, and more than one."""
    counts = Counter(width for width in found if width > 1)
    return sum(count * count * log2(width) for width, count in counts.items()) / max(len(found), 1)
