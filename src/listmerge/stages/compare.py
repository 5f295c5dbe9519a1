"""Weights and probabilities of the pairs, by the model."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from listmerge.engine import Engine
from listmerge.engine.graph import smallest_connected
from listmerge.model import SCORES, arrow_schema
from listmerge.stages import Findings, Settings, Stage
from listmerge.stages.block import pairs_within
from listmerge.stages.codes import Codes
from listmerge.stages.evidence import BATCH, OUTCOMES, compared, in_batches
from listmerge.stages.features import TABLES, features_of
from listmerge.stages.levels import MISSING, level_of
from listmerge.stages.train import Model, loads, scored

#: Groups of at most so many contacts are compared in full before they are linked.
FULL_GROUP: Final = 40


def compare(engine: Engine, settings: Settings, findings: Findings) -> None:
    """Makes `scores` from the outcomes and the model.

    Contacts that a chain of likely pairs connects, but no key brought together, are compared too: a group is judged by
    all its pairs.
    """
    models = loads(findings.model)
    found = features_of(engine)
    levels = engine.get("levels")
    left, right = levels["left"].to_numpy(), levels["right"].to_numpy()
    outcomes = {name: levels[name].to_numpy() for name in OUTCOMES}
    weight, veto = _weights(models, found.organisation[left], outcomes), vetoed(outcomes)
    more_left, more_right = unseen_within(left, right, weight > 0)
    outcomes = compared(found, more_left, more_right)
    more, more_veto = _weights(models, found.organisation[more_left], outcomes), vetoed(outcomes)
    left, right, weight, veto = (np.concatenate(both) for both in (
        (left, more_left), (right, more_right), (weight, more), (veto, more_veto)))
    findings.counts["pairs_compared"] = len(left)
    probability = (1 / (1 + np.exp2(-weight / 1000.0))).astype(np.float32)
    engine.put("scores", pa.table([left, right, weight, probability, veto],
                                  schema=arrow_schema(SCORES)))


def vetoed(outcomes: dict[str, Any]) -> Any:
    """Pairs that no evidence joins: Senior and Junior, unless birthday or number is the same."""
    apart = (outcomes["suffix"] != MISSING) & (level_of(outcomes["suffix"]) == 1)
    for name in ("birthday", "identifier"):
        apart &= (outcomes[name] == MISSING) | (level_of(outcomes[name]) != 0)
    return apart


def _weights(models: dict[str, Model], organisation: Any, outcomes: dict[str, Any]) -> Any:
    """The weight of each pair, by the model of its kind."""
    weights = np.zeros(len(organisation), np.int32)

    def fill(at: int) -> None:
        batch = slice(at, at + BATCH)
        for kind, model in models.items():
            rows = at + np.flatnonzero(organisation[batch] == (kind == "organisation"))
            if len(rows):
                weights[rows] = scored(model, {field.name: outcomes[field.name][rows] for field in model.fields})

    in_batches(len(organisation), fill)
    return weights


def unseen_within(left: Codes, right: Codes, likely: Any) -> tuple[Codes, Codes]:
    """The pairs within groups that the likely pairs connect, which are not among the pairs yet; both in
    order."""
    group = smallest_connected(left[likely], right[likely], 1 + int(right.max(initial=-1)))
    size = np.bincount(group)[group]
    contact = np.flatnonzero(size > 2)          # the one pair of two is known
    contact = contact[np.argsort(group[contact], kind="stable")]
    start = np.flatnonzero(np.diff(group[contact], prepend=-1))
    every = np.sort(np.concatenate([np.empty(0, np.int64),
                                    *pairs_within(contact, start, size[contact[start]], FULL_GROUP)]))
    pairs = (left.astype(np.int64) << 32) | right
    known = pairs[np.minimum(np.searchsorted(pairs, every), len(pairs) - 1)] == every if len(pairs) else every < 0
    new = every[~known]
    return (new >> 32).astype(np.int32), (new & 0xFFFFFFFF).astype(np.int32)


COMPARE: Final = Stage("compare", (*TABLES, "levels"), ("scores",), compare)
