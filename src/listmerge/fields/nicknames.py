"""Which given names one person may go by: Bill and William, Théo and Théodore, Sasha and Alexander."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files


@cache
def nickname_sets(name: str) -> frozenset[int]:
    """The numbers of the sets of names that `name` (folded) is in; two names with one in common may be one person's.

    Sources: data/names_nicknames.tsv, and the English pairs of the package `nicknames` (Apache-2.0).
    """
    return _sets().get(name, frozenset())


def same_given_name(a: str, b: str) -> bool:
    """Whether two folded given names may be one person's: equal, or short and written forms of one name."""
    return a == b or not nickname_sets(a).isdisjoint(nickname_sets(b))


@cache
def _sets() -> dict[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(_own_sets() + _english_pairs()):
        for name in names:
            found[name].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _own_sets() -> list[list[str]]:
    lines = files("listmerge.fields").joinpath("data", "names_nicknames.tsv").read_text("utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def _english_pairs() -> list[list[str]]:
    """Pairs, not sets: Al is Albert and Alan, who are two people."""
    from nicknames import name_triplets

    return sorted({(pair.name1, pair.name2) for pair in name_triplets()})  # type: ignore[arg-type, return-value]
