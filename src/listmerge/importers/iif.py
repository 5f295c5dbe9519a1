"""QuickBooks Desktop lists (IIF): tab separated; lines that begin with `!` name the columns of those below.

Customers, vendors, employees and other names are one table each; the other lists (accounts, items) are structure.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from listmerge.importers import charset as charsets
from listmerge.importers.delimited import check_lines, normalise
from listmerge.importers.sheets import Sheet, check_width, columns_of
from listmerge.importers.source import no_records
from listmerge.importers.tables import make_tables
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

PEOPLE: Final = ("CUST", "VEND", "EMP", "OTHERNAME")
Row = tuple[int, list[str]]


def extract(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The lists of people in the file, each as a table; raises InputError."""
    from dataclasses import replace

    charset = charsets.find(data, name, options.encoding)
    check_lines(data, name)
    sections, others = _sections(normalise(charsets.decode(data, charset)))
    tables: list[RawTable] = []
    for key in PEOPLE:
        if len(sections.get(key, [])) > 1:
            label = f"{name}!{key}" if sum(len(sections.get(each, [])) > 1 for each in PEOPLE) > 1 else name
            tables += make_tables(_sheet(label, sections[key], charset), options)
    if not tables:
        raise no_records(name)
    rest = [row for key, rows in sections.items() if key not in PEOPLE for row in rows] + others
    cells = sum(bool(cell) for _, row in rest for cell in row)
    first = tables[0]
    issues = [*first.issues, *_ignored(sections, name)]
    tables[0] = replace(
        first,
        structure_rows=first.structure_rows + len(rest),
        structure_cells=first.structure_cells + cells,
        issues=tuple(issues),
    )
    return tables


def _sections(text: str) -> tuple[dict[str, list[Row]], list[Row]]:
    """The rows of each list, its header first, and the rows that belong to none."""
    sections: dict[str, list[Row]] = {}
    others: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        key = cells[0].lstrip("!").upper()
        if cells[0].startswith("!"):
            (others if key in sections else sections.setdefault(key, [])).append((reader.line_num, cells))
        elif key in sections:
            sections[key].append((reader.line_num, cells))
        else:
            others.append((reader.line_num, cells))
    return sections, others


def _sheet(name: str, rows: list[Row], charset: charsets.Charset) -> Sheet:
    import pyarrow as pa

    width = max(len(row) for _, row in rows)
    check_width(width, name)
    lines = pa.array([line for line, _ in rows], pa.int32())
    return Sheet(
        name, columns_of([row for _, row in rows], width), lines, charset.facts, charset.issues,
        family="iif",
    )


def _ignored(sections: dict[str, list[Row]], name: str) -> list[Issue]:
    return [
        Issue(
            "section-ignored", f"The list {key} ({len(rows) - 1} rows) holds no contacts.", value=key, source_file=name
        )
        for key, rows in sorted(sections.items())
        if key not in (*PEOPLE, "HDR") and len(rows) > 1
    ]
