"""Names by column: regular ones word by word, each distinct word judged once; all others cell by cell.

A name is regular when it is made of words that stand in no table (no title but a sure one, no suffix, particle, role,
filler or word of business) and in one of few orders. For these the outcome is known from the words alone; a property
test holds it equal to `clean_parts`, which is the specification.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.name_case import proper, proper_given
from listmerge.fields.name_judge import (
    COMMA,
    COMPOUND,
    FATHER,
    INITIAL,
    LOWER,
    MONSIEUR,
    SHOUTED,
    SPANISH,
    TITLE,
    UPPER,
    WORD,
    Judge,
    judge_part,
    judge_word,
    usual_words,
)
from listmerge.fields.name_parts import clean_parts
from listmerge.fields.name_person import Name
from listmerge.fields.text import FLAWS, Cleaned, clean_distinct, is_filled, plain

#: The columns that a name may stand in, in the order of `clean_parts`.
PARTS: Final = ("prefix", "given_name", "middle_name", "family_name", "suffix", "full_name", "nickname")
_PREFIX, _GIVEN, _MIDDLE, _FAMILY, _SUFFIX, _FULL, _NICKNAME = range(7)
_ROWS: Final = 200_000                # at a time, so that memory does not grow with the list


_KNOWN: Final = 1 << 16              # texts that are remembered from one column to the next
_judge = lru_cache(_KNOWN)(judge_word)


@lru_cache(_KNOWN)
def _judge_part(text: str, unless: int) -> tuple[int, str]:
    return judge_part(text, _judge, unless)


class _Texts(NamedTuple):
    """Distinct texts: `bits` say what each is; shown as written, as a given name of one case, as a family name of one
    case, one after the other in `shown`; `key` to compare."""

    bits: Any
    shown: pa.Array
    key: pa.Array


class _Whole(NamedTuple):
    """Regular names of one cell: `good` rows, and the codes of their words in `words`, -1 for none."""

    good: Any
    title: Any
    given: Any
    middle: Any
    family: Any
    words: _Texts


def clean_column(columns: Sequence[pa.Array]) -> Cleaned:
    """`clean_parts` for seven columns in the order of PARTS."""
    columns = [plain(column) for column in columns]
    starts = range(0, max(len(columns[0]), 1), _ROWS)
    made = [_clean_rows([column.slice(start, _ROWS) for column in columns]) for start in starts]
    issues = [part.issues.set_column(0, FLAWS.field(0), pc.cast(pc.add(part.issues.column(0), start), pa.int32()))
              for part, start in zip(made, starts, strict=True)]
    return Cleaned(pa.concat_tables([part.table for part in made]).combine_chunks(), pa.concat_tables(issues))


def _clean_rows(columns: list[pa.Array]) -> Cleaned:
    bare = ~np.logical_or.reduce([is_filled(columns[part]) for part in (_PREFIX, _MIDDLE, _SUFFIX, _NICKNAME)])
    full, split = is_filled(columns[_FULL]), is_filled(columns[_GIVEN]) & is_filled(columns[_FAMILY])
    neither = ~(is_filled(columns[_GIVEN]) | is_filled(columns[_FAMILY]))
    whole = _read_whole(columns[_FULL])
    given, given_codes = _read_part(columns[_GIVEN], 0)
    family, family_codes = _read_part(columns[_FAMILY], FATHER)
    good_parts = split & (given.bits[given_codes] & WORD > 0) & (family.bits[family_codes] & WORD > 0)
    keys = [given.key.take(pa.array(given_codes)), family.key.take(pa.array(family_codes))]
    alike = good_parts & full & whole.good & _has_words(whole, keys)
    same = alike & _has_keys(whole, keys)
    from_parts = np.flatnonzero(bare & good_parts & (~full | alike))
    from_whole = np.flatnonzero(bare & neither & whole.good)
    regular = [_name_of_parts(given, given_codes, family, family_codes, whole, alike, same, from_parts),
               _name_of_whole(whole, from_whole)]
    return _with_others(columns, regular, [from_parts, from_whole])


def _with_others(columns: list[pa.Array], regular: list[pa.Table], places: list[Any]) -> Cleaned:
    """The regular names and the others, which are cleaned one by one, in the order of the rows."""
    seen = np.zeros(len(columns[0]), bool)
    for place in places:
        seen[place] = True
    others = np.flatnonzero(~seen)
    odd = [column.take(pa.array(others)) for column in columns]
    cleaned = clean_distinct(odd, clean_parts, Name)
    order = np.argsort(np.concatenate([*places, others]), kind="stable")
    table = pa.concat_tables([*regular, cleaned.table]).combine_chunks().take(pa.array(order))
    return Cleaned(table, _placed(cleaned.issues, odd, others))


def _placed(issues: pa.Table, columns: Sequence[pa.Array], rows: Any) -> pa.Table:
    """The issues at their rows in the whole column, with the whole name as the value."""
    found = pa.array(issues.column("position").to_numpy())
    texts = [column.take(found).to_pylist() for column in columns]
    values = [" ".join(filter(None, parts)) for parts in zip(*texts, strict=True)]
    position = pa.array(rows[found.to_numpy()].astype(np.int32))
    issues = issues.set_column(0, FLAWS.field("position"), position)
    return issues.set_column(FLAWS.get_field_index("value"), FLAWS.field("value"), pa.array(values, pa.string()))


# --- words -----------------------------------------------------------------------------------------------------------


def _texts(texts: pa.Array, judge: Judge) -> _Texts:
    """What distinct texts are: usual words by Arrow, the others one by one."""
    bits = usual_words(texts)
    odd = pa.array(bits == 0)
    values = pc.filter(texts, odd).to_pylist()
    judged = _judged(values, [judge(value) for value in values])
    bits[bits == 0] = judged.bits
    mended, size = pc.ascii_capitalize(texts), len(values)
    shown = [pc.replace_with_mask(usual, odd, judged.shown.slice(way * size, size))
             for way, usual in enumerate((texts, mended, mended))]
    return _Texts(bits, pa.concat_arrays(shown), pc.replace_with_mask(pc.ascii_lower(texts), odd, judged.key))


def _judged(values: list[str], judged: list[tuple[int, str]]) -> _Texts:
    bare = [value.removesuffix(",") for value in values]
    single = [_in_order(text) if bits & (UPPER | LOWER) else ("", "")
              for text, (bits, _) in zip(bare, judged, strict=True)]
    shown = [*bare, *(given for given, _ in single), *(family for _, family in single)]
    return _Texts(np.array([bits for bits, _ in judged], np.int32), pa.array(shown, pa.string()),
                  pa.array([key for _, key in judged], pa.string()))


@lru_cache(_KNOWN)
def _in_order(text: str) -> tuple[str, str]:
    """A text of one case as a given and as a family name is written."""
    return proper_given(text), proper(text)


def _read_part(column: pa.Array, unless: int) -> tuple[_Texts, Any]:
    """The distinct texts of a column for given or family names, and their codes by row."""
    encoded = column.dictionary_encode()
    return _texts(encoded.dictionary, lambda text: _judge_part(text, unless)), encoded.indices.to_numpy()


def _read_whole(column: pa.Array) -> _Whole:
    """The names of one cell, cut into words: which are regular, and the part that each word is."""
    lists = pc.split_pattern(column, " ")
    encoded = lists.flatten().dictionary_encode()
    table = _texts(encoded.dictionary, _judge)
    starts, counts = lists.offsets.to_numpy()[:-1], np.diff(lists.offsets.to_numpy())
    codes = np.concatenate([encoded.indices.to_numpy(), np.full(4, -1, np.int32)])   # so that every row has four
    code = np.stack([codes[starts + place] for place in range(4)])
    return _arrange(code, counts, table)


def _arrange(code: Any, counts: Any, table: _Texts) -> _Whole:
    """Puts the words in their places: [Title] Given [Middle] Family, or Family, Given [Middle]."""
    bits = np.where(np.arange(4)[:, None] < counts, table.bits[code], 0)
    titled = bits[0] & TITLE > 0
    size = counts - titled
    first, second, third = (np.where(titled, code[place + 1], code[place]) for place in range(3))
    one, two, three = (np.where(titled, bits[place + 1], bits[place]) for place in range(3))
    three = np.where(size == 3, three, 0)
    comma = one & COMMA > 0
    good = (
        ((size == 2) | (size == 3)) & _known(one, two) & (_known(three) | (size == 2))
        & np.where(comma, ~titled & _is_backward(one, two, three), _is_forward(one, two, three))
        & (((one | two | three) & SHOUTED == 0) | _is_single(one, two, np.where(size == 3, three, UPPER | LOWER)))
    )
    last = np.where(size == 3, third, second)
    return _Whole(
        good, np.where(titled, code[0], -1), np.where(comma, second, first),
        np.where(size == 3, np.where(comma, third, second), -1), np.where(comma, first, last), table,
    )


def _known(*bits: Any) -> Any:
    return np.logical_and.reduce([bit & (WORD | INITIAL) > 0 for bit in bits])


def _is_forward(one: Any, two: Any, three: Any) -> Any:
    """Whether the last word alone is the family name, and no two before it are one given name."""
    last = np.where(three > 0, three, two)
    other = (three > 0) & (
        ((two & three & SPANISH) | (one & two & COMPOUND) | (three & FATHER) | (one & MONSIEUR)) > 0)
    return (last & WORD > 0) & ((two | three) & COMMA == 0) & ~other


def _is_backward(one: Any, two: Any, three: Any) -> Any:
    """Whether the first word alone is the family name; two initials behind a comma may be a legal form."""
    return (one & WORD > 0) & ((two | three) & COMMA == 0) & (two & three & (INITIAL | COMPOUND) == 0)


# --- names of words --------------------------------------------------------------------------------------------------


def _has_words(whole: _Whole, keys: Sequence[pa.Array]) -> Any:
    """The rows whose whole name is of the words of the parts, in their order or turned round, and at most a middle name
    more."""
    given, middle, family = (_pick(whole.words.key, codes) for codes in (whole.given, whole.middle, whole.family))
    gap = pc.if_else(pc.equal(middle, ""), "", " ")
    flat = pc.binary_join_element_wise(given, gap, middle, " ", family, "")
    same = pc.equal(flat, pc.binary_join_element_wise(*keys, " "))
    return same.to_numpy(zero_copy_only=False) | _has_keys(whole, keys)


def _has_keys(whole: _Whole, keys: Sequence[pa.Array]) -> Any:
    """The rows whose whole name has the given and the family name of the parts."""
    pairs = zip((whole.given, whole.family), keys, strict=True)
    found = [pc.equal(_pick(whole.words.key, codes), key) for codes, key in pairs]
    return pc.and_(*found).to_numpy(zero_copy_only=False)


def _pick(texts: pa.Array, codes: Any) -> pa.Array:
    """The texts with these codes, '' for -1."""
    if not len(texts):
        return pa.repeat(pa.scalar("", pa.string()), len(codes))
    return pc.fill_null(texts.take(pa.array(np.maximum(codes, 0), mask=codes < 0)), "")


def _in_case(texts: _Texts, codes: Any, single: Any, role: int) -> pa.Array:
    """The texts to show: as written, or, in a name of one case, as a given (1) or family name (2) is written."""
    size = len(texts.key)
    return _pick(texts.shown, np.where(codes < 0, -1, codes + np.where(single, role * size, 0)))


def _is_single(*bits: Any) -> Any:
    """The rows whose words are all upper or all lower case; None of a word is as any."""
    both = np.bitwise_and.reduce(bits)
    return both & (UPPER | LOWER) > 0


def _name_of_parts(given: _Texts, given_codes: Any, family: _Texts, family_codes: Any, whole: _Whole, alike: Any,
                   same: Any, rows: Any) -> pa.Table:
    first, last = given_codes[rows], family_codes[rows]
    single = _is_single(given.bits[first], family.bits[last])
    loud = (family.bits[last] & SHOUTED > 0) & (given.bits[first] & SHOUTED == 0)
    middle = np.where(same[rows], whole.middle[rows], -1)
    title = np.where(alike[rows], whole.title[rows], -1)
    shouted = _single_of_whole(whole, rows)
    return _table(
        _pick(whole.words.shown, title), _in_case(given, first, single, 1), _in_case(whole.words, middle, shouted, 1),
        _in_case(family, last, single | loud, 2), given.key.take(pa.array(first)), _pick(whole.words.key, middle),
        family.key.take(pa.array(last)))


def _single_of_whole(whole: _Whole, rows: Any) -> Any:
    bits = np.append(whole.words.bits, UPPER | LOWER)        # the last is that of no word
    return _is_single(*(bits[codes[rows]] for codes in (whole.given, whole.middle, whole.family)))


def _name_of_whole(whole: _Whole, rows: Any) -> pa.Table:
    single = _single_of_whole(whole, rows)
    given, middle, family = (codes[rows] for codes in (whole.given, whole.middle, whole.family))
    return _table(
        _pick(whole.words.shown, whole.title[rows]), _in_case(whole.words, given, single, 1),
        _in_case(whole.words, middle, single, 1), _in_case(whole.words, family, single, 2),
        *(_pick(whole.words.key, codes) for codes in (given, middle, family)))


def _table(prefix: pa.Array, given: pa.Array, middle: pa.Array, family: pa.Array, given_key: pa.Array,
           middle_key: pa.Array, family_key: pa.Array) -> pa.Table:
    """The columns of Name for regular names."""
    rows = len(prefix)
    gap = pc.if_else(pc.equal(middle, ""), "", " ")
    same = {text: pa.repeat(pa.scalar(text, pa.string()), rows) for text in ("", "ok", "person")}
    columns = {
        "prefix": prefix, "given_name": given, "middle_name": middle, "family_name": family,
        "full_name": pc.binary_join_element_wise(given, " ", middle, gap, family, ""),
        "given_key": given_key, "middle_key": middle_key, "family_key": family_key, "quality": same["ok"],
        "kind": same["person"],
    }
    return pa.table({name: columns.get(name, same[""]) for name in Name._fields[:-1]})
