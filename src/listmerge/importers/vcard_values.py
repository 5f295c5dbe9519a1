"""How the values of each property of a vCard become columns.

A reader takes (property, its text with escapes, the values so far, the label that Apple gave it) and returns further
values by header; READERS names the reader of each property, `read_other` is for the rest.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable
from typing import Final

from listmerge.importers.cards import Property, decode, split, unescape
from listmerge.importers.vcard_columns import ADR_PARTS, LABELS, N_PARTS


def apple_label(text: str) -> str:
    """The label that Apple and Google write beside a property: `_$!<HomePage>!$_` is HomePage."""
    return unescape(re.sub(r"^_\$!<(.*)>!\$_$", r"\1", text.strip()))


def _label(each: Property, own: str) -> str:
    words = [label for word, label in LABELS.items() if word in each.types]
    return own or " ".join(dict.fromkeys(words))


def _number(values: dict[str, str], name: str) -> int:
    """The next free number of a property that has several values."""
    number = 1
    while any(key in values for key in (f"{name}.{number}", *(f"{name}.{number}.{part}" for part in ADR_PARTS))):
        number += 1
    return number


Values = dict[str, str]


def _name(each: Property, text: str, values: Values, label: str) -> Values:
    if any(f"N.{part}" in values for part in N_PARTS):
        return read_other(each, text, values, label)
    return {f"N.{part}": word.strip() for part, word in zip(N_PARTS, split(text, ";"), strict=False)}


def _organisation(each: Property, text: str, values: Values, label: str) -> Values:
    if "ORG.name" in values or "ORG.unit" in values:
        return read_other(each, text, values, label)
    parts = [part.strip() for part in split(text, ";")]
    return {"ORG.name": parts[0], "ORG.unit": ", ".join(part for part in parts[1:] if part)}


def _address(each: Property, text: str, values: Values, label: str) -> Values:
    parts = [part.strip() for part in split(text, ";")]
    parts = [*parts[:6], ";".join(part for part in parts[6:] if part)] if len(parts) > 7 else parts
    if not any(parts):
        return {}
    number = _number(values, "ADR")
    found = {f"ADR.{number}.{part}": word for part, word in zip(ADR_PARTS, parts, strict=False)}
    return found | {f"ADR.{number}.label": _label(each, label)}


def _several(header: str, scheme: str = "") -> Callable[[Property, str, Values, str], Values]:
    def reader(each: Property, text: str, values: Values, label: str) -> Values:
        value = re.sub(rf"^{scheme}:", "", unescape(text).strip(), flags=re.I) if scheme else unescape(text).strip()
        if not value:
            return {}
        number = _number(values, header)
        return {f"{header}.{number}": value, f"{header}.{number}.label": _label(each, label)}

    return reader


def _birthday(each: Property, text: str, values: Values, label: str) -> Values:
    """Apple writes a year that stands for none: BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-07."""
    omitted = each.params.get("X-APPLE-OMIT-YEAR", "")
    value = unescape(text).strip()
    return (
        {"BDAY": "--" + value[5:] if omitted and value.startswith(f"{omitted}-") else value}
        if "BDAY" not in values
        else {}
    )


def _categories(each: Property, text: str, values: Values, label: str) -> Values:
    words = [word.strip().replace(";", "\\;") for word in split(text, ",") if word.strip()]
    before = [values["CATEGORIES"]] if "CATEGORIES" in values else []
    return {"CATEGORIES": "; ".join([*before, *words])}


def _show_as(each: Property, text: str, values: Values, label: str) -> Values:
    return {"KIND": "org"} if text.strip().upper() == "COMPANY" else {}


def _kind_of(each: Property, text: str, values: Values, label: str) -> Values:
    return {"KIND": text.strip().lower()}


def _android(each: Property, text: str, values: Values, label: str) -> Values:
    quoted = quopri.decodestring(text.encode()) if re.search("=[0-9A-F]{2}", text) else text.encode()
    parts = split(decode(quoted, "", "cp1252"), ";")  # quoted-printable without saying so
    if parts[0].endswith("/nickname") and len(parts) > 1 and "NICKNAME" not in values:
        return {"NICKNAME": parts[1].strip()}
    return read_other(each, text, values, label)


def read_other(each: Property, text: str, values: Values, label: str) -> Values:
    """A property without rule, or a further one of its name: FN, FN.2, FN.3."""
    number, header = 1, each.name
    while header in values:
        number += 1
        header = f"{each.name}.{number}"
    return {header: unescape(text).strip()} | ({f"{header}.label": label} if label else {})


READERS: Final[dict[str, Callable[[Property, str, Values, str], Values]]] = {
    "N": _name,
    "ORG": _organisation,
    "ADR": _address,
    "EMAIL": _several("EMAIL", "mailto"),
    "TEL": _several("TEL", "tel"),
    "X-MS-TEL": _several("TEL", "tel"),
    "URL": _several("URL"),
    "LABEL": _several("LABEL"),
    "BDAY": _birthday,
    "CATEGORIES": _categories,
    "X-ABSHOWAS": _show_as,
    "KIND": _kind_of,
    "X-ADDRESSBOOKSERVER-KIND": _kind_of,
    "X-ANDROID-CUSTOM": _android,
}
