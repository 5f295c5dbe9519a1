"""The model: what each level of agreement is worth in the lists at hand, learned without labels.

Fellegi–Sunter (1969) with EM (Winkler 1988), but with three kinds of pairs that are not one person: strangers, members
of a household, people of one workplace. Two strangers agree by chance, so their chances come from the frequencies of
the values. Relatives share surname, address, phone; colleagues company and switchboard; both share nothing else.
Without these two kinds a family looks like one person. EM sees counts of comparison patterns only; starting weights
(weights.py) count as some records that were seen before, so that short lists hardly move them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from listmerge.engine import Engine
from listmerge.stages import Findings, Settings, Stage
from listmerge.stages.codes import Codes
from listmerge.stages.evidence import compared, patterns
from listmerge.stages.features import TABLES, features_of
from listmerge.stages.levels import MISSING, RARITIES, bits_of, level_of
from listmerge.stages.weights import FIELDS, NEEDS, RARE, Field, Needs

ROUNDS: Final = 30
#: So many pairs show what there is to learn: more only cost time.
ENOUGH: Final = 400_000
#: Field -> the last level at which something of a person's own is shared.
TELLING: Final = {"email": 3, "phone": 3, "address": 2, "birthday": 1, "identifier": 0}
#: Relatives have one given name now and then, and no oftener than is usual: else EM takes copies for relatives where a
#: list has little but names and phones.
OWN: Final = "given"
SAME, STRANGERS, HOUSEHOLD, COLLEAGUES = range(4)


@dataclass(slots=True)
class Model:
    """Chances of the levels of each field in the four kinds of pairs, and how many pairs in all are of each kind."""

    fields: tuple[Field, ...]
    chances: dict[str, Any]         # field -> array (4 kinds, levels); strangers' RARE stays RARE
    shares: Any                     # of the four kinds, of all pairs there are

    def to_json(self) -> Any:
        """For `loads`."""
        return {"chances": {name: np.round(table, 9).tolist() for name, table in self.chances.items()},
                "shares": [float(f"{share:.9e}") for share in self.shares]}

    @classmethod
    def from_json(cls, raw: Any, fields: tuple[Field, ...]) -> Model:
        """Inverse of `to_json`."""
        return cls(fields, {name: np.array(table) for name, table in raw["chances"].items()}, np.array(raw["shares"]))

    def weights(self, name: str, outcomes: Any) -> Any:
        """log2 of the chance of each outcome, by kind of pair: (4, len(outcomes)); 0 where a value is missing. For a
        shared value its own rarity is left out in all kinds but the strangers'."""
        return self._weights(name)[outcomes].T

    def _weights(self, name: str) -> Any:
        """`weights` of every outcome, one to a row; the last is MISSING, which is -1."""
        table = self.chances[name]
        every = np.arange(table.shape[1] * RARITIES, dtype=np.int16)
        found = np.log2(np.maximum(table, 1e-12))[:, level_of(every)]
        found[STRANGERS] = np.where(table[STRANGERS, level_of(every)] == RARE, -bits_of(every), found[STRANGERS])
        found = np.where(table[:, level_of(every)] == RARE, found[STRANGERS], found)
        return np.ascontiguousarray(np.append(found, np.zeros((len(table), 1)), axis=1).T)

    def joint(self, outcomes: dict[str, Any]) -> Any:
        """log2 of share and chance of each kind, for each pair or pattern: (4, number)."""
        size = len(next(iter(outcomes.values())))
        logs = np.repeat(np.log2(np.maximum(self.shares, 1e-30))[None, :], size, axis=0)
        own = np.empty_like(logs)
        for field in self.fields:
            if (outcomes[field.name] != MISSING).any():
                logs += self._weights(field.name).take(outcomes[field.name], axis=0, out=own, mode="wrap")
        return np.ascontiguousarray(logs.T)


def starting_model(fields: tuple[Field, ...], count: int) -> Model:
    """What is believed before anything was seen."""
    everything = max(count * (count - 1) / 2, 1.0)
    return Model(fields, {field.name: _start(field) for field in fields},
                 _shares(max(count, 2) * np.array([0.3, 0.0, 0.1, 0.1]), everything))


