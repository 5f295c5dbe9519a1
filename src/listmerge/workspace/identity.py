"""Which record is which, from import to import: ids made of content, never of file, format, encoding or order.

With an id of its own, a record is hash(source, id); otherwise hash(source, its sorted non-empty (header, text) pairs).
Equal ones are numbered `#2`, `#3` … by content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import Mapping, RawTable
from listmerge.workspace.unique import are_unique

DIGEST: Final = 12               # bytes: 24 hex digits; two of a billion records meet once in 10^11 tries
_DIGEST: Final = np.dtype(f"S{DIGEST}")      # two that differ in zeros at the end alone do not occur: all are as long
_HEX: Final = np.array([f"{byte:02x}".encode() for byte in range(256)])
_BATCH: Final = 50_000
_ROUNDED: Final = r"^[+-]?\d(?:[.,]\d+)?[eE]\+\d{1,3}$"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"       # Salesforce's check letters for 15 characters


class Form(NamedTuple):
    """How the records of a table get their ids: the source, the system and the headers of the table, and the column
    with their own ids, None when there is none."""

    source: str
    system: str
    headers: tuple[str, ...]
    column: int | None


def form(source: str, table: RawTable) -> Form:
    """How the records of a table get their ids as records of `source`."""
    column = own_column(table.mapping, lambda index: names_records(table, index))
    return Form(source, table.mapping.system, table.headers, column)


def own_column(mapping: Mapping, names_records: Callable[[int], bool]) -> int | None:
    """The column with the id that each record has in its own system; None when there is none.

    A known layout's id column is believed; a generic one must be filled and unique, as `names_records` of it says.
    """
    columns = [column for column in mapping.columns if column.field == "source_id" and column.part == 0]
    if columns and (mapping.layout or names_records(columns[0].index)):
        return columns[0].index
    return None


def own_ids(cells: pa.Table, column: int | None) -> pa.Array:
    """The id that each record has in its own system, in the column that `own_column` says; '' where it has none."""
    return pa.array([""] * cells.num_rows, pa.string()) if column is None else _ids(cells, column)


def names_records(table: RawTable, index: int) -> bool:
    """Whether the column at `index` is filled in every record, and never with the same text."""
    return are_unique(lambda: (
        _ids(table.cells.slice(start, _BATCH), index).filter(pc.equal(table.rejected.slice(start, _BATCH), ""))
        for start in range(0, table.cells.num_rows, _BATCH)))


def _ids(cells: pa.Table, index: int) -> pa.Array:
    """The ids of a column; '' where a spreadsheet rounded one (`7.2E+12`), for it names nobody any more."""
    ids = pc.utf8_trim_whitespace(_column(cells, index))
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
    forms = [form(source, table) for table in tables]
    named = [hashed(how, table.cells) for how, table in zip(forms, tables, strict=True)]
    digests = np.concatenate([one.digests for one in named]) if named else np.zeros(0, _DIGEST)
    refused = [pc.not_equal(table.rejected, "").to_numpy(zero_copy_only=False) for table in tables]
    ends = np.cumsum([len(one.digests) for one in named])

    def texts_of(rows: Any) -> pa.ChunkedArray:
        chunks = []
        for table, end in zip(tables, ends, strict=True):
            first = end - table.cells.num_rows
            own = rows[(rows >= first) & (rows < end)] - first
            chunks += content_texts(table.cells.take(pa.array(own)), table.headers).chunks
        return pa.chunked_array(chunks, pa.large_string())

    again = numbers(digests, np.concatenate([one.own for one in named]), np.concatenate(refused), texts_of)
    return [with_numbers(hexadecimal(one.digests), again.of(end - len(one.digests), len(one.digests)))
            for one, end in zip(named, ends, strict=True)]


def base_ids(source: str, table: RawTable) -> pa.Array:
    """The hash of each record's own id, else of its text: the ids before equal ones are numbered."""
    return hexadecimal(hashed(form(source, table), table.cells).digests)


# --- hashes ----------------------------------------------------------------------------------------------------------


class Hashed(NamedTuple):
    """The hash of each record, and whether it is of its own id."""

    digests: Any
    own: Any


