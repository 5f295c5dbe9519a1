"""Families whose entries are not rows (cards, LDIF entries, mails, notifications): entries become a table.

An entry is a dict of header and text; the columns stand in the order of a table of rules, then by name, so that the
order of the entries decides nothing. Rules are (pattern of the header, details of model.Column); `(\\d+)` in a
pattern is the number of a value among several, and becomes its group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from listmerge.importers.cells import clean_table
from listmerge.importers.sheets import check_width, names
from listmerge.importers.source import no_records
from listmerge.model import Column, Issue, Mapping, RawTable

if TYPE_CHECKING:
    import pyarrow as pa

    from listmerge.importers import ReadOptions

BATCH: Final = 10_000
_PLACE: Final = ""          # a column that no header can be

Rules = Sequence[tuple[str, dict[str, Any]]]


@dataclass(slots=True)
class Entry:
    """One card, entry or message: where it begins, its values by header, and why it is no record ('' = it is)."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of a family's tables: the layout's name, the rules for its columns, and what holds for all rows."""

    layout: str
    system: str
    rules: Rules
    certainty: str = "verified"
    confidence: float = 1.0
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Gathered:
    """Entries as columns, one table a batch with a column for each header in it, and what they are beside that."""

    batches: list[pa.Table] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    @property
    def headers(self) -> set[str]:
        """All headers that some entry has."""
        return {header for batch in self.batches for header in batch.column_names if header != _PLACE}

    def column(self, header: str) -> pa.ChunkedArray:
        """The texts of a header, '' where an entry has none."""
        import pyarrow as pa

        return pa.chunked_array([chunk for batch in self.batches for chunk in _chunks(batch, header)], pa.string())


def _chunks(batch: pa.Table, header: str) -> Sequence[pa.Array]:
    import pyarrow as pa

    if header in batch.column_names:
        chunks: Sequence[pa.Array] = batch.column(header).chunks
        return chunks
    return [pa.repeat(pa.scalar("", pa.string()), batch.num_rows)]


def gather(entries: Iterable[Entry]) -> Gathered:
    """The entries as columns; they are taken one by one, so that a large file is never all objects at once."""
    gathered = Gathered()
    source = iter(entries)
    while batch := list(islice(source, BATCH)):
        gathered.batches.append(_columns_of(batch))
        gathered.lines += [entry.line for entry in batch]
        gathered.rejected += [entry.rejected for entry in batch]
    return gathered


def _columns_of(entries: Sequence[Entry]) -> pa.Table:
    """The entries under their headers; a column of numbers keeps the count where no entry has any value."""
    import pyarrow as pa

    headers = sorted({header for entry in entries for header in entry.values})
    texts = {header: pa.array([entry.values.get(header, "") for entry in entries], pa.string()) for header in headers}
    return pa.table({_PLACE: pa.array(range(len(entries)), pa.int32()), **texts})


def make_table(
    gathered: Gathered, kind: Kind, name: str, options: ReadOptions, facts: dict[str, str], issues: Sequence[Issue],
    structure: int = 0,
) -> RawTable:
    """The raw table of some entries, `structure` lines of the file being none; raises InputError `no-records`."""
    import pyarrow as pa

    found = gathered.headers
    if not found:
        raise no_records(name)
    check_width(len(found), name)
    headers = tuple(sorted(found, key=lambda header: _place(header, kind.rules)))
    lines = pa.array(gathered.lines, pa.int32())
    columns = pa.table([gathered.column(header) for header in headers], names=names(len(headers)))
    cells, cleaned = clean_table(columns, name, lines)
    return RawTable(
        name=name, headers=headers, cells=cells, rows=pa.array(range(1, len(gathered.lines) + 1), pa.int32()),
        lines=lines, rejected=pa.array(gathered.rejected, pa.string()), mapping=_mapping(kind, headers, options),
        facts=facts, structure_rows=structure, structure_cells=structure,
        issues=(*issues, *(replace(issue, field=headers[int(issue.field)]) for issue in cleaned)))


def _mapping(kind: Kind, headers: Sequence[str], options: ReadOptions) -> Mapping:
    known = {"region": options.region.upper()} | kind.more
    return Mapping(kind.layout, kind.system, _columns(headers, kind.rules, options), kind.certainty, kind.confidence,
                   **known)


def _place(header: str, rules: Rules) -> tuple[int, int, int, str]:
    """Numbered values stand together: all of EMAIL.1, then EMAIL.2."""
    for index, (pattern, _) in enumerate(rules):
        match = re.fullmatch(pattern, header)
        if match:
            number = int(match.group(1)) if match.groups() else 0
            return (_block(rules, index), number, index, header)
    return (len(rules), 0, 0, header)


def _block(rules: Rules, index: int) -> int:
    """The first rule whose pattern begins with the same word."""
    word = rules[index][0].split("\\.")[0]
    return next(place for place, (pattern, _) in enumerate(rules) if pattern.split("\\.")[0] == word)


def _columns(headers: Sequence[str], rules: Rules, options: ReadOptions) -> tuple[Column, ...]:
    """The meaning of each header that a rule or the user's --map knows, the others as `ignore`."""
    pinned = {column: name for name, column in options.maps}
    found = []
    for index, header in enumerate(headers):
        if header in pinned:
            found.append(Column(index, header, pinned[header], reason="given with --map"))
            continue
        details = next(
            (_filled(match, details) for pattern, details in rules if (match := re.fullmatch(pattern, header))),
            {"field": "ignore"},
        )
        found.append(Column(index, header, reason="the format says so", **details))
    return tuple(found)


def _filled(match: re.Match[str], details: dict[str, Any]) -> dict[str, Any]:
    """The rule's details; a number in the header is the group, or the part where the rule says `part=-1`."""
    if not match.groups():
        return dict(details)
    if details.get("part") == -1:
        return details | {"part": int(match.group(1)) - 1}
    return {"group": match.group(1)} | details
