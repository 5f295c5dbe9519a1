"""Streets: the house number, the unit, and the street itself in one form for all its ways of writing."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import data
from listmerge.fields.text import fold

_NUMBER = r"\d+(?:\s?[a-z](?![\w'])|[a-z])?"
_UNITS = (
    r"(?:apartment|apt|appartement|appt|suite|ste|unit|flat|room|rm|floor|etage|stock|lot|spc|space|trlr|bldg|building|"
    r"batiment|bâtiment|bat|bât|esc|escalier|piso|puerta|pta|planta|whg|wohnung|lok|lokal|interno|int|scala|zimmer|haus|"
    r"dept|local|oficina|of|office|level|lvl|kv|byt|d[oö]r)")
_UNIT_WORD = rf"{_UNITS}(?![^\W\d_])"
_NO = r"(?:no\.?|nr\.?|#)?"
_UNIT = re.compile(
    rf"[\s,;/-]+(?:{_UNIT_WORD}\.?\s*{_NO}\s*(?P<after>\d+[a-z]?|[a-z]\d*|[a-z](?=\W|$))|#\s*(?P<hash>[\w-]+)|"
    r"(?P<floor>\d+(?:st|nd|rd|th|er|e|eme|ème|º|°|ª)\.?\s*(?:floor|etage|étage|piso|fl)))(?=[\s,;]|$)")
_UNIT_FIRST = re.compile(rf"^(?:{_UNIT_WORD}\.?\s*{_NO}\s*|#\s*)(?P<unit>\d+[a-z]?|[a-z])[\s,;/-]+(?=\S)")
_LEADING = re.compile(
    rf"^{_NO}\s*(?P<number>\d+[a-z]?)(?:\s*[-–/&]\s*(?P<more>\d+[a-z]?))?(?:\s+\d/\d)?(?:\s*(?:bis|ter|quater)\b)?[\s,.]+"
    r"(?P<rest>(?!\d*(?:st|nd|rd|th)$).*\D.*)$")
_TRAILING = re.compile(
    r"^(?P<rest>.*[^\W\d_].*?)[\s,.]"
    rf"(?P<number>{_NUMBER})(?:\s*[-–/+]\s*(?P<more>\d+\s?[a-z]?(?![\w])|[a-z](?!\w)))?(?P<third>\s*-\s*\d+)?[\s,.]*$")
_NO_AT_END = re.compile(r"[\s,.]+(?:no|nr|n|n°|nº|num|numero|número|hausnr|č|nro)\.?$")
_GLUED = re.compile(r"^(?P<rest>\D*(?:str\.?|straße|strasse|weg|platz|gasse))(?P<number>\d+[a-z]?)$")
_BOX = re.compile(
    r"^(?:p\.?\s*o\.?\s*box|postfach|bo[iî]te postale|b\.?\s?p\.?|apartado(?: de correos)?|postbus|casella postale|"
    r"skr(?:ytka|\.)\s*poczt\w*\.?|pobox|postboks|box)\s*(?:no\.?|nr\.?|#)?\s*(?P<number>\d[\d\s-]*)$")
#: One number at one end and words of two and more letters, none of which is of a unit: read at once.
_NO_STREET = "bis|ter|quater|no|nr|num|numero|hausnr|box|po|bp"
_WORD = rf"(?!(?:{_NO_STREET}|{_UNIT_WORD})\b)[a-zäöüßéèáíóúñç]{{2,}}\.?"
_WORDS = rf"{_WORD}(?: {_WORD})*"
_PLAIN = re.compile(
    rf"(?P<number>\d+[a-z]?) (?P<rest>(?!(?:st|nd|rd|th)$){_WORDS})|(?P<before>{_WORDS}),? (?P<after>\d+[a-z]?)")
_LETTERS = "A-Za-zäöüßéèáíóúñçÄÖÜÉÈÁÍÓÚÑÇ"
#: Lines that may be plain, for Arrow: one number and words in letters that each have one small form.
_PLAIN_LINE = (rf"^(?:[0-9]+[A-Za-z]? [{_LETTERS}]{{2,}}\.?(?: [{_LETTERS}]{{2,}}\.?)*"
               rf"|[{_LETTERS}]{{2,}}\.?(?: [{_LETTERS}]{{2,}}\.?)*,? [0-9]+[A-Za-z]?)$")
#: What follows a number and words in letters: a flat, which is no part of key and number.
_FLAT_BEHIND = rf"^([0-9]+[a-z]? [a-z .]+), {_UNITS} [0-9]+[a-z]?$"
_PLAIN_WORDS = re.compile(rf"(?!(?:st|nd|rd|th)$){_WORDS}")
_PLAIN_WORD = re.compile(_WORD)
_SPECIAL = rf"^(?:{_NO_STREET}|{_UNITS})$|str(?:asse)?$"       # words of which one by one is asked what they are
_ORDINALS = pa.array(["st", "nd", "rd", "th", ""])
_APOSTROPHE = re.compile(r"['’`´](?!s\b)")
_ROUND_STREET = re.compile(r"^(.{3,}?)(?:strasse|str)$")
_LONGEST = 300                            # characters; what is longer is read up to there


class Street(NamedTuple):
    """`key` without number and unit; `number` the house number ('12a'; the first of '12-14'); `unit` the flat."""

    key: str
    number: str
    unit: str


def read(text: str) -> Street:
    """The parts of a street line: `14 Tannery Row, Unit 3`, `Grüne Straße 9`, `ul. Długa 4/7`, `中之島 2-5-8`."""
    line = text[:_LONGEST].lower()
    plain = _PLAIN.fullmatch(line)
    if plain:
        return Street(street_key(plain["rest"] or plain["before"]), plain["number"] or plain["after"], "")
    return _read_any(line.replace("\n", ", ").strip())


def read_plain(lines: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Key and number of the lines of a column that `read` takes for plain ones, or for such with a flat behind, the
    key once per distinct street; the key is '' where `read` must say."""
    bare = _without_flats(pc.ascii_lower(lines))
    plain = pc.and_(pc.match_substring_regex(bare, _PLAIN_LINE), pc.less_equal(pc.binary_length(lines), _LONGEST))
    lower = pc.utf8_lower(pc.if_else(plain, bare, ""))
    rest = pc.replace_substring_regex(lower, "^[0-9]+[a-z]? |,? [0-9]+[a-z]?$", "")
    number = pc.replace_substring_regex(lower, "^([0-9]+[a-z]?) .*$|^.* ([0-9]+[a-z]?)$", r"\1\2")
    return plain_keys(rest), number


