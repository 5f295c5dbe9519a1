"""Text as all fields treat it: trimmed to show, folded to compare, and cleaned once per distinct value of a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

Flaw = tuple[str, str, str]
"""An issue of one value: (code, message, suggestion or '')."""

FLAWS = pa.schema([("position", pa.int32()), ("field", pa.string()), ("code", pa.string()), ("value", pa.string()),
                   ("message", pa.string()), ("suggestion", pa.string())])

_NOT_WORD = re.compile(r"[^0-9a-z]+")
_APOSTROPHE = re.compile(r"['’‘ʼ`´′]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
                      r"\u2066-\u2069\ufeff\ufff9-\ufffb]+")
_JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")   # they matter in Persian
_BLANK = re.compile(r"[\t\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_QUOTED = re.compile(r"[“„‟”«‹]\s*([^“”„‟«»‹›]*?)\s*[”“‟»›]|[‘‚‛]\s*([^‘’‚‛]*?)\s*[’‘‛]", re.DOTALL)
_LOST_LETTER = re.compile(r"[^\W\d_]\?+[^\W\d_]|\ufffd")
_LOST: tuple[Flaw, ...] = (("lost-letter", "A letter was lost when this was exported; look in other sources.", ""),)
_ERROR_CELL = re.compile(
    r"#(?:VALUE|N/A|REF|DIV/0|NAME|NULL|NUM|WERT|BEZUG|NV|VALEUR|NOM|¡?VALOR|VALORE|N/D|ARG|ADR)[!?]?|#{3,}")


def trim(text: str) -> str:
    """`text` without what nobody sees: NUL, controls, zero-width and direction marks; no-break and tab blanks become
    blanks; curly quotes round the whole value go. Line breaks inside stay, as LF."""
    if not text.isprintable() or not text.isascii():
        text = _JOINER.sub("", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
        text = _BLANK.sub(" ", text).strip()
        quoted = _QUOTED.fullmatch(text)
        if quoted:
            text = quoted[1] or quoted[2] or ""
    return text.strip()


def trim_column(column: pa.Array) -> pa.Array:
    """`trim` for a column."""
    return distinct(column, trim)


def lost_letters(text: str) -> tuple[Flaw, ...]:
    """An issue when a program wrote `?` or U+FFFD for letters that it could not write: `Gda?sk`, `M�ller`."""
    if "?" not in text and "\ufffd" not in text:
        return ()
    return _LOST if _LOST_LETTER.search(text) else ()


def is_error_cell(text: str) -> bool:
    """Whether a spreadsheet wrote this instead of a value: `#VALUE!`, `#N/A`, `#######`."""
    return bool(_ERROR_CELL.fullmatch(text.strip()))


def fold(text: str) -> str:
    """The one form by which texts are compared: NFKC, case folded, Latin letters and digits, one blank between words.

    Letters without a case fold of their own are transliterated by anyascii (ß ss, ø o, Ж zh, 王 wang); symbols and
    pictures fall away; apostrophes join (O'Dwyer = ODwyer), all other punctuation parts.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold()
        text = "".join(letter for letter in text if unicodedata.category(letter) not in ("So", "Sk", "Cf", "Lm"))
        text = anyascii(_APOSTROPHE.sub("", text))
    if text.isalnum():
        return text.lower()
    return _NOT_WORD.sub(" ", text.lower().replace("'", "").replace("`", "")).strip()


def fold_column(column: pa.Array) -> pa.Array:
    """`fold` for a column: plain ASCII is folded by Arrow, the rest once per distinct value."""
    column = plain(column)
    ascii_only = pc.string_is_ascii(column)
    folded = pc.ascii_lower(pc.if_else(ascii_only, column, ""))
    folded = pc.replace_substring_regex(folded, "['`]", "")
    folded = pc.ascii_trim_whitespace(pc.replace_substring_regex(folded, "[^0-9a-z]+", " "))
    if pc.all(ascii_only, min_count=0).as_py():
        return folded
    others = pc.filter(column, pc.invert(ascii_only))
    return pc.replace_with_mask(folded, pc.invert(ascii_only), distinct(others, fold))


def plain(column: pa.Array) -> pa.Array:
    """The column as one array of text without nulls."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if column.type != pa.string():
        column = column.cast(pa.string())
    return column.fill_null("") if column.null_count else column


def same_text(text: str, rows: int) -> pa.Array:
    """A column that says the same in every row."""
    return pa.repeat(pa.scalar(text, pa.string()), rows)


def bytes_of(texts: pa.Array) -> tuple[Any, Any]:
    """The bytes of all texts, and where each begins, with the end of the last one."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets or bytes(4), np.int32)[texts.offset:texts.offset + len(texts) + 1]
    return np.frombuffer(data or b"", np.uint8), ends


def is_filled(texts: pa.Array) -> Any:
    """Which texts are not empty, as a numpy column."""
    _, ends = bytes_of(texts)
    return ends[1:] > ends[:-1]


def distinct(column: pa.Array, fn: Callable[[str], str]) -> pa.Array:
    """`fn` of every value of a text column, called once per distinct value."""
    encoded = plain(column).dictionary_encode()
    values = pa.array([fn(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return values.take(encoded.indices)


def by_value(column: pa.Array) -> Iterator[tuple[str, Any]]:
    """Each distinct value of a text column with the numbers of its rows, which ascend."""
    encoded = column.dictionary_encode()
    codes = encoded.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(len(encoded.dictionary) + 1))
    for value, start, end in zip(encoded.dictionary.to_pylist(), ends[:-1], ends[1:], strict=True):
        yield value, order[start:end]


class Cleaned(NamedTuple):
    """A cleaned column: one column of `table` per field of the row type; `issues` (FLAWS) by position in the column."""

    table: pa.Table
    issues: pa.Table


def clean_distinct(columns: Sequence[pa.Array], fn: Callable[..., Any], row: type[Any], field: str = "") -> Cleaned:
    """`fn` of every row of some text columns, called once per distinct row.

    `fn` gives a `row`: a NamedTuple of texts whose last field, `issues`, is a tuple of flaws. The value of an issue is
    that of the first column; `field` names the field that it is in, '' where there is but one.
    """
    codes, texts = _distinct_rows([plain(column) for column in columns])
    results = list(map(fn, *texts))
    fields = list(zip(*results, strict=True)) or [()] * len(row._fields)
    table = pa.table({
        name: pa.array(values, pa.string()).take(codes)
        for name, values in zip(row._fields[:-1], fields[:-1], strict=True)
    })
    return Cleaned(table, _spread(codes, fields[-1], texts[0], field))


def with_judged(ready: Mapping[str, pa.Array], doubtful: pa.Array, judged: Cleaned) -> Cleaned:
    """A column of which Arrow made all rows `ready` but the `doubtful` (a mask), which were `judged` one by one."""
    table = pa.table({name: pc.replace_with_mask(values, doubtful, judged.table[name].combine_chunks())
                      for name, values in ready.items()})
    rows = pc.indices_nonzero(doubtful).cast(pa.int32())
    return Cleaned(table, judged.issues.set_column(0, FLAWS.field(0), rows.take(judged.issues["position"])))


def spread(cleaned: Cleaned, codes: pa.Array, texts: pa.Array) -> Cleaned:
    """Distinct texts that were cleaned as the column that they are of: `codes` are the numbers of its texts."""
    table = cleaned.table.take(codes)
    if not cleaned.issues.num_rows:
        return Cleaned(table, cleaned.issues)
    found: dict[int, list[int]] = {}
    for place, position in enumerate(cleaned.issues["position"].to_pylist()):
        found.setdefault(position, []).append(place)
    numbers = codes.to_numpy()
    rows = np.flatnonzero(np.isin(numbers, np.fromiter(found, np.int64)))
    places = [(row, place) for row, number in zip(rows.tolist(), numbers[rows].tolist(), strict=True)
              for place in found[number]]
    issues = cleaned.issues.take(pa.array([place for _, place in places]))
    return Cleaned(table, issues.set_column(0, FLAWS.field(0), pa.array([row for row, _ in places], pa.int32())))


def _distinct_rows(columns: list[pa.Array]) -> tuple[pa.Array, list[list[str]]]:
    """The number of its distinct row for each row, and the distinct rows, column by column, in order of appearance."""
    first, *others = [column.dictionary_encode() for column in columns]
    if not others:
        return first.indices, [first.dictionary.to_pylist()]
    codes = first.indices.to_numpy()
    for part in others:
        keys = codes.astype(np.int64) * max(len(part.dictionary), 1) + part.indices.to_numpy()
        codes = pa.array(keys).dictionary_encode().indices.to_numpy()
    _, places = np.unique(codes, return_index=True)
    return pa.array(codes), [column.take(pa.array(places)).to_pylist() for column in columns]


def _spread(codes: pa.Array, flaws: Iterable[tuple[Flaw, ...]], texts: list[str], field: str) -> pa.Table:
    """The issues of distinct rows as issues of all rows."""
    found = {code: value for code, value in enumerate(flaws) if value}
    if not found:
        return FLAWS.empty_table()
    numbers = codes.to_numpy()
    where = np.flatnonzero(np.isin(numbers, np.fromiter(found, np.int64)))
    rows = [
        (position, field, code, texts[number], message, suggestion)
        for position, number in zip(where.tolist(), numbers[where].tolist(), strict=True)
        for code, message, suggestion in found[number]
    ]
    columns = zip(zip(*rows, strict=True), FLAWS, strict=True)
    return pa.table([pa.array(values, column.type) for values, column in columns], schema=FLAWS)
