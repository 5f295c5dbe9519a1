"""Column headers, folded so that one header written in several ways compares equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST: Final = 200        # what a header says, it says in this many characters
_QUOTES = str.maketrans({
    "‘": "'", "’": "'", "´": "'", "`": "'", "“": '"', "”": '"', "\ufeff": " ", "\u200b": " ", "\x00": " ",
})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)")
_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def fold_header(text: str) -> str:
    """The header to compare by: trimmed, blanks collapsed, lower case, quotes straight and none left open at an end, no
    leading `*` or `!`."""
    straight = unicodedata.normalize("NFC", text[:LONGEST]).translate(_QUOTES)
    return " ".join(straight.strip().strip('"').lstrip("*!").split()).casefold()


@lru_cache(maxsize=8192)
def header_words(text: str) -> str:
    """The words of a header in an unknown file: `EmailAddress`, `email_address` and `E-Mail Address` are one.

    >>> header_words("E-Mail_Address2")
    'email address 2'
    """
    spaced = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text[:LONGEST]).translate(_QUOTES))
    words = " ".join(_NO_WORD.sub(" ", spaced).split()).casefold()
    return re.sub(r"\be mail", "email", words)
