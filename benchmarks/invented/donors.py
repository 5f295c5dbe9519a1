"""The donors of a charity: families at one address, Senior and Junior, couples with one mailbox and one phone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from string import ascii_uppercase
from typing import Final

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip

SHORT: Final = {"William": "Bill", "Robert": "Bob", "Richard": "Rick", "James": "Jim", "Michael": "Mike",
                "Thomas": "Tom", "Joseph": "Joe", "Daniel": "Dan", "Elizabeth": "Liz", "Margaret": "Peggy",
                "Jennifer": "Jen", "Patricia": "Pat", "Katherine": "Kate", "Christopher": "Chris", "Deborah": "Debbie",
                "Susan": "Sue"}
TOWNS: Final = [("Dayton", "OH", "454", "937"), ("Boise", "ID", "837", "208"), ("Eugene", "OR", "974", "541"),
                ("Macon", "GA", "312", "478"), ("Topeka", "KS", "666", "785"), ("Utica", "NY", "135", "315")]
STREETS: Final = ["Maple", "Oak", "Cedar", "Elm", "Walnut", "Sycamore", "Lincoln", "Jackson", "Prospect", "Highland",
                  "Sunset", "Hillcrest", "Orchard", "Mill"]
FAMILIES: Final = (("male",), ("female",), ("male", "female"), ("male", "female", "male"), ("male", "female", "female"))
KINDS: Final = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Lane": "Ln", "Drive": "Dr"}


@dataclass(frozen=True)
class Donor:
    """One donor, as in life."""

    given: str
    middle: str
    family: str
    suffix: str
    street: str
    town: tuple[str, str, str, str]
    phone: str
    email: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _family), _row, rows)


def _family(draw: Random) -> list[Donor]:
    """One, a couple, or a couple with a grown child; one son in three has his father's name."""
    family, street, town = name(draw, "en_US", "last_names"), _street(draw), draw.choice(TOWNS)
    home = f"({town[3]}) 555-01{digits(draw, 2)}"
    sexes = draw.choice(FAMILIES)
    people = [Donor(name(draw, "en_US", f"first_names_{sex}"), draw.choice(ascii_uppercase), family, "", street, town,
                    home, "") for sex in sexes]
    people = [replace(one, email=_email(draw, one)) for one in people]
    if len(people) == 3 and sexes[2] == "male" and chance(draw, 0.35):
        people[0] = replace(people[0], suffix="Sr")
        people[2] = replace(people[2], given=people[0].given, suffix="Jr")
    if len(people) > 1 and chance(draw, 0.4):
        people[1] = replace(people[1], email=people[0].email)
    return people


def _street(draw: Random) -> str:
    return f"{draw.randint(10, 9900)} {draw.choice(STREETS)} {draw.choice(list(KINDS))}"


def _email(draw: Random, one: Donor) -> str:
    stem = draw.choice((f"{one.given}.{one.family}", f"{one.given[0]}{one.family}{digits(draw, 2)}",
                        f"{one.family}{digits(draw, 3)}"))
    return f"{stem.lower()}@{draw.choice(('mail', 'post', 'inbox'))}.example"


def _row(draw: Random, one: Donor, first: bool) -> dict[str, str]:
    if not first and chance(draw, 0.1):
        one = replace(one, street=_street(draw), town=draw.choice(TOWNS))
    given = SHORT.get(one.given, one.given) if chance(draw, 0.25) else one.given
    given = one.given[0] + "." if chance(draw, 0.04) else maybe(draw, 0.04, slip, given)
    middle = f"{one.middle}." if chance(draw, 0.3) else ""
    suffix = one.suffix if chance(draw, 0.8) else ""
    shown = " ".join(part for part in (given, middle, maybe(draw, 0.04, slip, one.family), suffix) if part)
    full, brief = next(pair for pair in KINDS.items() if one.street.endswith(pair[0]))
    return {"Donor": shown, "Address": one.street.replace(full, brief) if chance(draw, 0.4) else one.street,
            "City": one.town[0], "State": one.town[1],
            "ZIP": f"{one.town[2]}{len(one.street) % 10}{ord(one.street[0]) % 10}",
            "Phone": "" if chance(draw, 0.4) else one.phone, "Email": "" if chance(draw, 0.35) else one.email}
