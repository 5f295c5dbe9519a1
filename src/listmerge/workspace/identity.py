"""Which record is which, from import to import: ids made of content, never of file, format, encoding or order.

With an id of its own, a record is hash(source, id); otherwise hash(source, its sorted non-empty (header, text) pairs).
Equal ones are numbered `#2`, `#3` … by content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import RawTable

DIGEST: Final = 12               # bytes: 24 hex digits; two of a billion records meet once in 10^11 tries
_BATCH: Final = 50_000
_ROUNDED: Final = r"^[+-]?\d(?:[.,]\d+)?[eE]\+\d{1,3}$"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"       # Salesforce's check letters for 15 characters


def own_ids(table: RawTable) -> pa.Array:
    """The id that each record has in its own system, '' where it has none.

    A known layout's id column is believed; a generic one must be filled and unique.
    """
    columns = [column for column in table.mapping.columns if column.field == "source_id" and column.part == 0]
    if columns and (table.mapping.layout or names_records(table, columns[0].index)):
        return _ids(table, columns[0].index)
    return pa.array([""] * table.cells.num_rows, pa.string())


def names_records(table: RawTable, index: int) -> bool:
    """Whether the column at `index` is filled in every record, and never with the same text."""
    return _filled_and_unique(_ids(table, index).filter(pc.equal(table.rejected, "")))


def _ids(table: RawTable, index: int) -> pa.Array:
    """The ids of a column; '' where a spreadsheet rounded one (`7.2E+12`), for it names nobody any more."""
    ids = pc.utf8_trim_whitespace(_column(table.cells, index))
    return pc.if_else(pc.match_substring_regex(ids, _ROUNDED), "", ids)


def content_texts(cells: pa.Table, headers: Sequence[str]) -> pa.ChunkedArray:
    """One text per record that says all it holds: its sorted non-empty (folded header, text) pairs."""
    by_header: dict[str, list[int]] = {}
    for index, header in enumerate(headers):
        by_header.setdefault(fold_header(header), []).append(index)
    slices = [_contents(cells.slice(start, _BATCH), sorted(by_header.items()))
              for start in range(0, cells.num_rows, _BATCH)]
    return pa.chunked_array(slices, pa.large_string())


def record_ids(source: str, tables: Sequence[RawTable]) -> list[pa.Array]:
    """The record ids of all tables of one snapshot of `source`, one column per table.

    Rejected rows get ids too, numbered after the others so that they move no id.
    """
    return _numbered([base_ids(source, table) for table in tables], tables)


def base_ids(source: str, table: RawTable) -> pa.Array:
    """The hash of each record's own id, else of its text: the ids before equal ones are numbered."""
    ids = own_ids(table)
    named = pc.not_equal(ids, "")
    own = pc.filter(ids, named)
    if table.mapping.system.casefold().startswith("salesforce"):
        own = pa.array([salesforce_18(text) for text in own.to_pylist()], pa.string())
    hashed = _hashes(f"{source}\0id\0", own.cast(pa.large_string()))
    if len(hashed) == len(ids):
        return hashed
    nameless = pc.invert(named)
    texts = content_texts(table.cells if not len(own) else table.cells.filter(nameless), table.headers)
    spread = pc.replace_with_mask(pa.nulls(len(ids), pa.string()), named, hashed)
    return pc.replace_with_mask(spread, nameless, _hashes(f"{source}\0row\0", texts))


