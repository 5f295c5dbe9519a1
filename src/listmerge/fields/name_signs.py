"""What people put beside their names that is no part of them: `🌟 Di Novak 🚀`, `Cy Moor (he/him)`."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from listmerge.fields.text import Flaw

_PRONOUN: Final = (
    "he|him|his|she|her|hers|they|them|theirs|ze|zir|hir|xe|xem|er|ihm|ihn|sie|ihr|il|lui|elle|iel|ella|él|elles?")
_PRONOUNS = re.compile(
    rf"\s*[,|–-]?\s*[(\[]?\b(?:{_PRONOUN})(?:\s*/\s*(?:{_PRONOUN}))+\b[)\]]?(?=[\s,]|$)", re.I)
_SHADES: Final = frozenset("\ufe0e\ufe0f🏻🏼🏽🏾🏿")     # of the picture before them
_LETTER = re.compile(r"[^\W\d_]")
LEFT_OUT: Final[Flaw] = ("name-signs", "Signs or pronouns beside the name were left out.", "")


def without_signs(text: str) -> str:
    """A name in one line without pictures, other signs and pronouns; as it was where nothing else is in it."""
    bare = text if text.isascii() else "".join(sign for sign in text if not _is_sign(sign))
    bare = " ".join(_PRONOUNS.sub("", bare).split()) if "/" in bare else " ".join(bare.split())
    return bare if _LETTER.search(bare) else text


def _is_sign(character: str) -> bool:
    return unicodedata.category(character) == "So" or character in _SHADES