def _start(field: Field) -> Any:
    rows = [[level.same for level in field.levels], [level.strangers for level in field.levels]]
    for kind in ("household", "colleagues"):
        own = [getattr(level, kind) for level in field.levels]
        rows.append([stranger if chance is None else chance for chance, stranger in zip(own, rows[1], strict=True)])
    return np.array(rows, float)


def learn(model: Model, outcomes: dict[str, Any], pairs: Any, count: int) -> Model:
    """EM over patterns: `outcomes` has one entry per pattern and field, `pairs` how many pairs show it."""
    everything = max(count * (count - 1) / 2, 1.0)
    outcomes = {field.name: outcomes[field.name].astype(np.intp) for field in model.fields}
    levels = {field.name: np.where(outcomes[field.name] == MISSING, len(field.levels), level_of(outcomes[field.name]))
              for field in model.fields}
    for _ in range(ROUNDS):
        belief = kinds(model, outcomes) * pairs
        model = _maximise(model, levels, belief, everything)
    return model


def kinds(model: Model, outcomes: dict[str, Any]) -> Any:
    """The probability of each kind, for each pattern: (4, patterns)."""
    logs = model.joint(outcomes)
    logs -= logs.max(axis=0)
    powers = np.exp2(logs)
    return powers / powers.sum(axis=0)


def scored(model: Model, outcomes: dict[str, Any]) -> Any:
    """The weight of each pair or pattern in thousandths of a bit: the log odds of one person against all else."""
    logs = model.joint(outcomes)
    weights = np.rint(1000 * (logs[SAME] - np.logaddexp2.reduce(logs[1:], axis=0))).astype(np.int32)
    for rule in NEEDS if "given" in outcomes else ():
        weights = np.where(lacking(rule, outcomes), np.minimum(weights, int(1000 * rule.most)), weights)
    return weights


def lacking(rule: Needs, outcomes: dict[str, Any]) -> Any:
    """Where names differ as the rule says and nothing outweighs that."""
    lacks = np.ones(len(outcomes["given"]), bool)
    for name, level in rule.differing:
        lacks &= (outcomes[name] != MISSING) & (level_of(outcomes[name]) >= level)
    for name, level in rule.outweighed_by:
        lacks &= (outcomes[name] == MISSING) | (level_of(outcomes[name]) > level)
    return lacks


def _maximise(model: Model, levels: dict[str, Any], belief: Any, everything: float) -> Model:
    """The model that is best for what is believed of each pattern; the level after a field's last is MISSING."""
    chances = {}
    for field in model.fields:
        start = _start(field)
        chances[field.name] = np.array([_moved(field, start, kind, levels[field.name], belief[kind])
                                        for kind in range(len(start))])
    return Model(model.fields, chances, _shares(belief.sum(axis=1) + _reckoned(everything), everything))


def _moved(field: Field, start: Any, kind: int, levels: Any, belief: Any) -> Any:
    """The chances of the levels in a kind of pairs, as they are believed; those that strangers have too stay."""
    own = (start[kind] != start[STRANGERS]) & np.array([level.learned for level in field.levels])
    chances = start[kind].copy()
    if own.any():
        usual = chances[own]
        learned = np.bincount(levels, weights=belief, minlength=len(own))[:len(own)][own] + field.trust * usual
        if kind != SAME and field.name == OWN:
            learned[0] = min(learned[0], usual[0] / usual[1:].sum() * learned[1:].sum())
        chances[own] = learned / learned.sum() * usual.sum()
    return chances


def _reckoned(everything: float) -> Any:
    """Pairs of each kind to reckon with before any was seen: some in any list, few in short ones."""
    contacts = np.sqrt(2 * everything)
    return min(0.15 * contacts, 10.0) * np.array([1.0, 0.0, 0.5, 0.5])


