"""What cleaning may be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """What cleaning may be told: the country (ISO alpha-2) of national phone numbers where the list does not say, the
    key under which identifiers are hashed, today (YYYY-MM-DD), after which nobody is born ('' does not check), and the
    order of day and month by column (`date_orders`), when the records are a piece of a longer list."""

    region: str = ""
    key: bytes = b""
    today: str = ""
    orders: tuple[tuple[int, str], ...] = ()
