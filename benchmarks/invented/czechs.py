"""Customers of a Czech shop: husband and wife with two forms of one surname, accents lost, titles, short names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from anyascii import anyascii

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip

SHORT: Final = {"Jan": "Honza", "Josef": "Pepa", "Jiří": "Jirka", "Jaroslav": "Jarda", "František": "Franta"}
ENDINGS: Final = (("ý", "á"), ("ek", "ková"), ("ec", "cová"), ("a", "ová"), ("", "ová"))
TOWNS: Final = [("Praha", "110 00"), ("Brno", "602 00"), ("Ostrava", "702 00"), ("Plzeň", "301 00")]
STREETS: Final = ["Nádražní", "Dlouhá", "Husova", "Palackého", "Školní", "Lipová", "Zahradní", "Masarykova"]


@dataclass(frozen=True)
class Customer:
    """One customer, as in life; `maiden` is a woman's surname before she married."""

    given: str
    family: str
    maiden: str
    street: str
    town: tuple[str, str]
    phone: str
    email: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _household), _row, rows)


def hers(family: str) -> str:
    """The form of a surname that women bear: Novák, Nováková; Černý, Černá."""
    ending, other = next(pair for pair in ENDINGS if family.endswith(pair[0]))
    return family.removesuffix(ending) + other


def _household(draw: Random) -> list[Customer]:
    family, street = name(draw, "cs_CZ", "last_names_male"), f"{draw.choice(STREETS)} {draw.randint(1, 900)}"
    town, home = draw.choice(TOWNS), f"4{digits(draw, 8)}"
    return [_customer(draw, sex, family, street, town, home)
            for sex in draw.choice((("male",), ("female",), ("male", "female")))]


def _customer(draw: Random, sex: str, family: str, street: str, town: tuple[str, str], home: str) -> Customer:
    given = name(draw, "cs_CZ", f"first_names_{sex}")
    phone = f"7{digits(draw, 8)}" if chance(draw, 0.8) else home
    email = f"{anyascii(given)}{digits(draw, 2)}@{draw.choice(('mail', 'post', 'inbox'))}.example".lower()
    if sex == "male":
        return Customer(given, family, "", street, town, phone, email)
    return Customer(given, hers(family), hers(name(draw, "cs_CZ", "last_names_male")), street, town, phone, email)


def _row(draw: Random, one: Customer, first: bool) -> dict[str, str]:
    if not first and one.maiden and chance(draw, 0.1):
        one = replace(one, family=one.maiden)
    given = SHORT.get(one.given, one.given) if chance(draw, 0.2) else one.given
    given, family = (maybe(draw, 0.05, slip, text) for text in (given, one.family))
    given = f"Ing. {given}" if chance(draw, 0.1) else given
    if chance(draw, 0.3):
        given, family = anyascii(given), anyascii(family)
    phone = draw.choice((one.phone, f"{one.phone[:3]} {one.phone[3:6]} {one.phone[6:]}", f"+420{one.phone}"))
    return {"Jméno": given, "Příjmení": family.upper() if chance(draw, 0.1) else family,
            "Telefon": "" if chance(draw, 0.35) else phone, "E-mail": "" if chance(draw, 0.4) else one.email,
            "Ulice": "" if chance(draw, 0.3) else one.street, "Město": one.town[0],
            "PSČ": one.town[1] if chance(draw, 0.7) else ""}
