"""Phone numbers in regular forms, judged by one expression per country that is made of phonenumbers' own metadata.

Only what phonenumbers would surely call valid, or possible and not valid, is taken here; all else is left to it.
`fields/phones.py` is the door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

_REGULAR = re.compile(r"\+?[0-9(][0-9 ().\-/]{4,28}[0-9]")
_APART = re.compile(r"\(?0[ .\-/()]|\([ .\-/()]")    # `0 0…`, `( 00…`: phonenumbers must say which zeros are a prefix
_KEEPS_ZERO = ("+39", "+378", "+379")
_SEPARATORS = str.maketrans("", "", " .-/()")
#: Kinds in the order in which phonenumbers asks for them (`_number_type_helper`).
_KINDS = (("premium_rate", "premium"), ("toll_free", "toll_free"), ("shared_cost", "shared_cost"), ("voip", "voip"),
          ("personal_number", "personal"), ("pager", "pager"), ("uan", "uan"), ("voicemail", "voicemail"))


class Form(NamedTuple):
    """How numbers of the main country of a calling code look."""

    code: str
    prefix: str
    plain_prefix: bool
    prefixed: re.Pattern[str] | None
    abroad: re.Pattern[str] | None
    valid: str                                  # an expression, compiled when a number is held against it
    lengths: frozenset[int]
    others: tuple[tuple[str, str], ...]         # leading digits and valid numbers
    patterns: tuple[str, str, str, str]         # of all numbers, of special kinds, of fixed lines, of mobile ones


def digits(text: str) -> str:
    """The digits of a number in a regular form, with the leading + if it has one; '' for any other text."""
    if _APART.match(text) or text.endswith(".0") or not _REGULAR.fullmatch(text):
        return ""
    if "(0)" in text:
        if text[:1] != "+" or text.startswith(_KEEPS_ZERO):
            return ""
        text = text.replace("(0)", "", 1)
    return text.translate(_SEPARATORS)


def parse(digits: str, region: str) -> tuple[str, str] | None:
    """E.164 and kind of a number, of its digits; no kind: possible, but not valid. None: phonenumbers must be asked."""
    if digits.startswith("+"):
        return _parse_international(digits[1:])
    if region:
        return _parse_national(digits, region)
    return _parse_international(digits[2:]) if digits.startswith("00") else None


def _parse_international(digits: str) -> tuple[str, str] | None:
    form = form_of_code(digits[:3])
    if form is None:
        return None
    national = digits[len(form.code):]
    if form.prefixed and form.prefixed.match(national):
        return None
    return _valid(form, national) or _elsewhere(form, national)


def _elsewhere(form: Form, national: str) -> tuple[str, str] | None:
    """A number that is not valid in the main country of its code: in the others, as phonenumbers looks, or nowhere."""
    if len(national) not in form.lengths:
        return None
    kind = ""
    for leading, valid in form.others:
        found = _compiled(valid).fullmatch(national)
        if _compiled(leading).match(national) if leading else found:
            kind = (found.lastgroup or "").replace("_", "-") if found else ""
            break
    return f"+{form.code}{national}", kind


def _parse_national(digits: str, region: str) -> tuple[str, str] | None:
    form = form_of_region(region)
    if form is None:
        return None
    if form.code == "1" and digits.startswith(("1", "00")):
        return _parse_american(form, digits)
    if digits.startswith(form.code):
        return None
    abroad = form.abroad.match(digits) if form.abroad else None
    if abroad:
        return _parse_international(digits[abroad.end():])
    if form.prefixed and form.prefixed.match(digits):
        if not (form.plain_prefix and digits.startswith(form.prefix)) or _compiled(form.valid).fullmatch(digits):
            return None
        digits = digits[len(form.prefix):]
        if form.prefixed.match(digits):
            return None
    return _valid(form, digits)


def _parse_american(form: Form, digits: str) -> tuple[str, str] | None:
    """Numbers of North America begin with 2 to 9: a 1 is the trunk's, 00 is what other countries dial for the +."""
    if digits.startswith("1"):
        return _valid(form, digits[1:])
    return _parse_international(digits[2:]) if len(digits) > 11 else None


def _valid(form: Form, national: str) -> tuple[str, str] | None:
    found = _compiled(form.valid).fullmatch(national)
    if not found:
        return None
    return f"+{form.code}{national}", (found.lastgroup or "").replace("_", "-")


@cache
def calling_codes() -> dict[str, str]:
    """Calling code -> its main country."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return {str(code): regions[0] for code, regions in COUNTRY_CODE_TO_REGION_CODE.items() if regions[0] != "001"}


@cache
def code_of(start: str) -> str:
    """The calling code that a number starts with, '' when there is none."""
    return next((start[:size] for size in (1, 2, 3) if start[:size] in calling_codes()), "")


@cache
def form_of_code(start: str) -> Form | None:
    """The form of the country whose calling code a number starts with."""
    code = code_of(start)
    return form_of_region(calling_codes()[code]) if code else None


@cache
def form_of_region(region: str) -> Form | None:
    """The form of a country, None when it is unknown or not the main one of its calling code."""
    from phonenumbers import PhoneMetadata

    country: Any = PhoneMetadata.metadata_for_region(region, None)
    if country is None or calling_codes().get(str(country.country_code)) != region or country.leading_digits:
        return None
    parsing = country.national_prefix_for_parsing or ""
    prefix = country.national_prefix or ""
    figures = [way.isdecimal() for way in parsing.split("|")]           # '0', '0|180020'
    plain = all(figures) and parsing.split("|")[0] == prefix and not country.national_prefix_transform_rule
    return Form(
        str(country.country_code), prefix, plain,
        re.compile(parsing) if parsing else None,
        re.compile(country.international_prefix) if country.international_prefix else None, _valid_numbers(country),
        frozenset(country.general_desc.possible_length), tuple(_others(country.country_code)), _patterns(country))


def _others(code: int) -> Iterator[tuple[str, str]]:
    """Leading digits and valid numbers of the further countries of a calling code, in phonenumbers' order."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    for region in COUNTRY_CODE_TO_REGION_CODE[code][1:]:
        country: Any = PhoneMetadata.metadata_for_region(region)
        yield country.leading_digits or "", _valid_numbers(country)


def _valid_numbers(country: Any) -> str:
    """The expression of all valid national numbers; the group that matches is the kind."""
    special = [(name, _pattern(getattr(country, kind))) for kind, name in _KINDS]
    parts = [f"(?P<{name}>{pattern})" for name, pattern in special if pattern]
    fixed, mobile = _pattern(country.fixed_line), _pattern(country.mobile)
    if fixed and fixed == mobile:
        parts.append(f"(?P<fixed_or_mobile>{fixed})")
    else:
        both = f"(?P<fixed_or_mobile>(?=(?:{fixed})$)(?:{mobile}))" if fixed and mobile else ""
        parts += [both] if both else []
        parts += [f"(?P<fixed>{fixed})"] if fixed else []
        parts += [f"(?P<mobile>{mobile})"] if mobile else []
    general = _pattern(country.general_desc)
    return f"(?=(?:{general})$)(?:{'|'.join(parts)})"


_compiled = cache(re.compile)


def _patterns(country: Any) -> tuple[str, str, str, str]:
    special = [pattern for kind, _ in _KINDS if (pattern := _pattern(getattr(country, kind)))]
    return (_pattern(country.general_desc), "|".join(f"(?:{pattern})" for pattern in special),
            _pattern(country.fixed_line), _pattern(country.mobile))


def _pattern(description: Any) -> str:
    text = description.national_number_pattern if description else None
    return "" if not text or text == "NA" else str(text)
