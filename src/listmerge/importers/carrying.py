"""What a worker hands back: sheets and raw tables, their columns as Arrow files in a folder, the rest as JSON.

Nothing that came out of a hostile file is unpickled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from listmerge.importers.sheets import Sheet
from listmerge.model import Issue, Mapping, RawTable

if TYPE_CHECKING:
    import pyarrow as pa

Found = Sheet | RawTable
_BESIDE: Final = ("lines", "rows", "rejected")      # columns that stand beside the cells


def pack(found: Sequence[Found], folder: Path) -> list[dict[str, Any]]:
    """Writes the columns of each into `folder` and gives what else there is to say, fit for JSON."""
    return [_packed(each, folder / f"{number}.arrow") for number, each in enumerate(found)]


def unpack(said: Sequence[dict[str, Any]], folder: Path) -> list[Found]:
    """The inverse of `pack`; the files are taken away. Raises pyarrow.ArrowInvalid for columns that are broken."""
    return [_unpacked(each, folder / f"{number}.arrow") for number, each in enumerate(said)]


def _packed(found: Found, path: Path) -> dict[str, Any]:
    beside = {"lines": found.lines}
    told: dict[str, Any] = {"name": found.name, "facts": found.facts, "issues": list(map(astuple, found.issues))}
    if isinstance(found, RawTable):
        beside |= {"rows": found.rows, "rejected": found.rejected}
        told |= {"headers": found.headers, "mapping": found.mapping.to_json(),
                 "structure": [found.structure_rows, found.structure_cells]}
    else:
        told |= {"header": found.header}
    _write(found.cells, beside, path)
    return told


def _write(cells: pa.Table, beside: dict[str, pa.Array], path: Path) -> None:
    import pyarrow as pa

    for name, column in beside.items():
        cells = cells.append_column(name, column)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, cells.schema) as writer:
        writer.write_table(cells)


def _unpacked(said: dict[str, Any], path: Path) -> Found:
    cells, beside = _read(path)
    issues = tuple(Issue(*issue) for issue in said["issues"])
    if "mapping" not in said:
        return Sheet(said["name"], cells, beside["lines"], said["facts"], issues, header=said["header"])
    rows, filled = said["structure"]
    return RawTable(
        said["name"], tuple(said["headers"]), cells, beside["rows"], beside["lines"], beside["rejected"],
        Mapping.from_json(said["mapping"]), rows, filled, said["facts"], issues)


def _read(path: Path) -> tuple[pa.Table, dict[str, pa.Array]]:
    import pyarrow as pa

    with pa.OSFile(str(path), "rb") as file:
        table = pa.ipc.open_file(file).read_all()
    path.unlink()
    table.validate(full=True)
    beside = {name: pa.concat_arrays(table.column(name).chunks) for name in _BESIDE if name in table.column_names
              if table.num_rows}
    empty = {name: pa.array([], table.schema.field(name).type) for name in _BESIDE
             if name in table.column_names and not table.num_rows}
    return table.drop_columns([*beside, *empty]), beside | empty
