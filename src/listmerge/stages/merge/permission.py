"""May this person be written to? Permission, refusal and deliverability of each address: three facts, never one ladder.

*Permission* is the best evidence that a source of this master gives for this very address; silence is neutral.
*Refusal* is the strictest that any record of the workspace gives for any address of the master, and holds for all of
them; a dated `unsubscribed` is lifted by a later explicit opt-in of the same address in this master's own records,
anything stricter and anything entered by hand by a person's decision alone. *Deliverability* is the worst that any
record says of the address. Where the words leave a choice, the stricter reading is taken; dates are compared by day,
since clocks and zones differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import Bug
from listmerge.model import CHANNELS, DELIVERABILITIES, PERMISSIONS, REFUSALS
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.groups import (
    Numbers,
    codes,
    concatenated,
    filled,
    labels,
    number_of,
    numbers,
    pick,
    ranks,
    starts_run,
    text,
)
from listmerge.stages.merge.sets import address_keys

#: Relationships of a source for which `inferred` stands; all others give no permission by being listed.
INFERS: Final = ("customer", "own")
#: A refusal that holds for every channel, by the channel in which it was said: '*' is any.
EVERY_CHANNEL: Final = (("erased", "*"), ("do-not-contact", "email"))
EMAIL: Final = CHANNELS.index("email")
UNKNOWN: Final = PERMISSIONS.index("unknown")
INFERRED: Final = PERMISSIONS.index("inferred")
UNSUBSCRIBED: Final = REFUSALS.index("unsubscribed")
NO_REFUSAL: Final = REFUSALS.index("")
HARD_BOUNCE: Final = DELIVERABILITIES.index("hard-bounce")
INVALID: Final = DELIVERABILITIES.index("invalid")
UNKNOWN_DELIVERY: Final = DELIVERABILITIES.index("unknown")
_DAY: Final = r"^\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True)
class Listed:
    """The addresses to judge, of all channels: `group`, `channel` (place in CHANNELS), `key`, `invalid` (its quality
    says so) and `live` (a source that may still be used carries it)."""

    group: Numbers
    channel: Numbers
    key: pa.Array
    invalid: Numbers
    live: Numbers


@dataclass(frozen=True)
class Given:
    """What is known: the values and `statements` of the members, and `facts` (cluster, channel, address_key, fact,
    value, date, source, by_hand) that hold for addresses of these masters whoever said them."""

    emails: Values
    addresses: Values
    statements: Values
    facts: pa.Table


@dataclass(frozen=True)
class Rights:
    """What holds for each listed address. The numbers are places in PERMISSIONS, REFUSALS, DELIVERABILITIES; `source,
    date, method` tell where the permission is from; `refused_by` is a row of `refusals`, -1 without."""

    permission: Numbers
    source: pa.Array
    date: pa.Array
    method: pa.Array
    refusal: Numbers
    refusal_date: pa.Array
    refusal_source: pa.Array
    elsewhere: Numbers
    deliverability: Numbers
    usable: Numbers


@dataclass(frozen=True)
class _Said:
    """Rows about addresses: master, channel, `address` (a number shared by all tables of the batch)."""

    table: pa.Table
    group: Numbers
    channel: Numbers
    address: Numbers

    def where(self, mask: Numbers) -> _Said:
        rows = np.flatnonzero(mask)
        return _Said(self.table.take(pa.array(rows)), self.group[rows], self.channel[rows], self.address[rows])


def judge(batch: Batch, listed: Listed, given: Given, allow_inferred: bool) -> Rights:
    """The rights of each listed address."""
    addresses, said, known = _numbered(batch, listed, permission_evidence(batch, given), given.facts)
    permission, best = _best_permission(listed, addresses, said)
    refusals = _standing(known.where(_is(known.table, "fact", "refusal")), said, batch.today)
    refusal, by, elsewhere = _refused(batch.size, listed, addresses, refusals)
    delivery = _deliverability(listed, addresses, known.where(_is(known.table, "fact", "deliverability")))
    agreed = permission < INFERRED if not allow_inferred else permission <= INFERRED
    usable = agreed & (refusal == NO_REFUSAL) & (delivery < HARD_BOUNCE) & listed.live
    usable &= ~batch.reference_masters[listed.group]
    return Rights(
        permission=permission, source=pick(text(said.table, "source"), best),
        date=pick(text(said.table, "date"), best), method=pick(text(said.table, "method"), best),
        refusal=refusal, refusal_date=pick(text(refusals.table, "date"), by),
        refusal_source=_named_source(refusals.table, by), elsewhere=elsewhere, deliverability=delivery, usable=usable,
    )


def permission_evidence(batch: Batch, given: Given) -> pa.Table:
    """(group, channel, address_key, permission, date, source, method, explicit) of all that may count: what the
    members' records state, and what being on a source's list gives to its e-mail addresses by itself."""
    said = given.statements
    stated = _is(said.table, "fact", "permission") & _may_give(batch)[said.at]
    named = filled(text(said.table, "address_key"))
    by_post = said.where(stated & ~named & _is(said.table, "channel", "post"))
    listed = (filled(text(batch.sources, "permission"))[batch.source] & _may_give(batch))[given.emails.at]
    return pa.concat_tables([
        _stated(batch, said.where(stated & named)), _by_post(batch, by_post, given.addresses),
        _by_list(batch, given.emails.where(listed)),
    ])


def _may_give(batch: Batch) -> Numbers:
    """Per member: its record can give permission. Hired and reference-only lists never do, nor those out of time."""
    hired = _is(batch.members, "relationship", "hired") | _is(batch.sources, "relationship", "hired")[batch.source]
    return ~(hired | batch.expired | batch.reference_only)


def _may_infer(batch: Batch) -> Numbers:
    """Per member: its source's relationship allows to infer permission, and its own says nothing else."""
    by_source = number_of(text(batch.sources, "relationship"), INFERS, -1)[batch.source]
    by_record = number_of(text(batch.members, "relationship"), ("", *INFERS), -1)
    return (by_source >= 0) & (by_record >= 0)


