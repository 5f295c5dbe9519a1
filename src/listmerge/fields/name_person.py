"""The name in one cell: what is no person's name, and the parts of what is one."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from listmerge.fields import name_words as words
from listmerge.fields.companies import looks_like_company
from listmerge.fields.name_case import is_single_case, proper, proper_given
from listmerge.fields.name_couples import halves, untitled
from listmerge.fields.name_signs import LEFT_OUT, without_signs
from listmerge.fields.name_split import Split, is_east_asian, split_east_asian, split_forward, split_reversed
from listmerge.fields.text import Flaw, fold, is_error_cell, trim


class Name(NamedTuple):
    """A name's parts and the whole to show, and keys to compare by (folded; `suffix_key` is jr, sr, 2, 3 … or '').

    `quality` is one of model.QUALITIES ('' when there is no name); `kind` is 'person', 'organisation' when the text
    names a company, a team or a role, and '' when it names nobody.
    """

    prefix: str
    given_name: str
    middle_name: str
    family_name: str
    suffix: str
    nickname: str
    full_name: str
    given_key: str
    middle_key: str
    family_key: str
    suffix_key: str
    quality: str
    kind: str
    issues: tuple[Flaw, ...]


NOBODY = Name("", "", "", "", "", "", "", "", "", "", "", "", "", ())

EMAIL = re.compile(r"\S+@\S+\.\S+")
LETTER = re.compile(r"[^\W\d_]")
_NICKNAME = re.compile(r"""["“”„«»]([^"“”„«»]*)["“”„«»]|\(([^()]*)\)|\[([^\[\]]*)\]|(?<=\s)['‘’]([^'‘’]+)['‘’](?=\s)""")
SEGMENT = re.compile(r"\s*[,،、，;]\s*")
DAMAGE = re.compile(r"�|\w\?\w|\?{2,}|Ã[\x80-\xbf¼¶¤©]")
_SMALL_WORDS = frozenset({"the", "and", "of", "und", "et", "de", "di", "la", "der", "die", "for", "to", "our", "main"})
_TEAMS = words.TEAM_WORDS | words.ROLES
_REAL_WORDS = re.compile(r"(?i)na|none|nil|nan")     # names of people when they are a whole part, not words for nothing


def parse_one(full_name: str) -> Name:
    """The name in one cell: 'Last, First M', 'Dr. Jan van der Berg', 'DUPONT Jean', '森永 恵子', 'Bob (Rob) Smith'."""
    text = one_line(full_name)
    bare = without_signs(text)
    found = nobody(bare) or _couple(bare) or person(bare)
    return found if bare == text else found._replace(issues=(*found.issues, LEFT_OUT))


def one_line(text: str) -> str:
    """`text` trimmed, with one blank for each run of blanks and line ends."""
    return " ".join(trim(text).split()) if text else ""


# --- what is no person ---------------------------------------------------------------------------------------------


def nobody(text: str) -> Name | None:
    """The verdict on a text that is no person's name; None when it may be one."""
    if not text:
        return NOBODY
    if "@" in text and EMAIL.fullmatch(text):
        return NOBODY._replace(issues=(("name-is-email", "The name is an e-mail address.", ""),))
    folded = fold(text)
    if is_error_cell(text) or folded in words.PLACEHOLDERS or _is_repeated_filler(folded):
        return _unusable(text, "placeholder", "name-placeholder", "This is a filler and nobody's name.")
    if not any(map(str.isalnum, text)):
        return NOBODY
    if not LETTER.search(text):
        return _unusable(text, "invalid", "name-without-letters", "The name has no letters.")
    if _is_role(folded):
        return _unusable(text, "role", "name-is-role", "This is a role or a team and no person.", "organisation")
    if looks_like_company(text):
        return _unusable(text, "ok", "name-is-company", "This is a company and no person.", "organisation")
    return None


def _unusable(text: str, quality: str, code: str, message: str, kind: str = "") -> Name:
    return NOBODY._replace(full_name=text, quality=quality, kind=kind, issues=((code, message, ""),))


def _is_repeated_filler(folded: str) -> bool:
    """'xxxx xxx', 'asdf asdf', 'test test test'."""
    parts = set(folded.split())
    return (parts <= words.PLACEHOLDERS and len(parts) == 1) or (bool(parts) and all(
        len(part) > 2 and len(set(part)) == 1 for part in parts))


def _is_role(folded: str) -> bool:
    parts = [word for word in folded.split() if word not in _SMALL_WORDS]
    return folded in words.ROLES or (len(parts) > 1 and _TEAMS.issuperset(parts))


# --- a person in one cell ------------------------------------------------------------------------------------------


def person(text: str) -> Name:
    rest, nickname, flaws = take_nickname(text)
    if is_east_asian(rest):
        return finish(split_east_asian(rest), nickname, flaws)
    segments = [segment for segment in SEGMENT.split(rest) if segment]
    if not segments:
        return _unusable(text, "invalid", "name-without-letters", "The name has no letters.")
    segments, suffixes = take_suffix_segments(segments)
    if len(segments) == 1:
        split = split_forward(segments[0].split())
    else:
        split = split_reversed(segments[0].split(), " ".join(segments[1:]).split())
    split = split._replace(suffixes=[*split.suffixes, *suffixes])
    return finish(split, nickname, flaws + flaws_of(text))


