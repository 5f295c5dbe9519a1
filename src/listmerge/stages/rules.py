"""What plain rules would have joined, beside what the model joined: it says what the model is worth in a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from listmerge.stages.codes import Codes
from listmerge.stages.levels import MISSING, level_of

#: Rule -> fields that must be equal, each up to this level ("shared" e-mails and phones are equal too).
RULES: Final[dict[str, tuple[tuple[str, int], ...]]] = {
    "e-mail equal": (("email", 1),),
    "name and phone equal": (("name", 0), ("phone", 1)),
    "name and address equal": (("name", 0), ("address", 0)),
}


def beside_rules(cluster: Codes, left: Codes, right: Codes, outcomes: Mapping[str, Any]) -> dict[str, int]:
    """Pairs that each rule finds, and how many only the rules, only the model, and both find: of the pairs compared."""
    equal = {rule: np.logical_and.reduce([_equal(outcomes, *field) for field in fields])
             for rule, fields in RULES.items()}
    by_rules = np.logical_or.reduce(list(equal.values()))
    sizes = np.bincount(cluster, minlength=1).astype(np.int64)
    both = int((by_rules & (cluster[left] == cluster[right])).sum())
    return {**{rule: int(found.sum()) for rule, found in equal.items()}, "both": both,
            "only_rules": int(by_rules.sum()) - both, "only_model": int((sizes * (sizes - 1) // 2).sum()) - both}


def _equal(outcomes: Mapping[str, Any], name: str, level: int) -> Any:
    if name == "name":
        return _equal(outcomes, "company", 0) | (_equal(outcomes, "given", 0) & _equal(outcomes, "family", 0))
    return (outcomes[name] != MISSING) & (level_of(outcomes[name]) <= level)
