"""Personal names: in one cell or in several, as they are shown and as they are compared.

What is shown is what stands in the record, with blanks set right and, where a name is wholly of one case, with capitals.
Nothing is guessed into a name: not from an e-mail address, not from a nickname.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa

from listmerge.fields import name_words as words
from listmerge.fields.companies import looks_like_company
from listmerge.fields.name_case import is_single_case, proper, proper_given
from listmerge.fields.name_split import Split, is_east_asian, split_east_asian, split_forward, split_reversed
from listmerge.fields.text import Cleaned, Flaw, clean_distinct, fold, is_error_cell, trim

PARTS = ("prefix", "given_name", "middle_name", "family_name", "suffix", "full_name", "nickname")


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


NOBODY = Name(*[""] * 13, ())

_EMAIL = re.compile(r"\S+@\S+\.\S+")
_LETTER = re.compile(r"[^\W\d_]")
_NICKNAME = re.compile(r"""["“”„«»]([^"“”„«»]*)["“”„«»]|\(([^()]*)\)|\[([^\[\]]*)\]|(?<=\s)['‘’]([^'‘’]+)['‘’](?=\s)""")
_SEGMENT = re.compile(r"\s*[,،、，;]\s*")
_DAMAGE = re.compile(r"�|\w\?\w|\?{2,}|Ã[\x80-\xbf¼¶¤©]")
_COUPLE = re.compile(r"\s(?:&|\+|and|und|et|y|e|en|og|och|u\.)\s", re.IGNORECASE)
_SMALL_WORDS = frozenset({"the", "and", "of", "und", "et", "de", "di", "la", "der", "die", "for", "to", "our", "main"})
_NO_PART = frozenset({"", "unknown", "n a", "none", "null", "nil", "nan", "lnu", "fnu", "nfn", "nln", "not provided",
                      "no last name", "no first name", "no name", "xxx", "xx", "tbd", "unbekannt", "inconnu"})
_REAL_WORDS = re.compile(r"(?i)na|none|nil|nan")     # names of people when they are a whole part, not words for nothing


def parse_one(full_name: str) -> Name:
    """The name in one cell: 'Last, First M', 'Dr. Jan van der Berg', 'DUPONT Jean', '森永 恵子', 'Robert "Bob" Smith'."""
    text = _one_line(full_name)
    return _nobody(text) or _person(text)


def clean_parts(prefix: str, given: str, middle: str, family: str, suffix: str, full: str, nickname: str = "") -> Name:
    """The name in several cells. The parts win; the whole name gives what they lack, when it is the same name."""
    columns = [_one_line(text) for text in (prefix, given, middle, family, suffix, full, nickname)]
    return _parse_columns(columns)


def clean_column(columns: Sequence[pa.Array]) -> Cleaned:
    """`clean_parts` for seven columns in the order of PARTS."""
    return clean_distinct(columns, clean_parts, Name)


def _one_line(text: str) -> str:
    return " ".join(trim(text).split())


# --- what is no person ---------------------------------------------------------------------------------------------


def _nobody(text: str) -> Name | None:
    """The verdict on a text that is no person's name; None when it may be one."""
    if not text:
        return NOBODY
    if _EMAIL.fullmatch(text):
        return NOBODY._replace(issues=(("name-is-email", "The name is an e-mail address.", ""),))
    folded = fold(text)
    if is_error_cell(text) or folded in words.PLACEHOLDERS or _is_repeated_filler(folded):
        return _unusable(text, "placeholder", "name-placeholder", "This is a filler and nobody's name.")
    if not _LETTER.search(text):
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
    return parts <= words.PLACEHOLDERS and len(parts) == 1 or bool(parts) and all(
        len(part) > 2 and len(set(part)) == 1 for part in parts)


def _is_role(folded: str) -> bool:
    parts = [word for word in folded.split() if word not in _SMALL_WORDS]
    return folded in words.ROLES or len(parts) > 1 and words.TEAM_WORDS.union(words.ROLES).issuperset(parts)


# --- a person in one cell ------------------------------------------------------------------------------------------


