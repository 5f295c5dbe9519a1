"""What plain rules would have joined, beside what the model joined: it says what the model is worth in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from listmerge.stages.levels import MISSING, level_of

#: Rule -> fields that must be equal, each up to this level ("shared" e-mails and phones are equal too).
RULES: Final[dict[str, tuple[tuple[str, int], ...]]] = {
    "e-mail equal": (("email", 1),),
    "name and phone equal": (("name", 0), ("phone", 1)),
    "name and address equal": (("name", 0), ("address", 0)),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """Pairs that each rule finds and all together, how many of them are expected to be right, and how many are found
    by both, by the rules alone, by the model alone."""

    by_rule: dict[str, int]
    found: int
    right: float
    both: int
    only_rules: int
    only_model: int


def beside_rules(joined: int, inside: Any, probability: Any, outcomes: Mapping[str, Any]) -> Beside:
    """What the rules find among the pairs compared: `inside` are those that the model joined, which joined `joined`."""
    equal = by_rules(outcomes)
    found = np.logical_or.reduce(list(equal.values()))
    both = int((found & inside).sum())
    return Beside({rule: int(pairs.sum()) for rule, pairs in equal.items()}, int(found.sum()),
                  float(probability[found].sum()), both, int(found.sum()) - both, joined - both)


def by_rules(outcomes: Mapping[str, Any]) -> dict[str, Any]:
    """For each rule: which of the pairs it finds."""
    return {rule: np.logical_and.reduce([_equal(outcomes, *field) for field in fields])
            for rule, fields in RULES.items()}


def _equal(outcomes: Mapping[str, Any], name: str, level: int) -> Any:
    if name == "name":
        return _equal(outcomes, "company", 0) | (_equal(outcomes, "given", 0) & _equal(outcomes, "family", 0))
    return (outcomes[name] != MISSING) & (level_of(outcomes[name]) <= level)
