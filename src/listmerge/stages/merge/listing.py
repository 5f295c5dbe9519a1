"""Which addresses a master has, in every channel, to be judged one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import CHANNELS, QUALITIES
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.groups import (
    Numbers,
    codes,
    concatenated,
    filled,
    number_of,
    per_group,
    pick,
    ranks,
    starts_run,
    text,
)
from listmerge.stages.merge.permission import EMAIL, EVERY_CHANNEL, Listed
from listmerge.stages.merge.sets import AddressSet

#: From this quality on a value is no address that anything could reach.
UNREACHABLE: Final = QUALITIES.index("damaged")


@dataclass(frozen=True)
class Listing:
    """The e-mail addresses first (`emails` of them, as in their set), then one blank row for each master without any,
    so that a refusal of the person shows; from `others` on the addresses of other channels. `shown` are the texts."""

    listed: Listed
    shown: pa.Array
    emails: int
    others: int


def list_addresses(
    batch: Batch, emails: AddressSet, phones: AddressSet, postal: AddressSet, statements: Values, facts: pa.Table
) -> Listing:
    """All addresses that a permission, a refusal or a bounce may concern."""
    silent = np.flatnonzero(per_group(emails.group, batch.size) == 0)
    parts = [_of_set(emails, "email"), _blank(silent)]
    if speaks_of_others(statements.table, facts):
        parts += [_of_set(phones, "phone"), _of_set(postal, "post")]
    if len(statements.at):
        parts.append(_only_stated(batch, parts, statements))
    listed, shown = (_below([part[0] for part in parts]), concatenated(*(part[1] for part in parts)))
    return Listing(listed, shown, len(emails.group), len(emails.group) + len(silent))


def speaks_of_others(*tables: pa.Table) -> bool:
    """Whether anything is said of a channel other than e-mail, so that phones and streets need to be judged."""
    words = {word for word, _ in EVERY_CHANNEL}
    return any(
        set(pc.unique(text(table, "channel")).to_pylist()) - {"email"}
        or words & set(pc.unique(text(table, "value")).to_pylist())
        for table in tables
    )


Part = tuple[Listed, pa.Array]


def _of_set(addresses: AddressSet, channel: str) -> Part:
    where = np.full(len(addresses.group), CHANNELS.index(channel))
    invalid = addresses.quality >= UNREACHABLE
    return Listed(addresses.group, where, addresses.key, invalid, addresses.live), addresses.shown


def _blank(groups: Numbers) -> Part:
    none, blank = np.ones(len(groups), bool), pa.repeat("", len(groups))
    return Listed(groups, np.full(len(groups), EMAIL), blank, none, ~none), blank


def _only_stated(batch: Batch, parts: list[Part], statements: Values) -> Part:
    """Addresses that a record states something of, though it lists them nowhere."""
    mine = statements.where(batch.own[statements.at] & filled(text(statements.table, "address_key")))
    before = _below([part[0] for part in parts])
    count = len(before.group)
    channel = number_of(text(mine.table, "channel"), CHANNELS, 0)
    key = text(mine.table, "address_key")
    same = codes([np.concatenate([before.group, mine.group]), np.concatenate([before.channel, channel]),
                  ranks(concatenated(before.key, key))])
    shown = text(mine.table, "address")
    order = np.lexsort((ranks(shown), same[count:]))
    rows = order[starts_run(same[count:][order])]
    rows = rows[~np.isin(same[count:][rows], same[:count])]
    live = np.isin(same[count:][rows], same[count:][~batch.expired[mine.at]])
    return Listed(mine.group[rows], channel[rows], pick(key, rows), np.zeros(len(rows), bool), live), pick(shown, rows)


def _below(parts: list[Listed]) -> Listed:
    return Listed(
        np.concatenate([part.group for part in parts]), np.concatenate([part.channel for part in parts]),
        concatenated(*(part.key for part in parts)), np.concatenate([part.invalid for part in parts]),
        np.concatenate([part.live for part in parts]),
    )
