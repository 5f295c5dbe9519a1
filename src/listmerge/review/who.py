"""Whom a person means by a record id, a contact key, a master id or `source_file:source_row`."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from listmerge.errors import OptionError

if TYPE_CHECKING:
    import pyarrow as pa

_KEY: Final = re.compile(r"([0-9a-f]{24}(?:#\d+)?)(?:\.(\d+))?")
_ROW: Final = re.compile(r"(.+):(\d+)(?:\.(\d+))?")


def contacts_meant(crosswalk: pa.Table, text: str) -> list[str]:
    """The keys of the contacts that `text` names, sorted. Raises OptionError when there are none, or it is unclear."""
    import pyarrow.compute as pc

    rows = _rows(crosswalk, text.strip())
    if not rows.num_rows:
        raise OptionError("unknown-contact", f"there is no {text!r} in the last run.",
                          hint="name a record id, a master id, or source_file:source_row as crosswalk.csv has them.")
    keys = pc.binary_join_element_wise(rows["record_id"], pc.cast(rows["part"], "string"), ".").to_pylist()
    return sorted(keys)


def _rows(crosswalk: pa.Table, text: str) -> pa.Table:
    import pyarrow.compute as pc

    if match := _KEY.fullmatch(text):
        return _matching(crosswalk, {"record_id": match[1], "part": match[2]})
    if match := _ROW.fullmatch(text):
        file = file_meant(match[1], pc.unique(crosswalk["source_file"]).to_pylist())
        return _matching(crosswalk, {"source_file": file, "source_row": match[2], "part": match[3]})
    return _matching(crosswalk, {"master_id": text})


def _matching(crosswalk: pa.Table, wanted: dict[str, str | None]) -> pa.Table:
    """The rows with these values; the row itself (part 0) before other people in it, unless a part is named."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column, value in wanted.items():
        if value is not None:
            crosswalk = crosswalk.filter(pc.equal(pc.cast(crosswalk[column], pa.string()), value))
    own = crosswalk.filter(pc.equal(crosswalk["part"], 0))
    return own if "part" in wanted and wanted["part"] is None and own.num_rows else crosswalk


def file_meant(name: str, files: Collection[str]) -> str:
    """The one of `files` that `name` means: the same, or the only one that ends so; `name` itself when there is none.

    Raises OptionError when several end so.
    """
    ends = sorted(file for file in files if file.endswith(f"/{name}"))
    if name in files or not ends:
        return name
    if len(ends) > 1:
        raise OptionError("ambiguous-file", f"{name} could be {' or '.join(ends)}.", hint="give the whole path.")
    return ends[0]
