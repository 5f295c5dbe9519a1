"""Why two contacts are one, or not: the evidence part by part, from prior to probability, and what would turn it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from listmerge.stages.block import keys_shared
from listmerge.stages.compare import vetoed
from listmerge.stages.evidence import compared
from listmerge.stages.features import Features, features
from listmerge.stages.levels import MISSING, bits_of, level_of, outcome
from listmerge.stages.texts import COLUMNS, both
from listmerge.stages.train import SAME, STRANGERS, Model, lacking, loads, scored
from listmerge.stages.weights import NEEDS, RARE, Field

#: Fields as people call them.
NAMES: Final = {
    "given": "given name", "family": "family name", "middle": "middle name", "suffix": "suffix", "email": "e-mail",
    "phone": "phone", "address": "address", "work": "company", "birthday": "birthday", "identifier": "number",
    "company": "name", "prior": "before anything is compared", "relatives": "may be relatives or colleagues",
    "decision": "decision",
}


NO_VALUE: Final = "no value on one side"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of evidence: `weight` in thousandths of a bit, `words` what was found, `rarity` how rare the shared
    value is ('1 in 240,000') or '', `values` what the two have there."""

    name: str
    weight: int
    words: str
    rarity: str = ""
    values: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change of one field that takes the pair across the threshold, all else as it is."""

    name: str
    words: str
    outcome: int
    probability: float
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts add up to `weight`; `keys` bring the two together (none: they were never compared for their own sake);
    `change` would turn the pair's own probability, None when no single change does; `never` is why no evidence joins
    them, or ''."""

    parts: tuple[Part, ...]
    weight: int
    probability: float
    keys: tuple[str, ...]
    change: Change | None
    outcomes: Mapping[str, int] = field(default_factory=dict)
    never: str = ""


def explain(
    tables: Mapping[str, pa.Table], model: str, left: int, right: int, threshold: float = 0.5,
    found: Features | None = None,
) -> Explanation:
    """The evidence between contacts `left` and `right` of the five tables, by the model of the run; `found` are the
    features of the tables where they are known already.

    Persons and organisations are never compared: one part says so.
    """
    found = found or features(tables)
    if found.organisation[left] != found.organisation[right]:
        return Explanation((Part("prior", -100_000, "a person and an organisation are never one"),), -100_000, 0.0, (),
                           None)
    ends = np.array([min(left, right)], np.int32), np.array([max(left, right)], np.int32)
    own = loads(model)["organisation" if found.organisation[left] else "person"]
    every = compared(found, *ends)
    outcomes = {one.name: every[one.name] for one in own.fields}
    parts = tuple(replace(part, values=both(tables, part.name, left, right)) for part in _parts(own, outcomes))
    weight = weight_of(own, outcomes)
    return Explanation(
        parts, weight, probability(weight), keys_shared(found, int(ends[0][0]), int(ends[1][0])),
        _turning(own, outcomes, threshold), {name: int(values[0]) for name, values in outcomes.items()},
        _never(tables["contacts"], left, right, bool(vetoed(every)[0])))


def _never(contacts: pa.Table, left: int, right: int, apart: bool) -> str:
    if contacts["record_id"][left].as_py() == contacts["record_id"][right].as_py():
        return "both stand in one record: whoever wrote it took them for two"
    return "Senior and Junior are two, unless birthday or number is the same" if apart else ""


def probability(weight: int) -> float:
    """Of a weight in thousandths of a bit."""
    return float(1 / (1 + np.exp2(-weight / 1000.0)))


def weight_of(model: Model, outcomes: Mapping[str, Any]) -> int:
    """The weight of one pair, as `compare` gives it."""
    return int(scored(model, dict(outcomes))[0])


def _parts(model: Model, outcomes: Mapping[str, Any]) -> tuple[Part, ...]:
    """Prior, fields, and what the relatives and colleagues take away; the last makes the sum exact."""
    prior = round(1000 * float(np.log2(model.shares[SAME] / model.shares[STRANGERS])))
    parts = [Part("prior", prior, "two contacts of these lists, chosen blindly")]
    for one in model.fields:
        seen = outcomes[one.name]
        if seen[0] != MISSING:
            logs = model.weights(one.name, seen)
            bits = round(1000 * float((logs[SAME] - logs[STRANGERS])[0]))
            parts.append(Part(one.name, bits, one.levels[int(level_of(seen)[0])].words, _rarity(model, one.name, seen)))
    rest = weight_of(model, outcomes) - sum(part.weight for part in parts)
    if abs(rest) > 5:
        unlike = "given" in outcomes and any(bool(lacking(rule, dict(outcomes))[0]) for rule in NEEDS)
        parts.append(Part("relatives", rest, "names differ, and nothing that is one person's own outweighs it" if unlike
                          else "households and workplaces share such values too"))
    else:
        parts[0] = Part("prior", prior + rest, parts[0].words)
    return tuple(parts)


def _rarity(model: Model, name: str, seen: Any) -> str:
    if model.chances[name][STRANGERS, int(level_of(seen)[0])] != RARE:
        return ""
    many = max(2.0 ** float(bits_of(seen)[0]), 1.0)
    return f"1 in {int(float(f'{many:.2g}')):,}"


def _said(one: Field, seen: Any) -> str:
    return NO_VALUE if seen[0] == MISSING else one.levels[int(level_of(seen)[0])].words


def _turning(model: Model, outcomes: Mapping[str, Any], threshold: float) -> Change | None:
    """Tries every other level of every field (a shared value of middling rarity where it matters)."""
    bar = 1000 * float(np.log2(threshold / (1 - threshold)))
    now = weight_of(model, outcomes)
    best: tuple[float, Change] | None = None
    for one in model.fields:
        for level, words in [(MISSING, NO_VALUE), *enumerate(step.words for step in one.levels)]:
            other = np.int16(MISSING) if level == MISSING else outcome(level, 12.0)
            weight = weight_of(model, {**outcomes, one.name: np.array([other], np.int16)})
            if (weight > bar) != (now > bar) and (best is None or abs(weight - now) < best[0]):
                best = abs(weight - now), Change(one.name, words, int(other), probability(weight), _said(
                    one, outcomes[one.name]))
    return best[1] if best else None


def sentences(explanation: Explanation) -> list[str]:
    """The explanation as lines for people: a waterfall of weights, in bits."""
    lines = []
    total = 0
    for part in explanation.parts:
        total += part.weight
        said = ": ".join(filter(None, (part.values, part.rarity)))
        lines.append(f"{part.weight / 1000:+8.1f}  {NAMES[part.name]}: {part.words}{f' ({said})' if said else ''}")
    lines.append(f"{total / 1000:+8.1f}  in all: probability {explanation.probability:.3f}")
    lines += [f"never joined: {explanation.never}"] if explanation.never else []
    lines.append("brought together by: " + "; ".join(explanation.keys) if explanation.keys else
                 f"not compared for their own sake: {_alike(explanation)}")
    change = explanation.change
    lines.append(
        f"smallest change that would turn it: {NAMES[change.name]} “{change.words}” in place of “{change.instead}” "
        f"(probability {change.probability:.3f})" if change else "no change of one field alone would turn it")
    return lines


def _alike(explanation: Explanation) -> str:
    """What speaks for the two, but is not looked up."""
    parts = [part.words for part in explanation.parts if part.weight > 0 and part.name in COLUMNS]
    return f"{' and '.join(parts)} alone bring no two contacts together" if parts else "they have nothing in common"
