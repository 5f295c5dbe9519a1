"""What columns of unknown files are called, in many languages: the tables of words.toml, and how to look one up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from listmerge.layouts.headers import header_words
from listmerge.model import FIELDS

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
    things: frozenset[str]
    countries: frozenset[str]
    legal_forms: frozenset[str]
    titles: frozenset[str]
    mixed_states: frozenset[str]
    states: dict[str, tuple[str, str]]
    own_states: dict[str, tuple[str, str]]


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
    sets = {name: frozenset(_words(raw[name])) for name in _SETS}
    return Words(known, qualifiers, **sets, states=_facts(raw["states"]), own_states=_facts(raw["own_states"]))


_SETS: Final = ("others", "things", "countries", "legal_forms", "titles", "mixed_states")


def _facts(text: str) -> dict[str, tuple[str, str]]:
    return {word: _pair(head) for head, word in _lines(text)}


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
    if not tokens or is_of_others(header) or not words.things.isdisjoint(tokens):
        return None
    return _qualified(tokens, words) or _part_of_address(tokens, words)


def is_of_others(header: str) -> bool:
    """Whether a header speaks of somebody else: an assistant, the record's owner, whom to call in an emergency."""
    text = header_words(header)
    others = load_words().others
    return not others.isdisjoint(text.split()) or any(f" {word} " in f" {text} " for word in others if " " in word)


def _qualified(tokens: list[str], words: Words) -> Word | None:
    """A known word with a number or with words such as `home`, `billing`, before or after it."""
    rest = list(tokens)
    number = rest.pop() if len(rest) > 1 and rest[-1].isdigit() else ""
    pair = ("", "")
    for _ in range(4):
        found = words.known.get(" ".join(rest)) or words.known.get(" ".join([*rest, number]).strip())
        if found is not None:
            return _with(found, *pair, number)
        stripped = _strip_qualifier(rest, words)
        if stripped is None:
            return None
        rest, pair = stripped[0], stripped[1] if pair == ("", "") else pair
    return None


def _part_of_address(tokens: list[str], words: Words) -> Word | None:
    """`Address (City)`, `billing_address.zip`: a part of an address that names the address too."""
    rest = [token for token in tokens if token not in _ADDRESS]
    found = _qualified(rest, words) if 0 < len(rest) < len(tokens) else None
    return found if found is not None and FIELDS.get(found.field) == "address" else None


_ADDRESS: Final = frozenset({"address", "addr", "adresse", "dirección", "indirizzo", "adres", "endereço", "adress"})


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
    group, _, label = head.strip("-").partition(" ")
    return group, label


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in filter(str.strip, text.splitlines()):
        head, _, words = line.partition("|")
        yield from ((head.strip(), word) for word in _words(words))


def _words(text: str) -> list[str]:
    return [word for part in text.replace("\n", ",").split(",") if (word := header_words(part))]
