"""Workbooks of all families: their sheets are extracted in a worker, and those that hold contacts are taken.

Each family is a module with `check(data, name)`, which refuses in time what must not be opened, and
`extract(data, name, settings)`, which runs in the worker.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from listmerge.errors import InputError
from listmerge.importers import worker
from listmerge.importers.source import no_records
from listmerge.importers.tables import make_tables
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.sheets import Sheet
    from listmerge.importers.source import Data


def read_workbook(kind: str, data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The tables of all sheets that hold contacts; the others are named as issues. Raises InputError."""
    import_module(f"listmerge.importers.{kind}").check(data, name)
    found = worker.sheets(kind, data, name, {"visible_only": options.visible_only, "password": options.password})
    tables: list[RawTable] = []
    refused: list[tuple[Sheet, InputError]] = []
    left_out: list[Issue] = []
    for sheet in found:
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
