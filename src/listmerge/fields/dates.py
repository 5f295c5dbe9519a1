"""Dates of a column as ISO texts. The order of day and month is decided by the whole column, never cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from datetime import date, timedelta
from typing import Final, NamedTuple

import pyarrow as pa

from listmerge.fields import data
from listmerge.fields.text import Cleaned, Flaw, clean_distinct, fold, plain, trim

ORDERS: Final = ("dmy", "mdy", "ymd")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_COMPACT = re.compile(r"(1[89]\d\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?\d{4,6}Z?)?$")
_NUMBERS = re.compile(r"(\d{1,4})\s*([./\-年])\s*(\d{1,2})\s*(?:[./\-月])\s*(\d{1,4})\.?日?(?:[,T\s].*)?$")
_NO_YEAR = re.compile(r"--(\d{2})-?(\d{2})$")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\.?$")
_TIME = re.compile(r"[,T\s]+\d{1,2}[:.h]\d{2}.*$")
_BLANK = re.compile(r"(?:[0./\-\s:T]|1899-12-30|1900-01-00)*$")
_SERIAL = re.compile(r"\d{1,5}(?:[.,]\d+)?$")
_DAY_NUMBER = re.compile(r"[1-4]\d{4}(?:[.,]\d+)?$")      # of the years 1927 to 2036, as spreadsheets count
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?$|\d{13}$")
_NO_VALUE: Final = frozenset({"", "none", "null", "n a", "na", "never", "unknown", "nie", "jamais", "nunca", "mai"})
_LONGEST: Final = 60                      # characters
_UNREADABLE: Final = ("date-unreadable", "This is no date that can be read without guessing.", "")
_EPOCHS: Final = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}


class Date(NamedTuple):
    """`date` is YYYY-MM-DD, --MM-DD without a year, or ''."""

    date: str
    issues: tuple[Flaw, ...]


def clean_column(
    column: pa.Array, order: str = "", *, decided: bool = False, today: str = "", serials: str = "",
    seconds: bool = False, yearless: bool = False,
) -> Cleaned:
    """The dates of a column as (table with column `date`, issues).

    `order` is the system's own ('dmy', 'mdy', 'ymd' or ''), which holds unless a value of the column contradicts it;
    `decided`: it holds in any case, as it was decided by a longer column of which this is a piece.
    `today` (YYYY-MM-DD): later dates are invalid, as for birthdays. `serials` ('1900' or '1904') takes numbers as the
    days of a spreadsheet; `seconds` takes them as Unix seconds or milliseconds; `yearless`
    reads `03/25` as a day without a year.
    """
    if not decided:
        order = decide_order(plain(column).unique().to_pylist(), order)
    return clean_distinct([column], lambda text: clean_one(text, order, today, serials, seconds, yearless), Date)


def decide_order(texts: Iterable[str], order: str = "") -> str:
    """The order that the values themselves prove (a part > 12), else `order`; '' when values prove both."""
    return settled(proofs(texts), order)


def proofs(texts: Iterable[str]) -> frozenset[str]:
    """The orders that single values prove."""
    return frozenset(proof for text in texts if (proof := _proof(text)))


def settled(proved: Set[str], order: str) -> str:
    """The order of a column of which the values have `proved` these."""
    if len(proved) == 1:
        return next(iter(proved))
    return "" if proved else order


def _proof(text: str) -> str:
    found = _NUMBERS.match(trim(text)) or _DAY_AND_MONTH.match(trim(text))
    if not found or len(found[1]) == 4:
        return ""
    first, second = int(found[1]), int(found[3])
    if first > 31 and second <= 12:
        return "ymd"
    if 12 < first <= 31 and second <= 12:
        return "dmy"
    return "mdy" if 12 < second <= 31 and first <= 12 else ""


def clean_one(text: str, order: str = "", today: str = "", serials: str = "", seconds: bool = False,
              yearless: bool = False) -> Date:
    """One date; see `clean_column`. '' with an issue when it is none, or when day and month cannot be told apart."""
    shown = trim(text).lstrip("'")
    if len(shown) > _LONGEST:
        return Date("", (_UNREADABLE,))
    if _BLANK.match(shown):
        return Date("", ())
    if fold(shown) in _NO_VALUE:
        return Date("", (("date-placeholder", "This stands for 'no date'.", ""),))
    found = _read(shown, order) or _read_number(shown, serials, seconds)
    if found is None and yearless and (without := _DAY_AND_MONTH.match(shown)):
        found = _read_numbers(without[1], without[3], "1604", order if order in ("dmy", "mdy") else "")
    if found is None:
        offered = _read_number(shown, "1900", False) if _DAY_NUMBER.match(shown) else None
        return Date("", ((*_UNREADABLE[:2], offered or ""),))
    if isinstance(found, Date):
        return found
    if found.startswith("1604-"):                   # Apple's way to write a birthday without a year
        return Date("-" + found[4:], ())
    if today and found > today:
        return Date("", (("date-in-future", "This date lies in the future.", ""),))
    return Date(found, ())


def _read(text: str, order: str) -> str | Date | None:
    """ISO and its kin, numbers parted by . / -, and months as words."""
    iso = _ISO.match(text) or _COMPACT.match(text)
    if iso:
        return _iso(int(iso[1]), int(iso[2]), int(iso[3]))
    no_year = _NO_YEAR.match(text)
    if no_year:
        return _iso(1604, int(no_year[1]), int(no_year[2]))
    numbers = _NUMBERS.match(text)
    if numbers:
        return _read_numbers(numbers[1], numbers[3], numbers[4], order)
    return _read_words(text)


def _read_numbers(first: str, second: str, third: str, order: str) -> str | Date | None:
    if len(first) in (3, 4):
        return _iso(int(first), int(second), int(third))
    readings = {found for way in ([order] if order else ORDERS) if (found := _in_order(way, first, second, third))}
    if len(readings) <= 1:
        return next(iter(readings), None)
    return Date("", (("date-ambiguous", "Day and month cannot be told apart in this column.", ""),))


def _in_order(order: str, first: str, second: str, third: str) -> str | None:
    if order == "ymd":
        return _iso(_century(first), int(second), int(third)) if len(third) <= 2 else None
    day, month = (first, second) if order == "dmy" else (second, first)
    return _iso(_century(third), int(month), int(day))


def _century(year: str) -> int:
    """Two digits are of the hundred years until 2030, as spreadsheets take them."""
    return int(year) if len(year) > 2 else int(year) + (2000 if int(year) < 30 else 1900)


def _months() -> dict[str, int]:
    return {word: int(number) for number, *words in data.rows("months.tsv") for word in words}


_MONTHS: Final = _months()
_MONTH_WORD = re.compile(r"[^\W\d_]+")


def _read_words(text: str) -> str | None:
    """`12 Mar 2024`, `March 12, 2024`, `12-Mar-24`, `Sat, 02 May 2026 07:00:00 GMT`, `12 de mayo de 1980`."""
    text = _TIME.sub("", text)
    months = [_MONTHS[word] for word in map(fold, _MONTH_WORD.findall(text)) if word in _MONTHS]
    numbers = re.findall(r"\d+", text)
    if len(set(months)) != 1 or len(numbers) != 2:
        return None
    first, second = numbers
    day, year = (second, first) if len(first) == 4 else (first, second)
    return _iso(_century(year), months[0], int(day)) if len(day) <= 2 and len(year) in (2, 4) else None


def _read_number(text: str, serials: str, seconds: bool) -> str | None:
    if serials and _SERIAL.match(text):
        days = int(re.split("[.,]", text)[0])
        return (_EPOCHS[serials] + timedelta(days=days + (serials == "1900" and days < 60))).isoformat()
    if seconds and _SECONDS.match(text):
        number = int(text.partition(".")[0])
        return (date(1970, 1, 1) + timedelta(seconds=number // (1000 if len(text) == 13 else 1))).isoformat()
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
