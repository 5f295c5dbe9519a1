"""Weights and probabilities of the pairs, by the model."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from listmerge.engine import Engine
from listmerge.model import SCORES, arrow_schema
from listmerge.stages import Findings, Settings, Stage
from listmerge.stages.evidence import OUTCOMES, patterns
from listmerge.stages.train import Model, joint, loads


def compare(engine: Engine, settings: Settings, findings: Findings) -> None:
    """Makes `scores` from the outcomes and the model."""
    models = loads(findings.model)
    levels = engine.get("levels")
    outcomes = {name: levels[name].to_numpy() for name in OUTCOMES}
    found, which, _ = patterns(outcomes)
    weight, probability = scored(models["person"], found)
    engine.put("scores", pa.table(
        [levels["left"], levels["right"], pa.array(weight[which]), pa.array(probability[which]),
         pa.array(np.zeros(len(which), bool))], schema=arrow_schema(SCORES)))


def scored(model: Model, outcomes: dict[str, Any]) -> tuple[Any, Any]:
    """(weight in thousandths of a bit, probability) of each pattern."""
    logs = joint(model, outcomes)
    weight = np.rint(1000 * (logs[0] - np.logaddexp2.reduce(logs[1:], axis=0))).astype(np.int32)
    return weight, (1 / (1 + np.exp2(-weight / 1000.0))).astype(np.float32)


COMPARE: Final = Stage("compare", ("levels",), ("scores",), compare)
