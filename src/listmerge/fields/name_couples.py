"""Two people in one name: `John & Mary Smith`, `Peter Jones und Sue Black`, `Mr and Mrs Lee`; not `Ortega y Gasset`."""

from __future__ import annotations

import re
from typing import Final

from listmerge.fields import name_words as words
from listmerge.fields.given_names import is_given_name
from listmerge.fields.text import fold

_SIGN: Final = re.compile(r"\s+[&+]\s+")
_WORD: Final = re.compile(r"\s+(?:and|und|et|y|e|en|og|och|or|oder|ou|u\.)\s+|\s*[/;]\s*", re.IGNORECASE)
#: Words for "and" that are no part of a name.
_SURE: Final = frozenset(("and", "und", "og", "och"))


def halves(text: str) -> tuple[str, str] | None:
    """What stands before and behind the word between two people, each with its titles; None where there is one person.

    A sign says it by itself; a word only between two common given names or two titles, since it may be part of a name.
    One common given name is enough where it may not: `Troy and Mary Lewis`.
    """
    for form in (_SIGN, _WORD):
        found = form.search(text)
        if found:
            before, behind = text[: found.start()].strip(), text[found.end():].strip()
            if before and behind and (form is _SIGN or _are_two(before, behind, found[0].strip())):
                return before, behind
    return None


def _are_two(before: str, behind: str, word: str) -> bool:
    if len(word) == 1 and word.isalpha() and " " not in behind:       # an initial, or the Spanish and Portuguese `and`
        return False
    one, other = untitled(before), untitled(behind)
    known = is_given_name(one) + is_given_name(other)
    if known == 2 or (known and word.lower() in _SURE and " " in other):
        return True
    return one != before and other != behind


def untitled(text: str) -> str:
    """The text without the titles that it begins with."""
    rest = text.split()
    while rest and fold(rest[0].strip(".")) in words.TITLES | words.SURE_TITLES:
        rest = rest[1:]
    return " ".join(rest)
