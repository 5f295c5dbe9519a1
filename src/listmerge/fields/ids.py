"""Identifiers: a record's own id in its system, and numbers that may be matched on as a keyed hash only."""

from __future__ import annotations

import hashlib
import hmac
import re

from listmerge.fields.text import trim

_EXPONENT = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+\d{1,3}")
_SALESFORCE = re.compile(r"[0-9a-zA-Z]{15}(?:[A-Z0-5]{3})?")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_NOTHING = frozenset({"", "0", "null", "none", "n/a", "na", "nan", "-", "#n/a"})


def clean_id(text: str) -> str:
    """A record's own id as it is compared: trimmed, one guard apostrophe and ="…" taken off; '' when it is unusable,
    because a spreadsheet rounded it (`7.2104483E+12`) or it says that there is none."""
    value = unguard(trim(text))
    return "" if is_exponent(value) or value.casefold() in _NOTHING else value


def unguard(text: str) -> str:
    """`text` without what keeps a spreadsheet from computing it: a leading apostrophe, or `="…"` around it."""
    if len(text) > 3 and text.startswith('="') and text.endswith('"'):
        return text[2:-1].replace('""', '"').strip()
    return text[1:].strip() if text.startswith("'") else text


def is_exponent(text: str) -> bool:
    """Whether a spreadsheet has rounded this number: `7.2104483E+12`, `1,20E+05`."""
    return bool(_EXPONENT.fullmatch(text.strip()))


def salesforce_id(text: str) -> str:
    """The 18 characters of a Salesforce id, which tell case apart by themselves, for one of 15 or 18; others come back
    cleaned only.

    Method: each of the three last characters says which of five characters are capitals (Salesforce, "Convert 15
    Character IDs to 18 Character IDs").
    """
    value = clean_id(text)
    if not _SALESFORCE.fullmatch(value):
        return value
    return value[:15] + "".join(_capitals(value[start:start + 5]) for start in (0, 5, 10))


def _capitals(five: str) -> str:
    return _LETTERS[sum(1 << place for place, letter in enumerate(five) if "A" <= letter <= "Z")]


def identifier_key(text: str, key: bytes) -> str:
    """A keyed hash (HMAC-SHA-256, 24 hex digits) of an identifier, so that it can be compared and not read.

    Case, blanks and punctuation do not count; '' for what is unusable.
    """
    value = re.sub(r"[\W_]+", "", clean_id(text).casefold())
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:24] if value.strip("0") else ""
