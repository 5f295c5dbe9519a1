"""The members of a German club: one name column, birthdays, families at one address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip

TOWNS: Final = [("Berlin", "10", "030"), ("Köln", "50", "0221"), ("München", "80", "089"), ("Hamburg", "20", "040"),
                ("Frankfurt am Main", "60", "069"), ("Göttingen", "37", "0551"), ("Lübeck", "23", "0451")]
STREETS: Final = ["Haupt", "Schiller", "Goethe", "Bahnhof", "Garten", "Müller", "Linden", "Berg", "Kirch", "Wald",
                  "Schloß", "Ring", "Mozart", "Ulmen", "Birken", "Tal"]
LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
BARE: Final = str.maketrans("äöüÄÖÜ", "aouAOU")


@dataclass(frozen=True)
class Member:
    """One member, as in life."""

    given: str
    family: str
    born: tuple[int, int, int]
    street: str
    postal: str
    town: str
    phone: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _family), _row, rows)


def _home(draw: Random) -> tuple[str, str, str, str]:
    town, postal, area = draw.choice(TOWNS)
    street = f"{draw.choice(STREETS)}straße {draw.randint(1, 140)}"
    return street, postal + digits(draw, 3), town, f"{area} {digits(draw, 7)}"


def _born(draw: Random, first: int, last: int) -> tuple[int, int, int]:
    return draw.randint(first, last), draw.randint(1, 12), draw.randint(1, 28)


def _given(draw: Random) -> str:
    return name(draw, "de_DE", draw.choice(("first_names_male", "first_names_female")))


def _family(draw: Random) -> list[Member]:
    """One to five people of one name and one home; among the children now and then twins."""
    family, home = name(draw, "de_DE", "last_names"), _home(draw)
    parents = [Member(_given(draw), family, _born(draw, 1940, 1990), *home) for _ in range(draw.choice((1, 1, 1, 2)))]
    children = [Member(_given(draw), family, _born(draw, 1995, 2012), *home)
                for _ in range(draw.choice((0, 0, 1, 2, 3)) if len(parents) > 1 else 0)]
    if len(children) > 1 and chance(draw, 0.1):
        children[1] = replace(children[1], born=children[0].born)
    return parents + children


def _row(draw: Random, one: Member, first: bool) -> dict[str, str]:
    if not first and chance(draw, 0.12):
        one = replace(one, **dict(zip(("street", "postal", "town", "phone"), _home(draw), strict=True)))
    if not first and chance(draw, 0.04):
        one = replace(one, family=f"{one.family}-{name(draw, 'de_DE', 'last_names')}")
    given, family = (maybe(draw, 0.05, slip, text) for text in (one.given, one.family))
    shown = draw.choice((f"{given} {family}", f"{family}, {given}", f"{given} {family}"))
    shown = f"Dr. {shown}" if chance(draw, 0.03) and "," not in shown else shown
    year, month, day = one.born
    if chance(draw, 0.04):
        day = draw.randint(1, 28)
    street, town = one.street, one.town
    if chance(draw, 0.3):
        street = street.replace("straße", "str.")
    cells = [_spelled(draw, text) for text in (shown, street, town)]
    return {"Mitglied": cells[0], "Geburtsdatum": "" if chance(draw, 0.25) else f"{day:02}.{month:02}.{year}",
            "Straße": cells[1], "PLZ": one.postal, "Ort": cells[2], "Telefon": _phone(draw, one.phone)}


def _spelled(draw: Random, text: str) -> str:
    """Umlauts as they are, in two letters, or lost."""
    way = draw.random()
    return text.translate(LETTERS) if way < 0.12 else text.translate(BARE) if way < 0.16 else text


def _phone(draw: Random, phone: str) -> str:
    area, number = phone.split()
    forms = (phone, f"{area}/{number}", f"+49 {area[1:]} {number}", f"0049{area[1:]}{number}", f"({area}) {number}")
    return "" if chance(draw, 0.35) else draw.choice(forms)
