"""Phone numbers: E.164 to show, a key to compare, the kind of line, and what is wrong with it.

phonenumbers is the authority. It takes 30-60 µs a number, so numbers in a regular form are judged by one expression per
country made of the same metadata (`phone_forms`), which a property test holds equal to it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import phone_columns, phone_forms
from listmerge.fields.ids import is_exponent, unguard
from listmerge.fields.text import Cleaned, Flaw, clean_distinct, plain, same_text, trim, with_judged

_EXTENSION = re.compile(
    r"^(?P<number>.*?\d.*?)[\s,;/.]*(?:\b|(?<=\d))(?:e?xt(?:ensi(?:o|ó)n)?n?|x|#|dw|durchw(?:ahl)?|app(?:arat)?|poste|int(?:erno)?|"
    r"anexo|ramal|toestel|wew|доб|anknytning|klappe|kl)\s*[.:=]?\s*(?P<extension>\d{1,7})\s*$|^(?P<plain>.*?);ext=(?P<e>\d{1,7})$",
    re.I)
_LABEL = re.compile(
    r"^\s*(?:tel(?:ef[oó]n[eo]?|ephone|éphone)?|phone|mobile?|mob|handy|cell|fax|office|work|home|direct|[tmfpcwhod])"
    r"\s*[.:]+\s*(?=[+(\d])|^tel:", re.I)
_NEXT_LABEL = re.compile(r"(?<=\d)\s+(?=(?:tel(?:ephone|efon)?|phone|mobile?|cell|fax|work|home|office)\s*:)", re.I)
_TRUNK = re.compile(r"((?:\+|^00|^011)\s*(?!39|378|379)\d[\d\s.-]*?)\s*\(0\)")     # Italians dial their zero
_MISREAD = re.compile(r"(?<=[\d\s+().-])[OoIlSB](?=[\d\s().-]|$)|^[OoIl](?=\d)")
_LETTERS = re.compile(r"[^\W\d_]")
_DIGIT = str.maketrans("OoIlSB", "001158")
_SEQUENCES = ("1234567890", "0123456789", "9876543210", "12345678901", "123456789", "12345678", "1234567", "123456")
_FILLER_END = re.compile(r"(?:(\d)\1\1|012|123|234|345|456|567|678|789|890|901|210)$")
_NO_NUMBER = re.compile(r"[\W_]*(?:n\s*/?\s*a|none|null|nil|no\s*(?:phone|number)?|unknown|kein[es]?|unbekannt|aucun|"
                        r"ninguno|nessuno|brak|onbekend|geen|tbd|tba|x+)?[\W_]*", re.I)
_DOUBTFUL = ("phone-doubtful", "No line of this country has such a number (yet).", "")
_LONGEST = 100                            # characters; more is a text with a number in it
_KINDS = {0: "fixed", 1: "mobile", 2: "fixed-or-mobile", 3: "toll-free", 4: "premium", 5: "shared-cost", 6: "voip",
          7: "personal", 8: "pager", 9: "uan", 10: "voicemail"}


class Phone(NamedTuple):
    """`phone` to show: E.164, with `;ext=12`, when the country is known and the number possible, else as written;
    `key`: E.164 without extension, or the national digits; `kind`: fixed, mobile, toll-free … or '' when unknown;
    `quality` of model.QUALITIES."""

    phone: str
    key: str
    extension: str
    kind: str
    quality: str
    issues: tuple[Flaw, ...]


def clean_one(text: str, region: str = "") -> Phone:
    """One number of a cell. `region` (ISO alpha-2) is the country of numbers without `+`; '' when unknown."""
    digits = phone_forms.digits(text)
    if digits:
        quick = phone_forms.parse(digits, region)
        if quick:
            return _judge_placeholder(_placed(quick[0], quick[1], ""))
        if not region and 9 <= len(digits) <= 15 and not digits.startswith(("+", "00")):
            return _judge_placeholder(Phone(text, digits, "", "", "ok", ()))
    shown = unguard(trim(unicodedata.normalize("NFKC", text)))
    if not shown:
        return Phone("", "", "", "", "", ())
    return _unusable(shown) or _judge_placeholder(_parse(shown, region.upper()))


def clean_column(column: pa.Array, region: str | pa.Array = "") -> Cleaned:
    """`clean_one` for a column; `region` is one for all, or a column of its own. Arrow finds the numbers that are
    surely in order, `clean_one` judges the rest."""
    column = plain(column)
    regions = same_text(region, len(column)) if isinstance(region, str) else plain(region)
    found = phone_columns.read(column, regions)
    doubtful = pc.equal(found.key, "")
    judged = clean_distinct([pc.filter(column, doubtful), pc.filter(regions, doubtful)], clean_one, Phone)
    blank, fine = (same_text(text, len(column)) for text in ("", "ok"))
    ready = {"phone": found.phone, "key": found.key, "extension": blank, "kind": found.kind, "quality": fine}
    return with_judged(ready, doubtful, judged)


def tail_key(key: str) -> str:
    """The last nine digits of a key without leading zeros, by which numbers with and without country code meet; ''
    when there are fewer than six."""
    digits = "".join(filter(str.isdecimal, key)).lstrip("0")[-9:]
    return digits if len(digits) >= 6 else ""


def split(text: str) -> list[str]:
    """The single numbers of a cell: parted by `;`, line ends, `|`, by the next label (`Phone:… Mobile:…`),
    and by `/`, `,`, `or` where both sides are long enough to be numbers of their own."""
    pieces = [piece.strip() for line in re.split(r"[;\n|](?!ext=)", trim(text)) for piece in _NEXT_LABEL.split(line)
              if piece.strip()]
    return list(dict.fromkeys(found for piece in pieces for found in _split_soft(piece)))


def _split_soft(piece: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"\s*/\s*|\s*,\s*|\s+(?:or|oder|ou|o|and|und|et)\s+|\s*&\s*", piece)]
    long_enough = all(sum(map(str.isdecimal, part)) >= 7 for part in parts)
    return parts if len(parts) > 1 and long_enough else [piece]


def _unusable(shown: str) -> Phone | None:
    """What can be no number, and why: no digits, rounded by a spreadsheet, an e-mail address."""
    if is_exponent(shown):
        issue = ("phone-rounded", "A spreadsheet rounded this number; its digits are lost.", "")
        return Phone(shown, "", "", "", "damaged", (issue,))
    if _NO_NUMBER.fullmatch(shown):
        return Phone(shown, "", "", "", "placeholder", (("phone-placeholder", "This stands for 'no number'.", ""),))
    if sum(map(str.isdecimal, shown)) < 3 or "@" in shown or len(shown) > _LONGEST:
        return Phone(shown, "", "", "", "invalid", (("phone-invalid", "This is no phone number.", ""),))
    return None


def _parse(shown: str, region: str) -> Phone:
    """A number with at least three digits: extension and flaws taken apart, the rest asked of phonenumbers."""
    number, extension = _take_extension(_TRUNK.sub(r"\1 ", _LABEL.sub("", shown)))
    if _MISREAD.search(number):
        return _misread(shown, number, extension, region)
    if re.fullmatch(r"-\d{9,15}", number):
        better, kind, _ = _ask(number.replace("-", "+"), "") or ("", "", False)
        issue = ("phone-minus", "A spreadsheet took the + of this number for a sign.", better)
        return Phone(shown, better or number[1:], extension, kind, "damaged", (issue,))
    number = re.sub(r"\.0$", "", number) if re.fullmatch(r"\d{7,15}\.0", number) else number
    found = _parse_regular(number, region) or _ask(number, region)
    if found:
        return _placed(found[0], found[1], extension)
    return _unknown(_LABEL.sub("", shown), number, extension, region)


def _placed(e164: str, kind: str, extension: str) -> Phone:
    """A number whose country is known; without a kind it is possible, but not valid."""
    if kind:
        return Phone(_with(e164, extension), e164, extension, kind, "ok", ())
    return Phone(_with(e164, extension), e164, extension, "", "doubtful", (_DOUBTFUL,))


def _parse_regular(number: str, region: str) -> tuple[str, str, bool] | None:
    digits = phone_forms.digits(number)
    quick = phone_forms.parse(digits, region) if digits else None
    return (*quick, bool(quick[1])) if quick else None


def _unknown(shown: str, number: str, extension: str, region: str) -> Phone:
    """A number that phonenumbers cannot place: national digits without a country, or too short or long for one."""
    digits = _digits(number)
    international = number.lstrip().startswith(("+", "00"))
    if not international and not region and 9 <= len(digits) <= 15 and not _LETTERS.search(number):
        return Phone(shown, digits, extension, "", "ok", ())
    if not international and 6 <= len(digits) <= 8 and not _LETTERS.search(number):
        issue = ("phone-local", "The number has no area code or no country code.", "")
        return Phone(shown, digits, extension, "", "doubtful", (issue,))
    if 5 <= len(digits) <= 15 and not _LETTERS.search(number):
        issue = ("phone-length", "The number is too short or too long for its country.", "")
        return Phone(shown, digits, extension, "", "doubtful", (issue,))
    return Phone(shown, "", extension, "", "invalid", (("phone-invalid", "This is no phone number.", ""),))


def _misread(shown: str, number: str, extension: str, region: str) -> Phone:
    """Letters in place of digits: never repaired, but suggested."""
    found = _ask(_MISREAD.sub(lambda slip: slip[0].translate(_DIGIT), number), region)
    issue = ("phone-misread", "Letters stand where digits should be.", found[0] if found else "")
    return Phone(shown, "", extension, "", "damaged", (issue,))


def _judge_placeholder(phone: Phone) -> Phone:
    """000-000-0000, 1234567890, 11111111 and 555-5555 were typed to fill a field."""
    if not _FILLER_END.search(phone.key):
        return phone
    national = phone.key.lstrip("+")[len(calling_code(phone.key)):]
    if phone.quality == "placeholder" or not _is_filler(national):
        return phone
    issue = ("phone-placeholder", "Nobody has this number; it was typed to fill a field.", "")
    return phone._replace(quality="placeholder", issues=(issue,))


def _is_filler(digits: str) -> bool:
    bare = digits.lstrip("0")
    return len(set(bare)) <= 1 or digits in _SEQUENCES or bare in _SEQUENCES or (
        len(digits) == 10 and len(set(digits[3:])) == 1 and digits[3] in "059")


def calling_code(key: str) -> str:
    """The country calling code of an E.164 key ('44'), '' for another key."""
    return phone_forms.code_of(key[1:4]) if key.startswith("+") else ""


def _take_extension(text: str) -> tuple[str, str]:
    found = _EXTENSION.match(text)
    if not found:
        return text, ""
    number, extension = found["number"] or found["plain"] or "", found["extension"] or found["e"] or ""
    return (number.rstrip(" (,;/.-"), extension) if len(_digits(number)) >= 5 else (text, "")


def _with(e164: str, extension: str) -> str:
    return f"{e164};ext={extension}" if extension else e164


def _digits(text: str) -> str:
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())


@cache
def _regions() -> frozenset[str]:
    import phonenumbers

    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def _ask(number: str, region: str) -> tuple[str, str, bool] | None:
    """E.164, kind and validity by phonenumbers; None when it is no possible number of a known country."""
    import phonenumbers

    if not region and "+" not in number:            # nothing to ask: the country is unknown
        return _ask_abroad(number, region)
    try:
        found: Any = phonenumbers.parse(number, region if region in _regions() else None)
    except phonenumbers.NumberParseException:
        return _ask_abroad(number, region)
    if phonenumbers.is_possible_number_with_reason(found) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return _ask_abroad(number, region)
    e164 = str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))
    kind = _KINDS.get(int(phonenumbers.number_type(found)), "")
    return e164, kind, bool(kind)                   # a number of no kind is what phonenumbers calls invalid


def _ask_abroad(number: str, region: str) -> tuple[str, str, bool] | None:
    """A number with 00 for the + in a country that dials otherwise, or unknown."""
    prefix = re.match(r"\s*\(?00[\s./()-]*(?=[1-9])", number)
    return _ask("+" + number[prefix.end():], "") if prefix and "+" not in number else None
