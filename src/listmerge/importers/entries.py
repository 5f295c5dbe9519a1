"""Families whose entries are not rows (cards, LDIF entries, mails, notifications): entries become a table.

An entry is a dict of header and text; the columns stand in the order of a table of rules, then by name, so that the
order of the entries decides nothing. Rules are (pattern of the header, details of model.Column); `(\\d+)` in a
pattern is the number of a value among several, and becomes its group.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from listmerge.importers.cells import clean_table
from listmerge.importers.sheets import check_width, names
from listmerge.importers.source import no_records
from listmerge.model import Column, Issue, Mapping, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions

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


def make_table(
    entries: Sequence[Entry],
    kind: Kind,
    name: str,
    options: ReadOptions,
    facts: dict[str, str],
    issues: Sequence[Issue],
    structure: int = 0,
) -> RawTable:
    """The raw table of some entries, `structure` lines of the file being none; raises InputError `no-records`."""
    import pyarrow as pa

    if not any(entry.values for entry in entries):
        raise no_records(name)
    found = {header for entry in entries for header in entry.values}
    headers = tuple(sorted(found, key=lambda header: _place(header, kind.rules)))
    check_width(len(headers), name)
    columns = [pa.array([entry.values.get(header, "") for entry in entries], pa.string()) for header in headers]
    cells, cleaned = clean_table(pa.table(columns, names=names(len(headers))), name)
    mapping = Mapping(
        kind.layout,
        kind.system,
        _columns(headers, kind.rules, options),
        kind.certainty,
        kind.confidence,
        **({"region": options.region.upper()} | kind.more),
    )
    return RawTable(
        name=name,
        headers=headers,
        cells=cells,
        rows=pa.array(range(1, len(entries) + 1), pa.int32()),
        lines=pa.array([entry.line for entry in entries], pa.int32()),
        rejected=pa.array([entry.rejected for entry in entries], pa.string()),
        mapping=mapping,
        facts=facts,
        structure_rows=structure,
        structure_cells=structure,
        issues=(*issues, *(replace(issue, field=headers[int(issue.field)]) for issue in cleaned)),
    )


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
