"""Capitals of names: OKONJO-HALE and okonjo-hale are shown as Okonjo-Hale; what is written with care stays."""

from __future__ import annotations

import re

from listmerge.fields.name_words import LOWER

_ROMAN = re.compile(r"II|III|IV|VI|VII|VIII", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_APOSTROPHE = re.compile(r"(o|d|l|dell|dall|n|t)(['’`´])([^\W\d_]{2,})", re.IGNORECASE)
#: Mac + name; most other words in Mac (Macias, Mackey, Macron) have one capital.
_MAC = re.compile(r"(mc|mac(?=(?:donald|donell|dougall?|gregor|intosh|intyre|kenzie|kinnon|kinley|lachlan|"
                  r"laren|lean|leod|millan|namara|neill?|pherson|rae|farlane|arthur|alister|aulay|callum|innes|phee|queen|tavish)$))"
                  r"([^\W\d_]{2,})", re.IGNORECASE)


def is_single_case(text: str) -> bool:
    """Whether `text` says nothing by its capitals: all upper or all lower case."""
    return text.isupper() or text.islower()


def proper(text: str) -> str:
    """A family name of one case as names are written: 'VAN DER BERG' van der Berg, 'MCDONALD' McDonald."""
    return " ".join(word.lower() if word.lower() in LOWER else proper_word(word) for word in text.split(" "))


def proper_given(text: str) -> str:
    """A given name of one case as names are written: its first word begins large, whatever it is."""
    first, blank, rest = text.partition(" ")
    return proper_word(first) + blank + (proper(rest) if rest else "")


def proper_word(word: str) -> str:
    """One word of one case as names are written."""
    if _ROMAN.fullmatch(word):
        return word.upper()
    return "-".join(_piece(piece) for piece in word.split("-"))


def _piece(piece: str) -> str:
    elided = _APOSTROPHE.fullmatch(piece)
    if elided:
        return elided[1].capitalize() + elided[2] + elided[3].capitalize()
    mac = _MAC.fullmatch(piece)
    if mac:
        return mac[1].capitalize() + mac[2].capitalize()
    return _LETTERS.sub(lambda found: found[0][0].upper() + found[0][1:].lower(), piece)
