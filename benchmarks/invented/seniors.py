"""Subscribers of a Dutch magazine for the elderly: initials, particles and double names, landlines that couples and
homes share, no e-mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip

PARTICLES: Final = ("", "", "", "", "van", "van der", "de", "van den", "ter", "van 't")
TOWNS: Final = [("Utrecht", "35", "030"), ("Zwolle", "80", "038"), ("Breda", "48", "076"), ("Arnhem", "68", "026"),
                ("Haarlem", "20", "023"), ("Leiden", "23", "071")]
STREETS: Final = ["Kerkstraat", "Dorpsstraat", "Molenweg", "Schoolstraat", "Beatrixlaan", "Wilhelminastraat",
                  "Julianalaan", "Stationsweg", "Lindelaan", "Kastanjelaan", "Parkweg", "Eikenlaan"]


@dataclass(frozen=True)
class Reader:
    """One subscriber, as in life; `maiden` is the name before marriage, that some use after the husband's."""

    sex: str
    given: str
    second: str
    particle: str
    family: str
    maiden: str
    street: str
    postal: str
    town: str
    phone: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _home), _row, rows)


def _home(draw: Random) -> list[Reader]:
    """One alone, a couple, or the people of a home, who share its address and its telephone."""
    kind, place = draw.choices(("alone", "couple", "home"), (50, 45, 4))[0], _place(draw)
    if kind == "home":
        return [_reader(draw, draw.choice(("male", "female")), _family(draw), place)
                for _ in range(draw.randint(4, 9))]
    sexes = ("male", "female") if kind == "couple" else (draw.choice(("male", "female")),)
    family = _family(draw)
    return [_reader(draw, sex, family, place) for sex in sexes]


def _family(draw: Random) -> tuple[str, str]:
    family = name(draw, "nl_NL", "last_names")
    return "" if " " in family else draw.choice(PARTICLES), family


def _place(draw: Random) -> tuple[str, str, str, str]:
    town, postal, area = draw.choice(TOWNS)
    letters = draw.choice("ABCDEG") + draw.choice("ABCDEGHJ")
    return (f"{draw.choice(STREETS)} {draw.randint(1, 180)}", f"{postal}{digits(draw, 2)} {letters}", town,
            f"{area}-{draw.randint(2, 7)}{digits(draw, 6)}")


def _reader(draw: Random, sex: str, family: tuple[str, str], place: tuple[str, str, str, str]) -> Reader:
    given, second = (name(draw, "nl_NL", f"first_names_{sex}") for _ in range(2))
    maiden = name(draw, "nl_NL", "last_names") if sex == "female" and chance(draw, 0.5) else ""
    return Reader(sex, given, second if chance(draw, 0.5) else "", *family, maiden, *place)


def _row(draw: Random, one: Reader, first: bool) -> dict[str, str]:
    if not first and chance(draw, 0.08):
        one = replace(one, **dict(zip(("street", "postal", "town", "phone"), _place(draw), strict=True)))
    initials = one.given[0] + "." + (f"{one.second[0]}." if one.second and chance(draw, 0.7) else "")
    given = initials if chance(draw, 0.5) else maybe(draw, 0.04, slip, one.given)
    family = maybe(draw, 0.04, slip, one.family)
    if one.maiden and chance(draw, 0.4):
        family = f"{family}-{one.maiden}"
    title = draw.choice(("", "Dhr. " if one.sex == "male" else "Mevr. "))
    full = f"{one.particle} {family}".strip()
    shown = f"{family}, {given} {one.particle}".strip() if chance(draw, 0.25) else f"{title}{given} {full}"
    return {"Naam": shown, "Adres": one.street, "Postcode": one.postal if chance(draw, 0.85) else "",
            "Plaats": one.town.upper() if chance(draw, 0.2) else one.town, "Telefoon": _phone(draw, one.phone)}


def _phone(draw: Random, phone: str) -> str:
    area, number = phone.split("-")
    forms = (phone, f"{area}{number}", f"+31 {area[1:]} {number}", f"0031{area[1:]}{number}", f"{area} {number}")
    return "" if chance(draw, 0.3) else draw.choice(forms)
