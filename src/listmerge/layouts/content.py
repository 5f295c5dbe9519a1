"""What the values of a column look like: tests of one cell, and the share of the filled cells that pass one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from listmerge.fields import permissions
from listmerge.layouts.words import load_words

LONGEST: Final = 200        # characters of a cell that are looked at
_EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\W\d_]{2,}")
_PHONE = re.compile(r"[+(]?[\d\s().\-/+]{6,24}(?:\s*(?:x|ext\.?|;ext=)\s*\d{1,6})?", re.I)
_URL = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}(?:/\S*)?", re.I)
_DATE = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[T ]\S.*)?|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?:[ ,T].*)?|(?:19|20)\d{6}|"
    r"--\d{2}-?\d{2}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}.*|[A-Za-z]{3,9} \d{1,2},? \d{4}.*|"
    r"[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4}.*")
_MAIL_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}.*")
_SERIAL = re.compile(r"[1-6]\d{4}(?:\.\d+)?")
_UNIX = re.compile(r"1\d{9}(?:\d{3})?")
_POSTCODE = re.compile(r"(?=.*\d)[A-Z]{0,2}[A-Z\d][A-Z\d -]{1,9}", re.I)
_NUMBER = re.compile(r"[-+]?\d[\d.,' ]*(?:E[+-]?\d+)?", re.I)
_NAME = re.compile(r"[^\W\d_][^\d@:;/!?&=+*#<>\[\]{}|\\_]{0,60}")
_SUBSCRIPTION = re.compile(r"subscri|opt|abon|gemeld|suscri|scritto|cleaned|prenumer|tilmeld|confirm|consent", re.I)
_ACTIVE = re.compile(r"(in)?(active|aktiv|actif|activo|attivo|ativo|actief)", re.I)
_SSN = re.compile(r"(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.A)
_STREET = re.compile(r"\d+[a-z]?\b.*[^\W\d_]{2}|[^\W\d_]{2}.*\b\d+", re.I | re.S)

def bare(text: str) -> str:
    """A cell without the guards that spreadsheets need (`'+44 …`, `="00481"`), and no longer than a value is."""
    cell = text[:LONGEST].strip()
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell[1:] if cell.startswith("'") and not cell.endswith("'") else cell


def is_email(text: str) -> bool:
    """Whether a cell holds an address: alone, in `Name <a@b>`, or several with separators."""
    return _EMAIL.search(text) is not None


def is_phone(text: str) -> bool:
    """Whether a cell has the form of a phone number with 7 to 15 digits."""
    digits = sum(char.isdigit() for char in text)
    return 7 <= digits <= 17 and _PHONE.fullmatch(text.strip()) is not None and not is_date(text)


def has_digits(text: str) -> bool:
    """Whether a cell has at least three digits: what a column of phone numbers holds even when it was damaged."""
    return sum(char.isdigit() for char in text) >= 3


def is_date(text: str) -> bool:
    """Whether a cell has the form of a date, or of the number that a spreadsheet makes of one."""
    return _DATE.fullmatch(text.strip()) is not None


def is_dateish(text: str) -> bool:
    """As `is_date`, and day numbers of spreadsheets and of Unix, which only the header can vouch for."""
    plain = text.strip()
    return is_date(plain) or _SERIAL.fullmatch(plain) is not None or _UNIX.fullmatch(plain) is not None


def is_mail_date(text: str) -> bool:
    """Whether a cell is a date as mail headers write it (RFC 2822)."""
    return _MAIL_DATE.fullmatch(text.strip()) is not None


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
    return any(tail in forms for tail in tails) or any(len(word) > 4 and word in forms for word in words) or any(
        form in text for form in ("株式会社", "有限会社", "合同会社"))


def is_country(text: str) -> bool:
    """Whether a cell is the name of a country."""
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split()) in load_words().countries


def is_street(text: str) -> bool:
    """Whether a cell has words and a house number."""
    return _STREET.search(text) is not None


def is_secret(text: str) -> bool:
    """Whether a cell is the number of a bank account (IBAN, ISO 13616, with right check digits) or an American social
    security number as it is written."""
    plain = text.replace(" ", "").strip()
    if _SSN.fullmatch(plain):
        return True
    return _IBAN.fullmatch(plain) is not None and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def is_title(text: str) -> bool:
    """Whether a cell is a form of address: Mr, Frau Dr., Mme."""
    words = re.sub(r"[^\w]+", " ", text.casefold()).split()
    return bool(words) and len(words) <= 3 and words[0] in load_words().titles


def is_flag(text: str) -> bool:
    """Whether a cell is a yes or a no."""
    return permissions.truth(text) is not None


def is_status(text: str) -> bool:
    """Whether a cell is a state of a subscription."""
    return not is_flag(text) and permissions.state_one("status-word", text) is not None


def is_state(text: str) -> bool:
    """Whether a cell is a state of a subscription, or of anything: active, inactive."""
    return is_status(text) or _ACTIVE.fullmatch(text.strip()) is not None


def is_subscription(text: str) -> bool:
    """Whether a cell is a state in the words of subscriptions: subscribed, opted in, cleaned; not: active, valid."""
    return is_status(text) and _SUBSCRIPTION.search(text) is not None


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


def is_count(values: Sequence[str]) -> bool:
    """Whether the cells of a sample merely count the rows: 1, 2, 3 …"""
    return [value.strip() for value in values] == [str(number + 1) for number in range(len(values))]


def overlap(values: Sequence[str], known: Callable[[str], bool] | Collection[str] | None) -> float:
    """The share of filled cells that are e-mail addresses which other sources hold."""
    if known is None:
        return 0.0
    holds = known if callable(known) else known.__contains__
    return share(values, lambda value: bool(holds(value.strip().casefold())))
