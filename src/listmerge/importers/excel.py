"""Workbooks (thin)."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from listmerge.errors import InputError
from listmerge.importers.sheets import Sheet, columns_of
from listmerge.importers.source import damaged, no_records
from listmerge.importers.tables import make_tables
from listmerge.model import RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data


def read(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The tables of a workbook."""
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(bytes(data)))
    except PasswordError as error:
        raise InputError("password-protected", f"{name} is password-protected.", where=name,
                         hint="open it and save it without a password, or give --password.") from error
    except CalamineError as error:
        if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00" in bytes(data[:1 << 20]):
            raise InputError("password-protected", f"{name} is password-protected.", where=name,
                             hint="open it and save it without a password, or give --password.") from error
        raise damaged(name, str(error)) from error
    tables: list[RawTable] = []
    for meta in book.sheets_metadata:
        if str(meta.visible) != "SheetVisibleEnum.Visible" or str(meta.typ) != "SheetTypeEnum.WorkSheet":
            continue
        rows = [[text(cell) for cell in row] for row in book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)]
        if rows:
            sheet = Sheet(f"{name}!{meta.name}", columns_of(rows, len(rows[0])), pa.array(range(1, len(rows) + 1), pa.int32()))
            tables += make_tables(sheet, options)
    if not tables:
        raise no_records(name)
    return tables


def text(cell: Any) -> str:
    """The cell as text."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
