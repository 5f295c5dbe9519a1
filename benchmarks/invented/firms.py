"""Contacts of a wholesaler: firms with their people, role mailboxes, one switchboard for all of a firm."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip

FIRST: Final = ["Alder", "Brack", "Cairn", "Delph", "Ember", "Fenn", "Glade", "Harrow", "Iron", "Jasper", "Kestrel",
                "Lark", "Marl", "Nether", "Orchard", "Pike", "Quarry"]
LAST: Final = ["field", "gate", "works", "ton", "bridge", "mere", "stone", "wick", "ford", "side", "dale"]
TRADES: Final = ["Logistics", "Foods", "Plumbing", "Textiles", "Print", "Engineering", "Timber", "Packaging",
                 "Dental Care"]
FORMS: Final = ["Ltd", "Limited", "PLC", "LLP", ""]
ROLES: Final = ["info", "sales", "office", "accounts", "orders"]
TITLES: Final = ["Buyer", "Sales Manager", "Managing Director", "Accountant", "Warehouse Manager", "Office Manager", ""]
TOWNS: Final = [("Leeds", "LS", "0113 496 0"), ("Sheffield", "S", "0114 496 0"), ("Bristol", "BS", "0117 496 0"),
                ("Glasgow", "G", "0141 496 0"), ("Edinburgh", "EH", "0131 496 0"), ("Cardiff", "CF", "029 2018 0")]


@dataclass(frozen=True)
class Firm:
    """One firm at one place."""

    title: str
    domain: str
    phone: str
    street: str
    postal: str
    town: str


@dataclass(frozen=True)
class Person:
    """One who works there; without a name it is the firm itself."""

    firm: Firm
    given: str
    family: str
    mobile: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _people), _row, rows)


def _people(draw: Random) -> list[Person]:
    """A firm and those who work there; one in ten has a branch elsewhere, which is a firm of its own."""
    firms = [_firm(draw)]
    if chance(draw, 0.1):
        branch = _firm(draw)
        firms.append(Firm(firms[0].title, firms[0].domain, branch.phone, branch.street, branch.postal, branch.town))
    people = [Person(firm, "", "", "") for firm in firms if chance(draw, 0.5)]
    for firm in firms:
        people += [Person(firm, _given(draw), name(draw, "en_GB", "last_names"), f"07700 900{digits(draw, 3)}")
                   for _ in range(draw.choice((1, 1, 2, 3, 5, 9)))]
    return people


def _given(draw: Random) -> str:
    return name(draw, "en_GB", draw.choice(("first_names_male", "first_names_female")))


def _firm(draw: Random) -> Firm:
    word, trade = draw.choice(FIRST) + draw.choice(LAST), draw.choice(TRADES)
    town, postal, phone = draw.choice(TOWNS)
    street = f"{draw.randint(1, 90)} {draw.choice(FIRST)} {draw.choice(('Road', 'Street', 'Park', 'Lane'))}"
    return Firm(f"{word} {trade}", f"{word.lower()}{trade.split()[0].lower()}.example", phone + digits(draw, 3), street,
                f"{postal}{draw.randint(1, 20)} {draw.randint(1, 9)}{draw.choice('ABDEF')}{draw.choice('GHJLN')}", town)


def _row(draw: Random, one: Person, first: bool) -> dict[str, str]:
    firm = one.firm
    title = f"{maybe(draw, 0.03, slip, firm.title)} {draw.choice(FORMS)}".strip()
    given = f"{one.given[0]}." if one.given and chance(draw, 0.1) else maybe(draw, 0.04, slip, one.given)
    shown = f"{given} {maybe(draw, 0.04, slip, one.family)}".strip()
    phone = one.mobile if one.mobile and chance(draw, 0.35) else firm.phone
    there = not chance(draw, 0.3)
    return {"Company": title.upper() if chance(draw, 0.1) else title, "Contact": shown,
            "Position": draw.choice(TITLES) if one.given else "", "E-mail": _email(draw, one),
            "Phone": "" if chance(draw, 0.2) else f"+44 {phone[1:]}" if chance(draw, 0.4) else phone,
            "Street": firm.street if there else "", "Postcode": firm.postal if there else "",
            "Town": firm.town if there or chance(draw, 0.5) else ""}


def _email(draw: Random, one: Person) -> str:
    if chance(draw, 0.2):
        return ""
    if not one.given or chance(draw, 0.2):
        return f"{draw.choice(ROLES)}@{one.firm.domain}"
    family = "".join(letter for letter in one.family.lower() if letter.isalpha())
    return f"{one.given[0].lower()}.{family}@{one.firm.domain}"
