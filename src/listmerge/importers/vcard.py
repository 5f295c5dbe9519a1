"""vCards (thin)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from listmerge.importers import charset as charsets
from listmerge.importers.entries import Entry, Kind, make_table
from listmerge.model import RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

RULES: Final = (
    ("FN", {"field": "full_name"}), (r"EMAIL\.(\d+)", {"field": "email"}), (r"TEL\.(\d+)", {"field": "phone"}),
)


def read(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The cards of the file as one table."""
    from vobject.base import ParseError, getLogicalLines, parseLine

    charset = charsets.find(data, name, options.encoding)
    entries: list[Entry] = []
    for line, number in getLogicalLines(io.StringIO(charsets.decode(data, charset)), True):
        try:
            key, _, value, _ = parseLine(line, number)
        except ParseError:
            continue
        key = key.upper()
        if key == "BEGIN":
            entries.append(Entry(number))
        elif entries and key in ("FN",):
            entries[-1].values[key] = value
        elif entries and key in ("EMAIL", "TEL"):
            count = sum(header.startswith(key) for header in entries[-1].values)
            entries[-1].values[f"{key}.{count + 1}"] = value
    return [make_table(entries, Kind("vcard", "vCard", RULES), name, options, {"encoding": charset.encoding}, charset.issues)]
