"""E-mails, phones, postal addresses and identifiers of the rows, one table row per value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import addresses, emails, ids, phones
from listmerge.fields.text import FLAWS, distinct, fold, is_filled, same_text
from listmerge.fields.text import Cleaned as CleanedColumn
from listmerge.model import ADDRESSES, EMAILS, PHONES, Column
from listmerge.stages.clean.plan import Cells, Value, any_filled, filled_mask, join

_SEVERAL_EMAILS = r"[;\n,|/\s<(]|@.*@"
_SEVERAL_PHONES = r"[;\n,|/&]|\d\s+(?:or|oder|ou|o|and|und|et)\s|\d\s+[A-Za-z]+\s*:"


_ADDRESS_FIELDS = ("street", "city", "region", "postal_code", "country", "po_box")


class Points(NamedTuple):
    """Values of one kind: `row` and `part` say whose they are, `slot` and `group` where they stood; `table` holds the
    columns of the model after (contact, slot); `issues` as (Value, CleanedColumn.issues by position in this)."""

    row: Any
    part: Any
    slot: Any
    value: Any                   # number of the Value in `values`
    values: list[Value]
    table: pa.Table
    issues: pa.Table

    def has_value(self, number: int, rows: int) -> Any:
        """The rows in which a Value has something to show."""
        mask = np.zeros(rows, bool)
        mask[self.row[self.value == number]] = True
        return mask


class _Texts(NamedTuple):
    row: Any
    text: pa.Array
    label: pa.Array


def read_emails(cells: Cells, values: Sequence[Value]) -> Points:
    """The e-mail addresses of all rows; a cell with several gives several, all in its slot."""
    return _read_points(cells, _of(values, "email"), ("email",), "email_label", _SEVERAL_EMAILS, emails.split,
                        lambda texts, _: emails.clean_column(texts), EMAILS)


def read_phones(cells: Cells, values: Sequence[Value], region: pa.Array) -> Points:
    """The phone numbers of all rows; `region` is the country of each row."""
    return _read_points(cells, _of(values, "phone"), ("phone", "fax"), "phone_label", _SEVERAL_PHONES, phones.split,
                        lambda texts, row: phones.clean_column(texts, region.take(pa.array(row))), PHONES)


def _of(values: Sequence[Value], unit: str) -> list[Value]:
    return [value for value in values if value.unit == unit]


def _read_points(
    cells: Cells, values: list[Value], fields: tuple[str, ...], label: str, several: str,
    split: Callable[[str], list[str]], clean: Callable[[pa.Array, Any], CleanedColumn], columns: Any,
) -> Points:
    pieces: list[_Texts] = []
    numbers: list[int] = []                     # of the Value of each piece
    for number, value in enumerate(values):
        for column in value.of(*fields):
            given = "fax" if column.field == "fax" else column.label
            labels = _named(cells, value, label)
            pieces.append(_explode(_written(cells, column, value), labels, given, column.separator, several, split))
            numbers.append(number)
    if not pieces:
        return _no_points(values, columns)
    row = np.concatenate([piece.row for piece in pieces])
    value_of = np.repeat(np.array(numbers, np.int32), [len(piece.row) for piece in pieces])
    cleaned = clean(pa.concat_arrays([piece.text for piece in pieces]), row)
    name, key = columns[2][0], columns[3][0]
    table = pa.table({
        name: cleaned.table.column(name), key: cleaned.table.column("key"),
        "label": pa.concat_arrays([piece.label for piece in pieces]), "quality": cleaned.table.column("quality"),
    })
    return _points(row, value_of, values, table, cleaned.issues)


def _named(cells: Cells, value: Value, label: str) -> pa.Array:
    """The labels in the columns for them, without the star that Google puts before the one of the first value."""
    columns = value.of(label)
    return pc.replace_substring_regex(cells.joined(columns, " "), r"^\*\s*", "") if columns else cells.blank()


def _written(cells: Cells, column: Column, value: Value) -> pa.Array:
    """The texts of a column; numbers with the extension that stands in a column beside them, and with their `+` where
    the system writes the country's code without it."""
    texts = cells.text(column.index)
    if column.meaning == "international":
        texts = pc.replace_substring_regex(texts, r"^([1-9]\d{7,14})$", r"+\1")
    beside = value.of("extension") if column.field == "phone" else ()
    if not beside:
        return texts
    extension = cells.joined(beside, " ")
    whole = pc.and_(filled_mask(texts), pc.match_substring_regex(extension, r"^\d{1,7}$"))
    return pc.if_else(whole, pc.binary_join_element_wise(texts, extension, " ext. "), texts)


