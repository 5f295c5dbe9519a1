"""What is exported can be imported again, and says the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from listmerge import exporters, importers
from listmerge.importers import cells


def read_back(path: Path) -> list[dict[str, str]]:
    [table] = importers.read(path, path.name)
    return [dict(zip(table.headers, row.values(), strict=True)) for row in table.cells.to_pylist()]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_cells_come_back_as_import_would_have_cleaned_them(
    name: str, masters: Callable[..., pa.Table], awkward: pa.Table, tmp_path: Path
) -> None:
    texts = [{**row, "company": cells.clean(row["company"]), "full_name": ""} for row in awkward.to_pylist()]
    if name.endswith("xlsx"):       # cells are text there and need no guard; an apostrophe of the value looks like one
        texts = [row for row in texts if cells.clean(row["company"]) == row["company"]]
    exporters.write(masters(texts), tmp_path / name)
    found = [row["company"] for row in read_back(tmp_path / name)]
    assert found == [row["company"] for row in texts]


@pytest.mark.parametrize("format", ["vcf", "vcard4"])
def test_cards_come_back(format: str, masters: Callable[..., pa.Table], tmp_path: Path) -> None:  # noqa: A002
    person = {"full_name": "Zoë O’Neil, PhD", "given_name": "Zoë", "family_name": "O’Neil", "suffix": "PhD",
              "company": "Smith; Sons, Ltd", "email": "zoe@mail.example", "phone": "+442079460001",
              "street": "1 High Street, Flat 2", "city": "Darwin", "postal_code": "0800", "country": "AU"}
    exporters.write(masters([person]), tmp_path / "out.vcf", format)
    [found] = read_back(tmp_path / "out.vcf")
    assert set(person.values()) <= set(found.values())
