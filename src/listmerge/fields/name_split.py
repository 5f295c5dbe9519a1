"""Where a name's given names end and its family name begins: titles, particles, suffixes, capitals, scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from listmerge.fields import name_words as words
from listmerge.fields.text import fold

_EAST_ASIAN = re.compile(r"[ぁ-ヿ㐀-鿿豈-﫿가-힣]")
_HANGUL = re.compile(r"[가-힣]")
_KANA = re.compile(r"[ぁ-ヿ]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}(?:[^\W\d_]\.?)?|(?:[^\W\d_]\.)+[^\W\d_]")
PATRONYMIC = ("ovich", "evich", "ovna", "evna", "ichna")
#: Family names of two letters, which in capitals are no initials.
_SHORT_FAMILIES = frozenset({"li", "wu", "xu", "ng", "ho", "he", "hu", "lu", "ma", "yu", "ye", "su", "oh"})
Words = Sequence[str]


class Split(NamedTuple):
    """The words of a name by part; `shouted`: the family name alone is in capitals; `family_first`: it is shown so."""

    titles: Words = ()
    given: Words = ()
    middle: Words = ()
    family: Words = ()
    suffixes: Words = ()
    shouted: bool = False
    family_first: bool = False
    joined: bool = False


def split_forward(tokens: list[str]) -> Split:
    """'Dr. Jan van der Berg Jr.', 'DUPONT Jean', 'Frau Müller', 'Сидоров Иван Петрович'."""
    titles, tokens = take_titles(tokens)
    tokens, suffixes = take_suffixes(tokens)
    tokens = spread_initials(tokens)
    if len(tokens) < 2:
        as_family = bool(titles)
        return Split(titles, [] if as_family else tokens, [], tokens if as_family else [], suffixes)
    if _is_family_only(titles, tokens):
        return Split(titles, [], [], tokens, suffixes)
    shouted = _shouted(tokens)
    if shouted:
        start, end = shouted
        others = tokens[:start] + tokens[end:]
        return Split(titles, others[:1], others[1:], tokens[start:end], suffixes, shouted=True)
    if len(tokens) == 3 and is_patronymic(fold(tokens[2])) and not is_patronymic(
            fold(tokens[1])):
        return Split(titles, [tokens[1]], [tokens[2]], [tokens[0]], suffixes)
    return _cut(titles, tokens, _family_start(tokens), suffixes)


def split_reversed(family: list[str], given: list[str]) -> Split:
    """The two sides of the comma in 'Berg, Jan van der' and 'Dr. Smith Jr., John M.'."""
    titles, family = take_titles(family)
    family, suffixes = take_suffixes(family, alone=True)
    more_titles, given = take_titles(given, all_of_it=True)
    given, more_suffixes = take_suffixes(given)
    given = spread_initials(given)
    behind = len(given)
    while behind > 1 and _is_small_particle(given[behind - 1]):
        behind -= 1
    family, given = given[behind:] + family, given[:behind]
    cut = _given_length(given, len(given))
    return Split(titles + more_titles, given[:cut], given[cut:], family, suffixes + more_suffixes,
                 shouted=is_shouted(family) and not is_shouted(given))


def _is_small_particle(token: str) -> bool:
    return len(token) > 1 and token.islower() and fold(token) in words.PARTICLES


def is_patronymic(folded: str) -> bool:
    """Whether a word is a Slavic father's name, which stands behind the given name: Петрович, Ivanovna."""
    return folded.endswith(PATRONYMIC)


def is_east_asian(text: str) -> bool:
    """Whether a name is in Chinese, Japanese or Korean letters, where the family name stands first."""
    return bool(_EAST_ASIAN.search(text))


def split_east_asian(text: str) -> Split:
    """'森永 恵子' and 'つばめ' and, where the family name is a common one, '佐藤恵子', '王小明', '김민준'."""
    tokens = text.split()
    if len(tokens) > 1:
        return Split(family=tokens[:1], given=tokens[1:], family_first=True)
    size = _family_letters(text)
    if not size:
        return Split(family=tokens, family_first=True)
    return Split(family=[text[:size]], given=[text[size:]], family_first=True, joined=True)


