"""Which words are given names that many people have."""

from __future__ import annotations

from functools import cache

from listmerge.fields import data
from listmerge.fields.text import fold


@cache
def _common() -> frozenset[str]:
    return frozenset(name for line in data.lines("names_given.txt") for name in line.split())


def is_given_name(text: str) -> bool:
    """Whether the first word of a name is a common given name. What is none may still be a given name, and many a
    family name is one (Thomas): this tells columns of names apart, not single names.

    >>> is_given_name("Jürgen"), is_given_name("Anne-Marie"), is_given_name("Schmidt")
    (True, True, False)
    """
    return fold(text).partition(" ")[0] in _common()
