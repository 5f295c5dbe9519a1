"""What single words are for a name: plain ones, initials, sure titles, and those that make it irregular."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from string import ascii_lowercase
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import companies
from listmerge.fields import name_words as words
from listmerge.fields.name_person import DAMAGE
from listmerge.fields.name_split import PATRONYMIC, is_patronymic, is_shouted
from listmerge.fields.text import fold

_WORD = re.compile(r"[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*")
_ONE_LETTER_OR_FATHER = f"^(?:{'|'.join(f'{letter}+' for letter in ascii_lowercase)})$|(?:{'|'.join(PATRONYMIC)})$"
_OWN_CAPITALS = "^(?:ma?c|[iv]+$)"        # McDonald, III: words in one case that are shown with more capitals than one
_INITIAL = re.compile(r"[^\W\d_]\.?")

WORD, INITIAL, TITLE, COMMA, UPPER, LOWER, SHOUTED, SPANISH, COMPOUND, FATHER, MONSIEUR = (
    1 << place for place in range(11))
Judge = Callable[[str], tuple[int, str]]


@cache
def _special() -> frozenset[str]:
    """Folded words that make a name irregular: all that stand in tables, and the last of those that stand together."""
    tables = (words.TITLES, words.SURE_TITLES, words.FAMILY_TITLES, words.GENERATIONS, words.DEGREES, words.PARTICLES,
              words.OPENERS, words.ROLES, words.TEAM_WORDS, words.PLACEHOLDERS, words.DOUBTFUL, words.MAIDEN,
              companies.FORMS, companies.BUSINESS_WORDS, words.NO_PART)
    last_words = frozenset(entry.split()[-1] for table in tables for entry in table)
    return last_words | {"and", "und", "et", "och", "og", "en", "or", "oder", "ou"}


@cache
def _compounds() -> frozenset[str]:
    return frozenset(word for entry in words.COMPOUND_GIVEN for word in entry.split())


@cache
def _kinds() -> dict[str, int]:
    """Folded word -> what it is for a name: 0 irregular, TITLE, or WORD with what matters for the family name."""
    found = dict.fromkeys(words.SPANISH_SURNAMES, WORD | SPANISH)
    found |= {word: found.get(word, WORD) | COMPOUND for word in _compounds()}
    found |= dict.fromkeys(_special(), 0)
    return found | dict.fromkeys(words.SURE_TITLES, TITLE)


def judge_word(text: str) -> tuple[int, str]:
    """What a word is, as it stands in a name, and its key; (0, '') when it makes the name irregular."""
    bare = text.removesuffix(",")
    comma = COMMA if bare != text else 0
    folded = bare.lower() if bare.isascii() and bare.isalpha() else fold(bare)
    bits = _kinds().get(folded, WORD)
    if bits & TITLE:
        return (0, "") if comma else (TITLE, folded)
    if len(folded) == 1 and _INITIAL.fullmatch(bare) and (bare.isupper() or bare.islower()):
        bits = INITIAL | (MONSIEUR if folded == "m" and bare[-1] == "." else 0)
    elif not bits or not _is_plain_word(bare, folded):
        return 0, ""
    return bits | comma | _case_bits(bare) | (FATHER if is_patronymic(folded) else 0), folded


def _case_bits(text: str) -> int:
    if text.isupper():
        return UPPER | (SHOUTED if is_shouted([text]) else 0)
    return LOWER if text.islower() else 0


def _is_plain_word(text: str, folded: str) -> bool:
    if text.isascii() and text.isalpha():
        return len(text) > 1 and len(set(folded)) > 1
    if not _WORD.fullmatch(text) or not folded or DAMAGE.search(text):
        return False
    if not all(letter.isupper() or letter.islower() for letter in text if letter not in "-'’"):
        return False
    return _special().isdisjoint(folded.split()) and len(set(folded)) > 1


def usual_words(texts: pa.Array) -> Any:
    """What those texts are, for `judge_word` and `judge_part`, that are surely one plain word: written as names are, or
    in one case and with one capital when it is mended; their keys are their small letters. 0 for all others."""
    small = pc.ascii_lower(texts)
    odd = pc.or_(pc.is_in(small, value_set=_in_tables()), pc.match_substring_regex(small, _ONE_LETTER_OR_FATHER))
    mended = pc.match_substring_regex(small, _OWN_CAPITALS)
    bits = pc.if_else(pc.match_substring_regex(texts, "^[A-Z][a-z]+$"), WORD, 0)
    for form, kind in (("^[A-Z]{3,}$", WORD | UPPER | SHOUTED), ("^[a-z]{2,}$", WORD | LOWER)):
        bits = pc.if_else(pc.and_not(pc.match_substring_regex(texts, form), mended), kind, bits)
    return pc.if_else(odd, 0, bits).to_numpy(zero_copy_only=False).astype(np.int32)


@cache
def _in_tables() -> pa.Array:
    return pa.array(sorted({*_kinds(), *words.LOWER}), pa.string())


def judge_part(text: str, judge: Judge, unless: int) -> tuple[int, str]:
    """What the text of a column for given or family names is: WORD when all its words are plain; and its key."""
    found = [judge(word) for word in text.split(" ")]
    plain_words = all(bits & WORD and not bits & (COMMA | unless) for bits, _ in found)
    if not (plain_words or (len(found) == 1 and found[0][0] & INITIAL and not found[0][0] & COMMA and not unless)):
        return 0, ""
    loud = SHOUTED if is_shouted(text.split(" ")) else 0
    return WORD | (_case_bits(text) & (UPPER | LOWER)) | loud, " ".join(key for _, key in found)
