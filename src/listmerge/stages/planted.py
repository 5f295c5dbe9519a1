"""How many copies of the lists' own contacts would be found: planted on the side, measured, and gone again.

A copy takes the place of one of a pair that is likely the same, and differs from the other as the lists' own likely
pairs differ: each field has a value or none as in some other copy, and agrees as closely as those pairs agree. It is
found when something brings it together with its original and the evidence suffices. Pairs that differ more are found
less often, so that they are fewer among the pairs that were seen than in life: each level of agreement is weighed by
how often a copy that shows it was found (Horvitz & Thompson 1952), and the copies are planted again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from listmerge.stages.codes import Codes
from listmerge.stages.evidence import compared, patterns
from listmerge.stages.features import Features
from listmerge.stages.levels import MISSING, bits_of, level_of, names, outcome, places
from listmerge.stages.train import Model, scored
from listmerge.stages.weights import RARE, Field

#: Copies that are planted of one kind of contact, and how often anew.
COPIES: Final = 4_000
ROUNDS: Final = 3
#: Pairs that the weights known beforehand stand for, beside those of the lists.
TRUST: Final = 20.0
#: How rare a shared value is at a level that no pair showed.
UNSEEN_BITS: Final = 6.0
#: What is found less often than this cannot be reckoned from what is found: it counts as if it were found so often.
LEAST_FOUND: Final = 1 / 3
_ONE_TOWN: Final = (*range(places.OTHER_DOOR), places.OTHER_STREET, places.SAME_CITY)
_SAME: Final = (0,)
_FORMS: Final = (names.EXACT, names.NICKNAME)
_MOVED: Final = (names.SWAPPED, names.PART)
#: Any one row brings two contacts together: fields, and the levels of which each must show one.
CATCHING: Final[dict[str, tuple[dict[str, tuple[int, ...]], ...]]] = {
    "person": (
        {"email": (0, 1, 2)}, {"phone": (0, 1)}, {"identifier": _SAME}, {"birthday": _SAME}, {"address": (0, 1)},
        {"given": _FORMS, "family": _SAME}, {"given": _MOVED, "family": _MOVED},
        {"given": _FORMS, "address": _ONE_TOWN}, {"family": _SAME, "address": _ONE_TOWN},
        {"given": _FORMS, "work": (0, 1)}, {"family": _SAME, "work": (0, 1)},
    ),
    "organisation": ({"email": (0, 1)}, {"phone": (0, 1)}, {"identifier": _SAME}, {"company": _SAME},
                     {"address": (0, 1)}, {"company": (0, 1, 2), "address": _ONE_TOWN}),
}
Outcomes = Mapping[str, Any]


def found_share(found: Features, kind: str, model: Model, left: Codes, right: Codes, bar: int) -> float:
    """The share of planted copies that are found, above 0; `left` and `right` are contacts of one kind that are
    likely the same, and more than none; `bar` is the weight, in thousandths of a bit, above which two are one."""
    draw = np.random.default_rng(len(left))
    if len(left) > COPIES:
        some = np.sort(draw.choice(len(left), COPIES, replace=False))
        left, right = left[some], right[some]
    others = draw.permutation(right)
    own, filled = compared(found, left, left), compared(found, others, others)
    lot = {field.name: draw.random(len(left)) for field in model.fields}
    pairs = _by_field(model, compared(found, left, right))
    seen = {field.name: _seen(field, outcomes) for field, outcomes in pairs}
    usual = {field.name: _usual_bits(field, outcomes) for field, outcomes in pairs}
    levels, is_found = seen, np.ones(len(left), bool)
    for _ in range(ROUNDS):
        copies = _planted(model, levels, usual, lot, own, filled)
        is_found = caught(kind, copies) & (weighed(model, copies) > bar)
        levels = {field.name: _weighed(seen[field.name], outcomes, is_found)
                  for field, outcomes in _by_field(model, copies)}
    return (float(is_found.sum()) + 1) / (len(left) + 1)       # of few copies none need be found


def caught(kind: str, outcomes: Outcomes) -> Any:
    """Whether something brings the pairs together, as far as their outcomes tell."""
    agree = [np.logical_and.reduce([(outcomes[name] != MISSING) & np.isin(level_of(outcomes[name]), levels)
                                    for name, levels in row.items()]) for row in CATCHING[kind]]
    return np.logical_or.reduce(agree)


def _by_field(model: Model, outcomes: Outcomes) -> list[tuple[Field, Any]]:
    return [(field, outcomes[field.name]) for field in model.fields]


def _seen(field: Field, outcomes: Any) -> Any:
    """How often the pairs show each level of a field."""
    start = np.array([level.same for level in field.levels])
    counted = np.bincount(level_of(outcomes[outcomes != MISSING]), minlength=len(start))
    return (counted + TRUST * start / start.sum()) / (counted.sum() + TRUST)


def _weighed(seen: Any, outcomes: Any, is_found: Any) -> Any:
    """How often copies show each level: as often as found pairs do, divided by how often such copies are found."""
    shown = outcomes != MISSING
    levels = level_of(outcomes[shown])
    usual = float(is_found[shown].mean()) if shown.any() else 1.0
    every, hits = (np.bincount(levels, weights=weights, minlength=len(seen)) for weights in (None, is_found[shown]))
    reckoned = seen / np.maximum((hits + 10 * usual) / (every + 10), LEAST_FOUND)
    return reckoned / reckoned.sum()


def _usual_bits(field: Field, outcomes: Any) -> Any:
    """How rare the values are that pairs share at each level; where none was seen, no rarity says much."""
    shown = outcomes[outcomes != MISSING]
    levels, bits = level_of(shown), bits_of(shown)
    every, total = (np.bincount(levels, weights=weights, minlength=len(field.levels)) for weights in (None, bits))
    rare = np.array([level.strangers == RARE for level in field.levels])
    return np.where(rare, (total + UNSEEN_BITS) / (every + 1), 0.0)


def _planted(
    model: Model, levels: Outcomes, usual: Outcomes, lot: Outcomes, own: Outcomes, filled: Outcomes
) -> dict[str, Any]:
    """The outcomes of the copies against their originals."""
    drawn: dict[str, Any] = {
        name: np.searchsorted(np.cumsum(levels[name])[:-1], lot[name]).astype(np.int16) for name in levels}
    if "given" in drawn:
        swapped = drawn["given"] == names.SWAPPED
        drawn["family"][drawn["family"] == names.SWAPPED] = names.EXACT
        drawn["family"][swapped] = names.SWAPPED
    return {field.name: np.where((own[field.name] == MISSING) | (filled[field.name] == MISSING), np.int16(MISSING),
                                 _shown(drawn[field.name], usual[field.name], own[field.name]))
            for field in model.fields}


def _shown(drawn: Any, usual: Any, own: Any) -> Any:
    """The outcome of a level: no closer than the original is to itself, and no rarer."""
    bits = np.where(drawn == 0, bits_of(own), np.minimum(bits_of(own), usual[drawn]))
    return np.maximum(outcome(drawn, bits), own)


def weighed(model: Model, outcomes: dict[str, Any]) -> Any:
    """The weight of each pair with these outcomes, in thousandths of a bit."""
    distinct, which, _ = patterns(outcomes)
    return scored(model, distinct)[which]
