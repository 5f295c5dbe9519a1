"""What all invented lists draw from: names by frequency, slips of the pen, phones, who is listed twice."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate
from random import Random
from string import ascii_lowercase
from typing import Any, Final

#: Copies of a person -> how often.
COPIES: Final = {1: 62, 2: 25, 3: 9, 4: 4}


@cache
def names(locale: str, kind: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Faker's list of that name in a fixed order, with weights as in life: few common ones, a long tail."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    found = tuple(dict.fromkeys(getattr(provider, kind)))
    return found, tuple(accumulate(1 / (rank + 12) for rank in range(len(found))))


def name(draw: Random, locale: str, kind: str) -> str:
    """One of Faker's `first_names`, `last_names` …, the first ones most often."""
    found, weights = names(locale, kind)
    return draw.choices(found, cum_weights=weights)[0]


def chance(draw: Random, share: float) -> bool:
    """True so often."""
    return draw.random() < share


def slip(draw: Random, text: str) -> str:
    """One slip of the pen: a letter left out, doubled, changed, or two swapped."""
    if len(text) < 4:
        return text
    at = draw.randrange(1, len(text) - 1)
    letter = draw.choice(ascii_lowercase)
    return draw.choice((text[:at] + text[at + 1:], text[:at] + text[at] + text[at:], text[:at] + letter + text[at + 1:],
                        text[:at] + text[at + 1] + text[at] + text[at + 2:]))


def maybe(draw: Random, share: float, change: Callable[[Random, str], str], text: str) -> str:
    """`text`, so often changed."""
    return change(draw, text) if text and chance(draw, share) else text


def digits(draw: Random, count: int) -> str:
    """That many digits."""
    return "".join(draw.choice("0123456789") for _ in range(count))


def listed(
    draw: Random, people: Iterable[Any], row: Callable[[Random, Any, bool], dict[str, str]], rows: int
) -> list[dict[str, str]]:
    """Rows of as many people as fill the list, some of them several times, in no order; `row(draw, person, first)`."""
    made: list[dict[str, str]] = []
    for entity, person in enumerate(people, 1):
        if len(made) >= rows:
            break
        many = draw.choices(list(COPIES), list(COPIES.values()))[0]
        made += [{**row(draw, person, at == 0), "entity_id": str(entity)} for at in range(many)]
    draw.shuffle(made)
    return made


def endlessly(draw: Random, make: Callable[[Random], list[Any]]) -> Iterator[Any]:
    """The people of one household, firm … after the other."""
    while True:
        yield from make(draw)
