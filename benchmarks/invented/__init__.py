"""Labelled lists of invented people, each of a kind of its own: what nobody tuned for.

`LISTS` names them; each is a function (draw, rows) -> rows with the columns of that kind of list and `entity_id`. The
same seed makes the same list. Names come from Faker's name lists, everything else is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from benchmarks.invented import (
    badges,
    czechs,
    donors,
    firms,
    members,
    mobiles,
    phonebook,
    pupils,
    seniors,
    staff,
    surnames,
    voters,
)

Row = dict[str, str]

LISTS: Final[dict[str, Callable[[Random, int], list[Row]]]] = {
    "german-members": members.made,         # one name column, birthdays, families at one address
    "spanish-surnames": surnames.made,      # two surnames, second ones left out, phones only
    "transliterated": mobiles.made,         # Indian, Chinese and Russian names in several romanisations, mobiles only
    "firms": firms.made,                    # companies, role mailboxes, switchboards
    "donor-families": donors.made,          # families at one address, Senior and Junior, shared mailboxes
    "trade-show": badges.made,              # misread by a scanner, role mailboxes, switchboards
    "pupils": pupils.made,                  # one address for a whole school, birthdays of few years, parents' phones
    "dutch-seniors": seniors.made,          # initials, particles, double names, landlines that couples and homes share
    "gulf-staff": staff.made,               # Arabic names in several spellings, Indian ones with initials
    "phone-list": phonebook.made,           # Italian and Romanian names with phones, nothing else
    "voters": voters.made,                  # "SMITH, JOHN A JR", year of birth, address; no e-mail, no phone
    "czech-customers": czechs.made,         # surnames in two forms, accents lost, Czech headers
}


def rows_of(name: str, rows: int, seed: int) -> list[Row]:
    """About that many rows of the list `name`."""
    return LISTS[name](Random(f"{name} {seed}"), rows)
