"""Which given names stand for one another in blocks and counts: Bill and William."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.nicknames import name_sets, nickname_sets
from listmerge.stages.codes import texts_at


def roots_of(words: pa.Array, records: Any) -> Any:
    """For each word the code of the word that stands for it: of those that may be the same name, the most frequent in
    these lists, if it is more frequent than the word itself (ties: the first in the alphabet)."""
    members: defaultdict[int, list[int]] = defaultdict(list)
    listed = _listed(words)
    names = dict(zip(listed, texts_at(words, np.array(listed, np.int32)).to_pylist(), strict=True))
    sets = {code: nickname_sets(name) for code, name in names.items()}
    for code, numbers in sets.items():
        for number in numbers:
            members[number].append(code)
    best = {number: min(codes, key=lambda code: (-records[code], names[code])) for number, codes in members.items()}
    roots = np.arange(len(words), dtype=np.int32)
    for code, numbers in sets.items():
        found = min((best[number] for number in numbers), key=lambda one: (-records[one], names[one]))
        roots[code] = found if records[found] > records[code] else code
    while not np.array_equal(roots, roots[roots]):      # Billy -> Bill -> William; ever more frequent, so it ends
        roots = roots[roots]
    return roots


def _listed(words: pa.Array) -> list[int]:
    """The codes of the words that are in a set of names."""
    return np.flatnonzero(pc.is_in(words, _names())).tolist()


@cache
def _names() -> pa.Array:
    return pa.array(sorted(frozenset().union(*name_sets())), pa.string())
