"""Number formats of workbooks, as far as they matter for contacts: what they add to whole numbers (zeros, signs, blanks
of postcodes and phones), percentages, dates. See [ECMA-376] part 1, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

#: Formats that have no code in the file.
BUILT_IN: Final = {9: "0%", 10: "0.00%"}
WIDEST: Final = 10**15      # from here on Excel has lost digits
FINEST: Final = 1e-9
_PATTERN: Final = re.compile(r'^(?:[0#?]|[-+()/. ]|\\.|"[^"]*")+$')
_PERCENT: Final = re.compile(r"^[#0]*0(?:\.(0*))?\\? ?%$")
_LITERAL: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_SECTION: Final = re.compile(r'(?:"[^"]*"|\\.|[^;])*')
_CONDITION: Final = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d{1,15}(?:\.\d{1,15})?)\]")
#: Colours and languages, which change no digit: [Red], [$-407].
_TAG: Final = re.compile(
    r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2}|\$-[0-9a-f]{1,8})\]", re.I)
_COMPARED: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": operator.le, ">=": operator.ge, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "=": operator.eq,
}


class _Section(NamedTuple):
    """A part of a format: the condition that a number must meet, if there is one, and what it is shown by; '' when
    that adds nothing that matters."""

    holds: str
    limit: float
    code: str


def is_date(code: str) -> bool:
    """Whether a number format shows a date: it has years or days outside of quotes, brackets and escapes."""
    return re.search("[yd]", _LITERAL.sub("", code.split(";")[0]), re.I) is not None


def padding(code: str) -> str:
    """The number format, if it adds zeros or signs to some whole numbers or shows a percentage; '' otherwise."""
    return code if any(section.code for section in _sections(code)[:2]) else ""


def padded(codes: Mapping[int, str], numbers: Iterable[int]) -> dict[int, str]:
    """Style -> its number format, for those of which `padding` gives one; `numbers` are the formats of the styles, in
    order, `codes` the formats by number."""
    return {style: code for style, number in enumerate(numbers)
            if (code := padding(codes.get(number, BUILT_IN.get(number, ""))))}


def shown(number: Any, code: str) -> str | None:
    """A number as its format shows it: 1067 under `00000` is 01067; None where the format adds nothing.

    Of a percentage no digit is left out, whatever the format says.
    """
    if not isinstance(number, float | int) or isinstance(number, bool) or not 0 <= number < WIDEST:
        return None
    section = _section(code, number)
    if section.endswith("%"):
        return _percentage(number, section)
    return _filled_in(int(number), section) if section and number == int(number) else None


@cache
def _sections(code: str) -> tuple[_Section, ...]:
    parts = [part for part in _SECTION.findall(code)[:8] if part]
    return tuple(map(_parsed, parts))


def _parsed(part: str) -> _Section:
    condition = _CONDITION.search(part)
    code = _TAG.sub("", _CONDITION.sub("", part, count=1))
    kept = _adds(code) or _PERCENT.match(code) is not None
    holds, limit = (condition[1], float(condition[2])) if condition else ("", 0.0)
    return _Section(holds, limit, code if kept else "")


def _adds(code: str) -> bool:
    """Whether a format adds zeros or signs to whole numbers. One without a zero must have signs of its own and no
    place for a fraction."""
    if not _PATTERN.match(code) or "." in code.strip("."):
        return False
    return code not in ("0", "#") if "0" in code else "#" in code and "?" not in code and code.strip("#") != ""


def _section(code: str, number: float) -> str:
    """What a number of zero or more is shown by: the first part whose condition it meets, of parts without conditions
    the first."""
    sections = _sections(code)
    for section in sections[:3]:
        if not section.holds or _COMPARED[section.holds](number, section.limit):
            return section.code
    return ""


def _percentage(number: float, code: str) -> str | None:
    if 0 < number < FINEST:
        return None
    percent = (Decimal(f"{number:.15g}") * 100).normalize()
    found = _PERCENT.match(code)
    least = len(found[1] or "") if found else 0
    return f"{percent:.{max(least, -int(percent.as_tuple().exponent))}f}%"


def _filled_in(number: int, code: str) -> str:
    digits = list(str(number))
    out: list[str] = []
    for token in reversed(re.findall(r'\\.|"[^"]*"|.', code)):
        if token in "0#?":
            if digits or token == "0":
                out.append(digits.pop() if digits else "0")
        else:
            out.append(token.strip('"') if token.startswith('"') else token[-1])
    first = next((index for index, token in enumerate(code) if token in "0#?"), 0)
    prefix = re.sub(r'[\\"]', "", code[:first])
    text = "".join(reversed(out))
    return prefix + "".join(digits) + text[len(prefix) :] if digits else text
