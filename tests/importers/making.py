"""Short words for tests: bytes in, tables out."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from listmerge.errors import InputError
from listmerge.importers import ReadOptions, read
from listmerge.model import RawTable

#: Header, number, number format and what is shown, as workbooks of any kind have them.
FORMATTED = [
    ("Postcode", 1067, "00000", "01067"), ("Zip", 21391234, "[<=99999]00000;00000-0000", "02139-1234"),
    ("Zip 2", 2139, "[<=99999]00000;00000-0000", "02139"),
    ("Phone", 6175550142, "[<=9999999]###-####;(###) ###-####", "(617) 555-0142"),
    ("Phone 2", 5550142, "[<=9999999]###-####;(###) ###-####", "555-0142"),
    ("Discount", 0.15, "0%", "15%"), ("Share", 0.125, "0.00%", "12.50%"),
]


def read_bytes(data: bytes, name: str = "list.csv", **options: object) -> list[RawTable]:
    """The tables of a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        return read(path, name, ReadOptions(**options))  # type: ignore[arg-type]


def one(data: bytes | str, name: str = "list.csv", **options: object) -> RawTable:
    """The only table of a file with this content."""
    (table,) = read_bytes(data.encode() if isinstance(data, str) else data, name, **options)
    return table


def rows(table: RawTable) -> list[tuple[str, ...]]:
    """The records as tuples of texts, rejected ones too."""
    return [tuple(row.values()) for row in table.cells.to_pylist()]


def record(table: RawTable, row: int = 1) -> dict[str, str]:
    """The filled cells of one record by header."""
    cells = rows(table)[row - 1]
    return {header: text for header, text in zip(table.headers, cells, strict=True) if text}


def codes(table: RawTable) -> list[str]:
    """The codes of the table's issues."""
    return [issue.code for issue in table.issues]


def fields(table: RawTable) -> dict[str, str]:
    """Header -> field."""
    return {column.header: column.field for column in table.mapping.columns}


def refused(data: bytes | str, name: str = "list.csv", **options: object) -> InputError:
    """The error with which a file of this content is refused."""
    with pytest.raises(InputError) as caught:
        read_bytes(data.encode() if isinstance(data, str) else data, name, **options)
    return caught.value
