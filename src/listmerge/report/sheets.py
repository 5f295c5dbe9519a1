"""The sheets of the workbook as plain data: every cell a text, worst first, at most LIMIT rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import SEVERITIES
from listmerge.report import charts, merging, quality, sending
from listmerge.report.accuracy import ASKED, accuracy
from listmerge.report.faces import FIELDS, Face
from listmerge.report.material import Material, counted, numbers, picked, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIMIT: Final = 5_000
ANSWER: Final = "same/different"
_PLACE: Final = ("source", "file", "row", "line")


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` are texts; `marks` the (row, column) of cells that differ, both from 0; `groups` the number of
    the group of each row; `rest` names the file with the rows beyond LIMIT; `answers` are what a person may
    write into the column ANSWER."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: int
    rest: str = ""
    marks: frozenset[tuple[int, int]] = frozenset()
    groups: list[int] = field(default_factory=list)
    answers: tuple[str, ...] = ()

    @property
    def cut(self) -> bool:
        """Whether there is more than is shown."""
        return self.total > len(self.rows)


def sheets(material: Material) -> list[Sheet]:
    """All sheets in their order: the summary first, which tells what the others hold."""
    figures = sending.sending(material)
    details = [_merged(material), _twins(material), _conflicts(material), _issues(material), _not_mailable(material),
               _by_source(material, figures)]
    return [_summary(material, figures, details), *details]


def _summary(material: Material, figures: sending.Sending, details: list[Sheet]) -> Sheet:
    rows: list[Sequence[str]] = [("Date of the run", str(material.run.get("date", "")), "")]
    rows += [(bar.label, f"{bar.value:,}", _KINDS_OF.format(figures) if bar.label == charts.MASTERS else "")
             for bar in charts.funnel(figures)]
    rows += [("May not be written to", f"{reason.count:,}", reason.text) for reason in figures.reasons]
    rows += [("Held back", f"{refusal.held:,} of {refusal.known:,}", refusal.words) for refusal in figures.refusals]
    rows += [("Possible duplicates", f"{material.near_pairs.num_rows:,}", (
        f"pairs of records, of {len(merging.near_people(material)):,} pairs of people or organisations"))]
    rows += _estimated(material)
    rows += [(f"Sheet “{sheet.name}”", f"{sheet.total:,}", _rest(sheet)) for sheet in details]
    return Sheet("summary", ("what", "how many", "remark"), rows, len(rows))


def _estimated(material: Material) -> list[Sequence[str]]:
    """What listmerge and plain rules reach, as the run estimates it."""
    found = accuracy(material.run)
    return [(f"{name}, {judged.who}".capitalize(), getattr(judged, name), f"estimated: {words}")
            for judged in (found.judged if found else ()) for name, words in ASKED.items()]


_KINDS_OF: Final = "{0.people:,} people, {0.organisations:,} organisations"


def _rest(sheet: Sheet) -> str:
    """What the sheet leaves out: there is no limit on what the file has."""
    return f"the first {len(sheet.rows):,} rows, worst first; all are in {sheet.rest}" if sheet.cut else ""


def _merged(material: Material) -> Sheet:
    found = merging.clusters(material)
    groups = list(_whole_groups(material, found))
    fields = _used(face for group in groups for face, _ in group.members)
    rows = [((str(number), group.master_id, group.name, _percent(group.probability), face.source), face, marked)
            for number, group in enumerate(groups, start=1) for face, marked in group.members]
    header = ("group", "master_id", "merged as", "least sure", "source")
    return _faces("merged", header, fields, rows, int(found.sizes[found.sizes > 1].sum()), "crosswalk.csv")


def _whole_groups(material: Material, found: merging.Clusters) -> Iterator[merging.Group]:
    """As many groups as fit, the least sure first, each with all its members."""
    order = merging.weakest(found, LIMIT)
    fitting = int(np.searchsorted(np.cumsum(found.sizes[order]), LIMIT, side="right")) if order else 0
    yield from merging.groups(material, found, order[:fitting], shown=LIMIT)


def _twins(material: Material) -> Sheet:
    near = merging.near_people(material)
    pairs = merging.twins(material, near[: LIMIT // 2])
    fields = _used(face for pair in pairs for face in (pair.left, pair.right))
    rows = [((str(number), "", _percent(pair.probability), pair.reason, pair.refused, master_id, face.source),
             face, marked)
            for number, pair in enumerate(pairs, start=1)
            for face, master_id, marked in zip((pair.left, pair.right), (pair.left_id, pair.right_id), pair.marks,
                                               strict=True)]
    header = ("pair", ANSWER, "likely the same", "not merged because", "refused", "master_id", "source")
    sheet = _faces("possible duplicates", header, fields, rows, 2 * len(near), "possible_duplicates.csv")
    return replace(sheet, answers=("same", "different"))


Line = tuple[tuple[str, ...], Face, frozenset[str]]


def _faces(name: str, header: Sequence[str], fields: list[str], lines: Sequence[Line], total: int, rest: str) -> Sheet:
    """A sheet of contacts: `header` and the first cells of each line, then its fields with marks, then its place."""
    rows = [(*first, *(face.cells[field] for field in fields), *_place(face)) for first, face, _ in lines]
    marks = frozenset((row, len(header) + fields.index(field)) for row, (_, _, marked) in enumerate(lines)
                      for field in marked)
    titles = (*header, *(FIELDS[field] for field in fields), *_PLACE[1:])
    return Sheet(name, titles, rows, total, rest, marks, [int(row[0]) for row in rows])


def _used(shown: Iterable[Face]) -> list[str]:
    """The fields that any of the contacts has."""
    filled = {field for face in shown for field, text in face.cells.items() if text}
    return [field for field in FIELDS if field in filled]


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
    rows = [(*cells[:6], material.short_names.get(cells[6], cells[6]), *(cell.removeprefix("0") for cell in cells[7:]))
            for cells in _texts(picked(material.issues.select(columns), _rare_first(material)[:LIMIT]))]
    header = ("code", "field", "value", "suggestion", "what it means", *_PLACE)
    return Sheet("issues", header, rows, material.issues.num_rows, "issues.csv")


def _rare_first(material: Material) -> NDArray[np.int64]:
    """The rows of the issues, the rarest kinds first: ten thousand that say the same must not crowd out the others."""
    codes = whole(material.issues["code"])
    rarest = sorted(counted(codes).items(), key=lambda item: (item[1], item[0]))
    rank = pc.index_in(codes, value_set=pa.array([code for code, _ in rarest], pa.string()))
    return np.argsort(np.asarray(rank), kind="stable")


def _not_mailable(material: Material) -> Sheet:
    others = np.flatnonzero(~sending.may_email(material))
    calm = numbers(pc.equal(material.masters["refusal"], "")).astype(bool)
    others = others[np.argsort(calm[others], kind="stable")]        # those who refused first
    first = [int(row) for row in others[:LIMIT]]
    where = sending.places(material, first)
    columns = ["why_not", "full_name", "company", "emails", "permission", "refusal", "deliverability", "sources",
               "master_id"]
    texts = _texts(picked(material.masters.select(columns), first))
    rows = [(*cells, "; ".join(where[row])) for cells, row in zip(texts, first, strict=True)]
    header = ("why not", "name", "company", "e-mails", *columns[4:], "where")
    return Sheet("not mailable", header, rows, len(others), "master.csv")


def _by_source(material: Material, figures: sending.Sending) -> Sheet:
    found = quality.overlap(material)
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
    return face.short, str(face.row), str(face.line)


def _percent(value: float) -> str:
    return f"{min(value, 0.999):.1%}"      # nothing is ever 100 % sure

