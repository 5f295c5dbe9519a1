"""One door to all writers: the format asked for, else the one of the ending."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from listmerge import exporters
from listmerge.errors import OptionError

BEGINNINGS = {
    "csv": b"master_id,", "xlsx": b"PK", "vcf": b"BEGIN:VCARD\r\nVERSION:3.0",
    "vcard4": b"BEGIN:VCARD\r\nVERSION:4.0", "parquet": b"PAR1",
}


@pytest.mark.parametrize("name", exporters.FORMATS)
def test_each_format(name: str, awkward: pa.Table, tmp_path: Path) -> None:
    exporters.write(awkward, tmp_path / "out", name)
    assert (tmp_path / "out").read_bytes().startswith(BEGINNINGS[name])


@pytest.mark.parametrize(("path", "asked", "expected"), [
    ("a.csv", "", "csv"), ("a.XLSX", "", "xlsx"), ("a.vcf", "", "vcf"),
    ("a.vcf", "vcard4", "vcard4"), ("a", "parquet", "parquet"),
])
def test_the_format_of_a_file(path: str, asked: str, expected: str) -> None:
    assert exporters.format_of(Path(path), asked) == expected


@pytest.mark.parametrize(("path", "asked"), [("a.doc", ""), ("a", ""), ("a.csv", "tsv")])
def test_an_unknown_format_is_an_error(path: str, asked: str) -> None:
    with pytest.raises(OptionError, match="unknown-format"):
        exporters.format_of(Path(path), asked)


def test_parquet_keeps_everything(awkward: pa.Table, tmp_path: Path) -> None:
    exporters.write(awkward, tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet").equals(awkward)
