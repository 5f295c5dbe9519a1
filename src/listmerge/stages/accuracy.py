"""How right a run is and what plain rules would have reached in its place, put together from what the stages know."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import numpy as np
import pyarrow as pa

from listmerge.stages.codes import Codes
from listmerge.stages.estimate import Found, estimated, expected_right, pairs_of, precision_of, recall_of
from listmerge.stages.evidence import OUTCOMES
from listmerge.stages.features import Features
from listmerge.stages.planted import found_share
from listmerge.stages.rules import beside_rules
from listmerge.stages.strangers import KINDS, Known, joined_strangers
from listmerge.stages.train import Model


def accuracy_of(
    found: Features, models: Mapping[str, Model], levels: pa.Table, clusters: Future[Codes],
    pairs: tuple[Codes, Codes, Any], bar: float,
) -> dict[str, Any]:
    """For run.json: `accuracy`, `expected_right_pairs`, `rules`. `levels` are the outcomes of the pairs that keys
    brought together, the first of all `pairs` (left, right, probability); `bar` is the weight in bits from which on two
    are one. What asks for no clusters is done while these are still made."""
    left, right, probability = pairs
    by_key = slice(0, levels.num_rows)
    likely = _likely(found, models, (left[by_key], right[by_key], probability[by_key]), bar)
    strangers = sum(joined_strangers(Known(found, levels, clusters, kind), models[kind], round(1000 * bar))
                    for kind in KINDS if kind in models)
    cluster = clusters.result()
    inside = cluster[left] == cluster[right]
    joined = pairs_of(cluster)
    expected = expected_right(cluster, left[inside], right[inside], probability[inside])
    accuracy = estimated(joined, expected, likely, strangers)
    beside = beside_rules(joined, inside[by_key], probability[by_key],
                          {name: levels[name].to_numpy() for name in OUTCOMES})
    counts = {"both": beside.both, "only_rules": beside.only_rules, "only_model": beside.only_model}
    rules = {**precision_of(beside.found, beside.right), **recall_of(beside.right, accuracy["expected_true_pairs"])}
    return {"accuracy": {**accuracy, "rules": {**rules, **counts}},
            "expected_right_pairs": accuracy["expected_right_pairs"], "rules": {**beside.by_rule, **counts}}


def _likely(
    found: Features, models: Mapping[str, Model], pairs: tuple[Codes, Codes, Any], bar: float
) -> dict[str, Found]:
    """Of each kind of contacts that has likely pairs: how many are right, and how many of all those are."""
    left, right, probability = pairs
    sure = np.flatnonzero(probability > 1 / (1 + 2.0 ** -bar))
    organisation = found.organisation[left[sure]]
    made = {}
    for kind, model in models.items():
        mine = sure[organisation == (kind == "organisation")]
        if len(mine):
            share = found_share(found, kind, model, left[mine], right[mine], round(1000 * bar))
            made[kind] = Found(float(probability[mine].sum()), share)
    return made
