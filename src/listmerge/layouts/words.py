"""What columns of unknown files are called, in many languages: the tables of words.toml, and how to look one up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from listmerge.layouts.headers import header_words

_DETAIL = re.compile(r"(\w+)=(\S+)")


@dataclass(frozen=True, slots=True)
class Word:
    """What a header says: a field, or for a doubtful word its kind; how it was read stands in `qualifiers`."""

    field: str
    doubtful: bool = False
    group: str = ""
    label: str = ""
    meaning: str = ""
    channel: str = "email"
    own_id: bool = False


@dataclass(frozen=True)
class Words:
    """The tables of words.toml, ready to look up."""

    known: dict[str, Word]
    qualifiers: dict[str, tuple[str, str]]
    others: frozenset[str]
    countries: frozenset[str]
    legal_forms: frozenset[str]
    titles: frozenset[str]


@lru_cache(maxsize=1)
def load_words() -> Words:
    """The tables, read once."""
    raw = tomllib.loads((resources.files("listmerge.layouts") / "words.toml").read_text("utf-8"))
    known: dict[str, Word] = {}
    own = frozenset(_words(raw["own_ids"]))
    for head, word in _lines(raw["doubtful"]):
        known[word] = Word(head, doubtful=True)
    for head, word in _lines(raw["fields"]):
        known.setdefault(word, Word(head.split()[0], own_id=word in own, **dict(_DETAIL.findall(head))))
    qualifiers = {word: _pair(head) for head, word in _lines(raw["qualifiers"])}
    return Words(known, qualifiers, frozenset(_words(raw["others"])), frozenset(_words(raw["countries"])),
                 frozenset(_words(raw["legal_forms"])), frozenset(_words(raw["titles"])))


@lru_cache(maxsize=8192)
def look_up(header: str) -> Word | None:
    """What a header of an unknown file says by its words, None when it says nothing that we know.

    >>> look_up("Home Phone")
    Word(field='phone', doubtful=False, group='home', label='home', meaning='', channel='email', own_id=False)
    """
    words = load_words()
    text = header_words(header)
    if text in words.known:
        return words.known[text]
    tokens = text.split()
    if not tokens or _speaks_of_others(text, tokens, words.others):
        return None
    return _qualified(tokens, words)


def _speaks_of_others(text: str, tokens: list[str], others: frozenset[str]) -> bool:
    return any(token in others for token in tokens) or any(f" {word} " in f" {text} " for word in others if " " in word)


def _qualified(tokens: list[str], words: Words) -> Word | None:
    """A known word with a number or with words such as `home`, `billing`, before or after it."""
    group, label, rest = "", "", list(tokens)
    number = rest.pop() if len(rest) > 1 and rest[-1].isdigit() else ""
    for _ in range(3):
        found = words.known.get(" ".join(rest)) or words.known.get(" ".join([*rest, number]).strip())
        if found is not None and (group or number):
            return _with(found, group, label, number)
        stripped = _strip_qualifier(rest, words)
        if stripped is None:
            return None
        rest, (group, label) = stripped[0], stripped[1] if not group else (group, label)
    return None


def _strip_qualifier(tokens: list[str], words: Words) -> tuple[list[str], tuple[str, str]] | None:
    for size in (2, 1):
        if len(tokens) > size:
            for head, rest in ((tokens[:size], tokens[size:]), (tokens[-size:], tokens[:-size])):
                if " ".join(head) in words.qualifiers:
                    return rest, words.qualifiers[" ".join(head)]
    return None


def _with(word: Word, group: str, label: str, number: str) -> Word:
    """A known word as it stands beside a qualifier; a number after a street or a doubtful word counts its lines."""
    line = number if word.field == "street" or word.doubtful else ""
    return Word(word.field, word.doubtful, " ".join(filter(None, (group, number if not line else ""))),
                word.label or label, word.meaning, word.channel, word.own_id)


def _pair(head: str) -> tuple[str, str]:
    group, _, label = head.partition(" ")
    return group, label


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in filter(str.strip, text.splitlines()):
        head, _, words = line.partition("|")
        yield from ((head.strip(), word) for word in _words(words))


def _words(text: str) -> list[str]:
    return [word for part in text.replace("\n", ",").split(",") if (word := header_words(part))]
