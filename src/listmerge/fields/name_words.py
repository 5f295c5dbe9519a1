"""The words in personal names as tables: titles, suffixes, particles, placeholders, roles (data/names_words.tsv)."""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files


def read_words(name: str) -> dict[str, frozenset[str]]:
    """A table of words: lines of a class, a tab, and words separated by '|'; '#' begins a comment."""
    words: defaultdict[str, set[str]] = defaultdict(set)
    for line in files("listmerge.fields").joinpath("data", name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, listed = line.partition("\t")
            words[kind].update(listed.split("|"))
    return {kind: frozenset(found) for kind, found in words.items()}


_WORDS = read_words("names_words.tsv")

TITLES = _WORDS["title"]
#: Titles that are nothing else, with or without a full stop, in any place at the start.
SURE_TITLES = _WORDS["surely-title"]
FAMILY_TITLES = _WORDS["family-title"]
#: Folded generational suffix -> the key by which it is compared: jr, sr, 2, 3 …
GENERATIONS: dict[str, str] = dict(sorted(entry.split("=") for entry in _WORDS["generation"]))
DEGREES = _WORDS["degree"]
#: Words that may stand inside a family name; openers begin one, lower ones are written small.
PARTICLES = _WORDS["particle"]
OPENERS = _WORDS["opener"]
LOWER = _WORDS["lower"]
COMPOUND_GIVEN = _WORDS["compound"]
ROLES = _WORDS["role"]
TEAM_WORDS = _WORDS["team-word"]
PLACEHOLDERS = _WORDS["placeholder"]
#: Written in one column of several for want of a name.
NO_PART = _WORDS["no-part"]
DOUBTFUL = _WORDS["doubtful"]
MAIDEN = _WORDS["maiden"]
SPANISH_SURNAMES = _WORDS["surname-es"]
JAPANESE_SURNAMES = _WORDS["surname-hira"]
CHINESE_SURNAMES = _WORDS["surname-han"]
KOREAN_SURNAMES = _WORDS["surname-hangul"]
