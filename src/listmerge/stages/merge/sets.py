"""E-mails, phones and postal addresses are sets: every different one is kept, the best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import QUALITIES
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.groups import (
    Numbers,
    codes,
    escaped,
    joined,
    number_of,
    numbers,
    per_group,
    pick,
    ranks,
    starts_run,
    text,
)


@dataclass(frozen=True)
class AddressSet:
    """The different addresses of one kind, sorted by master. `key` is what two are compared by, `shown` the text of the
    best row, `support` how many rows carry it, `slot` the foremost place that it has in a record, `live` whether a
    source that may still be used carries it. `row` is the row of the values whose text is shown, `first` marks it."""

    group: Numbers
    key: pa.Array
    shown: pa.Array
    quality: Numbers
    support: Numbers
    recent: Numbers
    slot: Numbers
    live: Numbers
    first: Numbers
    row: Numbers


def keys_of(key: pa.Array, shown: pa.Array) -> pa.Array:
    """The key where there is one, else the text itself: what is no address is kept too, as it was written."""
    return pc.if_else(pc.not_equal(key, ""), key, shown)


def distinct(
    batch: Batch, values: Values, key: pa.Array, shown: pa.Array, prefer: Numbers | None = None
) -> AddressSet:
    """The set of each master's own values, in the order of their content; the text of a row in `prefer` is shown
    before others."""
    same = _numbered(batch, values, key)
    order = np.argsort(same, kind="stable")
    heads = starts_run(same[order])
    order = _ranked(batch, values, shown, prefer, same, order)
    best = order[heads]
    first = np.zeros(len(order), bool)
    first[best] = True
    recent = batch.updated[values.at]
    latest = np.maximum.reduceat(recent[order], np.flatnonzero(heads)) if len(best) else best
    slot = numbers(values.table, "slot")[order]
    foremost = np.minimum.reduceat(slot, np.flatnonzero(heads)) if len(best) else best
    return AddressSet(
        group=values.group[best], key=pick(key, best), shown=pick(shown, best), quality=_quality(values, best),
        support=per_group(same, 0), recent=latest, slot=foremost, live=_any(same, ~batch.expired[values.at], len(best)),
        first=first, row=best,
    )


def _numbered(batch: Batch, values: Values, key: pa.Array) -> Numbers:
    """Equal numbers for equal keys of one master, from 0, by master and content; keys of masters with one value are not
    looked at."""
    several = np.flatnonzero(per_group(values.group, batch.size)[values.group] > 1)
    rank = np.zeros(len(values.group), np.int64)
    rank[several] = ranks(pick(key, several))
    return codes([values.group, rank])


def _ranked(
    batch: Batch, values: Values, shown: pa.Array, prefer: Numbers | None, same: Numbers, order: Numbers
) -> Numbers:
    """`order`, which sorts by `same`, with the best row of each first: preferred, good, recent, by content."""
    twice = order[per_group(same, 0)[same[order]] > 1]
    behind = np.zeros(len(twice), bool) if prefer is None else ~prefer[twice]
    recent = batch.updated[values.at[twice]]
    best = np.lexsort((ranks(pick(shown, twice)), -recent, _quality(values, twice), behind, same[twice]))
    order = order.copy()
    order[per_group(same, 0)[same[order]] > 1] = twice[best]
    return order


def _quality(values: Values, rows: Numbers) -> Numbers:
    return number_of(pick(text(values.table, "quality"), rows), QUALITIES, len(QUALITIES))


def _any(same: Numbers, mask: Numbers, size: int) -> Numbers:
    return np.bincount(same, weights=mask, minlength=size) > 0


def best_first(addresses: AddressSet, before: Sequence[Numbers]) -> Numbers:
    """The rows of a set by master, best first: `before` (smaller is better), quality, support, date, place in the
    record, content."""
    grades = [*before, addresses.quality, -addresses.support, -addresses.recent, addresses.slot]
    return np.lexsort((np.arange(len(addresses.group)), *reversed(grades), addresses.group))


def best_and_all(addresses: AddressSet, order: Numbers, size: int) -> tuple[pa.Array, pa.Array]:
    """The best of each master, and all of them in one cell."""
    group, shown = addresses.group[order], pick(addresses.shown, order)
    heads = np.full(size, -1, np.int64)
    first = starts_run(group)
    heads[group[first]] = np.flatnonzero(first)
    return pick(shown, heads), joined(escaped(shown), group, size)


def address_lines(table: pa.Table) -> pa.Array:
    """Each postal address in one line: '14 Tannery Row, London, SE1 0ZQ, GB'."""
    parts = [text(table, name) for name in ("street", "city", "region", "postal_code", "country")]
    line = parts[0]
    for part in parts[1:]:
        comma = pc.if_else(pc.and_(pc.not_equal(line, ""), pc.not_equal(part, "")), ", ", "")
        line = pc.binary_join_element_wise(line, part, comma)
    return line


def address_keys(table: pa.Table) -> pa.Array:
    """The key of a postal address, as `gather` writes it too: street|number|city|postcode; '' without any of them."""
    parts = [text(table, name) for name in ("street_key", "number_key", "city_key", "postal_key")]
    key = pc.binary_join_element_wise(*parts, "|")
    return pc.if_else(pc.equal(key, "|||"), "", key)
