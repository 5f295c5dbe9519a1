"""Who may be written to: the rules once more, in slow plain Python, written from their text and not from the program.

    Permission belongs to (address, channel). The best evidence wins; missing evidence is neutral; it never travels to
    another address. `inferred` needs a source whose relationship says so. Hired lists give none.
    Refusal: unsubscribed < complaint < do-not-contact < erased. The strictest that any record in the workspace gives
    for an address holds for that address, records that are gone and other clusters included; and it follows the person:
    it holds for all addresses of the master. Only an explicit, dated opt-in of the same address, later than a dated
    `unsubscribed`, lifts that one; the others are lifted by a person's decision alone.
    Deliverability belongs to the address.

Where the text leaves a choice the stricter reading stands here: an opt-in lifts a refusal for the person whose record
gives it, and it must be of a later day and not of the future.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

PERMISSION = {"confirmed": 5, "express": 4, "inferred": 3, "pending": 2, "none": 1, "unknown": 0}
REFUSAL = {"": 0, "unsubscribed": 1, "complaint": 2, "do-not-contact": 3, "erased": 4}
WORSE = {"unknown": 0, "ok": 1, "soft-bounce": 2, "hard-bounce": 3, "invalid": 4}


@dataclass
class Source:
    name: str
    relationship: str = ""
    permission: str = ""
    reference_only: bool = False
    use_until: str = ""


@dataclass
class Statement:
    channel: str
    address: str
    fact: str
    value: str
    date: str = ""
    explicit: bool = False


@dataclass
class Record:
    """A contact of one person in one snapshot; `gone` when a newer snapshot of its source does not have it."""

    name: str
    person: str
    source: Source
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    relationship: str = ""
    gone: bool = False


@dataclass
class World:
    records: list[Record]
    suppressed: list[tuple[str, str, str, str]]        # channel, address, refusal, date: entered by hand
    today: str = "2026-11-22"
    allow_inferred: bool = False

    @cached_property
    def said(self) -> dict[tuple[str, str, str], list[tuple[Record, Statement]]]:
        """Everything that any record says, by (fact, channel, address)."""
        found: dict[tuple[str, str, str], list[tuple[Record, Statement]]] = {}
        for record in self.records:
            for one in record.statements:
                found.setdefault((one.fact, one.channel, one.address), []).append((record, one))
        return found


class Verdict(NamedTuple):
    permission: str
    refusal: str
    deliverability: str
    usable: bool


def judge(world: World) -> dict[tuple[str, str, str], Verdict]:
    """(person, channel, address) -> what holds, for every e-mail address and phone of every person."""
    verdicts = {}
    people: dict[str, list[Record]] = {}
    for record in world.records:
        if not record.gone:
            people.setdefault(record.person, []).append(record)
    for person, records in people.items():
        carried = [one for one in records if not one.source.reference_only] or records
        for channel, address in {pair for record in carried for pair in points(record)}:
            verdicts[person, channel, address] = verdict(world, records, carried, channel, address)
    return verdicts


def points(record: Record) -> set[tuple[str, str]]:
    own = {("email", one) for one in record.emails} | {("phone", one) for one in record.phones}
    return own | {(one.channel, one.address) for one in record.statements if one.address}


def verdict(world: World, records: list[Record], carried: list[Record], channel: str, address: str) -> Verdict:
    permission = best_permission(world, records, channel, address)
    refusal = strictest_refusal(world, records, channel)
    state = delivery(world, channel, address)
    enough = 3 if world.allow_inferred else 4
    live = any((channel, address) in points(one) and not over(world, one.source) for one in carried)
    hired = all(one.source.reference_only for one in records)
    usable = PERMISSION[permission] >= enough and not refusal and WORSE[state] < 3 and live and not hired
    return Verdict(permission, refusal, state, usable)


def over(world: World, source: Source) -> bool:
    return bool(source.use_until) and source.use_until < world.today


def gives(world: World, record: Record) -> bool:
    """Whether a record can give any permission at all."""
    if record.source.reference_only or over(world, record.source):
        return False
    return "hired" not in (record.relationship, record.source.relationship)


def best_permission(world: World, records: list[Record], channel: str, address: str) -> str:
    found = ["unknown"]
    for record in records:
        if not gives(world, record):
            continue
        said = [one.value for one in record.statements
                if (one.fact, one.channel, one.address) == ("permission", channel, address)]
        if channel == "email" and address in record.emails and record.source.permission:
            said.append(record.source.permission)
        found += ["unknown" if one == "inferred" and not infers(record) else one for one in said]
    return max(found, key=lambda word: PERMISSION[word])


def infers(record: Record) -> bool:
    return record.source.relationship in ("customer", "own") and record.relationship in ("", "customer", "own")


def strictest_refusal(world: World, records: list[Record], channel: str) -> str:
    """What holds for this person in this channel, wherever in the workspace one of their addresses was refused."""
    mine = {pair for record in records for pair in points(record)}
    mine |= {("sms", address) for where, address in mine if where == "phone"}
    strictest = ""
    for where, address in sorted(mine):
        for value, date, by_hand in refusals_of(world, where, address):
            if not lifted(world, records, where, address, value, date, by_hand) and holds(value, where, channel):
                strictest = max(strictest, value, key=lambda word: REFUSAL[word])
    for record in records:
        for one in record.statements:
            if one.fact == "refusal" and not one.address and holds(one.value, one.channel, channel):
                strictest = max(strictest, one.value, key=lambda word: REFUSAL[word])
    return strictest


def refusals_of(world: World, channel: str, address: str) -> list[tuple[str, str, bool]]:
    found = [(one.value, one.date, False) for _, one in world.said.get(("refusal", channel, address), [])]
    return found + [(value, date, True) for where, one, value, date in world.suppressed
                    if (where, one) == (channel, address)]


def holds(value: str, said_in: str, channel: str) -> bool:
    """Erased is erased everywhere, and so is do-not-contact when it is no word about one channel."""
    return said_in == channel or value == "erased" or (value == "do-not-contact" and said_in == "email")


def lifted(
    world: World, records: list[Record], channel: str, address: str, value: str, date: str, by_hand: bool
) -> bool:
    if value != "unsubscribed" or by_hand or not date:
        return False
    for record in records:
        for one in record.statements:
            opt_in = one.fact == "permission" and one.explicit and one.value in ("express", "confirmed")
            if opt_in and gives(world, record) and (one.channel, one.address) == (channel, address) and (
                    date[:10] < one.date[:10] <= world.today):
                return True
    return False


def delivery(world: World, channel: str, address: str) -> str:
    said = [one.value for record, one in world.said.get(("deliverability", channel, address), []) if not record.gone]
    return max(["unknown", *said], key=lambda word: WORSE[word])
