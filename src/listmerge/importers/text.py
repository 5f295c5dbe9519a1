"""Plain lists: one address a line, `Name <a@b>`, `Last, First <a@b>; …`, with or without quotes and comments.

Pieces end at semicolons and line ends, and at commas only where both sides look like addresses, always outside quotes,
angle brackets and comments; but quotes round several addresses are those of a cell, and hold pieces. Blank lines and
lines that begin with # are skipped. A piece without an address is a rejected row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, Final

from listmerge.importers import charset as charsets
from listmerge.importers.delimited import check_lines, normalise
from listmerge.importers.entries import Entry, Kind, gather, make_table
from listmerge.importers.source import not_a_list
from listmerge.layouts.words import look_up
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

#: Bounded, so that no text can make it slow.
ADDRESS: Final = r"[^\s<>()\[\],;:\"@|]{1,128}@[^\s<>()\[\],;:\"@]{1,255}\.[^\s<>()\[\],;:\"@.]{2,63}"
_ADDRESS = re.compile(ADDRESS)
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^<>\n]*>|\([^()\n]*\)|[;,]|[^";,<(]+|.', re.S)
_LABEL = re.compile(r"^(to|cc|bcc|an|from|mailto|e-?mail)\s*:\s*", re.I)
_COMMENT = re.compile(r"\(([^()]*)\)")
KIND: Final = Kind(
    "plain-list",
    "plain text list",
    (("NAME", {"field": "full_name"}), ("EMAIL", {"field": "email"}), ("TEXT", {"field": "ignore"})),
    certainty="partial",
    confidence=0.95,
)


def is_plain_list(head: str) -> bool:
    """Whether most pieces of the text's first lines are addresses, alone or with a name, and the first is no header."""
    lines = [line for line in head.splitlines()[:200] if line.strip() and not line.lstrip().startswith("#")]
    pieces = [piece for line in lines for piece in split(line[:2000])]
    if pieces and look_up(pieces[0]) is not None:
        return False
    with_address = sum(bool(_shape(piece)) for piece in pieces)
    return bool(pieces) and with_address * 10 >= len(pieces) * 6


def _shape(piece: str) -> bool:
    """An address alone, `mailto:` it, `Name <it>`, or `it (Name)`."""
    rest = _LABEL.sub("", piece.strip())
    if re.fullmatch(rf"[<'\"]?{ADDRESS}[>'\"]?\s*(\([^()]*\))?", rest):
        return True
    return bool(re.fullmatch(rf"[^<>@\t|]{{0,200}}<(mailto:)?{ADDRESS}>\s*", rest))


def read(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The list as one table of NAME, EMAIL and, for pieces without an address, TEXT; raises InputError."""
    charset = charsets.find(data, name, options.encoding)
    check_lines(data, name)
    entries, structure = [], 0
    issues = list(charset.issues)
    for number, line in enumerate(re.split(r"\r\n|\r|\n", normalise(charsets.decode(data, charset))), 1):
        if line.lstrip("\ufeff \t").startswith("#"):
            structure += 1
            continue
        for piece in split(line.lstrip("\ufeff")):
            entries += _entries(piece, number)
    issues += [
        Issue(
            "no-address",
            "There is no address in this piece of the list.",
            value=entry.values["TEXT"][:200],
            source_file=name,
            source_row=row,
            source_line=entry.line,
        )
        for row, entry in enumerate(entries, 1)
        if entry.rejected
    ]
    if entries and all(entry.rejected for entry in entries):
        raise not_a_list(name, "there is no e-mail address in it")
    return [make_table(gather(entries), KIND, name, options, charset.facts, issues, structure)]


def split(line: str) -> list[str]:
    """The pieces of a line."""
    pieces, current, has_address = [], "", False
    for token in _TOKEN.findall(line):
        if token == ";" or (token == "," and has_address):
            pieces.append(current)
            current, has_address = "", False
        elif token[0] == '"' and len(_ADDRESS.findall(token)) > 1:
            pieces += [current.rstrip(" ,"), *split(token[1:-1])]
            current, has_address = "", False
        else:
            current += token
            has_address = has_address or ("@" in token and _ADDRESS.search(token) is not None)
    return [piece.strip() for piece in [*pieces, current] if piece.strip()]


def _entries(piece: str, line: int) -> list[Entry]:
    """The address with its name, and those that stand beside it."""
    addresses = list(dict.fromkeys(found.strip("'") for found in _ADDRESS.findall(_LABEL.sub("", piece))))
    if not addresses:
        return [Entry(line, {"TEXT": piece}, "no-address")]
    label, _, name = _name(_LABEL.sub("", piece)).rpartition(":")
    first = Entry(line, {"NAME": name.strip(), "EMAIL": addresses[0]} | ({"TEXT": label} if label else {}))
    return [first, *(Entry(line, {"EMAIL": address}) for address in addresses[1:])]


def _name(piece: str) -> str:
    """What stands beside the address: words before the brackets, else the comment."""
    bare = re.sub(rf"<[^<>]*>|(mailto:)?{ADDRESS}", "", piece)
    comment = _COMMENT.search(bare)
    words = _COMMENT.sub("", bare).strip().strip("'\"<>").replace('\\"', '"').strip()
    return decoded(words or (comment.group(1).strip() if comment else ""))


def decoded(words: str) -> str:
    """RFC 2047 words as text."""
    if "=?" not in words:
        return words
    try:
        return str(make_header(decode_header(words)))
    except (MessageError, LookupError, ValueError):
        return words


__all__ = ["Iterator", "is_plain_list", "read", "split"]
