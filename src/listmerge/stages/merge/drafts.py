"""One batch of whole masters: all tables that the merge makes, but for what needs other masters (see `links`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import categories
from listmerge.model import (
    CHANNELS,
    CONFLICTS,
    CROSSWALK,
    DELIVERABILITIES,
    KINDS,
    MASTERS,
    OUTLINES,
    PERMISSION_ROWS,
    PERMISSIONS,
    REFUSALS,
    Columns,
    arrow_schema,
)
from listmerge.stages.merge import conflicts, fates, phones, reasons, units
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.beside import last_seen, shown_probability
from listmerge.stages.merge.gather import Lists
from listmerge.stages.merge.groups import (
    Numbers,
    escaped,
    filled,
    joined,
    number_of,
    numbers,
    per_group,
    pick,
    ranks,
    starts_run,
    text,
    words,
)
from listmerge.stages.merge.listing import Listing, list_addresses
from listmerge.stages.merge.permission import NO_REFUSAL, UNKNOWN, UNKNOWN_DELIVERY, Given, Rights, judge
from listmerge.stages.merge.rules import Choice, choose
from listmerge.stages.merge.sets import (
    AddressSet,
    address_keys,
    address_lines,
    best_and_all,
    best_first,
    distinct,
    keys_of,
)
from listmerge.stages.merge.severity import FIELDS

#: The masters with what their outlines have besides.
DRAFTS: Final[Columns] = (*(column for column in OUTLINES if column not in MASTERS), *MASTERS)

#: Unit -> the table of its values.
VALUE_UNITS: Final = {"email": "emails", "phone": "phones", "address": "addresses", "statements": "statements",
                      "identifier": "identifiers"}

#: The strongest evidence of a relationship first.
STRENGTH: Final = ("own", "customer", "supplier", "former", "prospect", "attendee", "hired", "")


def draft(
    identities: pa.Table, clusters: pa.Table, facts: pa.Table, *, lists: Lists, today: str, allow_inferred: bool,
    rules: Mapping[str, str], fate_columns: Columns,
) -> list[pa.Table]:
    """(drafts, crosswalk, permission_rows, conflicts, fates) of the masters of one batch."""
    batch = Batch.of(identities, lists.members(clusters), lists.sources, today)
    values = {unit: _values(batch, *lists.of_members(name, batch.members)) for unit, name in VALUE_UNITS.items()}
    values |= {unit.name: units.of_members(batch, unit) for unit in units.OF_CONTACTS}
    choices = {unit.name: choose(batch, unit, _own(batch, values[unit.name]), rules) for unit in units.UNITS}
    numbers_to_judge, shown_numbers, machines = _phones(batch, _own(batch, values["phone"]))
    sets = {"email": _emails(batch, _own(batch, values["email"])), "phone": shown_numbers,
            "address": _address_set(batch, choices["address"])}
    listing = list_addresses(batch, sets["email"], numbers_to_judge, sets["address"], values["statements"], facts)
    given = Given(values["email"], values["address"], values["statements"], facts)
    rights = judge(batch, listing.listed, given, allow_inferred)
    why = reasons.why_not(batch, listing.listed, rights)
    rows = _known_rows(listing, rights)
    outlines = {**_keys(choices), "permissions": per_group(listing.listed.group[rows], batch.size)}
    return [
        _masters(batch, choices, sets, machines, listing, rights, why, outlines),
        _crosswalk(batch),
        _permission_rows(batch, listing, rights, why, rows),
        _conflicts(batch, choices, listing, rights),
        _fates(batch, values, choices, sets, fate_columns),
    ]


def _values(batch: Batch, table: pa.Table, at: Numbers) -> Values:
    return Values(table, at, batch.group[at])


def _own(batch: Batch, values: Values) -> Values:
    own = batch.own[values.at]
    return values if own.all() else values.where(own)


def _emails(batch: Batch, mine: Values) -> AddressSet:
    shown, key = text(mine.table, "email"), text(mine.table, "email_key")
    tidy = pc.equal(shown, key).to_numpy(zero_copy_only=False)
    return distinct(batch, mine, keys_of(key, shown), shown, tidy)


def _phones(batch: Batch, mine: Values) -> tuple[AddressSet, AddressSet, Numbers]:
    """The numbers as permission is given for them, key by key; as the master shows them, a national one beside its
    international form counted once; and which of these are no number to call."""
    shown, key = text(mine.table, "phone"), phones.one_key(batch, mine)
    own = keys_of(text(mine.table, "phone_key"), shown)
    tidy = pc.equal(shown, key).to_numpy(zero_copy_only=False)
    listed = distinct(batch, mine, own, shown, tidy)
    merged = listed if own.equals(key) else distinct(batch, mine, key, shown, tidy)
    return listed, merged, phones.machines(mine, key, merged)


def _address_set(batch: Batch, choice: Choice) -> AddressSet:
    """The different postal addresses; what adds nothing to the winner ('London, GB') is not one of its own."""
    lines = address_lines(choice.values.table)
    key = keys_of(address_keys(choice.values.table), lines)
    winner = choice.winner[choice.values.group]
    adds_nothing = fates.of_choice(choice) == fates.SAME
    key = pc.if_else(pa.array(adds_nothing), pick(key, winner), key)
    return distinct(batch, choice.values, key, lines, winner == np.arange(len(winner)))


def _masters(
    batch: Batch, choices: Mapping[str, Choice], sets: Mapping[str, AddressSet], machines: Numbers, listing: Listing,
    rights: Rights, why: pa.Array, outlines: Mapping[str, Any],
) -> pa.Table:
    columns: dict[str, Any] = {"cluster": numbers(batch.identities, "cluster"), **outlines}
    for unit in units.UNITS:
        choice = choices[unit.name]
        columns |= {name: pick(text(choice.values.table, name), choice.winner) for name in unit.shown}
    columns |= _of_group(batch)
    nameless = pc.equal(columns["full_name"], "")
    columns["full_name"] = pc.if_else(nameless, columns["company"], columns["full_name"])
    columns |= _mailing(batch, sets["email"], listing, rights, why)
    calls_first = best_first(sets["phone"], [machines])
    columns["phone"], columns["phones"] = best_and_all(sets["phone"], calls_first, batch.size)
    reachable = per_group(sets["phone"].group[~machines], batch.size) > 0
    columns["phone"] = pc.if_else(pa.array(reachable), columns["phone"], "")
    columns["addresses"] = _address_cell(batch, choices["address"], sets["address"])
    columns |= {name: pa.repeat("", batch.size) for name in ("household_id", "organisation_id")}
    schema = arrow_schema(DRAFTS)
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def _keys(choices: Mapping[str, Choice]) -> dict[str, pa.Array]:
    """The keys by which households and organisations are found."""
    name, job, address = choices["name"], choices["job"], choices["address"]
    street = pick(text(address.values.table, "street_key"), address.winner)
    key = pick(address_keys(address.values.table), address.winner)
    return {
        "family_key": pick(text(name.values.table, "family_key"), name.winner),
        "address_key": pc.if_else(pc.equal(street, ""), "", key),
        "company_key": pick(text(job.values.table, "company_key"), job.winner),
    }


def _address_cell(batch: Batch, choice: Choice, addresses: AddressSet) -> pa.Array:
    """All postal addresses, the winner first."""
    won = choice.winner[addresses.group]
    behind = (addresses.row != won).astype(np.int64)
    return best_and_all(addresses, best_first(addresses, [behind]), batch.size)[1]


def _mailing(
    batch: Batch, emails: AddressSet, listing: Listing, rights: Rights, why: pa.Array
) -> dict[str, pa.Array]:
    """The columns about writing e-mails: those of the address that may be used, else of the best."""
    mine = slice(0, listing.emails)
    order = best_first(emails, [~rights.usable[mine], rights.deliverability[mine] > UNKNOWN_DELIVERY])
    email, every = best_and_all(emails, order, batch.size)
    row = np.full(batch.size, -1, np.int64)
    row[listing.listed.group[listing.emails : listing.others]] = np.arange(listing.emails, listing.others)
    first = starts_run(emails.group[order])
    row[emails.group[order[first]]] = order[first]
    silent = row >= listing.emails
    return {
        "email": email, "emails": every, "why_not": pick(why, row),
        "may_email": pc.if_else(pa.array(rights.usable[row]), "yes", "no"),
        "permission": words(np.where(silent, -1, rights.permission[row]), PERMISSIONS),
        "refusal": words(rights.refusal[row], REFUSALS),
        "deliverability": words(np.where(silent, -1, rights.deliverability[row]), DELIVERABILITIES),
    }


def _of_group(batch: Batch) -> dict[str, pa.Array]:
    """What all contacts of a master say together."""
    kind = np.minimum.reduceat(number_of(text(batch.members, "kind"), KINDS, len(KINDS) - 1), batch.starts)
    return {
        "master_id": text(batch.identities, "master_id"), "kind": words(kind, KINDS),
        "relationship": words(np.minimum.reduceat(_relationship(batch), batch.starts), STRENGTH),
        "categories": _all_of(_items(batch), batch.size),
        "sources": _all_of((text(batch.members, "source"), batch.group), batch.size),
        "records": _record_counts(batch), "first_imported": text(batch.identities, "first_imported"),
        "last_seen": last_seen(batch.sources, batch.source, batch.starts),
    }


def _relationship(batch: Batch) -> Numbers:
    """Per member: the stronger of what its record and its source say; nothing where its values stay out."""
    record, source = (number_of(text(table, "relationship"), STRENGTH, len(STRENGTH) - 1)
                      for table in (batch.members, batch.sources))
    return np.where(batch.own, np.minimum(record, source[batch.source]), len(STRENGTH) - 1)


def _items(batch: Batch) -> tuple[pa.Array, Numbers]:
    """Each category of each member that may enter the master."""
    held = text(batch.members, "categories")
    rows = np.flatnonzero(filled(held) & batch.own)
    lists = pc.split_pattern(pick(held, rows), categories.BETWEEN)
    return escaped(pc.list_flatten(lists)), batch.group[rows[pc.list_parent_indices(lists).to_numpy()]]


def _all_of(items: tuple[pa.Array, Numbers], size: int) -> pa.Array:
    """The different texts of each master, sorted, in one cell."""
    values, group = items
    rank = ranks(values)
    order = np.lexsort((rank, group))
    new = order[starts_run(group[order], rank[order])]
    return joined(pick(values, new), group[new], size)


def _record_counts(batch: Batch) -> pa.Array:
    """How many records each master has; two people of one row count it once each."""
    record = text(batch.members, "record_id")
    first = starts_run(batch.group)
    first[1:] |= pc.not_equal(record[1:], record[:-1]).to_numpy(zero_copy_only=False)
    return pc.cast(pa.array(np.add.reduceat(first.astype(np.int64), batch.starts)), pa.string())


def _crosswalk(batch: Batch) -> pa.Table:
    members = batch.members
    ids = pick(text(batch.identities, "master_id"), batch.group)
    columns = {"master_id": ids, "match_probability": shown_probability(numbers(members, "probability"))}
    schema = arrow_schema(CROSSWALK)
    return pa.table({name: columns.get(name, members[name] if name in members.column_names else None)
                     for name in schema.names}).cast(schema)


def _known_rows(listing: Listing, rights: Rights) -> Numbers:
    """The rows of the listing that are shown, by master: of channels other than e-mail only where something is
    known."""
    listed = listing.listed
    known = (rights.permission != UNKNOWN) | (rights.refusal != NO_REFUSAL)
    known |= rights.deliverability != UNKNOWN_DELIVERY
    email = listed.channel == CHANNELS.index("email")
    rows = np.flatnonzero(filled(listed.key) & (known | email))
    return rows[np.lexsort((listed.channel[rows], listed.group[rows]))]


def _permission_rows(batch: Batch, listing: Listing, rights: Rights, why: pa.Array, rows: Numbers) -> pa.Table:
    """One row per master, address and channel: these rows of the listing."""
    listed = listing.listed
    return pa.table([
        pick(text(batch.identities, "master_id"), listed.group[rows]), pick(listing.shown, rows),
        words(listed.channel[rows], CHANNELS), words(rights.permission[rows], PERMISSIONS),
        words(rights.refusal[rows], REFUSALS), words(rights.deliverability[rows], DELIVERABILITIES),
        pick(rights.source, rows), pick(rights.date, rows), pick(rights.method, rows),
        pc.if_else(pa.array(rights.usable[rows]), "yes", "no"), pick(why, rows),
    ], schema=arrow_schema(PERMISSION_ROWS))


def _conflicts(batch: Batch, choices: Mapping[str, Choice], listing: Listing, rights: Rights) -> pa.Table:
    tables = [conflicts.of_field(batch, field, choices[field.unit.name]) for field in FIELDS]
    return pa.concat_tables([*tables, conflicts.of_permissions(batch, listing.listed, rights)]).cast(
        arrow_schema(CONFLICTS))


def _fates(
    batch: Batch, values: Mapping[str, Values], choices: Mapping[str, Choice], sets: Mapping[str, AddressSet],
    wanted: Columns,
) -> pa.Table:
    made = [fates.with_excluded(batch, unit.name, values[unit.name], fates.of_choice(choices[unit.name]))
            for unit in units.OF_CONTACTS]
    made += [fates.with_excluded(batch, name, values[name], fates.of_set(sets[name].first)) for name in sets]
    made += [fates.of_members(batch, column, column, fates.OTHER) for column in ("notes", "language")]
    made += [fates.of_members(batch, column, column, fates.IN_MASTER) for column in ("categories", "relationship")]
    identifiers, stating = values["identifier"], np.unique(values["statements"].at)
    made.append(fates.Fated("identifier", identifiers.at, numbers(identifiers.table, "slot"),
                            np.full(len(identifiers.at), fates.OTHER)))
    made.append(fates.Fated.of_one("consent", stating, np.full(len(stating), fates.IN_MASTER)))
    return fates.side_by_side(batch.members, made, wanted)