def _without_flats(lines: pa.Array) -> pa.Array:
    some = pc.match_substring(lines, ", ")
    return pc.replace_with_mask(lines, some, pc.replace_substring_regex(pc.filter(lines, some), _FLAT_BEHIND, r"\1"))


def _plain_key(words: str) -> str:
    return street_key(words) if _PLAIN_WORDS.fullmatch(words) else ""


def plain_keys(streets: pa.Array) -> pa.Array:
    """`_plain_key` for a column of words in small letters, one blank between them: put together of the forms of their
    words, each of which is looked at once; where a word is German for street, one by one."""
    encoded = streets.dictionary_encode()
    lists = pc.split_pattern(encoded.dictionary, " ")
    words = lists.flatten().dictionary_encode()
    forms, odd = _words_of(words.dictionary)
    offsets = lists.offsets.to_numpy()
    codes, begins, sizes = words.indices.to_numpy(), offsets[:-1], np.diff(offsets)
    way = np.full(len(codes), 2)
    way[begins] = np.where(sizes > 1, 1, 0)
    keys = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, forms.take(pa.array(codes + way * len(odd)))), "")
    keys = pc.replace_substring_regex(keys, "^ul ", "")
    asked = np.add.reduceat(odd[codes], begins) > 0 if len(codes) else np.zeros(0, bool)
    asked |= np.asarray(pc.is_in(encoded.dictionary, value_set=_ORDINALS))
    some = pa.array([_plain_key(text) for text in encoded.dictionary.filter(pa.array(asked)).to_pylist()], pa.string())
    return pc.replace_with_mask(keys, pa.array(asked), some).take(encoded.indices)


def _words_of(words: pa.Array) -> tuple[pa.Array, Any]:
    """The forms of words: alone, first, and later, one after the other; and of which words streets are asked about one
    by one. Words in letters that stand in no table are their own form."""
    usual = pc.and_not(pc.match_substring_regex(words, "^[a-z]{2,}$"), pc.match_substring_regex(words, _SPECIAL))
    odd = pc.invert(pc.and_not(usual, pc.is_in(words, value_set=_in_tables())))
    found = list(map(_word, words.filter(odd).to_pylist()))
    own = (words, words, pc.binary_join_element_wise("", words, " "))
    forms = [pc.replace_with_mask(usual, odd, pa.array([getattr(word, way) for word in found], pa.string()))
             for way, usual in zip(("alone", "first", "later"), own, strict=True)]
    asked = np.zeros(len(words), bool)
    asked[odd.to_numpy(zero_copy_only=False)] = [not word.plain or word.german for word in found]
    return pa.concat_arrays(forms), asked


