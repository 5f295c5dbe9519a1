"""Turns a sheet into raw tables: finds the headers, sets apart what is no record, cleans the cells, counts it all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from listmerge.errors import InputError
from listmerge.importers import damage, structure
from listmerge.importers.cells import clean_table
from listmerge.importers.rows import named, row_issues, take_records
from listmerge.importers.sections import sections
from listmerge.importers.source import no_records, not_a_list
from listmerge.layouts.recognise import FIELDS_IN_ROWS, RecogniseOptions, TableStart
from listmerge.model import FIELDS, Issue, Mapping, RawTable

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet

REASONS: Final = ("", "no-contact", "ragged-row", "deleted")
_IDENTIFYING: Final = structure.CONTACT_UNITS | {"identifier"}


def make_tables(sheet: Sheet, options: ReadOptions) -> list[RawTable]:
    """The raw tables of a sheet, usually one.

    Raises InputError `no-records` or `not-a-contact-list`.
    """
    cells, issues = sheet.cells, list(sheet.cleaned or ())
    if sheet.cleaned is None:
        cells, issues = clean_table(sheet.cells, sheet.name, sheet.lines)
    known = RecogniseOptions(
        options.layout, options.layout_files, options.maps, options.known_emails, sheet.family, options.remembered)
    try:
        parts = list(sections(replace(sheet, cells=cells), known))
    except InputError as error:  # an ambiguous layout: said of the headers, without the name of the file
        raise InputError(error.code, f"{sheet.name}: {error.what}", where=sheet.name, hint=error.hint) from error
    tables: list[RawTable] = []
    refused: list[tuple[Sheet, InputError]] = []
    for part, start in parts:
        try:
            tables.append(_make_table(part, start, _within(issues, part, first=not tables), options))
        except InputError as error:
            refused.append((part, error))
    if not tables:
        raise refused[0][1] if refused else no_records(sheet.name)
    first = tables[0] if len(tables) > 1 else replace(tables[0], name=sheet.name)
    return [_with_refused(first, refused), *tables[1:]]


def _within(issues: list[Issue], part: Sheet, *, first: bool) -> list[Issue]:
    """What was taken off in the rows of a part, their numbers counted from there; the first has what is of no row."""
    end = part.before + part.cells.num_rows
    return [replace(issue, source_row=max(issue.source_row - part.before, 0)) for issue in issues
            if part.before < issue.source_row <= end or (first and not issue.source_row)]


def _with_refused(table: RawTable, refused: list[tuple[Sheet, InputError]]) -> RawTable:
    """The table with the rows of sections that hold no contacts as its structure."""
    counts = [structure.filled(part.cells) for part, _ in refused]
    ignored = [
        Issue("section-ignored", error.what, source_file=part.name) for part, error in refused if "!" in part.name
    ]
    return replace(
        table,
        issues=(*table.issues, *ignored),
        structure_rows=table.structure_rows + sum(int((count > 0).sum()) for count in counts),
        structure_cells=table.structure_cells + sum(int(count.sum()) for count in counts),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What became of the rows of a sheet: which are records, and the counts of those that are structure."""

    records: np.ndarray[Any, Any]
    rows: int
    cells: int


def _make_table(sheet: Sheet, start: TableStart, cleaned: list[Issue], options: ReadOptions) -> RawTable:
    width = sheet.cells.num_columns
    header = [""] * width if start.header is None else [column[start.header].as_py() for column in sheet.cells.columns]
    mapping = replace(start.mapping, region=options.region.upper() or start.mapping.region)
    parts = _divide(sheet.cells, start.header, header, mapping)
    if not len(parts.records):
        raise no_records(sheet.name)
    if not any(FIELDS[column.field] in _IDENTIFYING for column in mapping.columns):
        raise not_a_list(sheet.name, *_why_not(start))
    return _raw_table(sheet, tuple(header), replace(start, mapping=mapping), parts, cleaned, options)


def _why_not(start: TableStart) -> tuple[str, str]:
    """Why a table without columns of a contact is none, and what to do about it."""
    if FIELDS_IN_ROWS in start.issues:
        return FIELDS_IN_ROWS.message, FIELDS_IN_ROWS.suggestion + "."
    return ("no column looks like a name, an address or a number of a contact",
            "say which column is what with --map FIELD=COLUMN.")