def _shares(pairs: Any, everything: float) -> Any:
    """Shares of the four kinds of pairs of all pairs; at least a quarter are strangers."""
    shares = pairs / everything
    shares[STRANGERS] = 0.0
    shares *= min(1.0, 0.75 / max(shares.sum(), 1e-12))
    shares[STRANGERS] = 1 - shares.sum()
    return shares


def dumps(models: dict[str, Model], counts: dict[str, int]) -> str:
    """Models by kind of contact, and on how many contacts they were learned, as JSON with sorted keys."""
    return json.dumps({"contacts": counts, "models": {kind: model.to_json() for kind, model in models.items()}},
                      sort_keys=True)


def loads(text: str) -> dict[str, Model]:
    """The models that `dumps` wrote."""
    return {kind: Model.from_json(raw, FIELDS[kind]) for kind, raw in json.loads(text)["models"].items()}


def train(engine: Engine, settings: Settings, findings: Findings) -> None:
    """Makes `levels`, the outcome of each field for each pair, and the model."""
    found = features_of(engine)
    pairs = engine.get("pairs")
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    outcomes = compared(found, left, right)
    engine.put("levels", pa.table({"left": pairs["left"], "right": pairs["right"], **outcomes}))
    counts = {kind: int((found.organisation == (kind == "organisation")).sum()) for kind in FIELDS}
    if settings.model and still_fits(settings.model, counts):
        findings.model = settings.model
        return
    if settings.model:
        findings.remarks.append("The lists have changed enough for the model to be learned anew.")
    own = {kind: np.flatnonzero(found.organisation[left] == (kind == "organisation")) for kind in FIELDS}
    findings.model = dumps({kind: _learned(kind, outcomes, *sample(outcomes, own[kind], left, right), count)
                            for kind, count in counts.items()}, counts)


def still_fits(text: str, counts: dict[str, int]) -> bool:
    """Whether a model of the last run was learned on about as many contacts of each kind (a tenth more or less)."""
    before = json.loads(text).get("contacts", {})
    return all(kind in before and abs(count - before[kind]) <= 0.1 * before[kind] for kind, count in counts.items())


def sample(outcomes: dict[str, Any], rows: Any, left: Codes, right: Codes) -> tuple[Any, Any]:
    """(some of the pairs `rows`, how many pairs each stands for): all where they are few, else about ENOUGH, half of
    them of those that share something that is a person's own, of which there is most to learn."""
    if len(rows) <= ENOUGH:
        return rows, np.ones(len(rows))
    shared = np.zeros(len(rows), bool)
    for name, level in TELLING.items():
        shared |= (outcomes[name][rows] >= 0) & (outcomes[name][rows] < (level + 1) * RARITIES)
    parts = [part for part in (rows[shared], rows[~shared]) if len(part)]
    taken = [part[sampled(left[part], right[part], ENOUGH // 2)] for part in parts]
    stands_for = [len(part) / max(len(some), 1) for part, some in zip(parts, taken, strict=True)]
    return np.concatenate(taken), np.repeat(stands_for, [len(some) for some in taken])


def sampled(left: Codes, right: Codes, most: int) -> Any:
    """About `most` of the pairs, whatever their order: those whose two numbers make the smallest number when mixed."""
    if len(left) <= most:
        return np.arange(len(left))
    mixed = left.astype(np.uint32) * np.uint32(0x9E3779B1) + right.astype(np.uint32) * np.uint32(0x85EBCA77)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        mixed ^= mixed >> np.uint32(shift)
        mixed *= np.uint32(factor)
    return np.flatnonzero(mixed < np.uint32(most / len(left) * 2.0**32))


def _learned(kind: str, outcomes: dict[str, Any], rows: Any, stands_for: Any, count: int) -> Model:
    """The model of some pairs, each of which stands for several."""
    model = starting_model(FIELDS[kind], count)
    if not len(rows):
        return model
    seen, which, _ = patterns({field.name: outcomes[field.name][rows] for field in FIELDS[kind]})
    return learn(model, seen, np.bincount(which, weights=stands_for), count)


TRAIN: Final = Stage("train", (*TABLES, "pairs"), ("levels",), train)
