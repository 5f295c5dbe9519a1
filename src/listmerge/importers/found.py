"""What a worker found in a file: its raw tables, and those of its sheets that hold contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from listmerge.errors import InputError
from listmerge.importers.source import no_records
from listmerge.importers.tables import make_tables
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.carrying import Found
    from listmerge.importers.sheets import Sheet


def tables_of(found: Sequence[Found], name: str, options: ReadOptions) -> list[RawTable]:
    """The tables, and those of the sheets that hold contacts; other sheets are named as issues. Raises InputError."""
    tables: list[RawTable] = []
    refused: list[tuple[Sheet, InputError]] = []
    left_out: list[Issue] = []
    for sheet in found:
        if isinstance(sheet, RawTable):
            tables.append(sheet)
            continue
        if "hidden" in sheet.facts:
            left_out.append(_hidden(sheet))
            continue
        try:
            tables += make_tables(sheet, options)
        except InputError as error:
            refused.append((sheet, error))
    if not tables:
        raise refused[0][1] if refused else no_records(name)
    left_out += [
        Issue(
            "sheet-ignored",
            f"The sheet holds no contacts that could be read ({sheet.cells.num_rows} rows).",
            value=sheet.name.rpartition("!")[2],
            source_file=sheet.name,
        )
        for sheet, _ in refused
        if sheet.cells.num_rows
    ]
    return [replace(tables[0], issues=(*tables[0].issues, *left_out)), *tables[1:]]


def _hidden(sheet: Sheet) -> Issue:
    return Issue(
        "hidden-sheet",
        f"The sheet is hidden ({sheet.cells.num_rows} rows) and was left out.",
        value=sheet.name.rpartition("!")[2],
        source_file=sheet.name,
        suggestion="unhide it and save when its people belong to the list",
    )
