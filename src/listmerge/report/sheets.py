"""The sheets of the workbook as plain data: every cell a text, worst first, at most LIMIT rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import SEVERITIES
from listmerge.report import charts, merging, quality, sending
from listmerge.report.faces import FIELDS, Face
from listmerge.report.material import Material, numbers, picked

LIMIT: Final = 5_000
_PLACE: Final = ("source", "file", "row", "line")


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` are texts; `marks` the (row, column) of cells that differ, both from 0; `groups` the number of
    the group that each row belongs to; `rest` names the file with the rows beyond LIMIT, '' when all are here."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: int
    rest: str = ""
    marks: frozenset[tuple[int, int]] = frozenset()
    groups: list[int] = field(default_factory=list)


def sheets(material: Material) -> list[Sheet]:
    """All sheets in their order: the summary first, which tells what the others hold."""
    details = [_merged(material), _twins(material), _conflicts(material), _issues(material), _not_mailable(material),
               _by_source(material)]
    return [_summary(material, details), *details]


def _summary(material: Material, details: list[Sheet]) -> Sheet:
    figures = sending.sending(material)
    rows: list[Sequence[str]] = [(bar.label, f"{bar.value:,}", "") for bar in charts.funnel(figures)]
    rows += [(f"of which {name}", f"{count:,}", "") for name, count in
             (("people", figures.people), ("organisations", figures.organisations))]
    rows += [("May not be written to", f"{reason.count:,}", reason.text) for reason in figures.reasons]
    rows += [("Held back", f"{refusal.held:,} of {refusal.known:,}", refusal.words) for refusal in figures.refusals]
    rows += [(f"Sheet “{sheet.name}”", f"{sheet.total:,}",
              f"the first {len(sheet.rows):,}; all are in {sheet.rest}" if sheet.total > len(sheet.rows) else "")
             for sheet in details]
    return Sheet("summary", ("what", "how many", "remark"), rows, len(rows))


def _merged(material: Material) -> Sheet:
    found = merging.clusters(material)
    merged = int(found.sizes[found.sizes > 1].sum())
    rows: list[Sequence[str]] = []
    marks: set[tuple[int, int]] = set()
    numbers_of: list[int] = []
    for number, group in enumerate(_whole_groups(material, found), start=1):
        for face, marked in group.members:
            marks |= {(len(rows), 5 + list(FIELDS).index(name)) for name in marked}
            rows.append((str(number), group.master_id, group.name, _percent(group.probability), face.source,
                         *(face.cells[name] for name in FIELDS), *_place(face)))
            numbers_of.append(number)
    header = ("group", "master_id", "merged as", "least sure", "source", *FIELDS.values(), *_PLACE[1:])
    return Sheet("merged", header, rows, merged, "crosswalk.csv", frozenset(marks), numbers_of)


def _whole_groups(material: Material, found: merging.Clusters) -> Iterator[merging.Group]:
    """As many groups as fit, the least sure first, each with all its members."""
    order = merging.weakest(found, LIMIT)
    fitting = int(np.searchsorted(np.cumsum(found.sizes[order]), LIMIT, side="right")) if order else 0
    yield from merging.groups(material, found, order[:fitting], shown=LIMIT)


def _twins(material: Material) -> Sheet:
    rows: list[Sequence[str]] = []
    marks: set[tuple[int, int]] = set()
    for number, pair in enumerate(merging.twins(material, LIMIT // 2), start=1):
        for face, other_id, marked in ((pair.left, pair.left_id, pair.marks[0]),
                                       (pair.right, pair.right_id, pair.marks[1])):
            marks |= {(len(rows), 7 + list(FIELDS).index(name)) for name in marked}
            rows.append((str(number), "", _percent(pair.probability), pair.reason, pair.refused, other_id, face.source,
                         *(face.cells[name] for name in FIELDS), *_place(face)))
    header = ("pair", "same/different", "likely the same", "not merged because", "refused", "master_id", "source",
              *FIELDS.values(), *_PLACE[1:])
    return Sheet("possible duplicates", header, rows, 2 * material.near_pairs.num_rows, "possible_duplicates.csv",
                 frozenset(marks), [int(row[0]) for row in rows])


def _conflicts(material: Material) -> Sheet:
    table = material.conflicts
    rank = np.select([numbers(pc.equal(table["severity"], name)).astype(bool) for name in SEVERITIES],
                     list(range(len(SEVERITIES))), len(SEVERITIES))
    first = picked(table, np.argsort(rank, kind="stable")[:LIMIT])
    shown = quality.listed(material, first)
    rows = [(severity, one.name, one.field, one.winner.value, one.winner.where,
             "\n".join(f"{other.value} ({other.where})" for other in one.others), one.rule, one.master_id,
             "; ".join(one.where)) for severity, one in zip(first["severity"].to_pylist(), shown, strict=True)]
    header = ("severity", "who", "field", "chosen", "from", "others", "rule", "master_id", "where")
    return Sheet("conflicts", header, rows, table.num_rows, "conflicts.csv")


def _issues(material: Material) -> Sheet:
    columns = ["code", "field", "value", "suggestion", "message", "source", "source_file", "source_row", "source_line"]
    rows = _texts(material.issues.select(columns).slice(0, LIMIT))
    header = ("code", "field", "value", "suggestion", "what it means", *_PLACE)
    return Sheet("issues", header, rows, material.issues.num_rows, "issues.csv")


def _not_mailable(material: Material) -> Sheet:
    others = np.flatnonzero(~sending.may_email(material))
    first = [int(row) for row in others[:LIMIT]]
    where = sending.places(material, first)
    columns = ["why_not", "full_name", "company", "emails", "permission", "refusal", "deliverability", "sources",
               "master_id"]
    texts = _texts(picked(material.masters.select(columns), first))
    rows = [(*cells, "; ".join(where[row])) for cells, row in zip(texts, first, strict=True)]
    header = ("why not", "name", "company", "e-mails", *columns[4:], "where")
    return Sheet("not mailable", header, rows, len(others), "master.csv")


def _by_source(material: Material) -> Sheet:
    figures = sending.sending(material)
    found = quality.overlap(material, limit=12, examples=0)
    shared = {name: dict(zip(found.sources, row, strict=True)) for name, row in
              zip(found.sources, found.shared, strict=True)}
    rows = [(line.source, *(f"{value}" for value in (line.rows, line.rejected, line.contacts, line.merged, line.masters,
                                                     line.elsewhere, line.mailable)),
             *(str(shared.get(line.source, {}).get(name, "")) for name in found.sources))
            for line in [*figures.sources, figures.total]]
    header = ("source", "rows", "not usable", "people and organisations", "copies within", "on the master list",
              "also in other sources", "may be written to", *(f"also in {name}" for name in found.sources))
    return Sheet("by source", header, rows, len(rows))


def _texts(table: pa.Table) -> list[tuple[str, ...]]:
    return [tuple(str(cell) for cell in row.values()) for row in table.slice(0, LIMIT).to_pylist()]


def _place(face: Face) -> tuple[str, ...]:
    return face.file, str(face.row), str(face.line)


def _percent(value: float) -> str:
    return f"{value:.1%}"

