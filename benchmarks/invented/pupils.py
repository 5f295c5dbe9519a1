"""The pupils of some schools over two years: one address for all of a school, birthdays of the same years, parents'
phones and mailboxes that brothers and sisters share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip

SCHOOLS: Final = [("St Oswin's", "Abbey Road 4", "Selby", "YO8 1AA"), ("Hillcrest High", "Hill Lane 20", "Hull",
                  "HU1 1AA"),
                  ("Kingsmead Academy", "Mead Way 1", "Leeds", "LS1 9ZZ")]
SHORT: Final = {"Christopher": "Chris", "Thomas": "Tom", "Matthew": "Matt", "Daniel": "Dan", "Rebecca": "Becky",
                "Katherine": "Kate", "Samantha": "Sam", "Benjamin": "Ben", "Jennifer": "Jenny", "Victoria": "Vicky",
                "Joseph": "Joe", "Alexander": "Alex", "Elizabeth": "Liz", "Nicholas": "Nick"}
YEARS: Final = (2006, 2012)


@dataclass(frozen=True)
class Pupil:
    """One pupil, as in life; phone and mailbox are a parent's."""

    given: str
    middle: str
    family: str
    born: tuple[int, int, int]
    school: tuple[str, str, str, str]
    phone: str
    email: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _family), _row, rows)


def _family(draw: Random) -> list[Pupil]:
    """One to three children of one family at one school, now and then twins."""
    family, school = name(draw, "en_GB", "last_names"), draw.choice(SCHOOLS)
    phone = f"07700 900{digits(draw, 3)}"
    email = f"{family.lower().replace(' ', '')}{digits(draw, 2)}@{draw.choice(('mail', 'post', 'inbox'))}.example"
    children = [Pupil(_given(draw), _given(draw), family, _born(draw), school, phone, email)
                for _ in range(draw.choice((1, 1, 1, 1, 2, 2, 3)))]
    if len(children) > 1 and chance(draw, 0.15):
        children[1] = replace(children[1], born=children[0].born)
    return children


def _given(draw: Random) -> str:
    return name(draw, "en_GB", draw.choice(("first_names_male", "first_names_female")))


def _born(draw: Random) -> tuple[int, int, int]:
    return draw.randint(*YEARS), draw.randint(1, 12), draw.randint(1, 28)


def _row(draw: Random, one: Pupil, first: bool) -> dict[str, str]:
    if not first and chance(draw, 0.1):
        one = replace(one, phone=f"07700 900{digits(draw, 3)}")
    given = SHORT.get(one.given, one.given) if chance(draw, 0.25) else one.given
    given = maybe(draw, 0.05, slip, given) + (f" {one.middle}" if chance(draw, 0.12) else "")
    year, month, day = one.born
    if chance(draw, 0.04):
        day = draw.randint(1, 28)
    title, street, town, postal = one.school
    return {"Forename": given, "Surname": maybe(draw, 0.04, slip, one.family),
            "DOB": "" if chance(draw, 0.2) else f"{day:02}/{month:02}/{year}",
            "School": title, "Address": street, "Town": town, "Postcode": postal,
            "Phone": "" if chance(draw, 0.35) else one.phone,
            "E-mail": "" if chance(draw, 0.4) else one.email}
