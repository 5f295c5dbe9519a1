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
    per_group,
    pick,
    ranks,
    starts_run,
    text,
)


@dataclass(frozen=True)
class AddressSet:
    """The different addresses of one kind, sorted by master. `key` is what two are compared by, `shown` the text of the
    best row, `support` how many rows carry it, `live` whether a source that may still be used does. `first` is true for
    each row of the values whose text is shown."""

    group: Numbers
    key: pa.Array
    shown: pa.Array
    quality: Numbers
    support: Numbers
    recent: Numbers
    live: Numbers
    first: Numbers


def keys_of(key: pa.Array, shown: pa.Array) -> pa.Array:
    """The key where there is one, else the text itself: what is no address is kept too, as it was written."""
    return pc.if_else(pc.not_equal(key, ""), key, shown)


def distinct(
    batch: Batch, values: Values, key: pa.Array, shown: pa.Array, prefer: Numbers | None = None
) -> AddressSet:
    """The set of each master's own values, in the order of their content; the text of a row in `prefer` is shown
    before others."""
    quality = number_of(text(values.table, "quality"), QUALITIES, len(QUALITIES))
    recent = batch.updated[values.at]
    same = codes([values.group, ranks(key)])
    behind = np.zeros(len(same), bool) if prefer is None else ~prefer
    order = np.lexsort((ranks(shown), -recent, quality, behind, same))
    heads = starts_run(same[order])
    best = order[heads]
    first = np.zeros(len(order), bool)
    first[best] = True
    latest = np.maximum.reduceat(recent[order], np.flatnonzero(heads)) if len(best) else best
    return AddressSet(
        group=values.group[best], key=pick(key, best), shown=pick(shown, best), quality=quality[best],
        support=per_group(same, 0), recent=latest,
        live=_any(same, ~batch.expired[values.at], len(best)), first=first,
    )


def _any(same: Numbers, mask: Numbers, size: int) -> Numbers:
    return np.bincount(same, weights=mask, minlength=size) > 0


def best_first(addresses: AddressSet, before: Sequence[Numbers]) -> Numbers:
    """The rows of a set by master, best first: `before` (smaller is better), quality, support, date, content."""
    grades = [*before, addresses.quality, -addresses.support, -addresses.recent]
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
