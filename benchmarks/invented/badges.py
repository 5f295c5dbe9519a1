"""Visitors of a trade show, read from badges and cards by a scanner: letters misread, role mailboxes, switchboards."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.invented.draw import chance, digits, endlessly, listed, name

#: What a scanner takes for what; digits in words and letters in numbers among them.
MISREAD: Final = (("rn", "m"), ("m", "rn"), ("l", "1"), ("l", "I"), ("I", "l"), ("o", "0"), ("O", "0"), ("e", "c"),
                  ("cl", "d"), ("h", "b"), ("S", "5"), ("vv", "w"), ("i", "l"), ("B", "8"), ("u", "ii"), ("g", "9"))
DIGITS: Final = (("0", "O"), ("1", "l"), ("5", "S"), ("8", "B"), ("3", "8"), ("1", "7"))
WORDS: Final = ["Nova", "Delta", "Helio", "Quant", "Terra", "Vortex", "Lumen", "Kappa", "Orbit", "Polar", "Rivet",
                "Sable", "Tango", "Umbra", "Velum", "Zephyr"]
TRADES: Final = ["Robotics", "Sensors", "Optics", "Drives", "Coatings", "Valves", "Software", "Welding", "Plastics"]
FORMS: Final = {"GB": ("Ltd", "PLC", ""), "US": ("Inc", "LLC", ""), "FR": ("SA", "SARL", "")}
LOCALES: Final = {"GB": "en_GB", "US": "en_US", "FR": "fr_FR"}
SWITCHBOARDS: Final = {"GB": "+44 20 7946 0{}", "US": "+1 212 555 01{}", "FR": "+33 1 99 00 {}"}
MOBILES: Final = {"GB": "+44 7700 900{}", "US": "+1 917 555 01{}", "FR": "+33 6 39 98 {}"}
ROLES: Final = ["info", "sales", "contact", "marketing"]
TITLES: Final = ["Sales Manager", "Head of R&D", "Buyer", "CEO", "Engineer", "Product Manager", "Marketing", ""]


@dataclass(frozen=True)
class Visitor:
    """One visitor, as in life; `local` is before the @ of the own address, '' for none."""

    given: str
    family: str
    company: str
    domain: str
    country: str
    switchboard: str
    mobile: str
    local: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _company), _row, rows)


def _company(draw: Random) -> list[Visitor]:
    """Those whom one exhibitor or customer sent."""
    country = draw.choices(list(FORMS), (3, 2, 2))[0]
    word = draw.choice(WORDS) + draw.choice(("", draw.choice(WORDS).lower()))
    company, trade = f"{word} {draw.choice(TRADES)}", digits(draw, 2)
    domain = f"{company.lower().replace(' ', draw.choice(('', '-')))}{draw.choice(('', trade))}.example"
    switchboard = SWITCHBOARDS[country].format(digits(draw, {"GB": 3, "US": 2, "FR": 4}[country]))
    return [_visitor(draw, f"{company} {draw.choice(FORMS[country])}".strip(), domain, country, switchboard)
            for _ in range(draw.choice((1, 1, 2, 3, 4, 7)))]


def _visitor(draw: Random, company: str, domain: str, country: str, switchboard: str) -> Visitor:
    given = name(draw, LOCALES[country], draw.choice(("first_names_male", "first_names_female")))
    family = name(draw, LOCALES[country], "last_names")
    mobile = MOBILES[country].format(digits(draw, {"GB": 3, "US": 2, "FR": 4}[country]))
    plain = "".join(letter for letter in f"{given}.{family}".lower() if letter.isascii() and letter not in " '")
    return Visitor(given, family, company, domain, country, switchboard, mobile if chance(draw, 0.6) else "",
                   plain if chance(draw, 0.8) else "")


def _row(draw: Random, one: Visitor, first: bool) -> dict[str, str]:
    scanned = chance(draw, 0.55)
    email = f"{one.local or draw.choice(ROLES)}@{one.domain}" if chance(draw, 0.75) else ""
    phone = one.mobile if one.mobile and chance(draw, 0.5) else one.switchboard if chance(draw, 0.75) else ""
    family = one.family.upper() if chance(draw, 0.3) else one.family
    shown = f"{family} {one.given}" if one.country == "FR" and chance(draw, 0.4) else f"{one.given} {family}"
    company = one.company if chance(draw, 0.7) else one.company.split()[0]
    cells = [shown, company, email]
    if scanned:
        cells = [_misread(draw, text, MISREAD, share) for text, share in zip(cells, (0.15, 0.2, 0.12), strict=True)]
        phone = _misread(draw, phone, DIGITS, 0.08)
    return {"Visitor": cells[0], "Company": cells[1], "Job title": draw.choice(TITLES), "E-mail": cells[2],
            "Phone": phone, "Country": one.country, "Stand": f"H{draw.randint(1, 9)}-{digits(draw, 2)}"}


def _misread(draw: Random, text: str, mistakes: tuple[tuple[str, str], ...], share: float) -> str:
    """`text` with one mistake of the scanner, so often; of those that fit it."""
    fitting = [pair for pair in mistakes if pair[0] in text[1:]]
    if not fitting or not chance(draw, share):
        return text
    seen, read = draw.choice(fitting)
    at = draw.choice([at for at in range(1, len(text)) if text.startswith(seen, at)])
    return text[:at] + read + text[at + len(seen):]