def _couple(text: str) -> Name | None:
    """Two people in one cell: shown as written, with the parts of the first one who is named whole. In `John & Mary
    Smith` Mary is shown as a part of the name, but it is no key: the record is not hers."""
    two = halves(text)
    if two is None:
        return None
    first, second = map(untitled, two)
    initials = [word for word in first.split()[1:] if len(word.strip(".")) == 1]
    if not first:                                   # Mr & Mrs Smith, Mr and Mrs John Smith
        one = person(second if " " in second else two[1])._replace(prefix="")
    elif len(initials) + 1 < len(first.split()):    # Peter Jones & Sue Black
        one = person(two[0])
    else:
        one = person(text)._replace(middle_key=fold(" ".join(initials)))
    others = tuple(flaw for flaw in one.issues if flaw != _TWO_PEOPLE)
    return one._replace(full_name=text, quality="doubtful", issues=(*others, _TWO_PEOPLE))


_TWO_PEOPLE: Final[Flaw] = ("name-two-people", "The name seems to be two people's.", "")


def take_nickname(text: str) -> tuple[str, str, tuple[Flaw, ...]]:
    """The text without what stands in quotes or brackets, and that, when it may be a nickname."""
    found = _NICKNAME.search(text)
    if not found or (not found.start() and not text[found.end():].strip()):
        return text.strip("\"'()[]“”„ "), "", ()
    inside = next(filter(None, found.groups()), "").strip()
    rest = " ".join((text[:found.start()] + " " + text[found.end():]).split())
    first = fold(inside).partition(" ")[0]
    if first in words.MAIDEN or len(inside.split()) > 2 or not inside.replace(" ", "").replace("-", "").isalpha():
        flaw = ("name-remark", "What stands in brackets was not taken for a part of the name.", rest)
        return rest, "", (flaw,) if inside else ()
    return rest, inside, ()


def take_suffix_segments(segments: list[str]) -> tuple[list[str], list[str]]:
    """'Smith, John, Jr.' and 'John Smith, PhD' without what follows the last commas and is a suffix."""
    suffixes: list[str] = []
    while len(segments) > 1 and _is_suffix(segments[-1], sure=len(segments) > 2 or " " in segments[0]):
        suffixes = [segments[-1], *suffixes]
        segments = segments[:-1]
    return segments, suffixes


def _is_suffix(text: str, sure: bool) -> bool:
    folded = fold(text.replace(".", ""))
    return folded in words.GENERATIONS or (sure and (
        folded in words.DEGREES or all(word in words.DEGREES for word in folded.split())))


def flaws_of(text: str) -> tuple[Flaw, ...]:
    flaws: list[Flaw] = []
    if ("?" in text or not text.isascii()) and DAMAGE.search(text):
        flaws.append(("name-damaged", "Letters of the name were lost.", ""))
    if any(map(str.isdigit, text)):
        flaws.append(("name-digits", "The name has digits.", ""))
    if halves(text):
        flaws.append(_TWO_PEOPLE)
    return tuple(flaws)


def finish(split: Split, nickname: str, flaws: tuple[Flaw, ...]) -> Name:
    """The name of its parts: capitals set right, keys made, quality judged."""
    given, middle, family = (no_filler(" ".join(part)) for part in (split.given, split.middle, split.family))
    plain = is_single_case(given + middle + family)
    given = proper_given(given) if plain else given
    middle = proper_given(middle) if plain else middle
    family = proper(family) if plain or split.shouted else family
    suffix = " ".join(split.suffixes)
    whole = fold(f"{given} {family}")
    quality = "damaged" if any(flaw[0] == "name-damaged" for flaw in flaws) else (
        "doubtful" if (flaws and flaws[-1][0] != "name-remark") or whole in words.DOUBTFUL else "ok")
    blank = "" if split.joined else " "
    order = (family, given) if split.family_first else (given, middle, family, suffix)
    return Name(
        " ".join(split.titles), given, middle, family, suffix, nickname, blank.join(filter(None, order)),
        fold(given), fold(middle), fold(family), suffix_key(suffix), quality, "person", flaws,
    )


def no_filler(part: str) -> str:
    """A part of a name, or '' for what people write when there is none: '-', '.', 'unknown', 'n/a', the address."""
    if not LETTER.search(part) or ("@" in part and EMAIL.fullmatch(part)):
        return ""
    return "" if fold(part) in words.NO_PART and not _REAL_WORDS.fullmatch(part) else part


def suffix_key(suffix: str) -> str:
    """The generation that a suffix states (jr, sr, 2, 3 …); '' when it states none."""
    for word in fold(suffix.replace(".", "")).split():
        if word in words.GENERATIONS:
            return words.GENERATIONS[word]
    return ""
