"""Which given names are forms of one another: Bill and William."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np


@cache
def forms() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """(name -> its nicknames, nickname -> names that it stands for), from the `nicknames` library (Apache-2.0)."""
    from nicknames import NickNamer

    namer = NickNamer()
    return (
        {name: frozenset(found) for name, found in namer._nickname_lookup.items()},
        {name: frozenset(found) for name, found in namer._canonical_lookup.items()},
    )


def related(left: str, right: str) -> bool:
    """One is a nickname of the other, or both are of one name."""
    nicknames, canonicals = forms()
    if right in nicknames.get(left, ()) or left in nicknames.get(right, ()):
        return True
    return not canonicals.get(left, frozenset()).isdisjoint(canonicals.get(right, ()))


def roots_of(words: Any, records: Any) -> Any:
    """For each word the code of the name that stands for it: of the names it is a nickname of, the most frequent in
    these lists (ties: the first in the alphabet), else itself."""
    _, canonicals = forms()
    codes = {word: code for code, word in enumerate(words)}
    roots = np.arange(len(words), dtype=np.int32)
    for word, code in codes.items():
        known = [codes[name] for name in canonicals.get(word, ()) if name in codes]
        if known:
            best = max(known, key=lambda other: (records[other], [-ord(letter) for letter in words[other]]))
            roots[code] = best if records[best] > records[code] else code
    while not np.array_equal(roots, roots[roots]):      # Billy -> Bill -> William; ever more frequent, so it ends
        roots = roots[roots]
    return roots
