"""Customers of a Spanish shop: two surnames, of which the second is often left out, and phones, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from anyascii import anyascii

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip


@dataclass(frozen=True)
class Customer:
    """One customer, as in life; `home` is the landline of the family."""

    given: tuple[str, ...]
    father: str
    mother: str
    mobile: str
    home: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _siblings), _row, rows)


def _siblings(draw: Random) -> list[Customer]:
    father, mother = name(draw, "es_ES", "last_names"), name(draw, "es_ES", "last_names")
    father = f"de la {father}" if chance(draw, 0.02) else father
    home = f"9{draw.choice('1358')}{digits(draw, 7)}"
    return [Customer(_given(draw), father, mother, f"6{digits(draw, 8)}", home)
            for _ in range(draw.choice((1, 1, 1, 2)))]


def _given(draw: Random) -> tuple[str, ...]:
    kind = draw.choice(("first_names_male", "first_names_female"))
    first, second = name(draw, "es_ES", kind), name(draw, "es_ES", kind)
    return (first, second) if chance(draw, 0.3) and first != second else (first,)


def _row(draw: Random, one: Customer, first: bool) -> dict[str, str]:
    given = list(one.given)
    if len(given) > 1 and chance(draw, 0.35):
        given = [given[0]] if chance(draw, 0.5) else [given[0], given[1][0] + "."]
    family = one.father if chance(draw, 0.4) else f"{one.father} {one.mother}"
    family = f"{one.father}-{one.mother}" if " " in family and chance(draw, 0.06) else family
    shown, family = (maybe(draw, 0.05, slip, text) for text in (" ".join(given), family))
    if chance(draw, 0.25):
        shown, family = anyascii(shown), anyascii(family)
    mobile = one.mobile if first or chance(draw, 0.85) else f"6{digits(draw, 8)}"
    return {"Nombre": shown, "Apellidos": family.upper() if chance(draw, 0.15) else family,
            "Móvil": "" if chance(draw, 0.15) else _written(draw, mobile),
            "Teléfono fijo": "" if chance(draw, 0.5) else _written(draw, one.home)}


def _written(draw: Random, phone: str) -> str:
    spaced = f"{phone[:3]} {phone[3:6]} {phone[6:]}"
    return draw.choice((phone, spaced, f"+34 {spaced}", f"0034{phone}", f"{phone[:3]}-{phone[3:]}"))
