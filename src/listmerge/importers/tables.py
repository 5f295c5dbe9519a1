"""Turns a sheet into a raw table: finds the header, sets apart what is no record, cleans the cells, counts it all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from listmerge.errors import InputError
from listmerge.importers import structure
from listmerge.importers.cells import ERRORS, clean_table
from listmerge.importers.source import no_records, not_a_list
from listmerge.layouts.recognise import RecogniseOptions, TableStart, find_table, recognise
from listmerge.model import FIELDS, Issue, Mapping, RawTable

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet

HEAD_ROWS: Final = 40
SHOWN: Final = 20           # issues of one kind that are listed one by one; the rest are one sentence


@dataclass(frozen=True, slots=True)
class _Parts:
    """What became of the rows of a sheet: which are records, and the counts of those that are structure."""

    records: np.ndarray[Any, Any]
    rows: int
    cells: int


def make_tables(sheet: Sheet, options: ReadOptions, header: int | None = None) -> list[RawTable]:
    """The raw tables of a sheet; `header` is the index of its header row where that is known.

    Raises InputError `no-records` or `not-a-contact-list`.
    """
    cells, issues = clean_table(sheet.cells, (), sheet.name, sheet.hidden)
    return [_make_table(replace(sheet, cells=cells), options, issues, header)]


def recognise_options(options: ReadOptions) -> RecogniseOptions:
    """What the person said, as far as it concerns the meaning of columns."""
    return RecogniseOptions(options.layout, options.layout_files, options.maps)


def _make_table(sheet: Sheet, options: ReadOptions, cleaned: list[Issue], known: int | None) -> RawTable:
    head = [list(row.values()) for row in sheet.cells.slice(0, HEAD_ROWS).to_pylist()]
    start = _start(head, recognise_options(options), known)
    width = sheet.cells.num_columns
    header = head[start.header] if start.header is not None else [""] * width
    parts = _divide(sheet.cells, start.header, header, start.mapping)
    if not len(parts.records):
        raise no_records(sheet.name)
    if not any(FIELDS[column.field] in _IDENTIFYING for column in start.mapping.columns):
        raise not_a_list(sheet.name, "no column looks like a name, an address or a number of a contact",
                         "say which column is what with --map FIELD=COLUMN.")
    return _raw_table(sheet, tuple(header), start, parts, cleaned)


def _start(head: list[list[str]], options: RecogniseOptions, known: int | None) -> TableStart:
    if known is None:
        return find_table(head, options)
    return TableStart(known, recognise(head[known], head[known + 1:], options))


_IDENTIFYING: Final = structure.CONTACT_UNITS | {"identifier", "record"}


def _divide(cells: pa.Table, at: int | None, header: list[str], mapping: Mapping) -> _Parts:
    """Sets the rows apart: everything up to the header, then blank rows, repeated headers and footers."""
    import numpy as np

    counts = structure.filled(cells)
    apart = np.zeros(cells.num_rows, bool)
    if at is not None:
        apart[: at + 1] = True
        apart |= structure.equal_rows(cells, header) & (counts > 0)
    body = cells.slice(0 if at is None else at + 1)
    apart[cells.num_rows - body.num_rows:] |= structure.footers(body, counts[cells.num_rows - body.num_rows:], mapping)
    filled = counts > 0
    return _Parts(np.flatnonzero(filled & ~apart), int((apart & filled).sum()), int(counts[apart].sum()))


def _raw_table(sheet: Sheet, header: tuple[str, ...], start: Any, parts: _Parts, cleaned: list[Issue]) -> RawTable:
    import numpy as np
    import pyarrow as pa

    cells, lines = sheet.cells, sheet.lines
    if len(parts.records) < cells.num_rows:
        taken = pa.array(parts.records)
        cells, lines = _take(cells, parts.records), lines.take(taken)
    rejected, rejections = _rejections(cells, header, start.mapping, lines, sheet.name)
    mapping, errors = _error_words(cells, start.mapping, sheet.name)
    facts = sheet.facts | {"header_line": str(sheet.lines[start.header].as_py()) if start.header is not None else ""}
    named = [replace(issue, field=issue.field) for issue in cleaned]
    return RawTable(
        name=sheet.name, headers=header, cells=cells, rows=pa.array(np.arange(1, cells.num_rows + 1), pa.int32()),
        lines=lines, rejected=rejected, mapping=mapping, structure_rows=parts.rows, structure_cells=parts.cells,
        facts=facts, issues=(*sheet.issues, *start.issues, *named, *rejections, *errors))


def _take(cells: pa.Table, records: np.ndarray[Any, Any]) -> pa.Table:
    """The rows of `cells` that are records; a slice where they stand together, which costs nothing."""
    import pyarrow as pa

    first, last = int(records[0]), int(records[-1])
    if last - first + 1 == len(records):
        return cells.slice(first, len(records))
    return cells.take(pa.array(records))


def _rejections(
    cells: pa.Table, header: tuple[str, ...], mapping: Mapping, lines: pa.Array, name: str
) -> tuple[pa.Array, list[Issue]]:
    """Why some rows are no records: longer than the header with columns out of place, or nothing of a contact."""
    import numpy as np
    import pyarrow as pa

    reasons = np.zeros(cells.num_rows, np.int8)
    reasons[structure.without_contact(cells, mapping)] = 1
    codes = pa.array(["", "no-contact"])
    rejected = codes.take(pa.array(reasons))
    issues = [Issue("no-contact", "The row has no name, company, address, phone or e-mail.", source_file=name,
                    source_row=int(row) + 1, source_line=lines[int(row)].as_py())
              for row in np.flatnonzero(reasons)[:SHOWN]]
    return rejected, issues


def _error_words(cells: pa.Table, mapping: Mapping, name: str) -> tuple[Mapping, list[Issue]]:
    """Cells like #VALUE! are no values: the words become null words of the mapping, and an issue a column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words: set[str] = set()
    issues = []
    for column in cells.columns:
        if not pc.any(pc.starts_with(column, "#")).as_py():
            continue
        hits = pc.filter(column, pc.or_(pc.is_in(column, pa.array(ERRORS)), pc.match_substring_regex(column, "^#{3,}$")))
        found = sorted(set(hits.to_pylist()))
        words.update(found)
        issues += [Issue("error-cell", "A spreadsheet error stands where a value was; it is taken as empty.",
                         value=word, source_file=name) for word in found]
    return (replace(mapping, null_words=(*mapping.null_words, *sorted(words - set(mapping.null_words)))), issues)


__all__ = ["InputError", "make_tables"]