def _points(row: Any, number: Any, values: list[Value], table: pa.Table, issues: pa.Table) -> Points:
    parts = np.array([value.part for value in values], np.int16)
    slots = np.array([value.slot for value in values], np.int16)
    return Points(row, parts[number], slots[number], number, values, table, issues)


def _no_points(values: list[Value], columns: Any) -> Points:
    nothing = np.zeros(0, np.int64)
    table = pa.table({name: pa.array([], pa.string()) for name, kind in columns if kind == "string"})
    return Points(nothing, nothing, nothing, nothing, values, table, FLAWS.empty_table())


def _explode(texts: pa.Array, labels: pa.Array, given: str, separator: str, several: str,
             split: Callable[[str], list[str]]) -> _Texts:
    """The single values of a column with the rows that they stand in, in the order of rows."""
    row = np.flatnonzero(is_filled(texts))
    texts = texts.take(pa.array(row))
    mixed = pc.match_substring_regex(texts, several)
    if separator:
        mixed = pc.or_(mixed, pc.match_substring(texts, separator))
    if pc.any(mixed, min_count=0).as_py():
        row, texts = _split_some(row, texts, np.flatnonzero(mixed.to_numpy(zero_copy_only=False)), separator, split)
    named = labels.take(pa.array(row))
    return _Texts(row, texts, pc.if_else(pc.equal(named, ""), given, named))


def _split_some(row: Any, texts: pa.Array, mixed: Any, separator: str,
                split: Callable[[str], list[str]]) -> tuple[Any, pa.Array]:
    encoded = texts.take(pa.array(mixed)).dictionary_encode()
    pieces = [_pieces(text, separator, split) for text in encoded.dictionary.to_pylist()]
    of_row = [pieces[number] for number in encoded.indices.to_pylist()]
    counts = np.ones(len(row), np.int64)
    counts[mixed] = [len(found) for found in of_row]
    source = np.repeat(np.arange(len(row)), counts)
    replaced = np.isin(source, mixed)
    flat = pa.array([piece for found in of_row for piece in found], pa.string())
    return row[source], pc.replace_with_mask(texts.take(pa.array(source)), pa.array(replaced), flat)


def _pieces(text: str, separator: str, split: Callable[[str], list[str]]) -> list[str]:
    parts = text.split(separator) if separator else [text]
    return [piece for part in parts if part.strip() for piece in split(part)] or [text]    # signs alone are told of too


# --- postal addresses ----------------------------------------------------------------------------------------------


def read_addresses(cells: Cells, values: Sequence[Value], home: str) -> Points:
    """The postal addresses of all rows: the columns of one group make one; `home` is the country of the list."""
    values = _of(values, "address")
    columns = [name for name, kind in ADDRESSES if kind == "string"]
    rows, numbers, tables, issues, offset = [], [], [], [], 0
    for number, value in enumerate(values):
        row, cleaned = _read_address(cells, value, home)
        label = _address_label(cells, value).take(pa.array(row))
        tables.append(cleaned.table.append_column("label", label).select(columns))
        issues.append(_shifted(cleaned.issues, offset))
        rows.append(row)
        numbers.append(np.full(len(row), number, np.int32))
        offset += len(row)
    if not values:
        return _no_points(values, ADDRESSES)
    return _points(np.concatenate(rows), np.concatenate(numbers), values,
                   pa.concat_tables(tables).combine_chunks(), pa.concat_tables(issues))


