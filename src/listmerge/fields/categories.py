"""Categories, labels and tags: one cell holds several, each system writes them in its own way.

The separator is the layout's (`Column.separator`); without one only what is never part of a label separates. Quoted
labels ("VIP, gold") and escaped separators (`\\;`) are whole. A cleaned cell has one label a line.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import Final

import pyarrow as pa

from listmerge.fields.text import distinct

BETWEEN: Final = "\n"       # of the labels in a cleaned cell: no label has more than one line
_USUAL: Final = r":::|[;|\n]"
_OF_THE_SYSTEM: Final = "* "     # before the groups that every account of Google has: `* Friends`
_LIST: Final = re.compile(r"\[\s*(['\"]).*\1\s*\]", re.S)      # ['a', 'b'], as Python and JSON write it
_QUOTED: Final = r'\s*"((?:[^"]|"")*)"\s*|\s*\'((?:[^\'])*)\'\s*(?=,|$)'


def split_one(text: str, separator: str = "", nothing: Collection[str] = ()) -> list[str]:
    """The labels of a cell, each once, in its order; those in `nothing` (folded) are the system's own and no labels."""
    if _LIST.fullmatch(text.strip()):
        text, separator = text.strip()[1:-1], ","
    labels = (" ".join(label.split()) for label in _pieces(text, separator.strip()))
    own = (label.removeprefix(_OF_THE_SYSTEM) for label in labels if label.casefold() not in nothing)
    return [label for label in dict.fromkeys(own) if label]


def _pieces(text: str, separator: str) -> list[str]:
    between = re.escape(separator) if separator else _USUAL
    token = re.compile(rf"(?:{_QUOTED})(?={between}|$)|((?:\\.|(?!{between}).)*)", re.S)
    found, place = [], 0
    while place <= len(text):
        match = token.match(text, place)
        assert match        # the last way matches nothing at all
        found.append(_plain(match))
        after = re.compile(between).match(text, match.end())
        place = after.end() if after else len(text) + 1
    return found


def _plain(match: re.Match[str]) -> str:
    double, single, bare = match.groups()
    if double is not None:
        return double.replace('""', '"')
    return single if single is not None else re.sub(r"\\([;,\\])", r"\1", bare)


def clean_column(column: pa.Array, separator: str = "", nothing: Collection[str] = ()) -> pa.Array:
    """`split_one` for a column: the labels of each cell, one a line."""
    return distinct(column, partial(_lines, separator=separator, nothing=frozenset(nothing)))


def _lines(text: str, separator: str, nothing: Collection[str]) -> str:
    return BETWEEN.join(split_one(text, separator, nothing))
