"""How right the run was, as it estimates itself, beside what plain exact rules would have reached on the same lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: What each of the two figures asks, for people.
ASKED: Final = {
    "precision": "of 100 pairs that were merged, so many are right",
    "recall": "of 100 pairs that are one person, so many were merged",
}
_JUDGES: Final = ("listmerge", "plain rules")


@dataclass(frozen=True)
class Judged:
    """What one way of matching reaches, in words: '98 (93 to 99)'."""

    who: str
    precision: str
    recall: str


@dataclass(frozen=True)
class Accuracy:
    """Both ways beside each other, the pairs that both and only one of them find, and what the estimate rests on."""

    judged: list[Judged]
    pairs: dict[str, int]
    basis: dict[str, str]


def accuracy(run: Mapping[str, Any]) -> Accuracy | None:
    """The estimate of a run.json; None where it has none."""
    found = run.get("accuracy") or {}
    sides = [found, found.get("rules") or {}]
    judged = [Judged(who, *(_share(side, name) for name in ASKED)) for who, side in zip(_JUDGES, sides, strict=True)
              if all(f"{name}_interval" in side for name in ASKED)]
    if not judged:
        return None
    pairs = {"both": "both", "only_model": "listmerge alone", "only_rules": "plain rules alone"}
    return Accuracy(judged, {words: sides[1][name] for name, words in pairs.items() if name in sides[1]},
                    dict(found.get("basis") or {}))


def _share(found: Mapping[str, Any], name: str) -> str:
    low, high = found[f"{name}_interval"]
    return f"{of_hundred(found[name])} ({of_hundred(low)} to {of_hundred(high)})"


def of_hundred(share: float) -> str:
    """0.9312 -> '93'; 100 only where it is all."""
    return f"{100 * share if share == 1 else min(100 * share, 99):.0f}"