def _is(table: pa.Table, column: str, word: str) -> Numbers:
    return pc.equal(text(table, column), word).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def _stated(batch: Batch, stated: Values) -> pa.Table:
    return _evidence(batch, stated, {
        "channel": text(stated.table, "channel"), "address_key": text(stated.table, "address_key"),
        "permission": text(stated.table, "value"), "date": text(stated.table, "date"),
        "method": text(stated.table, "method"), "explicit": numbers(stated.table, "explicit"),
    })


def _by_post(batch: Batch, stated: Values, addresses: Values) -> pa.Table:
    """A record that agrees to post, without saying where, agrees for its own postal addresses."""
    first, end = (np.searchsorted(addresses.at, stated.at, side) for side in ("left", "right"))
    rows = np.repeat(np.arange(len(stated.at)), end - first)
    here = np.repeat(first - np.cumsum(end - first) + (end - first), end - first) + np.arange(len(rows))
    keys = address_keys(addresses.table).take(pa.array(here))
    table = stated.table.take(pa.array(rows))
    table = table.set_column(table.column_names.index("address_key"), "address_key", keys)
    return _stated(batch, Values(table, stated.at[rows], stated.group[rows]))


def _by_list(batch: Batch, emails: Values) -> pa.Table:
    rows = len(emails.at)
    return _evidence(batch, emails, {
        "channel": pa.repeat("email", rows), "address_key": text(emails.table, "email_key"),
        "permission": pick(text(batch.sources, "permission"), batch.source[emails.at]), "date": pa.repeat("", rows),
        "method": pa.repeat("by the list", rows), "explicit": np.zeros(rows, bool),
    })


def _evidence(batch: Batch, values: Values, columns: dict[str, Any]) -> pa.Table:
    permission = _word_numbers(columns["permission"], PERMISSIONS, "permission")
    columns["permission"] = np.where((permission == INFERRED) & ~_may_infer(batch)[values.at], UNKNOWN, permission)
    return pa.table({"group": values.group, **columns, "source": pick(text(batch.members, "source"), values.at)})


def _word_numbers(values: pa.Array, vocabulary: tuple[str, ...], fact: str) -> Numbers:
    found = number_of(values, vocabulary, -1)
    if (found < 0).any():
        raise Bug("unknown-word", f"A record states a {fact} that is none of {', '.join(vocabulary)}.")
    return found


def _numbered(batch: Batch, listed: Listed, evidence: pa.Table, facts: pa.Table) -> tuple[Numbers, _Said, _Said]:
    """Numbers the addresses of all three so that equal ones have equal numbers; -1 for addresses of masters of whom
    nothing is said."""
    of_facts = np.searchsorted(numbers(batch.identities, "cluster"), numbers(facts, "cluster"))
    spoken = np.zeros(batch.size, bool)
    spoken[of_facts] = spoken[numbers(evidence, "group")] = True
    rows = np.flatnonzero(spoken[listed.group])
    keys = labels(concatenated(pick(listed.key, rows), text(evidence, "address_key"), text(facts, "address_key")))
    channels = np.concatenate([listed.channel[rows], *(number_of(text(table, "channel"), CHANNELS, -1)
                                                       for table in (evidence, facts))])
    groups = np.concatenate([listed.group[rows], numbers(evidence, "group"), of_facts])
    cut = np.cumsum([len(rows), evidence.num_rows])
    (_, evidence_group, fact_group), (_, evidence_channel, fact_channel), (own, stated, told) = (
        np.split(column, cut) for column in (groups, channels, codes([groups, channels + 1, keys])))
    addresses = np.full(len(listed.group), -1)
    addresses[rows] = own
    return (addresses, _Said(evidence, evidence_group, evidence_channel, stated),
            _Said(facts, fact_group, fact_channel, told))


