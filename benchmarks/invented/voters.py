"""A register of voters: "SMITH, JOHN A JR" in capitals, the year of birth, where they live; no e-mail, no phone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from benchmarks.invented.draw import chance, endlessly, listed, maybe, name, slip

TOWNS: Final = [("Dayton", "45402"), ("Dayton", "45405"), ("Kettering", "45429"), ("Xenia", "45385"), ("Troy", "45373")]
STREETS: Final = ["Maple", "Oak", "Cedar", "Elm", "Walnut", "Main", "Lincoln", "Jackson", "Prospect", "Highland",
                  "Sunset", "River", "Orchard", "Mill", "Church", "Spring", "Park", "Lake"]
FAMILIES: Final = (("male",), ("female",), ("male", "female"), ("male", "female"), ("male", "female", "male"),
                   ("male", "female", "female"))


@dataclass(frozen=True)
class Voter:
    """One voter, as in life."""

    given: str
    middle: str
    family: str
    suffix: str
    born: int
    sex: str
    street: str
    town: tuple[str, str]


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _family), _row, rows)


def _family(draw: Random) -> list[Voter]:
    """One, a couple, or a couple with a grown child; one son in three has his father's name."""
    family, street, town, year = name(draw, "en_US", "last_names"), _street(draw), draw.choice(TOWNS), draw.randint(
        1935, 1980)
    people = [Voter(_given(draw, sex), _given(draw, sex) if chance(draw, 0.85) else "", family, "",
                    year + (draw.randint(22, 34) if at == 2 else draw.randint(-4, 4)), sex, street, town)
              for at, sex in enumerate(draw.choice(FAMILIES))]
    if len(people) == 3 and people[2].sex == "male" and chance(draw, 0.3):
        people[0] = replace(people[0], suffix="SR")
        people[2] = replace(people[2], given=people[0].given, suffix="JR")
    return people


def _given(draw: Random, sex: str) -> str:
    return name(draw, "en_US", f"first_names_{sex}")


def _street(draw: Random) -> str:
    flat = f" Apt {draw.randint(1, 40)}" if chance(draw, 0.25) else ""
    return f"{draw.randint(10, 4900)} {draw.choice(STREETS)} {draw.choice(('St', 'Ave', 'Rd', 'Ln', 'Dr'))}{flat}"


def _row(draw: Random, one: Voter, first: bool) -> dict[str, str]:
    if not first and chance(draw, 0.2):
        one = replace(one, street=_street(draw), town=draw.choice(TOWNS))
    if not first and one.sex == "female" and chance(draw, 0.05):
        one = replace(one, family=name(draw, "en_US", "last_names"))
    given, family = (maybe(draw, 0.03, slip, text) for text in (one.given, one.family))
    middle = draw.choice((one.middle[:1], one.middle[:1], one.middle, ""))
    suffix = one.suffix if chance(draw, 0.7) else ""
    shown = " ".join(part for part in (f"{family},", given, middle, suffix) if part)
    born = one.born if chance(draw, 0.98) else one.born + draw.choice((-1, 1, 10))
    return {"Voter Name": shown.upper(), "Birth Year": str(born), "Residence": one.street.upper(),
            "City": one.town[0].upper(), "Zip": one.town[1]}