def hashed(how: Form, cells: pa.Table) -> Hashed:
    """The hash of each record's own id, else of its text."""
    ids = own_ids(cells, how.column)
    named = pc.not_equal(ids, "")
    own = ids.filter(named)
    if how.system.casefold().startswith("salesforce"):
        own = pa.array([salesforce_18(text) for text in own.to_pylist()], pa.string())
    owned = named.to_numpy(zero_copy_only=False)
    digests = np.zeros(len(ids), _DIGEST)
    digests[owned] = _hashes(f"{how.source}\0id\0", own)
    if not owned.all():
        texts = content_texts(cells.filter(pc.invert(named)), how.headers)
        digests[~owned] = _hashes(f"{how.source}\0row\0", texts)
    return Hashed(digests, owned)


def _hashes(kind: str, texts: pa.Array | pa.ChunkedArray) -> Any:
    """The hash of each text, all begun with `kind`; read as bytes, chunk by chunk."""
    begin = hashlib.blake2b(kind.encode(), digest_size=DIGEST).copy
    hashes = []
    for chunk in texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]:
        for start in range(0, len(chunk), _BATCH):
            for text in chunk.slice(start, _BATCH).cast(pa.large_binary()).to_pylist():
                digest = begin()
                digest.update(text)
                hashes.append(digest.digest())
    return np.frombuffer(b"".join(hashes), _DIGEST)


def hexadecimal(digests: Any) -> pa.Array:
    """Hashes as the texts that people see."""
    letters = np.ascontiguousarray(_HEX[np.frombuffer(digests.tobytes(), np.uint8)])
    offsets = np.arange(len(digests) + 1, dtype=np.int32) * (2 * DIGEST)
    return pa.StringArray.from_buffers(len(digests), pa.py_buffer(offsets), pa.py_buffer(letters))


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


# --- numbers of equal records ----------------------------------------------------------------------------------------


class Again(NamedTuple):
    """The rows, ascending, of which an equal record comes before, and the number of each: 2, 3 …"""

    rows: Any
    number: Any

    def of(self, start: int, length: int) -> Again:
        """Those among some rows, counted from the first of these."""
        first, last = np.searchsorted(self.rows, [start, start + length])
        return Again(self.rows[first:last] - start, self.number[first:last])


def numbers(digests: Any, own: Any, refused: Any, texts_of: Callable[[Any], pa.ChunkedArray]) -> Again:
    """Numbers equal hashes: records before rejected rows (`refused`), then in the order of their texts.

    `texts_of` gives the texts of some rows. It is asked only for those that are named by their `own` id: the others
    have equal hashes because their texts are the same.
    """
    rows = _repeated(digests)
    _, codes = np.unique(digests[rows], return_inverse=True)
    rank = np.zeros(len(rows), np.int64)
    if own[rows].any():
        rank[own[rows]] = _ranks(texts_of(rows[own[rows]]))
    order = np.lexsort((rows, rank, refused[rows], codes))
    sorted_codes = codes[order]
    first = np.flatnonzero(np.append(True, sorted_codes[1:] != sorted_codes[:-1])) if len(rows) else rows
    number = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order)))) + 1
    again = np.argsort(order[number > 1], kind="stable")
    return Again(rows[order[number > 1]][again], number[number > 1][again])


def _repeated(digests: Any) -> Any:
    """The rows whose hash another row has too; mostly none, which the first eight bytes of each tell."""
    begins = digests.view(np.uint8).reshape(len(digests), DIGEST)[:, :8].copy().view(np.uint64)[:, 0]
    ordered = np.sort(begins)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(twice):
        return np.zeros(0, np.int64)
    rows = np.flatnonzero(np.isin(begins, twice))
    _, codes, counts = np.unique(digests[rows], return_inverse=True, return_counts=True)
    return rows[counts[codes] > 1]


def _ranks(texts: pa.ChunkedArray) -> Any:
    """The place of each text among them all in order."""
    encoded = texts.combine_chunks().dictionary_encode()
    places = np.argsort(np.array(encoded.dictionary.to_pylist(), dtype=object), kind="stable")
    rank = np.empty(len(places), np.int64)
    rank[places] = np.arange(len(places))
    return rank[encoded.indices.to_numpy()]


def with_numbers(ids: pa.Array, again: Again) -> pa.Array:
    """Ids with '#2' … behind those of equal records."""
    if not len(again.rows):
        return ids
    mask = np.zeros(len(ids), bool)
    mask[again.rows] = True
    base = ids.filter(pa.array(mask)).to_pylist()
    numbered = [f"{one}#{number}" for one, number in zip(base, again.number.tolist(), strict=True)]
    return pc.replace_with_mask(ids, pa.array(mask), pa.array(numbered, pa.string()))
