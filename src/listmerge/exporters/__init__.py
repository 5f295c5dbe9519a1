"""Files out: a table of masters as CSV, workbook, cards or Parquet. Each writer writes to exactly the path it is given.

Whoever publishes the file gives a temporary path and renames; see `listmerge.pipeline`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from listmerge.errors import OptionError

if TYPE_CHECKING:
    import pyarrow as pa

    Writer = Callable[[pa.Table, Path], None]

#: Name of a format -> ending of its files. `vcf` is vCard 3.0, which every phone and mail program reads.
FORMATS: Final[dict[str, str]] = {
    "csv": ".csv", "xlsx": ".xlsx", "vcf": ".vcf", "vcard4": ".vcf", "parquet": ".parquet",
}


def write(table: pa.Table, path: Path, format: str = "") -> None:  # noqa: A002 - the word of the contract
    """Writes `table` to `path` as `format`, by default the one that the path's ending says.

    Raises OptionError for an unknown format, OSError when the file cannot be written.
    """
    _writers()[format_of(path, format)](table, path)


def format_of(path: Path, format: str = "") -> str:  # noqa: A002
    """The format to write: the one asked for, else by the ending of `path`. Raises OptionError when there is none."""
    if format in FORMATS:
        return format
    by_ending = next((name for name, ending in FORMATS.items() if path.suffix.lower() == ending), "")
    if format or not by_ending:
        raise OptionError(
            "unknown-format", f"{format or path.suffix or path.name!r} is no format that listmerge writes.",
            where=str(path), hint=f"use one of {', '.join(FORMATS)}.",
        )
    return by_ending


def _writers() -> Mapping[str, Writer]:
    """Loaded on use: `listmerge --help` must not load pyarrow."""
    from listmerge.exporters import delimited, excel, parquet, vcard

    return {
        "csv": delimited.write_csv, "xlsx": excel.write_xlsx, "parquet": parquet.write_parquet,
        "vcf": vcard.write_vcards, "vcard4": vcard.write_vcards_4,
    }