class _Word(NamedTuple):
    """A word of a street: its form when it stands alone, first of several, and later, there with the blank before it;
    whether it may stand in a plain line, and whether it is German for street."""

    alone: str
    first: str
    later: str
    plain: bool
    german: bool


@lru_cache(1 << 16)
def _word(word: str) -> _Word:
    folded = word if word.isascii() and word.isalpha() else fold(word)
    form = _words().get(folded, folded)
    later = "" if folded in _EMPTY else f" {form}"
    return _Word(form, _first_words().get(folded) or form, later, bool(_PLAIN_WORD.fullmatch(word)),
                 folded.endswith(("str", "strasse")))


def _read_any(line: str) -> Street:
    """The parts of a line in any form, in lower case."""
    box = _BOX.match(line)
    if box:
        return Street("po box", re.sub(r"\D", "", box["number"]), "")
    line, unit = _take_unit(line)
    rest, number, more = _take_number(line)
    return Street(street_key(rest), number, unit or more)


def _take_unit(line: str) -> tuple[str, str]:
    first = _UNIT_FIRST.match(line)
    if first:
        return line[first.end():], first["unit"]
    found = _UNIT.search(line)
    if not found or not line[:found.start()].strip():
        return line, ""
    unit = found["after"] or found["hash"] or fold(found["floor"] or "")
    return f"{line[:found.start()]},{line[found.end():]}".rstrip(" ,;"), unit


def _take_number(line: str) -> tuple[str, str, str]:
    """The line without its house number, the number, and what follows it after a slash (a flat)."""
    found = _LEADING.match(line)
    if found:
        return found["rest"], found["number"], ""
    found = _TRAILING.match(line)
    if found and found["third"]:                    # a Japanese block: all three figures are the number
        return found["rest"], re.sub(r"\s", "", line[found.start("number"):]).strip(",."), ""
    if found:
        more = found["more"] or ""
        rest = _NO_AT_END.sub("", found["rest"])
        return rest, re.sub(r"\s", "", found["number"]), more if "/" in line else ""
    found = _GLUED.match(line)
    if found:
        return found["rest"], found["number"], ""
    bare = re.fullmatch(r"\d+[a-z]?", line)
    return ("", line, "") if bare else (line, "", "")


@cache
def _words() -> dict[str, str]:
    return _table("any")


@cache
def _first_words() -> dict[str, str]:
    return _table("first")


@cache
def _in_tables() -> pa.Array:
    return pa.array(sorted({*_words(), *_first_words(), *_EMPTY}), pa.string())


def _table(wanted: str) -> dict[str, str]:
    """Word -> form in keys; of two rows with one word the upper counts."""
    rows = [row for place, *row in reversed(data.rows("street_words.tsv")) if place == wanted]
    return {word: key for key, *words in rows for word in words}


#: Words that say nothing in the name of a street.
_EMPTY: Final = frozenset({
    "the", "de", "la", "le", "les", "du", "des", "del", "della", "di", "l", "d", "of", "da", "do", "y", "lo", "el",
    "los", "las", "dei", "degli", "delle", "dell",
})


def street_key(text: str) -> str:
    """The name of a street, without number, in one form: Street = St, straße = str., rue = r., Calle = C/."""
    words = fold(_APOSTROPHE.sub(" ", text).replace("p.zza", "piazza")).split()
    if not words:
        return ""
    if any(word.endswith(("str", "strasse")) for word in words):
        words = _german(words)
    known = _words()
    first = _first_words().get(words[0]) if len(words) > 1 else None
    found = [first or known.get(words[0], words[0])]
    found += [known.get(word, word) for word in words[1:] if word not in _EMPTY]
    return " ".join(found).removeprefix("ul ")


def _german(words: list[str]) -> list[str]:
    """`hauptstrasse` and `hauptstr` as `haupt str`, as `Haupt Straße` comes out; umlauts however they are written."""
    parted = " ".join(_ROUND_STREET.sub(r"\1 str", word) for word in words)
    return re.sub("(?<=[aou])e", "", parted).split()


def is_unit(word: str) -> bool:
    """Whether a word announces a flat: `Apt`, `Suite`, `#4`."""
    return bool(re.match(rf"(?:{_UNIT_WORD}\b|#)", word.lower()))
