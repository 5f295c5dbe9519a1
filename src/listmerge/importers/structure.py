"""Which rows of a sheet are no records: blank ones, preambles, headers (also repeated), section titles and footers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from listmerge.engine.spool import each
from listmerge.fields.text import is_filled as are_filled
from listmerge.layouts.structure import is_footer

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from listmerge.model import Mapping

#: Units that make a contact; a row without any of them makes none.
CONTACT_UNITS: Final = frozenset({"name", "job", "email", "phone", "address"})


def filled(cells: pa.Table) -> np.ndarray[Any, Any]:
    """The number of cells of each row that are not empty."""
    import numpy as np

    total = np.zeros(cells.num_rows, np.int32)
    for column in cells.columns:
        total += is_filled(column)
    return total


def is_filled(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Which cells of a column are not empty."""
    return each(column, are_filled)


def equal_rows(cells: pa.Table, row: list[str]) -> np.ndarray[Any, Any]:
    """Which rows are the same as `row`, case aside: a header that is repeated."""
    import numpy as np

    mask = np.ones(cells.num_rows, bool)
    for column, text in zip(cells.columns, row, strict=True):
        if text and mask.any():
            mask &= _equals(column, text)
    return mask


def _equals(column: pa.ChunkedArray, text: str) -> np.ndarray[Any, Any]:
    import pyarrow.compute as pc

    return each(column, lambda chunk: pc.equal(chunk, text))


def footers(cells: pa.Table, counts: np.ndarray[Any, Any], mapping: Mapping) -> np.ndarray[Any, Any]:
    """Rows that say a total or an imprint and nothing of a contact, and one-cell rows that end the sheet."""
    import numpy as np

    mask = np.zeros(cells.num_rows, bool)
    for index in _footer_candidates(cells):
        row = [column[int(index)].as_py() for column in cells.columns]
        mask[index] = is_footer(row) and not _says_contact(row, mapping)
    return _with_imprint(cells, counts, mask)


def _footer_candidates(cells: pa.Table) -> np.ndarray[Any, Any]:
    """Rows whose first or second cell, when it is the first one that is filled, may read like a footer, and rows that
    begin further to the right where these are few."""
    import numpy as np
    import pyarrow.compute as pc

    found = np.zeros(cells.num_rows, bool)
    before = np.ones(cells.num_rows, bool)
    for column in cells.columns[:2]:
        found |= each(column, lambda chunk: pc.match_substring_regex(chunk, _ROUGH, ignore_case=True)) & before
        before &= ~is_filled(column)
    if before.sum() <= MOST_FOOTERS:
        found |= before
    return np.flatnonzero(found)[:MOST_FOOTERS]


#: The beginnings that `layouts.structure.is_footer` may know, wider than it, as RE2.
_ROUGH: Final = (
    r"^\s*\(?(?:grand |sub|total|sum|gesamt|zwischen|sous-|合計|record|count|page|seite|copyright|©|confidential|"
    r"generated|report|printed|search:|result:|end of|[\d,.]+ |[-=_:+*]|note|n\.?b|hinweis|anm|bemerk|remarq|nota|"
    r"opmerk|uwaga|pozn|примеч|anzahl|antal|aantal|nombre|n[úu]mero|liczba|počet|колич|итого|всего|razem|celkem|toplam|"
    r"total|totaal|(?:mon|tues|wednes|thurs|fri|satur|sun)day,)"
)
MOST_FOOTERS: Final = 5_000


def _says_contact(row: list[str], mapping: Mapping) -> bool:
    """Whether a row that reads like a footer has an id, a place or a name beside those words."""
    first = next(index for index, text in enumerate(row) if text)
    beside = {column.index for column in mapping.columns if column.field in _TELLING}
    return any(row[index] for index in beside if index != first and index < len(row))


_TELLING: Final = frozenset({"source_id", "street", "city", "postal_code", "family_name", "company"})


def _with_imprint(cells: pa.Table, counts: np.ndarray[Any, Any], mask: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Adds the one-cell rows at the very end, when a blank row or a footer stands among or before them."""
    import numpy as np

    if cells.num_columns < 2:
        return mask
    plain = (counts > 1) & ~mask
    start = cells.num_rows - int(plain[::-1].argmax()) if plain.any() else 0
    tail = np.arange(start, cells.num_rows)
    breaks = tail[(counts[tail] == 0) | mask[tail]]
    if not len(breaks) or len(tail) > 200 or not plain.any():
        return mask
    for index in tail[tail > breaks[0]]:
        mask[index] |= counts[index] == 1 and not any("@" in column[int(index)].as_py() for column in cells.columns)
    return mask


#: What Substack leaves of someone who asked to be forgotten.
ERASED: Final = r"@deletion-request\.substack\.com\s*$"


def without_contact(cells: pa.Table, mapping: Mapping) -> np.ndarray[Any, Any]:
    """Rows in which no column that makes a contact has a value."""
    import numpy as np

    from listmerge.model import FIELDS

    mask = np.ones(cells.num_rows, bool)
    for column in mapping.columns:
        if FIELDS[column.field] in CONTACT_UNITS and column.index < cells.num_columns:
            mask &= ~is_filled(cells.column(column.index))
    return mask


def deleted(cells: pa.Table, mapping: Mapping) -> np.ndarray[Any, Any]:
    """Rows that their system marks as deleted, or whose only trace is the address of an erased account."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from listmerge.fields.permissions import truth

    mask = np.zeros(cells.num_rows, bool)
    for column in mapping.columns:
        if column.index >= cells.num_columns or column.field not in ("deleted", "email"):
            continue
        texts = cells.column(column.index)
        if column.field == "email":
            mask |= each(texts, lambda chunk: pc.match_substring_regex(chunk, ERASED, ignore_case=True))
        else:
            marks = [text for text in pc.unique(texts).to_pylist() if truth(text)]
            mask |= each(texts, partial(pc.is_in, value_set=pa.array(marks, pa.string())))
    return mask


def longer_rows(
    cells: pa.Table, header: tuple[str, ...], mapping: Mapping
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Rows with more cells than the header, and those of them whose e-mail does not stand in its column.

    A comma in an unquoted text moves what follows to the right. Where most rows are longer, the columns at the end
    simply have no name.
    """
    import numpy as np
    import pyarrow.compute as pc

    longer = np.zeros(cells.num_rows, bool)
    declared = max((index + 1 for index, text in enumerate(header) if text), default=cells.num_columns)
    for column in cells.columns[declared:]:
        longer |= is_filled(column)
    if not longer.any() or longer.mean() > 0.5:
        return np.zeros(cells.num_rows, bool), np.zeros(cells.num_rows, bool)
    in_place = np.zeros(cells.num_rows, bool)
    for column in mapping.columns:
        if column.field == "email" and column.index < cells.num_columns:
            in_place |= each(cells.column(column.index), lambda chunk: pc.match_substring(chunk, "@"))
    return longer, longer & ~in_place
