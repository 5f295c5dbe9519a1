"""How many people have one name: what a shared whole name is worth in a list of this size.

A name is judged as a whole among as many people as there are. How many people of a name to expect comes from its given
and its family name; how many records have it tells more when there are many. The number of people k + 1 behind c
records is Poisson before the records are seen, and a person has a geometric number of records, so

    P(k | c) ~ Poisson(k; expected) * C(c - 1, k) * ((1 - q) / q) ** k

with q the chance that a person has one more record. From this follows which share of the pairs of records of one name
are one person's, and from the share what the name is worth: so a probability means the same in short and in long lists.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from listmerge.stages.codes import NONE, combine, ranked
from listmerge.stages.together import beyond_chance

#: Names of one culture come together: Hans is more often Müller than by chance, at least so many times.
TOGETHER: Final = 1.5
#: The world's frequencies count like so many more people seen: short lists cannot tell what is common.
WORLD: Final = 100.0
USUAL_GIVEN: Final = 1 / 300
USUAL_FAMILY: Final = 1 / 3_000
#: Records of one name above this are as good as this many.
MOST_RECORDS: Final = 64
MOST_PEOPLE: Final = 64
#: Quarter bits of the fewest people that are expected of a name.
RAREST: Final = -120
#: log(n!), for as many as there may be of either; scipy would take longer to load than all of this to work out.
_LOG_FACTORIAL: Final = np.array([math.lgamma(n + 1) for n in range(MOST_RECORDS + 1)])


@dataclass(frozen=True, slots=True)
class Crowd:
    """About how many people there are, and how many with each given and family name (per word, a 0 at the end)."""

    people: float
    given: Any
    family: Any
    spelling: Any
    namesakes: Any


def crowds(given: Any, family: Any, name: Any, person: Any, letters: Any) -> Crowd:
    """People and namesakes from the codes of given and family names, of whole names with nicknames folded, and of who
    is probably one person; `letters` are the first ones of the words, and a 0."""
    named = name >= 0
    records = np.bincount(name[named]) if named.any() else np.zeros(0, np.int64)
    each = max(float(records.sum()) / max(int(person.max(initial=-1)) + 1, 1), 1.0)
    behind = np.maximum(records / each, 1.0)
    share = np.zeros(len(name))
    share[named] = (behind / np.maximum(records, 1))[name[named]]
    only = ~named & ((given >= 0) | (family >= 0))
    share[only] = 1 / each
    people = max(float(behind.sum()), 1.0)
    by_given = np.bincount(given[given >= 0], share[given >= 0], minlength=len(letters))
    by_family = np.bincount(family[family >= 0], share[family >= 0], minlength=len(letters))
    spelling, first, count = _spellings(given, family)
    together = beyond_chance(given[first], family[first], (letters, letters), TOGETHER)
    expected = together * people * chance(by_given, people, USUAL_GIVEN)[given[first]] * chance(
        by_family, people, USUAL_FAMILY)[family[first]]
    more = np.clip(1 - 1 / each, 0.2, 0.9)
    return Crowd(people, by_given, by_family, spelling, namesakes(expected, count, more))


def chance(people: Any, everyone: float, usual: float) -> Any:
    """The chance that another person has a name that `people` of `everyone` have."""
    return (np.maximum(people - 1, 0) + WORLD * usual) / (everyone + WORLD)


def _spellings(given: Any, family: Any) -> tuple[Any, Any, Any]:
    whole = (given >= 0) & (family >= 0)
    ranks, first = ranked(combine(given[whole], family[whole]))
    spelling = np.full(len(given), NONE, np.int32)
    spelling[whole] = ranks
    return spelling, np.flatnonzero(whole)[first], np.bincount(ranks, minlength=len(first))


def namesakes(expected: Any, records: Any, more: float) -> Any:
    """For each name: pairs of records of two people for each pair of one person, times q / (1 - q), at least
    `expected` / 4: that is the number of other people to reckon with."""
    rows = np.clip(np.rint(4 * np.log2(np.maximum(expected, 2.0**-30))), RAREST, 60).astype(np.int64)
    counts = np.clip(records, 2, MOST_RECORDS)
    inverse, first = ranked((rows - RAREST) * 1000 + counts)
    share = _share(2.0 ** (rows[first] / 4), counts[first], more)
    ratio = more / (1 - more) * (1 - share) / share
    return np.maximum(ratio[inverse], expected / 4)


def _share(expected: Any, records: Any, more: float) -> Any:
    """The share of pairs of records of one name that are one person's."""
    k = np.arange(MOST_PEOPLE)[None, :]
    c = records[:, None]
    possible = k < c
    ways = _LOG_FACTORIAL[c - 1] - _LOG_FACTORIAL[k] - _LOG_FACTORIAL[np.maximum(c - k, 1) - 1]
    logs = k * np.log(expected[:, None]) - _LOG_FACTORIAL[k] + ways + k * np.log((1 - more) / more)
    logs = np.where(possible, logs, -np.inf)
    belief = np.exp(logs - logs.max(axis=1, keepdims=True))
    belief /= belief.sum(axis=1, keepdims=True)
    rest = np.maximum(c - k - 1, 0)
    same = (2 * rest * (rest - 1) / (k + 2) + 2 * rest) / (c * (c - 1))
    return np.clip((belief * same).sum(axis=1), 1e-6, 1 - 1e-9)