def _best_permission(listed: Listed, addresses: Numbers, said: _Said) -> tuple[Numbers, Numbers]:
    """Of each listed address the best permission, and the row that gives it (-1: nothing is known)."""
    permission = numbers(said.table, "permission")
    order = np.lexsort((ranks(text(said.table, "method")), ranks(text(said.table, "source")),
                        -ranks(text(said.table, "date")), permission, said.address))
    heads = order[starts_run(said.address[order])]
    rows = _row_of(addresses, said.address[heads], heads)
    known = np.append(permission, UNKNOWN)[rows]
    return known, np.where(known == UNKNOWN, -1, rows)


def _row_of(wanted: Numbers, sorted_keys: Numbers, rows: Numbers) -> Numbers:
    """For each wanted key the row beside the equal sorted key, -1 without."""
    if not len(sorted_keys):
        return np.full(len(wanted), -1, np.int64)
    place = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[place] == wanted, rows[place], -1)


def _standing(refusals: _Said, evidence: _Said, today: str) -> _Said:
    """The refusals that no opt-in lifts."""
    days = ranks(concatenated(_day(refusals.table), _day(evidence.table), pa.array([today, ""])))
    refused, agreed = days[: len(refusals.group)], days[len(refusals.group) : -2]
    may_lift = numbers(evidence.table, "explicit") & (numbers(evidence.table, "permission") < INFERRED)
    may_lift &= (agreed > 0) & (agreed <= days[-2])
    opted = np.full(max(refusals.address.max(initial=0), evidence.address.max(initial=0)) + 1, -1, np.int64)
    np.maximum.at(opted, evidence.address[may_lift], agreed[may_lift])
    liftable = _is(refusals.table, "value", "unsubscribed") & ~numbers(refusals.table, "by_hand") & (refused > 0)
    liftable &= filled(text(refusals.table, "address_key"))
    return refusals.where(~(liftable & (opted[refusals.address] > refused)))


def _day(table: pa.Table) -> pa.Array:
    """The day of each date, '' where it has none."""
    dates = text(table, "date")
    return pc.if_else(pc.match_substring_regex(dates, _DAY), pc.utf8_slice_codeunits(dates, 0, 10), "")


def _refused(size: int, listed: Listed, addresses: Numbers, refusals: _Said) -> tuple[Numbers, Numbers, Numbers]:
    """Of each listed address the strictest refusal of its person in its channel, the row that says so, and whether it
    was said of another address."""
    strictness = _word_numbers(text(refusals.table, "value"), REFUSALS, "refusal")
    rows, channel = _spread(refusals, strictness)
    person = refusals.group[rows] * len(CHANNELS) + channel
    order = np.lexsort((ranks(text(refusals.table, "source"))[rows], -ranks(text(refusals.table, "date"))[rows],
                        strictness[rows], person))
    heads = order[starts_run(person[order])]
    by = _row_of(listed.group * len(CHANNELS) + listed.channel, person[heads], rows[heads])
    refusal = np.append(strictness, NO_REFUSAL)[by]
    said_here = np.isin(addresses * len(REFUSALS) + refusal, refusals.address * len(REFUSALS) + strictness)
    of_person = pick(text(refusals.table, "address_key"), by)
    return refusal, by, (by >= 0) & ~said_here & filled(of_person)


def _spread(refusals: _Said, strictness: Numbers) -> tuple[Numbers, Numbers]:
    """Each refusal in each channel in which it holds, as (row, channel)."""
    everywhere = np.zeros(len(strictness), bool)
    for word, channel in EVERY_CHANNEL:
        said = strictness == REFUSALS.index(word)
        everywhere |= said if channel == "*" else said & (refusals.channel == CHANNELS.index(channel))
    inside, outside = np.flatnonzero(everywhere), np.flatnonzero(~everywhere)
    rows = np.concatenate([np.repeat(inside, len(CHANNELS)), outside])
    return rows, np.concatenate([np.tile(np.arange(len(CHANNELS)), len(inside)), refusals.channel[outside]])


def _deliverability(listed: Listed, addresses: Numbers, bounces: _Said) -> Numbers:
    """The worst that is said of each address; what is no address is invalid."""
    value = _word_numbers(text(bounces.table, "value"), DELIVERABILITIES, "deliverability")
    value, address = value[value != UNKNOWN_DELIVERY], bounces.address[value != UNKNOWN_DELIVERY]
    order = np.lexsort((-value, address))
    heads = order[starts_run(address[order])]
    worst = np.append(value, UNKNOWN_DELIVERY)[_row_of(addresses, address[heads], heads)]
    return np.where(listed.invalid, INVALID, worst)


def _named_source(refusals: pa.Table, by: Numbers) -> pa.Array:
    """Who said the refusal: the source, or 'by hand'."""
    named = pc.if_else(pa.array(numbers(refusals, "by_hand")), "by hand", text(refusals, "source"))
    return pick(named, by)
