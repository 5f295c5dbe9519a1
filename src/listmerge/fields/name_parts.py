"""The name in several cells: the parts win, the whole name gives what they lack."""

from __future__ import annotations

from listmerge.fields import name_words as words
from listmerge.fields.companies import has_legal_form
from listmerge.fields.name_couples import halves, untitled
from listmerge.fields.name_person import (
    NOBODY,
    SEGMENT,
    Name,
    finish,
    flaws_of,
    no_filler,
    nobody,
    one_line,
    parse_one,
    person,
    suffix_key,
    take_nickname,
    take_suffix_segments,
)
from listmerge.fields.name_signs import LEFT_OUT, without_signs
from listmerge.fields.name_split import (
    Split,
    is_east_asian,
    is_shouted,
    spread_initials,
    take_suffixes,
    take_titles,
)
from listmerge.fields.text import fold


def clean_parts(prefix: str, given: str, middle: str, family: str, suffix: str, full: str, nickname: str = "") -> Name:
    """The name in several cells. The parts win; the whole name gives what they lack, when it is the same name."""
    return _parse_columns([one_line(text) for text in (prefix, given, middle, family, suffix, full, nickname)])


def _parse_columns(columns: list[str]) -> Name:
    prefix, given, middle, family, suffix, full, nickname = columns
    bare = [without_signs(part) for part in (given, middle, family)]
    flaws = () if bare == [given, middle, family] else (LEFT_OUT,)
    given, middle, family = map(no_filler, bare)
    whole = parse_one(full)
    if not given and not family:
        parsed = whole if full else nobody(" ".join(filter(None, (columns[1], columns[3])))) or NOBODY
    else:
        parsed = _parse_parts(given, middle, family)
        parsed = _complete(parsed, whole) if whole.kind == "person" and parsed.kind == "person" else parsed
    parsed = parsed._replace(issues=(*parsed.issues, *flaws))
    return _with_columns(parsed, prefix, middle, suffix, nickname)


def _parse_parts(given: str, middle: str, family: str) -> Name:
    """The name in the columns for its parts; a column that holds a whole name is read as one."""
    joined = " ".join(filter(None, (given, family)))
    verdict = nobody(joined)
    if verdict and not (given and family and verdict.kind and verdict.quality == "ok" and not has_legal_form(joined)):
        return verdict                       # "Lynn" and "Consulting" in two columns are a person
    if (not family and " " in given and fold(given) not in words.COMPOUND_GIVEN) or (not given and "," in family):
        return person(given or family)
    if is_east_asian(joined):
        return finish(Split(given=given.split(), family=family.split(), family_first=True), "", ())
    return _keyed_by_first(_person_of_parts(given, middle, family), given, middle, family)


def _keyed_by_first(name: Name, given: str, middle: str, family: str) -> Name:
    """The name, with the keys of the first of two people whose given names are in one column: `John & Mary`, Smith."""
    two = halves(f"{given} {family}")
    if two is None or not untitled(two[0]) or len(two[0]) >= len(given):
        return name
    first = _person_of_parts(two[0], middle, family)
    return name._replace(given_key=first.given_key, middle_key=first.middle_key)


def _person_of_parts(given: str, middle: str, family: str) -> Name:
    first, nickname, flaws = take_nickname(given)
    segments, behind = take_suffix_segments([part for part in SEGMENT.split(family) if part])
    titles, front = take_titles(first.split())
    front, suffixes = take_suffixes(spread_initials(front), alone=True)
    more_titles, last = take_titles(" ".join(segments).split())
    last, more_suffixes = take_suffixes(last, alone=True)
    initials = next((place for place in range(1, len(front)) if len(front[place].rstrip(".")) == 1), len(front))
    split = Split(
        titles=[*titles, *more_titles], given=front[:initials], middle=front[initials:] + middle.split(), family=last,
        suffixes=[*suffixes, *more_suffixes, *behind],
        shouted=bool(last) and is_shouted(last) and not is_shouted(front),
    )
    return finish(split, nickname, flaws + flaws_of(" ".join((given, middle, family))))


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
