"""How many look-alike strangers would be joined: planted on the side, counted, and gone again.

A stranger is made of two contacts of the lists that are surely two: one keeps all that he has (town, phone, company …,
as people who share a name, a home or a firm have them here), and is given the name that chance might have given him.
Three kinds: people of one name; people of one given name and nearly one surname; relatives and colleagues (of
organisations: tenants of one house) who bear the given name of somebody else of the lists. Each stands for as many
pairs of the lists as chance makes like it, and counts if the evidence would join it. Nothing is taken from what the
model believes of the pairs that it joined, so that the two estimates of what is wrong check each other (estimate.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from listmerge.stages.codes import Codes
from listmerge.stages.evidence import compared
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, companies, level_of, names
from listmerge.stages.namesakes import USUAL_FAMILY, USUAL_GIVEN, chance
from listmerge.stages.planted import weighed
from listmerge.stages.together import first_letters
from listmerge.stages.train import Model

#: Pairs that are drawn of each kind, among about so many contacts.
PAIRS: Final = 20_000
NEAR_PAIRS: Final = 40_000
AMONG: Final = 200_000
#: Fewer contacts than this have no crowd to draw from.
LEAST: Final = 50
#: What two who live or work together share one of: field and its last level.
SHARED: Final = {"email": 1, "phone": 1, "address": 1, "work": 1}
#: Kind of contact -> the field and the first of its levels that make two of a pair, and the fields that are planted.
TWO: Final = {"person": ("given", names.DIFFERENT, ("given", "middle")),
              "organisation": ("company", companies.SOME, ("company",))}


@dataclass(frozen=True, slots=True)
class Planted:
    """The outcomes of planted strangers against those they look like, and how many pairs each stands for."""

    outcomes: dict[str, Any]
    stands_for: Any


@dataclass(frozen=True, slots=True)
class Known:
    """What strangers are made of: the contacts and the pairs that keys brought together, with what becomes of them."""

    found: Features
    levels: pa.Table
    clusters: Future[Codes]
    kind: str

    @property
    def cluster(self) -> Codes:
        """The cluster of each contact, once it is known."""
        return self.clusters.result()


def joined_strangers(known: Known, model: Model, bar: int) -> float:
    """About how many pairs of strangers are joined; `bar` is the weight, in thousandths of a bit, above which two
    are one."""
    draw = np.random.default_rng(known.found.count)
    total = 0.0
    for make in KINDS[known.kind]:
        planted = make(known, draw)
        if planted and len(planted.stands_for):
            own = {field.name: planted.outcomes[field.name] for field in model.fields}
            total += float(planted.stands_for[weighed(model, own) > bar].sum())
    return total


def _namesakes(known: Known, draw: np.random.Generator) -> Planted | None:
    """People whose given names begin alike and whose family names are two, as if they had one family name."""
    found = known.found
    one, other, many = _beginning_alike(found, found.given, PAIRS, draw)
    outcomes, own = compared(found, one, other), compared(found, one, one)
    given = found.given[one]
    same = level_of(outcomes["given"]) == names.EXACT
    whole = found.namesakes[found.spelling[one]] / found.names / chance(
        found.given_people[given], found.names, USUAL_GIVEN)
    by_chance = np.where(same, whole, chance(found.family_people[found.family[one]], found.names, USUAL_FAMILY))
    two = level_of(outcomes["family"]) == names.DIFFERENT
    outcomes["given"] = np.where(same, own["given"], outcomes["given"])
    outcomes["family"] = own["family"]
    return Planted(outcomes, many * np.minimum(by_chance, 1.0) * two)


def _nearly(known: Known, draw: np.random.Generator) -> Planted | None:
    """People whose family names are nearly the same and whose given names are two, as if they had one given name."""
    found = known.found
    one, other, many = _beginning_alike(found, found.family, NEAR_PAIRS, draw)
    given, family = names.name_outcomes(found, one, other)
    two = (level_of(given) == names.UNLIKE) & (known.cluster[one] != known.cluster[other])
    rows = np.flatnonzero(two & (level_of(family) > names.EXACT) & (level_of(family) < names.DIFFERENT))
    share = two.sum() / max(len(two), 1)
    one, other = one[rows], other[rows]
    outcomes = {**compared(found, one, other), "given": compared(found, one, one)["given"]}
    by_chance = chance(found.given_people[found.given[one]], found.names, USUAL_GIVEN)
    return Planted(outcomes, many[rows] * by_chance / max(share, 0.05))


def _beginning_alike(
    found: Features, words: Codes, pairs: int, draw: np.random.Generator
) -> tuple[Codes, Codes, Any]:
    """(people, others whose given or family name, as `words` say, begins with the same letter, pairs each stands for);
    all have both names."""
    everyone = np.flatnonzero(~found.organisation & (found.given >= 0) & (found.family >= 0))
    step = len(everyone) // AMONG + 1
    some = everyone[::step]
    if len(some) < LEAST:
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0)
    letters = first_letters(found.words)[words[some]]
    order = np.argsort(letters, kind="stable")
    some, letters = some[order].astype(np.int32), letters[order]
    at = draw.integers(0, len(some), pairs)
    first = np.searchsorted(letters, letters[at], "left")
    many = np.searchsorted(letters, letters[at], "right") - first
    other = first + (draw.random(pairs) * many).astype(np.int64)
    return some[at], some[other], many * (step * len(everyone) / pairs / 2)


def _together(known: Known, draw: np.random.Generator) -> Planted | None:
    """Those who share a home, a firm, a phone or a mailbox and whose names are two, as if one had the name of another
    contact."""
    field, apart, planted = TWO[known.kind]
    left, right = known.levels["left"].to_numpy(), known.levels["right"].to_numpy()
    mine = known.found.organisation == (known.kind == "organisation")
    shared = np.logical_or.reduce([_shared(known.levels[name], level) for name, level in SHARED.items()])
    rows = np.flatnonzero(_at_least(known.levels[field], apart) & mine[left] & shared)
    rows = rows[known.cluster[left[rows]] != known.cluster[right[rows]]]
    if not len(rows):
        return None
    taken = rows[draw.integers(0, len(rows), PAIRS)]
    named = np.flatnonzero(mine & ((known.found.given >= 0) | (known.kind == "organisation"))).astype(np.int32)
    others = compared(known.found, named[draw.integers(0, len(named), PAIRS)], right[taken])
    seen = known.levels.take(pa.array(taken))
    outcomes = {name: others[name] if name in planted else seen[name].to_numpy() for name in others}
    return Planted(outcomes, np.full(PAIRS, len(rows) / PAIRS))


def _at_least(outcomes: pa.ChunkedArray, level: int) -> Any:
    found = outcomes.to_numpy()
    return (found != MISSING) & (level_of(found) >= level)


def _shared(outcomes: pa.ChunkedArray, level: int) -> Any:
    found = outcomes.to_numpy()
    return (found != MISSING) & (level_of(found) <= level)


KINDS: Final[Mapping[str, tuple[Callable[[Known, np.random.Generator], Planted | None], ...]]] = {
    "person": (_namesakes, _nearly, _together), "organisation": (_together,)}
