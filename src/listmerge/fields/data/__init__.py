"""Tables of words that the fields go by. Each file says its source, licence and date in lines that begin with '#'."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def lines(name: str) -> list[str]:
    """The lines of table `name` (a file beside this one) without comments and blank lines."""
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def words(name: str) -> frozenset[str]:
    """A table of one word (or phrase) a line."""
    return frozenset(line.strip() for line in lines(name))


def rows(name: str) -> list[list[str]]:
    """A table of tab-separated cells."""
    return [line.split("\t") for line in lines(name)]