def _divide(cells: pa.Table, at: int | None, header: list[str], mapping: Mapping) -> _Parts:
    """Sets the rows apart: everything up to the header, then blank rows, repeated headers and footers."""
    import numpy as np

    counts = structure.filled(cells)
    apart = np.zeros(cells.num_rows, bool)
    first = 0 if at is None else at + 1
    apart[:first] = True
    if at is not None:
        repeated = structure.equal_rows(cells, header) & (counts > 0)
        apart |= repeated
        apart[:-1] |= repeated[1:] & (counts[:-1] == 1)  # a title above a repeated header
    apart[first:] |= structure.footers(cells.slice(first), counts[first:], mapping)
    filled = counts > 0
    records = np.flatnonzero(filled & ~apart).astype(np.int32)
    return _Parts(records, int((apart & filled).sum()), int(counts[apart].sum()))


def _raw_table(
    sheet: Sheet, header: tuple[str, ...], start: TableStart, parts: _Parts, cleaned: list[Issue], options: ReadOptions
) -> RawTable:
    import numpy as np
    import pyarrow as pa

    taken = take_records(sheet, header, start.mapping, parts.records, options)
    cells, lines = taken.cells, taken.lines
    reasons, rejections = _rejections(cells, taken.header, taken.mapping, lines, sheet.name)
    words, errors = damage.error_words(cells, taken.header, lines, sheet.name)
    errors += damage.cut_cells(cells, taken.header, lines, sheet.name)
    new = tuple(word for word in words if word not in taken.mapping.null_words)
    mapping = replace(taken.mapping, null_words=(*taken.mapping.null_words, *new))
    unused = _unused(cells, taken.header, mapping)
    facts = sheet.facts | unused | {
        "header_line": "" if start.header is None else str(sheet.lines[start.header].as_py())}
    ignored = [Issue("columns-not-used", f"These columns hold values and were not used: {text}.",
                     source_file=sheet.name,
                     suggestion="say what they are with --map FIELD=COLUMN") for text in unused.values()]
    put_right = [named(issue, header, parts.records, taken.numbers) for issue in cleaned]
    found = damage.find(cells, lines, mapping, sheet.name, sheet.facts["encoding"] if "mixed_with" in facts else "")
    doubts = [replace(issue, source_file=issue.source_file or sheet.name) for issue in start.issues]
    return RawTable(
        name=sheet.name,
        headers=taken.header,
        cells=cells,
        rows=pa.array(np.arange(1, cells.num_rows + 1, dtype=np.int32)),
        lines=lines,
        rejected=pa.array(REASONS).take(pa.array(reasons)),
        mapping=mapping,
        structure_rows=parts.rows + len(parts.records) - cells.num_rows,
        structure_cells=parts.cells,
        facts=facts,
        issues=(*sheet.issues, *doubts, *ignored, *put_right, *taken.issues, *rejections, *errors, *found),
    )


def _unused(cells: pa.Table, header: tuple[str, ...], mapping: Mapping) -> dict[str, str]:
    """The columns with values that nothing is known of, as a fact for people; cells beyond the header are not meant."""
    known = {column.index for column in mapping.columns}
    titled = any(header)
    found = [header[index] or f"column {index + 1}" for index in range(cells.num_columns)
             if index not in known and (header[index] or not titled) and structure.is_filled(cells.column(index)).any()]
    return {"columns not used": ", ".join(found[:20]) + (" …" if len(found) > 20 else "")} if found else {}


def _rejections(
    cells: pa.Table, header: tuple[str, ...], mapping: Mapping, lines: pa.Array, name: str
) -> tuple[np.ndarray[Any, Any], list[Issue]]:
    """Which rows are no records, as numbers of REASONS: nothing of a contact, or more cells than headers and the
    columns out of place. Longer rows that are kept are told as well."""
    import numpy as np

    longer, displaced = structure.longer_rows(cells, header, mapping)
    empty = structure.without_contact(cells, mapping)
    deleted = structure.deleted(cells, mapping)
    reasons = empty.astype(np.int8)
    reasons[displaced] = 2
    reasons[deleted] = 3
    told = (
        ("no-contact", "The row has no name, company, address, phone or e-mail.", empty & ~displaced),
        (
            "ragged-row",
            "The row has more cells than the header and its columns are out of place; it was left out.",
            displaced,
        ),
        (
            "ragged-row",
            "The row has more cells than the header; the further ones have no name.",
            longer & ~displaced,
        ),
        ("deleted", "The row is marked as deleted; it makes no contact, but a refusal in it holds.", deleted),
    )
    return reasons, [issue for code, message, rows in told for issue in row_issues(code, message, rows, lines, name)]


