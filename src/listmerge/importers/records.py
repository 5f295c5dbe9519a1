"""The records of a delimited text by the csv module, one at a time, with their physical lines.

A quotation mark that is never closed would swallow the rest of the file; here it costs one line: that line is read
without quotes and reported, and reading goes on after it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from listmerge.importers.dialect import LONGEST_RECORD, Dialect

MOST_LINES: Final = 1_000  # of one record, however well its quotes are closed


@dataclass
class Records:
    """Iterates over (fields, first line); `width` is the usual number of fields, `unbalanced` the lines with an open
    quotation mark."""

    text: str
    dialect: Dialect
    width: int
    unbalanced: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[list[str], int]]:
        feed = _Feed(list(io.StringIO(self.text, newline="")))
        options = self.dialect.options()
        reader = csv.reader(feed, **options)
        while feed.position < len(feed.lines):
            start = feed.begin()
            row = _next(reader)
            if row is None or self._is_swallowed(row, feed, start):
                self.unbalanced.append(start + 1)
                row = _without_quotes(feed.lines[start], options)
                feed.position = start + 1
                reader = csv.reader(feed, **options)
            yield row, start + 1

    def _is_swallowed(self, row: list[str], feed: _Feed, start: int) -> bool:
        """Whether the record took lines that are records of their own."""
        taken = feed.position - start
        if taken == 1:
            return False
        if feed.exhausted or (taken > LONGEST_RECORD and len(row) != self.width):
            return True
        if len(row) != self.width and len(_without_quotes(feed.lines[start], self.dialect.options())) == self.width:
            return True
        return not _is_strict(feed.lines[start : feed.position], self.dialect.options())


@dataclass
class _Feed:
    """Gives lines to a csv reader, but no more for one record than a record can have."""

    lines: list[str]
    position: int = 0
    limit: int = 0
    exhausted: bool = False

    def begin(self) -> int:
        """A record begins here; returns the index of its first line."""
        self.limit, self.exhausted = self.position + MOST_LINES, False
        return self.position

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.position >= min(self.limit, len(self.lines)):
            self.exhausted = True  # asked for a line within a record, and there is none
            raise StopIteration
        self.position += 1
        return self.lines[self.position - 1]


def _next(reader: Any) -> list[str] | None:
    try:
        row: list[str] = next(reader)
    except (csv.Error, StopIteration):
        return None
    return row


def _is_strict(lines: list[str], options: dict[str, Any]) -> bool:
    """Whether each quoted text of a record ends where a field ends."""
    return options.get("quoting") == csv.QUOTE_NONE or _next(csv.reader(lines, strict=True, **options)) is not None


def _without_quotes(line: str, options: dict[str, Any]) -> list[str]:
    plain = csv.reader([line], delimiter=options["delimiter"], quoting=csv.QUOTE_NONE)
    return _next(plain) or [line.rstrip("\r\n")]
