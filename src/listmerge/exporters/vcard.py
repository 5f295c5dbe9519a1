"""vCard 3.0 (RFC 2426) and 4.0 (RFC 6350): one card per master, in the order of the table.

Written here rather than through vobject: it takes 20 times as long per card and knows no 4.0; the tests read every
card back with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa

from listmerge.exporters.columns import batches

Row = dict[str, str]

_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_SEVERAL: Final = re.compile(r"(?<!\\); ")


def write_vcards(table: pa.Table, path: Path) -> None:
    """Writes the masters as vCard 3.0."""
    _write(table, path, "3.0")


def write_vcards_4(table: pa.Table, path: Path) -> None:
    """Writes the masters as vCard 4.0."""
    _write(table, path, "4.0")


def several(cell: str) -> list[str]:
    """The values of a cell that may hold several: 'a; b\\;c' -> ['a', 'b;c']."""
    return [value.replace("\\;", ";") for value in _SEVERAL.split(cell) if value]


def card(row: Row, version: str) -> str:
    """One card, CRLF and folded at 75 octets. `row` maps the columns of a master to text; missing ones are empty."""
    lines = ["BEGIN:VCARD", f"VERSION:{version}", *_properties(row, version), "END:VCARD"]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _write(table: pa.Table, path: Path, version: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for columns in batches(table):
            for cells in zip(*(column.to_pylist() for column in columns), strict=True):
                file.write(card(dict(zip(table.column_names, cells, strict=True)), version))


def _properties(row: Row, version: str) -> Iterator[str]:
    for make in (_identity, _names, _job, _emails, _phones, _address, _rest):
        yield from make(row, version)


def _identity(row: Row, version: str) -> Iterator[str]:
    if row.get("master_id"):
        yield f"UID:{row['master_id']}"
    if row.get("kind") == "organisation":
        yield "KIND:org" if version == "4.0" else "X-ABShowAs:COMPANY"


def _names(row: Row, version: str) -> Iterator[str]:
    shown = next((row[name] for name in ("full_name", "company", "email", "phone") if row.get(name)), "")
    yield f"FN:{_text(shown)}"
    yield "N:" + _structured(row, "family_name", "given_name", "middle_name", "prefix", "suffix")


def _job(row: Row, version: str) -> Iterator[str]:
    if row.get("company") or row.get("department"):
        yield "ORG:" + _structured(row, "company", *(["department"] if row.get("department") else []))
    if row.get("job_title"):
        yield f"TITLE:{_text(row['job_title'])}"


def _emails(row: Row, version: str) -> Iterator[str]:
    for number, email in enumerate(_best_first(row, "email", "emails")):
        yield f"EMAIL{_marks('INTERNET', number, version)}:{_text(email)}"


def _phones(row: Row, version: str) -> Iterator[str]:
    for number, phone in enumerate(_best_first(row, "phone", "phones")):
        yield f"TEL{_marks('VOICE', number, version)}:{_text(phone.replace(';ext=', ' ext. '))}"


def _address(row: Row, version: str) -> Iterator[str]:
    if any(row.get(name) for name in ("street", "city", "region", "postal_code", "country")):
        yield "ADR:;;" + _structured(row, "street", "city", "region", "postal_code", "country")


def _rest(row: Row, version: str) -> Iterator[str]:
    if row.get("website"):
        yield "URL:" + re.sub(r"\s", "", row["website"])      # a URI: no escapes, no blanks
    if row.get("birthday"):
        yield f"BDAY:{_birthday(row['birthday'], version)}"
    if row.get("categories"):
        yield "CATEGORIES:" + ",".join(_text(value) for value in several(row["categories"]))
    if row.get("notes"):
        yield f"NOTE:{_text(row['notes'])}"


def _birthday(text: str, version: str) -> str:
    """4.0 writes dates without hyphens; 3.0 cannot leave the year out, and Apple's 1604 is what its readers know."""
    if version == "4.0":
        return "--" + text.strip("-").replace("-", "") if text.startswith("--") else text.replace("-", "")
    return "1604" + text[1:] if text.startswith("--") else text


def _best_first(row: Row, best: str, all_of_them: str) -> list[str]:
    return list(dict.fromkeys(filter(None, [row.get(best, ""), *several(row.get(all_of_them, ""))])))


def _marks(kind: str, number: int, version: str) -> str:
    """The parameters of the number-th value: which one is preferred, and in 3.0 of what kind it is."""
    if version == "4.0":
        return ";PREF=1" if number == 0 else ""
    return f";TYPE={kind},PREF" if number == 0 else f";TYPE={kind}"


def _structured(row: Row, *names: str) -> str:
    return ";".join(_text(row.get(name, "")) for name in names)


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _folded(line: str) -> str:
    """RFC 6350 3.2: lines of at most 75 octets, continued with a blank; never within a character."""
    if len(line) < 75 and len(line.encode()) <= 75:
        return line
    pieces, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > 75:
            pieces.append("")
            size = 1
        pieces[-1] += character
        size += octets
    return "\r\n ".join(pieces)
