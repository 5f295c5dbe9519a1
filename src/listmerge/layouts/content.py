"""What the values of a column look like: shares of the filled cells of a sample that have the form of a kind of value."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from listmerge.layouts.words import load_words

_EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\W\d_]{2,}")
_PHONE = re.compile(r"[+(]?[\d\s().\-/+]{6,24}(?:\s*(?:x|ext\.?|;ext=)\s*\d{1,6})?", re.I)
_URL = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}(?:/\S*)?", re.I)
_DATE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?:[T ]\S.*)?|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?:[ ,T].*)?|(?:19|20)\d{6}|\d{4}/\d{1,2}/\d{1,2}.*"
    r"|--\d{2}-?\d{2}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}.*|[A-Za-z]{3,9} \d{1,2},? \d{4}.*|[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4}.*")
_SERIAL = re.compile(r"[1-6]\d{4}(?:\.\d+)?")
_UNIX = re.compile(r"1\d{9}(?:\d{3})?")
_POSTCODE = re.compile(r"(?=.*\d)[A-Z]{0,2}[A-Z\d][A-Z\d -]{1,9}", re.I)
_NUMBER = re.compile(r"[-+]?\d[\d.,' ]*(?:E[+-]?\d+)?", re.I)
_NAME = re.compile(r"[^\W\d_][^\d@:;/!?&=+*#<>\[\]{}|\\_]{0,60}")
_STREET = re.compile(r"\d+[a-z]?\b.*[^\W\d_]{2}|[^\W\d_]{2}.*\b\d+", re.I | re.S)
_TITLES: Final = frozenset(
    "mr mrs ms miss mx dr prof rev sir dame herr frau m mme mlle monsieur madame sr sra srta don doña sig signora dott dhr mevr "
    "mw pan pani 様 さん hr fru ing dipl mag professor doctor mister".split())
_FLAGS: Final = frozenset(
    "yes no y n true false t f 1 0 ja nein j oui non o si sí s não nao sim s tak nie wahr falsch vrai faux x on off ✓ はい いいえ "
    "subscribed unsubscribed nej ano ok opted-in opted-out".split())
_STATUS: Final = frozenset(
    "subscribed unsubscribed cleaned pending bounced unconfirmed confirmed complained suppressed non-subscribed nonsubscribed "
    "never_subscribed opted-in opted-out opted_in opted_out abgemeldet angemeldet désabonné abonné unsubscribe subscribe blacklisted "
    "blocklisted hard_bounce hard-bounced soft_bounce do-not-contact".split())


def is_email(text: str) -> bool:
    """Whether a cell holds an address: alone, in `Name <a@b>`, or several with separators."""
    return _EMAIL.search(text) is not None and len(text) < 500


def is_phone(text: str) -> bool:
    """Whether a cell has the form of a phone number with 7 to 15 digits."""
    digits = sum(char.isdigit() for char in text)
    return 7 <= digits <= 17 and _PHONE.fullmatch(text.strip()) is not None and not is_date(text)


def has_digits(text: str) -> bool:
    """Whether a cell has at least five digits: what a phone column holds when it was damaged."""
    return sum(char.isdigit() for char in text) >= 3


def is_date(text: str) -> bool:
    """Whether a cell has the form of a date, or of the number that a spreadsheet makes of one."""
    return _DATE.fullmatch(text.strip()) is not None


def is_dateish(text: str) -> bool:
    """As `is_date`, and day numbers of spreadsheets and of Unix, which only the header can vouch for."""
    plain = text.strip()
    return is_date(plain) or _SERIAL.fullmatch(plain) is not None or _UNIX.fullmatch(plain) is not None


def is_unix(text: str) -> bool:
    """Whether a cell is a number of seconds since 1970."""
    return _UNIX.fullmatch(text.strip()) is not None


def is_url(text: str) -> bool:
    """Whether a cell is the address of a page."""
    return _URL.fullmatch(text.strip()) is not None and "@" not in text


def is_postcode(text: str) -> bool:
    """Whether a cell has the form of a postcode of any country."""
    return _POSTCODE.fullmatch(text.strip()) is not None or (text.strip()[:1] == "〒")


def is_number(text: str) -> bool:
    """Whether a cell is a bare number."""
    return _NUMBER.fullmatch(text.strip()) is not None


def is_name(text: str) -> bool:
    """Whether a cell could be the name of a person: letters, one to six words, no digits."""
    return _NAME.fullmatch(text.strip()) is not None and len(text.split()) <= 6


def is_company(text: str) -> bool:
    """Whether a cell has a legal form or another word that only organisations have in their name."""
    words = re.sub(r"[^\w]+", " ", text.casefold()).split()
    forms = load_words().legal_forms
    tails = [" ".join(words[-size:]) for size in (1, 2, 3)]
    return any(tail in forms for tail in tails) or any(word in forms for word in words if len(word) > 4) or "株式会社" in text


def is_country(text: str) -> bool:
    """Whether a cell is the name of a country."""
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split()) in load_words().countries


def is_street(text: str) -> bool:
    """Whether a cell has words and a house number."""
    return _STREET.search(text) is not None


def is_title(text: str) -> bool:
    """Whether a cell is a form of address: Mr, Frau Dr., Mme."""
    words = re.sub(r"[^\w]+", " ", text.casefold()).split()
    return bool(words) and len(words) <= 3 and words[0] in _TITLES


def is_flag(text: str) -> bool:
    """Whether a cell is a yes or a no."""
    return text.strip().casefold() in _FLAGS


def is_status(text: str) -> bool:
    """Whether a cell is a state of a subscription."""
    return text.strip().casefold().replace(" ", "-") in _STATUS


def filled(values: Sequence[str]) -> list[str]:
    """The cells that hold something."""
    return [value for value in values if value.strip()]


def share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    """The share of filled cells that pass a test, 0 when none is filled."""
    cells = filled(values)
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def unique_and_filled(values: Sequence[str]) -> bool:
    """Whether every cell of a sample is filled, and with another text."""
    return bool(values) and all(value.strip() for value in values) and len(set(values)) == len(values)


def overlap(values: Sequence[str], known: Callable[[str], bool] | Collection[str] | None) -> float:
    """The share of filled cells that are e-mail addresses which other sources hold."""
    if known is None:
        return 0.0
    holds = known if callable(known) else known.__contains__
    return share(values, lambda value: bool(holds(value.strip().casefold())))
