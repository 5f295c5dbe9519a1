"""How grave it is that two values of a field differ, by their keys: '' when it is no disagreement at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import JaroWinkler

from listmerge.fields.nicknames import same_given_name
from listmerge.stages.merge.rules import Unit
from listmerge.stages.merge.units import ADDRESS, BIRTHDAY, JOB, NAME, WEBSITE

MUST: Final = "must-decide"
LOOK: Final = "worth-a-look"
INFORM: Final = "information"
GENERATIONS: Final = frozenset({"jr", "junior", "sr", "senior", "i", "ii", "iii", "iv", "v", "2nd", "3rd", "4th"})
TYPO: Final = 0.9           # Jaro-Winkler: 'jonathan' / 'jonathon' 0.95, 'john' / 'jane' 0.70


def given_names(one: str, other: str) -> str:
    """An initial agrees, a nickname or a part of the name is only told, two different names must be decided."""
    if one[:1] == other[:1] and 1 in (len(one), len(other)):
        return ""
    if same_given_name(one, other) or set(one.split()) & set(other.split()):
        return INFORM
    return LOOK if JaroWinkler.similarity(one, other) >= TYPO else MUST


def middle_names(one: str, other: str) -> str:
    """'B' and 'Brian' agree."""
    return "" if one[:1] == other[:1] and 1 in (len(one), len(other)) else INFORM


def suffixes(one: str, other: str) -> str:
    """Father and son are two people; a degree more or less is not."""
    ones, others = (set(text.replace(".", "").split()) & GENERATIONS for text in (one, other))
    return MUST if ones and others and ones != others else INFORM


def birthdays(one: str, other: str) -> str:
    """A birthday without a year agrees with every year."""
    if "--" in (one[:2], other[:2]) and one[-5:] == other[-5:]:
        return ""
    return MUST


def addresses(one: str, other: str) -> str:
    """Keys joined with '|': an address that says less is no disagreement; '10268-7437' is the fuller '10268'."""
    pairs = list(zip(one.split("|"), other.split("|"), strict=True))
    agree = all(not a or not b or a.startswith(b) or b.startswith(a) for a, b in pairs)
    return "" if agree else LOOK


def worth_a_look(one: str, other: str) -> str:
    """What people should see but need not decide."""
    return LOOK


def information(one: str, other: str) -> str:
    """What nobody needs to look at."""
    return INFORM


@dataclass(frozen=True)
class Field:
    """A column of the master on which records may disagree: what is shown, what is compared, how grave it is."""

    name: str
    unit: Unit
    shown: tuple[str, ...]
    key: tuple[str, ...]
    severity: Callable[[str, str], str]


FIELDS: Final = (
    Field("given_name", NAME, ("given_name",), ("given_key",), given_names),
    Field("middle_name", NAME, ("middle_name",), ("middle_key",), middle_names),
    Field("family_name", NAME, ("family_name",), ("family_key",), worth_a_look),
    Field("suffix", NAME, ("suffix",), ("suffix_key",), suffixes),
    Field("company", JOB, ("company",), ("company_key",), worth_a_look),
    Field("department", JOB, ("department",), ("department",), information),
    Field("job_title", JOB, ("job_title",), ("job_title",), information),
    Field("birthday", BIRTHDAY, ("birthday",), ("birthday",), birthdays),
    Field("website", WEBSITE, ("website",), ("website_key",), information),
    Field("address", ADDRESS, ("street", "city", "region", "postal_code", "country"),
          ("street_key", "number_key", "city_key", "postal_key"), addresses),
)
