"""Records that go on in the rows below: shops write the further addresses of a customer in rows that name nobody.

The cells of such a row are moved to the record above, into columns of their own, so that each cell of the file stands
in exactly one record. Which rows these are a layout says, by `goes_on`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from listmerge.engine.spool import forget, laid
from listmerge.importers import structure
from listmerge.importers.sheets import names
from listmerge.layouts.headers import fold_header
from listmerge.model import FIELDS, Column, Mapping

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

MOST: Final = 9         # further rows of one record; what comes after them stays a record of its own
_STEP: Final = 20_000   # records that are put together in one go
#: Units that a record may have several times; of the others the first row speaks.
_SEVERAL: Final = frozenset({"address", "phone", "job", "website", "identifier", "notes", "categories", "dropped"})


@dataclass(frozen=True, slots=True)
class Continued:
    """Rows of which some go on with the record above: `rows` is a mask of these, `owners` are the rows that begin a
    record, `further` the rows that follow each: a line a record, -1 where there is none."""

    rows: np.ndarray[Any, Any]
    owners: np.ndarray[Any, Any]
    further: np.ndarray[Any, Any]


def find(cells: pa.Table, header: tuple[str, ...], mapping: Mapping, named: str) -> Continued | None:
    """The rows that go on with the record above; None when there are none.

    They have nothing in the column `named`, nor in any column of names and e-mails, and stand below a row that has.
    """
    import numpy as np

    told = [index for index, text in enumerate(header) if named and fold_header(text) == fold_header(named)]
    if not told:
        return None
    told += [column.index for column in mapping.columns if FIELDS[column.field] in ("name", "email")]
    begins = np.logical_or.reduce([structure.is_filled(cells.column(index)) for index in told])
    after = np.arange(cells.num_rows) - np.maximum.accumulate(np.where(begins, np.arange(cells.num_rows), 0))
    goes_on = ~begins & (np.cumsum(begins) > 0) & (after <= MOST)
    if not goes_on.any():
        return None
    owners, rows = np.flatnonzero(~goes_on), np.flatnonzero(goes_on)
    further = np.full((len(owners), int(after[rows].max())), -1, np.int64)
    further[np.searchsorted(owners, rows) - 1, after[rows] - 1] = rows
    return Continued(goes_on, owners, further)


def joined(
    cells: pa.Table, header: tuple[str, ...], mapping: Mapping, found: Continued, scratch: Path | None
) -> tuple[pa.Table, tuple[str, ...], Mapping]:
    """The records with the cells of their further rows in columns of their own, whose headers are numbered from 2."""
    more = [(place, index) for place in range(found.further.shape[1])
            for index, column in enumerate(cells.columns) if _any_filled(column, found.further[:, place])]
    known = {column.index: column for column in mapping.columns}
    added = tuple(_moved(known[index], len(header) + number, place + 2)
                  for number, (place, index) in enumerate(more) if index in known)
    headers = (*header, *(f"{header[index]} ({place + 2})" for place, index in more))
    return laid(_batches(cells, found, more), scratch), headers, replace(mapping, columns=(*mapping.columns, *added))


def _any_filled(column: pa.ChunkedArray, rows: np.ndarray[Any, Any]) -> bool:
    return bool(structure.is_filled(column)[rows[rows >= 0]].any())


def _moved(column: Column, index: int, number: int) -> Column:
    """What a column means for the further rows of a record."""
    field = column.field if FIELDS[column.field] in _SEVERAL else "ignore"
    return replace(column, index=index, header=f"{column.header} ({number})", field=field,
                   group=f"{column.group}.{number}", meaning="", reason=f"{column.reason}, of row {number} of a record")


def _batches(cells: pa.Table, found: Continued, more: list[tuple[int, int]]) -> Iterator[pa.Table]:
    import pyarrow as pa
    import pyarrow.compute as pc

    for start in range(0, len(found.owners), _STEP):
        owners, further = found.owners[start : start + _STEP], found.further[start : start + _STEP]
        first, last = int(owners[0]), int(max(owners[-1], further.max()))
        near = cells.slice(first, last + 1 - first).combine_chunks()
        columns = near.take(pa.array(owners - first)).columns
        for place, index in more:
            rows = further[:, place]
            columns.append(pc.fill_null(near.column(index).take(pa.array(rows - first, mask=rows < 0)), ""))
        yield pa.table(columns, names=names(len(columns)))
        forget()
