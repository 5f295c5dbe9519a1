"""The records of a delimited text by the csv module, one at a time, with their physical lines.

A quotation mark that is never closed would swallow the rest of the file; here it costs one line: that line is read
without quotes and reported, and reading goes on after it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from listmerge.importers.dialect import LONGEST_RECORD, Dialect

MOST_LINES: Final = 1_000  # of one record, however well its quotes are closed
MOST_LETTERS: Final = 32 << 20  # the same; its last line may go beyond


@dataclass
class Records:
    """Iterates over (fields, first line) of lines, of which it holds no more than those of one record.

    `width` is the usual number of fields, `unbalanced` the lines with an open quotation mark.
    """

    lines: Iterable[str]
    dialect: Dialect
    width: int
    unbalanced: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[list[str], int]]:
        feed = _Feed(iter(self.lines))
        options = self.dialect.options()
        reader = csv.reader(feed, **options)
        while feed.begin():
            row = _next(reader)
            if row is None or self._is_swallowed(row, feed):
                self.unbalanced.append(feed.line)
                row = _without_quotes(feed.held[0], options)
                feed.taken = 1
                reader = csv.reader(feed, **options)
            yield row, feed.line

    def _is_swallowed(self, row: list[str], feed: _Feed) -> bool:
        """Whether the record took lines that are records of their own."""
        if feed.taken == 1:
            return False
        if feed.exhausted or (feed.taken > LONGEST_RECORD and len(row) != self.width):
            return True
        if len(row) != self.width and len(_without_quotes(feed.held[0], self.dialect.options())) == self.width:
            return True
        return not _is_strict(feed.held[: feed.taken], self.dialect.options())


@dataclass
class _Feed:
    """Gives lines to a csv reader, but no more for one record than a record can have.

    `held` are the lines that came since the record began, the first of them `line`; `taken` of them are the record's.
    """

    coming: Iterator[str]
    held: list[str] = field(default_factory=list)
    line: int = 1
    taken: int = 0
    letters: int = 0
    exhausted: bool = False

    def begin(self) -> bool:
        """A record begins after the one before; False when no line is left."""
        del self.held[: self.taken]
        self.line += self.taken
        self.taken, self.letters, self.exhausted = 0, 0, False
        return self._is_there()

    def _is_there(self) -> bool:
        if self.taken == len(self.held):
            self.held.extend(islice(self.coming, 1))
        return self.taken < len(self.held)

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.taken == MOST_LINES or self.letters > MOST_LETTERS or not self._is_there():
            self.exhausted = True  # asked for a line within a record, and there is none
            raise StopIteration
        self.taken += 1
        line = self.held[self.taken - 1]
        self.letters += len(line)
        return line


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