def _read_address(cells: Cells, value: Value, home: str) -> tuple[Any, CleanedColumn]:
    """The rows that have an address in this group, and the addresses: of their parts or, where there is no part but a
    country, of the whole that stands in one cell. Lines of one field are joined with ', '."""
    source, texts = _side_by_side(cells, value)
    parts = {field: _joined(texts, value.of(field), len(source)) for field in _ADDRESS_FIELDS}
    whole = _joined(texts, value.of("address"), len(source))
    split = any_filled([part for field, part in parts.items() if field != "country"])
    lines = np.flatnonzero(~split & is_filled(whole))
    row = np.flatnonzero(split | (is_filled(parts["country"]) & ~is_filled(whole)))
    cleaned = addresses.clean_columns(**{field: part.take(pa.array(row)) for field, part in parts.items()}, home=home)
    if not len(lines):
        return source[row], cleaned
    parsed = addresses.parse_column(whole.take(pa.array(lines)), home)
    order = np.argsort(np.concatenate([row, lines]), kind="stable")
    table = pa.concat_tables([cleaned.table, parsed.table]).combine_chunks().take(pa.array(order))
    place = np.argsort(order)
    issues = pa.concat_tables([cleaned.issues, _shifted(parsed.issues, len(row))])
    moved = pa.array(place[issues.column("position").to_numpy()].astype(np.int32))
    issues = issues.set_column(0, issues.schema.field(0), moved)
    return source[np.concatenate([row, lines])[order]], CleanedColumn(table, issues)


def _side_by_side(cells: Cells, value: Value) -> tuple[Any, dict[int, pa.Array]]:
    """The texts of the columns of an address, and the row of each. Where a cell holds several (`1 High St ::: 2 Low
    Rd`), what stands in the same place of each column is one address."""
    texts = {column.index: cells.text(column.index) for column in value.columns}
    separator = next((column.separator for column in value.columns if column.separator), "")
    several = np.zeros(cells.rows, bool)
    for text in texts.values() if separator else ():
        several |= pc.match_substring(text, separator).to_numpy(zero_copy_only=False)
    if not several.any():
        return np.arange(cells.rows), texts
    where = np.flatnonzero(several)
    pieces = {index: [cell.split(separator) for cell in text.take(pa.array(where)).to_pylist()]
              for index, text in texts.items()}
    counts = np.ones(cells.rows, np.int64)
    counts[where] = [max(map(len, cut)) for cut in zip(*pieces.values(), strict=True)]
    source, cut = np.repeat(np.arange(cells.rows), counts), pa.array(np.repeat(several, counts))
    taken = {index: text.take(pa.array(source)) for index, text in texts.items()}
    return source, {index: pc.replace_with_mask(text, cut, _padded(pieces[index], counts[where]))
                    for index, text in taken.items()}


def _padded(pieces: list[list[str]], counts: Any) -> pa.Array:
    """The pieces of all cells below each other, each cell with as many as `counts` says, '' where it has fewer."""
    return pa.array([cut[place].strip() if place < len(cut) else "" for cut, count in zip(pieces, counts, strict=True)
                     for place in range(count)], pa.string())


def _joined(texts: dict[int, pa.Array], columns: Sequence[Column], rows: int) -> pa.Array:
    return join([texts[column.index] for column in columns], ", ") if columns else same_text("", rows)


def _address_label(cells: Cells, value: Value) -> pa.Array:
    given = next((column.label for column in value.columns if column.label), "")
    named = _named(cells, value, "address_label")
    return pc.if_else(pc.equal(named, ""), given, named)


def _shifted(issues: pa.Table, offset: int) -> pa.Table:
    position = pc.cast(pc.add(issues.column("position"), offset), pa.int32())
    return issues.set_column(0, "position", position)


# --- identifiers ---------------------------------------------------------------------------------------------------


def read_identifiers(cells: Cells, values: Sequence[Value], key: bytes) -> Points:
    """The identifiers of all rows as keyed hashes; like is compared with like by the folded header."""
    values = _of(values, "identifier")
    rows, numbers, tables = [], [], []
    for number, value in enumerate(values):
        column = value.columns[0]
        hashes = distinct(cells.text(column.index), lambda text: ids.identifier_key(text, key))
        row = np.flatnonzero(is_filled(hashes))
        name = same_text(fold(column.label or column.header), len(row))
        tables.append(pa.table({"name_key": name, "identifier_key": hashes.take(pa.array(row))}))
        rows.append(row)
        numbers.append(np.full(len(row), number, np.int32))
    if not values:
        return _no_points(values, (("name_key", "string"), ("identifier_key", "string")))
    return _points(np.concatenate(rows), np.concatenate(numbers), values,
                   pa.concat_tables(tables).combine_chunks(), FLAWS.empty_table())