def _person(text: str) -> Name:
    rest, nickname, flaws = _take_nickname(text)
    if is_east_asian(rest):
        return _finish(split_east_asian(rest), nickname, flaws)
    segments = [segment for segment in _SEGMENT.split(rest) if segment]
    if not segments:
        return _unusable(text, "invalid", "name-without-letters", "The name has no letters.")
    segments, suffixes = _take_suffix_segments(segments)
    if len(segments) == 1:
        split = split_forward(segments[0].split())
    else:
        split = split_reversed(segments[0].split(), " ".join(segments[1:]).split())
    split = split._replace(suffixes=[*split.suffixes, *suffixes])
    return _finish(split, nickname, flaws + _flaws(text))


def _take_nickname(text: str) -> tuple[str, str, tuple[Flaw, ...]]:
    """The text without what stands in quotes or brackets, and that, when it may be a nickname."""
    found = _NICKNAME.search(text)
    if not found or not found.start() and not text[found.end():].strip():
        return text.strip("\"'()[]“”„ "), "", ()
    inside = next(filter(None, found.groups()), "").strip()
    rest = " ".join((text[:found.start()] + " " + text[found.end():]).split())
    first = fold(inside).partition(" ")[0]
    if first in words.MAIDEN or len(inside.split()) > 2 or not inside.replace(" ", "").replace("-", "").isalpha():
        flaw = ("name-remark", "What stands in brackets was not taken for a part of the name.", rest)
        return rest, "", (flaw,) if inside else ()
    return rest, inside, ()


def _take_suffix_segments(segments: list[str]) -> tuple[list[str], list[str]]:
    """'Smith, John, Jr.' and 'John Smith, PhD' without what follows the last commas and is a suffix."""
    suffixes: list[str] = []
    while len(segments) > 1 and _is_suffix(segments[-1], sure=len(segments) > 2 or " " in segments[0]):
        suffixes = [segments[-1], *suffixes]
        segments = segments[:-1]
    return segments, suffixes


def _is_suffix(text: str, sure: bool) -> bool:
    folded = fold(text.replace(".", ""))
    return folded in words.GENERATIONS or sure and (
        folded in words.DEGREES or all(word in words.DEGREES for word in folded.split()))


def _flaws(text: str) -> tuple[Flaw, ...]:
    flaws: list[Flaw] = []
    if _DAMAGE.search(text):
        flaws.append(("name-damaged", "Letters of the name were lost.", ""))
    if any(letter.isdigit() for letter in text):
        flaws.append(("name-digits", "The name has digits.", ""))
    if _COUPLE.search(text) and "&" in text:
        flaws.append(("name-two-people", "The name seems to be two people's.", ""))
    return tuple(flaws)


def _finish(split: Split, nickname: str, flaws: tuple[Flaw, ...]) -> Name:
    """The name of its parts: capitals set right, keys made, quality judged."""
    given, middle, family = (" ".join(part) for part in (split.given, split.middle, split.family))
    plain = is_single_case(given + middle + family)
    given = proper_given(given) if plain else given
    middle = proper(middle) if plain else middle
    family = proper(family) if plain or split.shouted else family
    suffix = " ".join(split.suffixes)
    whole = fold(f"{given} {family}")
    quality = "damaged" if any(flaw[0] == "name-damaged" for flaw in flaws) else (
        "doubtful" if flaws and flaws[-1][0] != "name-remark" or whole in words.DOUBTFUL else "ok")
    blank = "" if split.joined else " "
    order = (family, given) if split.family_first else (given, middle, family, suffix)
    return Name(
        " ".join(split.titles), given, middle, family, suffix, nickname, blank.join(filter(None, order)),
        fold(given), fold(middle), fold(family), suffix_key(suffix), quality, "person", flaws,
    )


def suffix_key(suffix: str) -> str:
    """The generation that a suffix states (jr, sr, 2, 3 …); '' when it states none."""
    for word in fold(suffix.replace(".", "")).split():
        if word in words.GENERATIONS:
            return words.GENERATIONS[word]
    return ""


# --- a person in several cells -------------------------------------------------------------------------------------