def _family_letters(text: str) -> int:
    """How many letters of a name without a blank are a family name known to be common; 0 when unsure."""
    if _HANGUL.match(text):
        known, sizes = words.KOREAN_SURNAMES, (2, 1) if len(text) > 3 else (1,)
    elif _KANA.search(text) or len(text) > 3 or text[:2] in words.JAPANESE_SURNAMES:
        known, sizes = words.JAPANESE_SURNAMES, (3, 2)
    else:
        known, sizes = words.CHINESE_SURNAMES, (2, 1)
    return next((size for size in sizes if len(text) > size and text[:size] in known), 0)


def take_titles(tokens: list[str], all_of_it: bool = False) -> tuple[list[str], list[str]]:
    """The titles at the start, and the rest; something is left for a name unless `all_of_it`."""
    place = 0
    while place < len(tokens) - (0 if all_of_it else 1) and _is_title(tokens[place], len(tokens) - place - 1):
        place += 1
    return tokens[:place], tokens[place:]


def _is_title(token: str, following: int) -> bool:
    folded = fold(token)
    if folded in words.SURE_TITLES or folded in words.FAMILY_TITLES:
        return True
    return folded in words.TITLES and token.endswith(".") and (len(folded) > 1 or (folded == "m" and following > 1))


def take_suffixes(tokens: list[str], alone: bool = False) -> tuple[list[str], list[str]]:
    """The tokens without the suffixes at the end, and these; two words are left (one with `alone`)."""
    place = len(tokens)
    while place > (1 if alone else 2) and _is_suffix(tokens[place - 1], tokens):
        place -= 1
    return tokens[:place], tokens[place:]


def _is_suffix(token: str, tokens: list[str]) -> bool:
    folded = fold(token.replace(".", ""))
    if folded in words.GENERATIONS:
        return True
    capitals = sum(letter.isupper() for letter in token)
    return folded in words.DEGREES and (capitals > 1 or "." in token) and not " ".join(tokens).isupper()


def spread_initials(tokens: list[str]) -> list[str]:
    """'J.R.' as 'J.' and 'R.'."""
    if not any("." in token for token in tokens):
        return tokens
    spread: list[str] = []
    for token in tokens:
        spread += re.findall(r"[^\W\d_]\.?", token) if _INITIALS.fullmatch(token) else [token]
    return spread


def _is_family_only(titles: list[str], tokens: list[str]) -> bool:
    """'Familie Müller', 'van der Berg', 'DE LA CRUZ'."""
    if any(fold(title) in words.FAMILY_TITLES for title in titles):
        return True
    first, second = fold(tokens[0]), fold(tokens[1])
    if first not in words.OPENERS:
        return False
    return (tokens[0].islower() and not " ".join(tokens).islower()) or second in words.PARTICLES


def _shouted(tokens: list[str]) -> tuple[int, int] | None:
    """The place of a family name in capitals at one end of a name that is otherwise in mixed case."""
    loud = [is_shouted([token]) for token in tokens]
    if all(loud) or not any(loud) or " ".join(tokens).isupper():
        return None
    run = loud.index(False) if loud[0] else len(loud) - loud[::-1].index(False)
    start, end = (0, run) if loud[0] else (run, len(loud))
    quiet = tokens[:start] + tokens[end:]
    return (start, end) if start < end and any(len(token.rstrip(".")) > 1 for token in quiet) else None


def is_shouted(tokens: list[str]) -> bool:
    return all(token.isupper() and ((len(token) > 2 and "." not in token) or fold(token) in _SHORT_FAMILIES)
               for token in tokens)


def _family_start(tokens: list[str]) -> int:
    """The place where the family name begins: a particle, a Spanish double name, else the last word."""
    last = len(tokens) - 1
    folded = [fold(token) for token in tokens]
    for place in range(1, last):
        if folded[place] in words.OPENERS and "." not in tokens[place]:
            return place
        if folded[place] in ("y", "e", "i") and place > 1 and tokens[place].islower():
            return place - 1
    if last > 1 and folded[last] in words.SPANISH_SURNAMES and folded[last - 1] in words.SPANISH_SURNAMES:
        return last - 1
    return last


def _cut(titles: list[str], tokens: list[str], start: int, suffixes: list[str]) -> Split:
    cut = _given_length(tokens, start)
    return Split(titles, tokens[:cut], tokens[cut:start], tokens[start:], suffixes)


def _given_length(tokens: list[str], end: int) -> int:
    """How many words at the start are one given name: María José, Jean Pierre."""
    for size in (3, 2):
        if size <= end and fold(" ".join(tokens[:size])) in words.COMPOUND_GIVEN:
            return size
    return min(1, end)
