"""The line layer of vCards: bytes in, properties out, whatever program wrote them.

Unfolding, quoted-printable soft breaks, charsets by property, bare parameters (2.1) and escapes. It gives what
vobject's line layer gives, which a test holds, and is linear where that is quadratic (a folded photo) or exponential
(`;a=b=b=b…`), so that a hostile card costs nothing. Sources: vCard 2.1 (versit 1996), RFC 2426, RFC 6350.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from listmerge.importers.source import Data

#: name, or group.name, then parameters, up to the first colon outside of quotes.
_NAME = re.compile(r"\s*(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)(?=[;:])")
_PARAM = re.compile(r';([^;:,="]*)(=((?:"[^"]*"|[^";:])*))?')
_ESCAPE = re.compile(r"\\(\r\n|.)", re.S)
BINARY: Final = frozenset({"B", "BASE64"})
BLOCK: Final = 1 << 20
LATIN: Final = "latin-1"  # bytes as text, one to one, until the charset of the property is known


@dataclass(slots=True)
class Property:
    """One property of a card; `types` are its TYPE parameters and bare ones, in capitals; `raw` is undecoded."""

    line: int
    group: str
    name: str
    params: dict[str, str]
    types: tuple[str, ...]
    raw: list[str] = field(default_factory=list)
    strays: int = 0         # lines that were no properties and became part of this one

    @property
    def is_binary(self) -> bool:
        return self.params.get("ENCODING", "").upper() in BINARY or not BINARY.isdisjoint(self.types)

    @property
    def is_quoted(self) -> bool:
        return self.params.get("ENCODING", "").upper() in ("QUOTED-PRINTABLE", "Q") or "QUOTED-PRINTABLE" in self.types

    def text(self, page: str) -> str:
        """The value as text, escapes still in it; `page` is the code page of what is neither marked nor UTF-8."""
        value = "".join(self.raw).encode(LATIN)
        if self.is_quoted:
            value = quopri.decodestring(value)
        return decode(value, self.params.get("CHARSET", ""), page)


def is_charset(name: str) -> bool:
    """Whether there is a code page of that name."""
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def decode(value: bytes, charset: str, page: str) -> str:
    """Text of a value: its own charset, else UTF-8, else the code page of the file."""
    for encoding in (charset, "utf-8", page):
        try:
            return value.decode(encoding) if encoding else value.decode("utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
    return value.decode(page, "replace")


def properties(lines: Iterator[tuple[int, str]]) -> Iterator[Property]:
    """The properties of a file's lines (with their numbers), folded ones joined.

    A line that is neither property nor continuation is a further line of the value before, as in notes that were
    written without folding. Comments (#) and what follows binary data are left out.
    """
    current: Property | None = None
    for number, line in lines:
        if current and not line.strip():
            _end_soft_break(current)
        if current and _continues(current, line):
            _append(current, line)
            continue
        found = None if line.startswith("#") else parse(number, line)
        if found:
            if current:
                yield current
            current = found
        elif (
            current
            and line.strip()
            and not line.startswith("#")
            and not current.is_binary
            and current.name not in _BARE
        ):
            current.raw.append("\n" + line)
            current.strays += 1
    if current:
        yield current


_BARE: Final = frozenset({"BEGIN", "END", "VERSION"})


def _continues(current: Property, line: str) -> bool:
    if not line.strip():
        return False
    soft = current.is_quoted and current.raw[-1].endswith("=")
    return soft or line[0] in " \t"


def _end_soft_break(current: Property) -> None:
    """Outlook writes an empty line after a value that ends in a soft break: nothing follows."""
    if current.is_quoted and current.raw[-1].endswith("="):
        current.raw[-1] = current.raw[-1][:-1]


def _append(current: Property, line: str) -> None:
    if current.is_binary:
        return
    if current.is_quoted and current.raw[-1].endswith("="):
        current.raw[-1] = current.raw[-1][:-1]
        current.raw.append(line)
    else:
        current.raw.append(line[1:])


def parse(number: int, line: str) -> Property | None:
    """The property of an unfolded line, None when it is none."""
    match = _NAME.match(line)
    if not match:
        return None
    params: dict[str, str] = {}
    types: list[str] = []
    position = match.end()
    while position < len(line) and line[position] == ";":
        found = _PARAM.match(line, position)
        if not found:
            return None
        _take_param(found.group(1).strip().upper(), found.group(3), params, types)
        position = found.end()
    if position >= len(line) or line[position] != ":":
        return None
    group, name = match.group(1) or "", match.group(2).upper().replace("_", "-")
    return Property(number, group.lower(), name, params, tuple(types), [line[position + 1 :]])


def _take_param(key: str, value: str | None, params: dict[str, str], types: list[str]) -> None:
    if value is None:
        types.append(key)  # 2.1: TEL;WORK;VOICE
    elif key == "TYPE":
        types.extend(word.strip().upper() for word in value.replace('"', "").split(","))
    else:
        params.setdefault(key, value.replace('"', "").strip())


def split(text: str, separator: str) -> list[str]:
    """The parts of a value at each unescaped separator, escapes taken off."""
    parts, start, position = [], 0, 0
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == separator:
            parts.append(unescape(text[start:position]))
            start = position + 1
        position += 1
    return [*parts, unescape(text[start:])]


def unescape(text: str) -> str:
    r"""`\n` is a line break; `\,` `\;` `\:` and `\\` are the character; any other backslash stays."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    letter = match.group(1)
    if letter in ("n", "N", "\n", "\r\n"):
        return "\n"
    return letter if letter in ",;:\\" else match.group()


def numbered_lines(data: Data) -> Iterator[tuple[int, str]]:
    """The physical lines of a file, from 1, as text of one character a byte."""
    number = 1
    for block in _blocks(data):
        lines = block.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode(LATIN).split("\n")
        yield from enumerate(lines, number)
        number += len(lines)


def _blocks(data: Data) -> Iterator[bytes]:
    """The file in pieces that end before a line feed, so that the whole of a large one is never in memory."""
    start = 0
    while (end := data.find(b"\n", start + BLOCK)) >= 0:
        yield data[start:end]
        start = end + 1
    yield data[start:]
