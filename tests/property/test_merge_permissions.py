"""Nobody is written to who said no: 10,000 random people in random snapshots against an independent oracle."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.property.oracle_permissions import PERMISSION, REFUSAL, WORSE, Record, Source, Statement, World, judge
from tests.stages.small_lists import Lists, merged

BATCHES, NEIGHBOURHOODS, PEOPLE = 10, 250, 4        # 10,000 people; neighbours share addresses
DATES = ("", "2025-05-05", "2026-01-10", "2026-01-10T09:00:00", "2026-03-04", "2026-03-04T18:30:00", "2026-08-01",
         "2027-01-01", "last year")
FACTS = {
    "permission": ("confirmed", "express", "inferred", "pending", "none", "unknown"),
    "refusal": ("unsubscribed", "unsubscribed", "unsubscribed", "complaint", "do-not-contact", "erased"),
    "deliverability": ("ok", "unknown", "soft-bounce", "hard-bounce", "invalid"),
}


def sources(dice: random.Random) -> list[Source]:
    return [
        Source(f"list{number}", dice.choice(("", "customer", "own", "prospect", "attendee", "hired")),
               dice.choice(("", "", "", "inferred", "express")), dice.random() < 0.15,
               dice.choice(("", "", "", "2026-11-21", "2026-11-22", "2027-01-01")))
        for number in range(8)
    ]


def statement(dice: random.Random, emails: list[str], phones: list[str]) -> Statement:
    fact = dice.choices(("permission", "refusal", "deliverability"), (6, 2, 1))[0]
    channel = dice.choices(("email", "phone", "sms"), (8, 1, 1))[0]
    known = emails if channel == "email" else phones
    address = dice.choice(known) if known and (fact != "refusal" or dice.random() < 0.9) else ""
    value = dice.choice(FACTS[fact])
    explicit = fact == "permission" and value in ("confirmed", "express") and dice.random() < 0.6
    date = dice.choice(DATES)
    return Statement(channel, address, fact, value, date, explicit and bool(date))


def world(dice: random.Random) -> World:
    lists, records, suppressed = sources(dice), [], []
    for place in range(NEIGHBOURHOODS):
        pool = [f"e{place}.{one}@mail.example" for one in range(7)]
        numbers = [f"+1555{place:04}{one}" for one in range(3)]
        for person in [f"{place:03}.{number}" for number in range(PEOPLE)]:
            for number in range(dice.choice((1, 1, 2, 3))):
                records.append(record(dice, f"{person}.{number}", person, lists, pool, numbers))
        for number in range(dice.choice((0, 0, 1))):
            gone = record(dice, f"{place:03}.gone.{number}", f"{place:03}.gone", lists, pool, numbers)
            gone.gone = True
            records.append(gone)
        if dice.random() < 0.4:
            suppressed.append(("email", dice.choice(pool), dice.choice(FACTS["refusal"]), dice.choice(DATES)))
    return World(records, suppressed, allow_inferred=dice.random() < 0.5)


def record(
    dice: random.Random, name: str, person: str, lists: list[Source], pool: list[str], numbers: list[str]
) -> Record:
    emails = dice.sample(pool, dice.choice((0, 1, 1, 2)))
    phones = dice.sample(numbers, dice.choice((0, 0, 1)))
    said = [statement(dice, emails, phones) for _ in range(dice.choice((0, 1, 1, 2)))]
    said = [one for one in said if one.address or one.fact == "refusal"]
    relationship = dice.choice(("", "", "", "", "customer", "supplier", "hired"))
    return Record(name, person, dice.choice(lists), emails, phones, said, relationship)


def tables(one: World) -> dict[str, pa.Table]:
    """The world as a run is given it: what gone records refused stands among the standing refusals."""
    lists = Lists(sources=[{**vars(source), "source": source.name} for source in
                           {record.source.name: record.source for record in one.records}.values()])
    for number, record in enumerate(one.records):
        if not record.gone:
            lists.add(record.name, record.person, source=record.source.name, relationship=record.relationship,
                      given_name=record.person, emails=record.emails, phones=record.phones, source_row=number,
                      statements=[{**vars(said), "address_key": said.address} for said in record.statements])
        lists.standing += [
            {"channel": said.channel, "address_key": said.address, "refusal": said.value, "date": said.date,
             "source": record.source.name} for said in record.statements if said.fact == "refusal" and said.address]
    lists.standing += [{"channel": channel, "address_key": address, "refusal": refusal, "date": date, "by_hand": True}
                       for channel, address, refusal, date in one.suppressed]
    return lists.build()


def told(made: dict[str, pa.Table]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """(person, channel, address) -> the row of permissions.csv."""
    person = {row["master_id"]: row["record_id"].rsplit(".", 1)[0] for row in made["crosswalk"].to_pylist()}
    rows = made["permission_rows"].to_pylist()
    return {(person[row["master_id"]], row["channel"], row["address"]): row for row in rows}


@pytest.mark.parametrize("seed", range(BATCHES))
def test_nothing_is_more_permissive_than_the_oracle(seed: int, tmp_path: Path) -> None:
    one = world(random.Random(seed))
    expected = judge(one)
    made = merged(tables(one), tmp_path, allow_inferred=one.allow_inferred, today=one.today)
    rows = told(made)
    bolder = {key for key, row in rows.items() if row["usable"] == "yes" and not expected[key].usable}
    assert not bolder
    assert {key for key in expected if key[1] == "email"} <= set(rows)
    wrong = {key: (row, expected[key]) for key, row in rows.items() if (
        row["permission"], row["refusal"], row["deliverability"], row["usable"] == "yes") != expected[key]}
    assert not wrong
    silent = {key: found for key, found in expected.items() if key not in rows}
    assert all((found.permission, found.refusal, found.deliverability) == ("unknown", "", "unknown")
               for found in silent.values())
    masters_agree(made, expected)


def masters_agree(made: dict[str, pa.Table], expected: dict[tuple[str, str, str], Any]) -> None:
    """A master may be mailed just when one of its addresses is usable, and `email` is such a one."""
    person = {row["master_id"]: row["record_id"].rsplit(".", 1)[0] for row in made["crosswalk"].to_pylist()}
    usable: dict[str, set[str]] = {}
    for (who, channel, address), found in expected.items():
        if channel == "email" and found.usable:
            usable.setdefault(who, set()).add(address)
    for master in made["masters"].to_pylist():
        mine = usable.get(person[master["master_id"]], set())
        assert master["may_email"] == ("yes" if mine else "no")
        assert (master["why_not"] == "") == bool(mine)
        if mine:
            assert master["email"] in mine


def test_the_oracle_meets_every_case() -> None:
    """The random worlds are worth something: every word occurs, and both answers often."""
    found = [verdict for seed in range(3) for verdict in judge(world(random.Random(seed))).values()]
    assert {one.permission for one in found} == set(PERMISSION)
    assert {one.refusal for one in found} == set(REFUSAL)
    assert {one.deliverability for one in found} == set(WORSE)
    assert 100 < sum(one.usable for one in found) < len(found) - 100