def _parse_columns(columns: list[str]) -> Name:
    prefix, given, middle, family, suffix, full, nickname = columns
    given, middle, family = (_no_filler(part) for part in (given, middle, family))
    whole = parse_one(full)
    if not given and not family:
        parsed = whole if full else _nobody(" ".join(filter(None, (columns[1], columns[3])))) or NOBODY
    else:
        parsed = _parse_parts(given, middle, family)
        parsed = _complete(parsed, whole) if whole.kind == "person" and parsed.kind == "person" else parsed
    return _with_columns(parsed, prefix, middle, suffix, nickname)


def _no_filler(part: str) -> str:
    """A part of a name, or '' for what people write when there is none: '-', '.', 'unknown', 'n/a', the address."""
    if not _LETTER.search(part) or _EMAIL.fullmatch(part):
        return ""
    return "" if fold(part) in _NO_PART and not _REAL_WORDS.fullmatch(part) else part


def _parse_parts(given: str, middle: str, family: str) -> Name:
    """The name in the columns for its parts; a column that holds a whole name is read as one."""
    joined = " ".join(filter(None, (given, family)))
    verdict = _nobody(joined) or (_nobody(given or family) if not (given and family) else None)
    if verdict:
        return verdict
    if not family and " " in given and fold(given) not in words.COMPOUND_GIVEN or not given and "," in family:
        return _person(given or family)
    if is_east_asian(joined):
        return _finish(Split(given=given.split(), family=family.split(), family_first=True), "", ())
    return _person_of_parts(given, middle, family)


def _person_of_parts(given: str, middle: str, family: str) -> Name:
    given, nickname, flaws = _take_nickname(given)
    last, suffixes = _take_suffix_segments([part for part in _SEGMENT.split(family) if part])
    behind = split_forward(["x", *" ".join(last).split()])
    before = split_forward([*given.split(), "x"]) if given else Split()
    front = before.given + before.middle
    initials = next((place for place in range(1, len(front)) if len(front[place].rstrip(".")) == 1), len(front))
    split = Split(
        titles=before.titles, given=front[:initials], middle=front[initials:] + middle.split(),
        family=behind.middle + behind.family, suffixes=behind.suffixes + suffixes,
    )
    return _finish(split, nickname, flaws + _flaws(" ".join((given, middle, family))))


def _complete(parts: Name, whole: Name) -> Name:
    """The name of the columns with what only the whole name has, when both are one name."""
    ours, theirs = (set(f"{name.given_key} {name.family_key}".split()) for name in (parts, whole))
    if not ours <= theirs | set(whole.middle_key.split()):
        if ours & theirs:
            return parts
        return parts._replace(issues=(*parts.issues, (
            "name-columns-differ", "The column of the whole name holds another name.", whole.full_name)))
    if not (parts.given_name and parts.family_name):
        return whole
    lacking = {field: getattr(whole, field) for field in ("prefix", "suffix", "nickname", "suffix_key")
               if not getattr(parts, field)}
    if not parts.middle_name and parts.given_key == whole.given_key and parts.family_key == whole.family_key:
        lacking |= {"middle_name": whole.middle_name, "middle_key": whole.middle_key}
    return _recomposed(parts._replace(**lacking))


def _with_columns(name: Name, prefix: str, middle: str, suffix: str, nickname: str) -> Name:
    """The name with its own columns for prefix, suffix and nickname, which win over what stands in other columns."""
    if name.kind != "person":
        return name
    name = name._replace(prefix=prefix or name.prefix, nickname=nickname or name.nickname)
    if middle and not name.middle_name:
        name = name._replace(middle_name=middle, middle_key=fold(middle))
    if suffix:
        name = name._replace(suffix=suffix, suffix_key=suffix_key(suffix) or name.suffix_key)
    return _recomposed(name)


def _recomposed(name: Name) -> Name:
    if is_east_asian(name.family_name + name.given_name):
        return name
    parts = (name.given_name, name.middle_name, name.family_name, name.suffix)
    return name._replace(full_name=" ".join(filter(None, parts)))
