"""Where the records of a master disagree: the winner, the rule that chose it, the others with their file and row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import CONFLICTS, PERMISSIONS, REFUSALS, SEVERITIES, arrow_schema
from listmerge.stages.merge.batch import Batch
from listmerge.stages.merge.groups import (
    Numbers,
    codes,
    escaped,
    filled,
    joined,
    labels,
    number_of,
    pick,
    starts_run,
    text,
    words,
)
from listmerge.stages.merge.permission import INFERRED, NO_REFUSAL, Listed, Rights
from listmerge.stages.merge.rules import Choice
from listmerge.stages.merge.sets import address_lines
from listmerge.stages.merge.severity import Field

AGREE: Final = len(SEVERITIES)
REFUSAL_WINS: Final = "refusal-wins"


@dataclass(frozen=True)
class _Contest:
    """The contested rows of a choice that have a value of one field: `row` of the values, `place` in the ranking,
    `head` the first of them of the same master, `key` what is compared. Rows that say nothing but what the winner says
    cannot disagree in any field."""

    row: Numbers
    place: Numbers
    head: Numbers
    key: pa.Array


def of_field(batch: Batch, field: Field, choice: Choice) -> pa.Table:
    """One row for each master whose records differ in the field."""
    contest = _contest(field, choice)
    grade = _grades(field, contest)
    grade, differing = _distinct(choice, contest, grade)
    if not len(differing):
        return arrow_schema(CONFLICTS).empty_table()
    group = choice.values.group[contest.row[differing]]
    first = starts_run(group)
    size, position = int(first.sum()), np.cumsum(first) - 1
    winner = choice.winner[group[first]]
    others = _with_origin(_shown(field, choice, contest.row[differing]), _origin(batch, choice, contest.row[differing]))
    worst = np.minimum.reduceat(grade[differing], np.flatnonzero(first))
    return pa.table([
        pick(text(batch.identities, "master_id"), group[first]), pa.repeat(field.name, size),
        _shown(field, choice, winner), _origin(batch, choice, winner),
        _deciding_rule(choice, contest, differing[first]), joined(escaped(others), position, size),
        words(worst, SEVERITIES),
    ], schema=arrow_schema(CONFLICTS))


def _contest(field: Field, choice: Choice) -> _Contest:
    key = _joined_key(field, choice.values.table, choice.ranked[choice.contested])
    saying = np.flatnonzero(filled(key))
    place = choice.contested[saying]
    row = choice.ranked[place]
    first = starts_run(choice.values.group[row])
    return _Contest(row, place, np.flatnonzero(first)[np.cumsum(first) - 1], pick(key, saying))


def _joined_key(field: Field, table: pa.Table, rows: Numbers) -> pa.Array:
    parts = [pick(text(table, name), rows) for name in field.key]
    if len(parts) == 1:
        return parts[0]
    key = pc.binary_join_element_wise(*parts, "|")
    return pc.if_else(pc.equal(key, "|" * (len(parts) - 1)), "", key)


def _grades(field: Field, contest: _Contest) -> Numbers:
    """How grave each row differs from the first of its master: places in SEVERITIES, AGREE where it does not; worked
    out once for each different pair of keys."""
    grade = np.full(len(contest.row), AGREE)
    one, other = pick(contest.key, contest.head), contest.key
    rows = np.flatnonzero(pc.not_equal(one, other).to_numpy(zero_copy_only=False))
    pairs = codes([labels(pick(one, rows)), labels(pick(other, rows))])
    _, example = np.unique(pairs, return_index=True)
    ones, others = (pick(keys, rows[example]).to_pylist() for keys in (one, other))
    said = pa.array([field.severity(a, b) for a, b in zip(ones, others, strict=True)], pa.string())
    grade[rows] = number_of(said, SEVERITIES, AGREE)[pairs]
    return grade


def _distinct(choice: Choice, contest: _Contest, grade: Numbers) -> tuple[Numbers, Numbers]:
    """The rows that differ, once for each different value of a master, best first."""
    rows = np.flatnonzero(grade < AGREE)
    group = choice.values.group[contest.row[rows]]
    value = codes([group, labels(pick(contest.key, rows))])
    return grade, rows[np.sort(np.unique(value, return_index=True)[1])]


def _deciding_rule(choice: Choice, contest: _Contest, rows: Numbers) -> pa.Array:
    """The first rule by which the winner and the best of the others differ."""
    group = choice.values.group[choice.ranked]
    winner = np.searchsorted(group, choice.values.group[contest.row[rows]])
    rule = np.full(len(rows), len(choice.rules) - 1)
    for number in reversed(range(len(choice.rules))):
        grade = choice.grades[number]
        rule[grade[winner] != grade[contest.place[rows]]] = number
    return words(rule, choice.rules)


def _shown(field: Field, choice: Choice, rows: Numbers) -> pa.Array:
    """The texts of some rows."""
    if len(field.shown) == 1:
        return pick(text(choice.values.table, field.shown[0]), rows)
    return address_lines(choice.values.table.select(field.shown).take(pa.array(rows)))


def _origin(batch: Batch, choice: Choice, rows: Numbers) -> pa.Array:
    """'file:row' of some rows."""
    at = pa.array(choice.values.at[rows])
    row = pc.cast(batch.members["source_row"].combine_chunks().take(at), pa.string())
    return pc.binary_join_element_wise(text(batch.members, "source_file").take(at), row, ":")


def _with_origin(values: pa.Array, origin: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(values, pc.binary_join_element_wise("(", origin, ")", ""), " ")


def of_permissions(batch: Batch, listed: Listed, rights: Rights) -> pa.Table:
    """Addresses that one source says may be written to and that were refused: the refusal holds. It must be decided
    where another source has an agreement that is not the older of the two."""
    both = (rights.permission < INFERRED) & (rights.refusal != NO_REFUSAL)
    rows = np.flatnonzero(both & filled(listed.key))
    agreed, refused = pick(rights.date, rows), pick(rights.refusal_date, rows)
    newer = pc.and_(pc.not_equal(agreed, ""), pc.greater_equal(agreed, refused))
    elsewhere = pc.not_equal(pick(rights.source, rows), pick(rights.refusal_source, rows))
    severity = pc.if_else(pc.and_(newer, elsewhere), "must-decide", "information")
    permission = _with_origin(words(rights.permission[rows], PERMISSIONS), pick(rights.source, rows))
    return pa.table([
        pick(text(batch.identities, "master_id"), listed.group[rows]), pa.repeat("permission", len(rows)),
        words(rights.refusal[rows], REFUSALS), pick(rights.refusal_source, rows), pa.repeat(REFUSAL_WINS, len(rows)),
        permission, severity,
    ], schema=arrow_schema(CONFLICTS))
