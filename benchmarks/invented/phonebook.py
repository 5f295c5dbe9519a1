"""A telephone list, Italian and Romanian: names in either order and phones, nothing else; families share a landline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip


@dataclass(frozen=True)
class Subscriber:
    """One subscriber, as in life."""

    given: str
    family: str
    phone: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _family), _row, rows)


def _family(draw: Random) -> list[Subscriber]:
    """One to three of a family; who has no mobile has the landline."""
    locale = draw.choice(("it_IT", "it_IT", "ro_RO"))
    family, home = name(draw, locale, "last_names"), f"06{digits(draw, 7)}"
    kinds = ("first_names",) if locale == "it_IT" else ("first_names_male", "first_names_female")
    return [Subscriber(name(draw, locale, draw.choice(kinds)), family, _mobile(draw) if chance(draw, 0.75) else home)
            for _ in range(draw.choice((1, 1, 2, 3)))]


def _mobile(draw: Random) -> str:
    return f"3{draw.choice('2348')}{digits(draw, 8)}"


def _row(draw: Random, one: Subscriber, first: bool) -> dict[str, str]:
    if not first and chance(draw, 0.1):
        one = replace(one, phone=_mobile(draw))
    given, family = (maybe(draw, 0.05, slip, text) for text in (one.given, one.family))
    shown = f"{given} {family}" if chance(draw, 0.7) else f"{family} {given}"
    phone = draw.choice((one.phone, f"{one.phone[:3]} {one.phone[3:]}", f"+39 {one.phone}"))
    return {"Nome": shown.upper() if chance(draw, 0.2) else shown, "Telefono": phone}
