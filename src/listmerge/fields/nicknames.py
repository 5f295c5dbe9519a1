"""Which given names one person may go by: Bill and William, Théo and Théodore, Jürgen and Juergen."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from string import ascii_lowercase


@cache
def nickname_sets(name: str) -> frozenset[int]:
    """The numbers of the sets of names that `name` (folded) is in; two names with one in common may be one person's.

    Sources: data/names_nicknames.tsv, and the English pairs of the package `nicknames` (Apache-2.0).
    """
    return _numbers_of().get(name, frozenset())


def same_given_name(a: str, b: str) -> bool:
    """Whether two folded given names may be one person's: equal, or short and written forms of one name."""
    return a == b or not nickname_sets(a).isdisjoint(nickname_sets(b))


def is_initial(a: str, b: str) -> bool:
    """Whether one of two folded given names is a letter and the other, or a form of it, begins with it."""
    letter, name = sorted((a, b), key=len)
    return len(letter) == 1 and (name.startswith(letter) or letter in _initials_of().get(name, ""))


@cache
def _initials_of() -> dict[str, str]:
    """The letters that the forms of a name begin with."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for names in name_sets():
        for name in names:
            found[name] |= {form[0] for form in names if form[0] in ascii_lowercase}
    return {name: "".join(sorted(letters)) for name, letters in found.items()}


def name_sets() -> tuple[frozenset[str], ...]:
    """All sets of names; of the English ones each is a name with all that it is shortened to."""
    return (*map(frozenset, _own_sets()), *map(frozenset, _english_sets()))


@cache
def _numbers_of() -> dict[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(name_sets()):
        for name in names:
            found[name].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _own_sets() -> list[list[str]]:
    table = files("listmerge.fields").joinpath("data", "names_nicknames.tsv")
    lines = table.read_text("utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def _english_sets() -> list[list[str]]:
    """A name with those of its short forms that are alike: Bill and Will are of William; but Carol and Lynn, who may
    both be Caroline, are two people, as Al of Albert and Al of Alan are."""
    from nicknames import name_triplets

    found: defaultdict[str, set[str]] = defaultdict(set)
    for pair in name_triplets():
        found[pair.name1].add(pair.name2)
    return [sorted({name, *shorts}) for name in sorted(found) for shorts in _alike(sorted(found[name]))]


def _alike(shorts: list[str]) -> list[list[str]]:
    """Short forms in groups: in one are those that begin or end alike, and those that are alike with these."""
    groups: list[list[str]] = []
    for short in shorts:
        mine = [group for group in groups if any(_are_alike(short, other) for other in group)]
        rest = [group for group in groups if group not in mine]
        groups = [*rest, [short, *(name for group in mine for name in group)]]
    return groups


def _are_alike(one: str, other: str) -> bool:
    within = min(len(one), len(other)) > 2 and (one in other or other in one)
    return one[:2] == other[:2] or one[-3:] == other[-3:] or within
