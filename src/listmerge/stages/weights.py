"""What each level of agreement is worth before the lists at hand have been looked at.

One table per field: for each level how often two records show it that are of one person (`same`), of two strangers
(`strangers`; RARE where the rarity of the shared value says it), of two members of one household, of two people who
work at one place (None: as strangers). The lists at hand move these by EM, short lists little, long ones freely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

RARE: Final = -1.0


@dataclass(frozen=True, slots=True)
class Level:
    """One level of agreement, with its name for people. What is not `learned` is as frequent among strangers, so that
    how frequent it is says nothing: names written the other way round."""

    words: str
    same: float
    strangers: float
    household: float | None = None
    colleagues: float | None = None
    learned: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """The levels of one field, in the order of its comparison. `trust` is how many records these numbers stand for."""

    name: str
    levels: tuple[Level, ...]
    trust: float = 40.0


@dataclass(frozen=True, slots=True)
class Needs:
    """Names that differ so much (each of `differing`: field, level or a later one) need one of `outweighed_by` (field,
    level or an earlier one). Without it the pair weighs at most `most` bits."""

    differing: tuple[tuple[str, int], ...]
    outweighed_by: tuple[tuple[str, int], ...]
    most: float = -1.0


PERSON: Final = (
    Field("given", (
        Level("same given name", .80, RARE, .04),
        Level("nickname", .06, RARE),
        Level("part of the given name", .02, RARE),
        Level("initial", .03, RARE),
        Level("slip of the pen in the given name", .05, RARE),
        Level("given and family name swapped", .03, RARE, learned=False),
        Level("similar given names", .015, .02),
        Level("different given names", .006, .20, .20),
        Level("quite different given names", .0015, .77, .74),
    )),
    Field("family", (
        Level("same family name", .88, RARE, .85),
        Level("another form of the family name", .0001, RARE, .0001),
        Level("part of the family name", .02, RARE, .02),
        Level("initial", .005, RARE, .005),
        Level("slip of the pen in the family name", .05, RARE, .05),
        Level("family and given name swapped", .03, RARE, .0001, learned=False),
        Level("similar family names", .015, .004, .01),
        Level("different family names", .02, .99, .08),
    )),
    Field("middle", (
        Level("middle names agree", .95, .09),
        Level("different middle initials", .03, .81),
        Level("different middle names", .02, .10),
    )),
    Field("suffix", (
        Level("same suffix", .995, .5),
        Level("different suffixes", .005, .5),
    )),
    Field("email", (
        Level("same e-mail", .42, RARE, .03, .003),
        Level("same shared e-mail", .03, RARE, .02, .05),
        Level("same before the @", .02, RARE, .003, .001),
        Level("almost the same e-mail", .03, .00001, .003, .003),
        Level("different e-mails", .50, 1.0, .96, .94),
    )),
    Field("phone", (
        Level("same phone", .55, RARE, .35, .10),
        Level("same shared phone", .05, RARE, .10, .15),
        Level("same phone but for the country code", .02, RARE, .01, .005),
        Level("almost the same phone", .03, RARE, .01, .005),
        Level("different phones", .35, 1.0, .53, .74),
    )),
    Field("address", (
        Level("same address", .55, RARE, .75, .40),
        Level("same street and number", .05, RARE, .05, .04),
        Level("almost the same address", .08, RARE, .08, .06),
        Level("same postcode, no street", .04, RARE, .02, .04),
        Level("same city, no street", .08, RARE, .04, .08),
        Level("same street, other number", .01, RARE, .005, .005),
        Level("same postcode, other street", .02, RARE, .005, .015),
        Level("same city, other street", .05, RARE, .01, .06),
        Level("different places", .12, .95, .04, .30),
    )),
    Field("work", (
        Level("same company", .72, RARE, None, .80),
        Level("the company shows in a domain", .10, RARE, None, .15),
        Level("similar company", .05, RARE, None, .05),
        Level("different companies", .13, .99, None, .02),
    )),
    Field("birthday", (
        Level("same birthday", .90, RARE, .05),
        Level("slip of the pen in the birthday", .06, .0015),
        Level("birthdays agree in part", .025, .01),
        Level("different birthdays", .005, .99, .94),
    ), trust=120.0),
    Field("identifier", (
        Level("same number", .93, RARE),
        Level("different numbers", .07, 1.0),
    )),
)

#: Organisations: `household` are branches of one organisation, `colleagues` tenants of one building.
ORGANISATION: Final = (
    Field("company", (
        Level("same name", .40, RARE, .40),
        Level("almost the same name", .20, RARE, .20),
        Level("one name is part of the other", .15, RARE, .15),
        Level("names share words", .12, .05, .20),
        Level("different names", .12, .949, .04),
        Level("alike, of another legal form", .01, .001, .01, .05),
    )),
    Field("email", (
        Level("same e-mail", .55, RARE, .15, .005),
        Level("same shared e-mail", .10, RARE, .20, .005),
        Level("same before the @", .02, RARE, .05, None),
        Level("almost the same e-mail", .03, .00001, .01, None),
        Level("different e-mails", .30, 1.0, .59, .99),
    )),
    Field("phone", (
        Level("same phone", .60, RARE, .10, .02),
        Level("same shared phone", .10, RARE, .30, .02),
        Level("same phone but for the country code", .02, RARE, .01, .005),
        Level("almost the same phone", .04, RARE, .02, .005),
        Level("different phones", .24, 1.0, .57, .95),
    )),
    Field("address", (
        Level("same address", .60, RARE, None, .70),
        Level("same street and number", .15, RARE, None, .10),
        Level("almost the same address", .10, RARE, None, .10),
        Level("same postcode, no street", .03, RARE, None, .02),
        Level("same city, no street", .06, RARE, .06, .04),
        Level("same street, other number", .01, RARE, .02, .01),
        Level("same postcode, other street", .01, RARE, .05, .005),
        Level("same city, other street", .02, RARE, .10, .005),
        Level("different places", .02, .95, .77, .02),
    )),
    Field("identifier", (
        Level("same number", .95, RARE),
        Level("different numbers", .05, 1.0),
    )),
)
FIELDS: Final = {"person": PERSON, "organisation": ORGANISATION}

#: What a pair weighs that contradicts itself: no lack of evidence weighs so little.
CONTRADICTION: Final = -64.0
#: Names that differ must be outweighed by something that is one person's own; given names that have nothing in common
#: make two people of all who share the rest.
NEEDS: Final = (
    Needs((("given", 8),), (("birthday", 1), ("identifier", 0)), most=CONTRADICTION),
    Needs((("given", 7),), (("email", 0), ("phone", 0), ("birthday", 1), ("identifier", 0))),
    Needs((("family", 7),), (("email", 0), ("phone", 0), ("birthday", 1), ("identifier", 0), ("address", 2))),
    Needs((("given", 1), ("family", 7)), (("email", 0), ("birthday", 1), ("identifier", 0))),
)
