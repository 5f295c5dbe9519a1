"""Users of an app: Indian, Chinese and Russian names as different systems romanise them, a mobile, a city."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from anyascii import anyascii

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip

SYLLABLES: Final = ["Xiao", "Ming", "Wei", "Jun", "Hong", "Li", "Yan", "Jing", "Lei", "Tao", "Hua", "Qiang", "Mei",
                    "Fang", "Yu", "Jie", "Bo", "Chao", "Hui", "Dan", "Ping", "Xin", "Zhi", "Guo", "Jian", "Wen",
                    "Rui", "Shan", "Ling", "Na"]
CLANS: Final = ["Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Huang", "Zhao", "Wu", "Zhou", "Xu", "Sun", "Ma", "Zhu",
                "Hu", "Guo", "He", "Lin", "Gao", "Luo", "Zheng", "Liang", "Xie", "Song", "Tang", "Han", "Feng",
                "Deng", "Cao", "Peng"]
#: Cyrillic -> other ways to write it than the usual one.
OTHER: Final = (("sh", "š"), ("ch", "tch"), ("ya", "ia"), ("yu", "iu"), ("ey", "ei"), ("ay", "ai"), ("kh", "h"),
                ("zh", "j"), ("ks", "x"), ("iy", "y"), ("v", "w"))
CITIES: Final = {"in": ["Mumbai", "Delhi", "Pune", "Chennai", "Kolkata", "Bengaluru"],
                 "cn": ["Beijing", "Shanghai", "Guangzhou", "Chengdu", "Wuhan"],
                 "ru": ["Moskva", "Kazan", "Samara", "Omsk", "Perm", "Tver"]}


@dataclass(frozen=True)
class User:
    """One user, as in life."""

    country: str
    given: str
    family: str
    mobile: str
    city: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, lambda of: [_user(of)]), _row, rows)


def _user(draw: Random) -> User:
    country = draw.choice(("in", "in", "cn", "ru"))
    given, family = NAMES[country](draw)
    return User(country, given, family, MOBILES[country](draw), draw.choice(CITIES[country]))


def _indian(draw: Random) -> tuple[str, str]:
    return name(draw, "en_IN", "first_names"), name(draw, "en_IN", "last_names")


def _chinese(draw: Random) -> tuple[str, str]:
    return " ".join(draw.sample(SYLLABLES, draw.choice((1, 2, 2, 2)))), draw.choice(CLANS)


def _russian(draw: Random) -> tuple[str, str]:
    sex = draw.choice(("male", "female"))
    return name(draw, "ru_RU", f"first_names_{sex}"), name(draw, "ru_RU", f"last_names_{sex}")


NAMES: Final[dict[str, Callable[[Random], tuple[str, str]]]] = {"in": _indian, "cn": _chinese, "ru": _russian}
MOBILES: Final[dict[str, Callable[[Random], str]]] = {
    "in": lambda draw: f"+91 9{digits(draw, 9)}", "cn": lambda draw: f"+86 13{digits(draw, 9)}",
    "ru": lambda draw: f"+7 9{digits(draw, 9)}"}


def _row(draw: Random, one: User, first: bool) -> dict[str, str]:
    given, family = WRITTEN[one.country](draw, one.given, one.family)
    given, family = maybe(draw, 0.04, slip, given), maybe(draw, 0.04, slip, family)
    mobile = one.mobile if first or chance(draw, 0.88) else MOBILES[one.country](draw)
    swapped = chance(draw, 0.35 if one.country == "cn" else 0.06)
    return {"Name": f"{family} {given}" if swapped else f"{given} {family}",
            "Mobile": "" if chance(draw, 0.12) else mobile.replace(" ", draw.choice(("", " ", "-"))),
            "City": "" if chance(draw, 0.2) else one.city}


def _syllables(draw: Random, given: str, family: str) -> tuple[str, str]:
    """Xiao Ming, Xiaoming, Xiao-Ming, X. M."""
    parts = given.split()
    forms = (given, "".join(parts).capitalize(), "-".join(parts), "".join(parts).capitalize(),
             " ".join(part[0] + "." for part in parts))
    return draw.choices(forms, (30, 40, 15, 10, 5))[0], family


def _romanised(draw: Random, given: str, family: str) -> tuple[str, str]:
    """In Cyrillic, or in Latin letters in one of the usual ways."""
    if chance(draw, 0.2):
        return given, family
    latin = [anyascii(text) for text in (given, family)]
    for usual, other in OTHER:
        if chance(draw, 0.25):
            latin = [text.replace(usual, other) for text in latin]
    return latin[0], latin[1]


def _shortened(draw: Random, given: str, family: str) -> tuple[str, str]:
    return (f"{given[0]}." if chance(draw, 0.08) else given), family


WRITTEN: Final[dict[str, Callable[[Random, str, str], tuple[str, str]]]] = {
    "in": _shortened, "cn": _syllables, "ru": _romanised}