def _hashes(kind: str, texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The hash of each text, all begun with `kind`; read as bytes, chunk by chunk."""
    begin = hashlib.blake2b(kind.encode(), digest_size=DIGEST).copy
    hashes = []
    for chunk in texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]:
        for start in range(0, len(chunk), _BATCH):
            for text in chunk.slice(start, _BATCH).cast(pa.large_binary()).to_pylist():
                digest = begin()
                digest.update(text)
                hashes.append(digest.hexdigest())
    return pa.array(hashes, pa.string())


def fold_header(header: str) -> str:
    """A header as it counts for identity: case, blanks and a byte order mark do not."""
    return " ".join(header.replace("\ufeff", "").split()).casefold()


def salesforce_18(text: str) -> str:
    """A Salesforce id of 15 characters (case counts) as the same one with 18; any other text as it is.

    The three last characters say which of the 15 are capitals: https://help.salesforce.com/s/articleView?id=000385008
    """
    if len(text) != 15 or not text.isascii() or not text.isalnum():
        return text
    groups = (text[start:start + 5] for start in (0, 5, 10))
    return text + "".join(
        _LETTERS[sum(1 << place for place, letter in enumerate(group) if letter.isupper())] for group in groups)


def _filled_and_unique(ids: Any) -> bool:
    return bool(len(ids)) and not pc.any(pc.equal(ids, "")).as_py() and len(pc.unique(ids)) == len(ids)


def _column(cells: pa.Table, index: int) -> pa.Array:
    return cells.column(f"c{index}").combine_chunks()


def _contents(cells: pa.Table, headers: Sequence[tuple[str, list[int]]]) -> pa.Array:
    pieces = [
        _pair(header, value) for header, columns in headers
        for value in _sorted_across([_text(cells, index) for index in columns])
    ]
    if not pieces:
        return pa.array([""] * cells.num_rows, pa.large_string())
    return pc.binary_join_element_wise(*pieces, pa.scalar("", pa.large_string()))


def _text(cells: pa.Table, index: int) -> pa.Array:
    value = pc.cast(_column(cells, index), pa.large_string())
    return pc.utf8_normalize(pc.utf8_trim_whitespace(value), form="NFC")


def _sorted_across(columns: list[pa.Array]) -> list[pa.Array]:
    """Columns under the same header, each row's values sorted: their order says nothing."""
    if len(columns) == 1:
        return columns
    values = np.array([column.to_pylist() for column in columns], dtype=object)
    return [pa.array(column, pa.large_string()) for column in np.sort(values, axis=0)]


def _pair(header: str, value: pa.Array) -> pa.Array:
    written = pc.binary_join_element_wise(pa.scalar(f"{header}\x1f", pa.large_string()), value,
                                          pa.scalar("\x1e", pa.large_string()), pa.scalar("", pa.large_string()))
    return pc.if_else(pc.equal(value, ""), pa.scalar("", pa.large_string()), written)


def _numbered(bases: list[pa.Array], tables: Sequence[RawTable]) -> list[pa.Array]:
    """Adds '#2' … to equal ids, over all tables: records before rejected rows, then in the order of their texts."""
    everything = pa.chunked_array(bases, pa.string()).combine_chunks()
    codes = everything.dictionary_encode().indices.to_numpy()
    counts = np.bincount(codes, minlength=1)
    again = np.flatnonzero(counts[codes] > 1) if len(codes) else codes
    if len(again):
        everything = _with_numbers(everything, codes, again, tables)
    ends = np.cumsum([len(base) for base in bases])
    return [everything.slice(int(end) - len(base), len(base)) for base, end in zip(bases, ends, strict=True)]


def _with_numbers(ids: pa.Array, codes: Any, again: Any, tables: Sequence[RawTable]) -> pa.Array:
    starts = np.cumsum([0, *(len(table.rejected) for table in tables)])
    content, rejected = [], []
    for table, start, end in zip(tables, starts[:-1], starts[1:], strict=True):
        rows = pa.array(again[(again >= start) & (again < end)] - start)
        content += content_texts(table.cells.take(rows), table.headers).chunks
        rejected.append(table.rejected.take(rows))
    texts = pa.chunked_array(content, pa.large_string())
    refused = pc.not_equal(pa.chunked_array(rejected, pa.string()), "").to_numpy()
    rank = texts.combine_chunks().dictionary_encode()
    places = np.argsort(np.array(rank.dictionary.to_pylist(), dtype=object), kind="stable")
    order_of = np.empty(len(places), np.int64)
    order_of[places] = np.arange(len(places))
    order = np.lexsort((again, order_of[rank.indices.to_numpy()], refused, codes[again]))
    sorted_codes = codes[again][order]
    first = np.flatnonzero(np.append(True, sorted_codes[1:] != sorted_codes[:-1]))
    number = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order)))) + 1
    suffix = np.full(len(codes), "", dtype=object)
    suffix[again[order]] = [f"#{count}" if count > 1 else "" for count in number.tolist()]
    return pc.binary_join_element_wise(ids, pa.array(suffix, pa.string()), "")
