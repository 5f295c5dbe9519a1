"""Tables of a web page, often saved as .xls: the largest tables of the page; no scripts, nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from listmerge.errors import ListmergeError
from listmerge.importers import charset as charsets
from listmerge.importers.charset import Charset
from listmerge.importers.grids import as_sheet

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data

WIDEST: Final = 20_000
HEAD: Final = 4096
_SAID: Final = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
BLOCKS: Final = frozenset({"br", "p", "div", "li"})
SILENT: Final = frozenset({"script", "style", "title"})


def extract(data: Data, name: str, options: ReadOptions) -> list[Sheet]:
    """The tables, those of one page numbered when there are several."""
    reader = _Tables()
    charset = _charset(data, name, options.encoding)
    issues = [(issue.code, issue.message, issue.value, 0) for issue in charset.issues]
    reader.feed(charsets.decode(data, charset))
    reader.close()
    reader.end_table()
    found = [(rows, lines) for rows, lines in reader.tables if any(any(row) for row in rows)]
    return [
        as_sheet(name, f"table {number}" if len(found) > 1 else "", rows, lines, charset.facts, issues)
        for number, (rows, lines) in enumerate(found, 1)
    ]


def _charset(data: Data, name: str, given: str) -> Charset:
    """The code page: what the page says of itself comes before what would be a guess. Raises as `charset.find`."""
    found = charsets.find(data, name, given)
    said = _SAID.search(data[:HEAD])
    if given or not found.issues or not said:
        return found
    try:
        return charsets.find(data, name, said[1].decode())
    except ListmergeError:      # there is no such code page, or the page is not in it
        return found


class _Tables(HTMLParser):
    """Collects the rows of all tables; a table within a cell is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[list[list[str]], list[int]]] = []
        self._rows: list[list[str]] = []
        self._lines: list[int] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._silent = 0
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif tag in SILENT:
            self._silent += 1
        elif tag == "tr" and self._depth < 2:
            self._end_cell()
            self._rows.append([])
            self._lines.append(self.getpos()[0])
        elif tag in ("td", "th") and self._depth < 2:
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._cell, self._span = [], min(int(span), WIDEST) if span.isdigit() else 1
        elif tag in BLOCKS and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth = max(0, self._depth - 1)
            if not self._depth:
                self.end_table()
        elif tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th", "tr") and self._depth < 2:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(" ".join(data.split()) if data.strip() else " ")

    def _end_cell(self) -> None:
        if self._cell is not None and self._rows:
            text = "".join(self._cell).strip()
            self._rows[-1] += [text, *[""] * (self._span - 1)][:WIDEST]
        self._cell = None

    def end_table(self) -> None:
        """Keeps the rows so far as a table."""
        self._end_cell()
        if self._rows:
            self.tables.append((self._rows, self._lines))
        self._rows, self._lines = [], []
