"""Why two contacts were not merged, or were: in words for people, from the outcomes and the model."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from listmerge.stages.codes import together
from listmerge.stages.levels import MISSING, RARITIES, level_of
from listmerge.stages.train import SAME, STRANGERS, Model

#: Bits from which on a field is worth naming, for and against.
FOR: Final = 3.0
AGAINST: Final = -1.0
NOTHING_ELSE: Final = "nothing else to compare"


def reasons(models: dict[str, Model], organisation: Any, outcomes: dict[str, Any]) -> list[str]:
    """One phrase for each pair ("same e-mail, but different given names"), made once for all that show the same
    levels of which the same are worth naming; `organisation` says which pairs are of organisations."""
    bits = {kind: {field.name: _bits(model, field.name) for field in model.fields} for kind, model in models.items()}
    patterns = [_shown(bits, organisation, name, column) for name, column in outcomes.items()]
    which, size = together([organisation.astype(np.int16), *patterns])
    example = np.empty(size, np.int64)
    example[which[::-1]] = np.arange(len(which))[::-1]
    phrases = []
    for row in example.tolist():
        kind = "organisation" if organisation[row] else "person"
        shown = {name: int(column[row]) for name, column in outcomes.items() if column[row] != MISSING}
        phrases.append(_phrase(models[kind], bits[kind], shown))
    return [phrases[pattern] for pattern in which.tolist()]


def _shown(bits: dict[str, dict[str, Any]], organisation: Any, name: str, column: Any) -> Any:
    """Of each pair the level of a field, and whether it is worth naming, as one number; MISSING where it has none."""
    shown = np.full(len(column), MISSING, np.int16)
    for kind, of in (("organisation", organisation), ("person", ~organisation)):
        rows = np.flatnonzero(of & (column != MISSING))
        own = bits[kind][name][column[rows]] if name in bits[kind] else np.zeros(len(rows))
        shown[rows] = 3 * level_of(column[rows]) + (own >= FOR) + 2 * (own <= AGAINST)
    return shown


def _bits(model: Model, name: str) -> Any:
    """For each outcome of a field: how many bits it tells two records of one person from two strangers'."""
    logs = model.weights(name, np.arange(model.chances[name].shape[1] * RARITIES))
    return logs[SAME] - logs[STRANGERS]


def _phrase(model: Model, bits: dict[str, Any], outcomes: dict[str, int]) -> str:
    agree, differ = [], []
    for field in model.fields:
        outcome = outcomes.get(field.name, MISSING)
        if outcome == MISSING:
            continue
        own = float(bits[field.name][outcome])
        words = field.levels[level_of(outcome)].words
        if own >= FOR:
            agree.append((-own, words))
        elif own <= AGAINST:
            differ.append((own, words))
    found = ", ".join(words for _, words in sorted(agree)[:3])
    against = ", ".join(words for _, words in sorted(differ)[:2])
    end = against or NOTHING_ELSE
    return f"{found}, but {end}" if found else end
