"""Why two contacts were not merged, or were: in words for people, from the outcomes and the model."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from listmerge.stages.levels import MISSING, level_of
from listmerge.stages.train import SAME, STRANGERS, Model

#: Bits from which on a field is worth naming, for and against.
FOR: Final = 3.0
AGAINST: Final = -1.0
NOTHING_ELSE: Final = "nothing else to compare"


def reasons(models: dict[str, Model], organisation: Any, outcomes: dict[str, Any], vetoed: Any) -> list[str]:
    """One phrase for each pair: "same e-mail, but different given names"."""
    keys = np.zeros((len(vetoed), len(outcomes) + 2), np.int16)
    keys[:, 0], keys[:, 1] = organisation, vetoed
    for at, column in enumerate(outcomes.values()):
        keys[:, at + 2] = np.where(column == MISSING, MISSING, level_of(column))
    distinct, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    phrases = []
    for row, example in zip(distinct, first, strict=True):
        model = models["organisation" if row[0] else "person"]
        phrases.append(_phrase(model, {name: column[example:example + 1] for name, column in outcomes.items()}, row[1]))
    return [phrases[which] for which in inverse.ravel()]


def _phrase(model: Model, outcomes: dict[str, Any], vetoed: int) -> str:
    agree, differ = [], []
    for field in model.fields:
        outcome = outcomes[field.name]
        if outcome[0] == MISSING:
            continue
        logs = model.weights(field.name, outcome)
        bits = float((logs[SAME] - logs[STRANGERS])[0])
        words = field.levels[int(level_of(outcome)[0])].words
        if bits >= FOR:
            agree.append((-bits, words))
        elif bits <= AGAINST:
            differ.append((bits, words))
    found = ", ".join(words for _, words in sorted(agree)[:3])
    against = ", ".join(words for _, words in sorted(differ)[:2])
    end = "somebody decided that they are different" if vetoed == 2 else against or NOTHING_ELSE
    return f"{found}, but {end}" if found else end
