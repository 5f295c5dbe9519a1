"""What a person says of contacts: whom they mean, and their verdict as it is remembered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from listmerge.errors import OptionError
from listmerge.model import CHANNELS, REFUSALS
from listmerge.review.who import contacts_meant

if TYPE_CHECKING:
    from listmerge.review.who import Tables

CONTACT_KEY: Final = r"[0-9a-f]{24}(#\d+)?\.\d+"
VERDICTS: Final = ("same", "different")
_MOST: Final = 10         # contacts of a master that a "different" names; more would say nothing more


def check_verdict(verdict: str) -> None:
    """Raises OptionError unless it is a word that a decision can have."""
    if verdict not in VERDICTS:
        close = get_close_matches(verdict, VERDICTS, 1)
        raise OptionError("unknown-verdict", f"{verdict!r} is no decision.",
                          hint=f"say {' or '.join(VERDICTS)}." if not close else f"did you mean {close[0]}?")


def pairs_meant(tables: Tables, verdict: str, left: str, right: str) -> list[tuple[str, str]]:
    """The pairs of contact keys that the verdict is about. Raises OptionError when they are not two.

    To join two masters one pair is enough; to keep them apart, every contact of one is kept from all of the other.
    """
    lefts, rights = contacts_meant(tables, left), contacts_meant(tables, right)
    if set(lefts) & set(rights):
        raise OptionError("one-contact", f"{left} and {right} are the same contact.", hint="name two.")
    if verdict == "same":
        return [(lefts[0], rights[0])]
    return list(product(lefts[:_MOST], rights[:_MOST]))


def decisions_text(decisions: Iterable[tuple[str, str, str]]) -> str:
    """(verdict, left key, right key) as lines sorted by the contacts, so that versions of a file merge line by line."""
    return "".join(f"{verdict} {left} {right}\n" for verdict, left, right in sorted(decisions, key=lambda one: one[1:]))


def decisions_of(text: str) -> list[tuple[str, str, str]]:
    """The inverse of `decisions_text`; empty lines and those that begin with # are passed over. Raises OptionError."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 3 or words[0] not in VERDICTS or not all(re.fullmatch(CONTACT_KEY, key) for key in words[1:]):
            raise OptionError("bad-decision", f"line {number} is no decision: {line.strip()!r}.",
                              hint="write lines as `listmerge decisions export` does: same LEFT.0 RIGHT.0")
        found.append((words[0], min(words[1:]), max(words[1:])))
    return found


def refusal(address: str, reason: str, channel: str, today: str, region: str) -> dict[str, Any]:
    """A refusal by hand as a row of STANDING_REFUSALS, with its `reason` in words.

    Raises OptionError for what is neither an e-mail address nor a phone number, and for an unknown channel.
    """
    key, found = _address_key(address, region)
    if channel and channel not in CHANNELS:
        raise OptionError("unknown-channel", f"{channel!r} is no channel.", hint=f"use one of {', '.join(CHANNELS)}.")
    word = reason.strip().casefold().replace(" ", "-")
    known = word in REFUSALS[:-1]
    return {"channel": channel or found, "address_key": key, "refusal": word if known else "do-not-contact",
            "date": today, "source": "", "by_hand": True, "reason": "" if known else reason.strip()}


def _address_key(address: str, region: str) -> tuple[str, str]:
    from listmerge.fields import emails, phones

    key = emails.clean_one(address).key
    if key:
        return key, "email"
    phone = phones.clean_one("" if "@" in address else address, region)
    key = "" if phone.quality in ("", "invalid", "placeholder") else phone.key
    if key:
        return key, "phone"
    raise OptionError("no-address", f"{address!r} is no e-mail address and no phone number; nothing was changed.",
                      hint="write phone numbers with their country code: +44 …")
