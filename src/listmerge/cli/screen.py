"""The screen: the only place that knows rich. Talk goes to stderr, data to stdout."""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from listmerge.errors import ListmergeError
from listmerge.model import RawTable

if TYPE_CHECKING:
    from rich.progress import Progress

#: Everything that could move the cursor or turn the writing round.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Screen:
    """Tells a person how far a command is: a bar on a terminal, nothing in a file, nothing at all when `quiet`."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._progress: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> Screen:
        if not self._quiet and sys.stderr.isatty():
            self._progress = _bar()
            self._task = self._progress.add_task("", total=None)
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._progress.stop()
            self._progress = None

    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        if self._progress:
            self._progress.update(self._task, description=plain(what), completed=done, total=total or None)

    def problem(self, error: ListmergeError) -> None:
        """Prints the form of an error, also when quiet."""
        self._print(str(error))

    def remark(self, sentence: str) -> None:
        self.say(sentence)

    def vouches_for(self, table: RawTable) -> bool:
        """Shows how the columns of an unknown list would be read and asks; nobody is asked without a terminal."""
        if self._quiet or not sys.stdin.isatty():
            return False
        first = table.cells.slice(0, 1).to_pylist()
        self.__exit__()
        self._print(f"{table.name}: it is not sure what its columns mean.")
        for column in table.mapping.columns:
            value = first[0][f"c{column.index}"][:40] if first else ""
            self._print(f"  {column.header or column.index + 1} ({value}): {column.field}, because {column.reason}")
        self._print("Is that right? [y/N] ")
        answer = sys.stdin.readline().strip().casefold() in ("y", "yes")
        self.__enter__()
        return answer

    def say(self, text: str) -> None:
        """Talk, for people; '' is nothing to say."""
        if text and not self._quiet:
            self._print(text)

    def _print(self, text: str) -> None:
        if self._progress:
            self._progress.console.print(plain(text), soft_wrap=True)
        else:
            sys.stderr.write(plain(text) + "\n")


def _bar() -> Progress:
    """What shows how far a command is; rich is loaded where someone looks only."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    return Progress(SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn(),
                    console=console, transient=True)


def show(text: str) -> None:
    """Data, on stdout."""
    sys.stdout.write(plain(text) + "\n")


def show_json(data: Any) -> None:
    """Data for programs, on stdout; letters that it cannot write are escaped as JSON does."""
    every_letter = codecs.lookup(sys.stdout.encoding or "ascii").name.startswith("utf")
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=not every_letter, default=str) + "\n")


def print_any_letter() -> None:
    """Letters that the encoding of stdout lacks are escaped: a name must not end a command."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def show_table(header: list[str], rows: list[list[Any]]) -> None:
    """Columns side by side, as wide as they need to be."""
    cells = [header, *[[" ".join(plain(str(cell)).split("\n")) for cell in row] for row in rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(header))]
    for row in cells:
        show("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def many(count: int, one: str, more: str) -> str:
    """1, 'row', 'rows' -> '1 row'; 1200 -> '1,200 rows'."""
    return f"{count:,} {one if count == 1 else more}"


def plain(text: str) -> str:
    """Text without control characters: a contact's name must not move the cursor."""
    return _CONTROL.sub("\ufffd", text)
