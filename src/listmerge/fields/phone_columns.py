"""Phone numbers by column: valid ones in a regular form, country by country, judged by Arrow's regular expressions.

The expressions are those of `phone_forms`, which reads one number; what is not surely a usual number of its country is
left to it. A property test holds the two equal.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import phone_forms
from listmerge.fields.phone_forms import Form
from listmerge.fields.text import by_value, distinct, same_text

_REGULAR: Final = r"^\+?[0-9(][0-9 ().\-/]{4,28}[0-9]$"
_ODD: Final = r"^\(?0[ .\-/()]|^\([ .\-/()]|\.0$|^(?:[^+]|\+39|\+378|\+379).*\(0\)"          # Italians dial their zero
#: Ends of numbers that may have been typed to fill a field.
_RUNS: Final = ("012", "123", "234", "345", "456", "567", "678", "789", "890", "901", "210")
_FILLER_END: Final = f"(?:{'|'.join((*_RUNS, *(3 * figure for figure in '0123456789')))})$"


class Regular(NamedTuple):
    """Numbers that are surely right: `key` '' for all others; `phone` to show and `kind` of line."""

    phone: pa.Array
    key: pa.Array
    kind: pa.Array


def read(texts: pa.Array, regions: pa.Array) -> Regular:
    """The numbers of a column that are valid in a regular form; `regions` are the countries of those without `+`."""
    digits = _digits(texts)
    bare = pc.and_(pc.equal(regions, ""), pc.match_substring_regex(digits, "^(?:0?[1-9][0-9]*)$"))
    bare = pc.and_(bare, pc.match_substring_regex(digits, "^.{9,15}$"))
    key, kind = pc.if_else(bare, digits, ""), same_text("", len(texts))
    rows, keys, kinds = _by_country(digits, regions)
    key, kind = _put(key, rows, keys), _put(kind, rows, kinds)
    key = pc.if_else(pc.match_substring_regex(key, _FILLER_END), "", key)
    return Regular(pc.if_else(pc.starts_with(key, "+"), key, texts), key, kind)


def _digits(texts: pa.Array) -> pa.Array:
    """`phone_forms.digits` for a column, '' for some texts more."""
    usual = pc.and_not(pc.match_substring_regex(texts, _REGULAR), pc.match_substring_regex(texts, _ODD))
    bare = pc.replace_substring(pc.if_else(usual, texts, ""), "(0)", "", max_replacements=1)
    return pc.replace_substring_regex(bare, "[ ().\\-/]+", "")


def _put(column: pa.Array, rows: Any, values: pa.Array) -> pa.Array:
    """`column` with `values` at `rows`, which ascend."""
    mask = np.zeros(len(column), bool)
    mask[rows] = True
    return pc.replace_with_mask(column, pa.array(mask), values)


def _by_country(digits: pa.Array, regions: pa.Array) -> tuple[Any, pa.Array, pa.Array]:
    """The rows of numbers that are valid in their country, with E.164 and kind."""
    zeros = pc.equal(distinct(regions, _dials_zeros), "yes")
    digits = pc.if_else(zeros, pc.replace_substring_regex(digits, "^00", "+"), digits)
    abroad = pc.starts_with(digits, "+")
    code = distinct(pc.utf8_slice_codeunits(digits, 1, 4), phone_forms.code_of)
    places = pc.if_else(abroad, pc.binary_join_element_wise("+", code, ""), regions)
    found = [_in_place(place, digits, rows) for place, rows in by_value(places)]
    rows = np.concatenate([np.zeros(0, np.int64), *(rows for rows, _, _ in found)])
    sort = np.argsort(rows)
    keys, kinds = (pa.chunked_array([one[part] for one in found], pa.string()).combine_chunks().take(pa.array(sort))
                   for part in (1, 2))
    return rows[sort], keys, kinds


def _dials_zeros(region: str) -> str:
    """'yes' where 00 stands for the +: in most countries, and where the country is not known."""
    form = phone_forms.form_of_region(region) if region else None
    return "yes" if not region or (form and form.abroad and form.abroad.pattern == "00") else ""


def _in_place(place: str, digits: pa.Array, rows: Any) -> tuple[Any, pa.Array, pa.Array]:
    """The valid numbers among `rows`, all of one calling code (`+44`) or all national ones of one country (`GB`)."""
    form = phone_forms.form_of_code(place[1:]) if place[:1] == "+" else phone_forms.form_of_region(place)
    if form is None:
        return rows[:0], pa.array([], pa.string()), pa.array([], pa.string())
    written = digits.take(pa.array(rows))
    national = _after_code(written, len(place), form) if place[:1] == "+" else _national(written, form)
    kinds = _kinds(national, form)
    good = pc.not_equal(kinds, "")
    keys = pc.binary_join_element_wise(f"+{form.code}", pc.filter(national, good), "")
    return rows[good.to_numpy(zero_copy_only=False)], keys, pc.filter(kinds, good)


def _after_code(digits: pa.Array, size: int, form: Form) -> pa.Array:
    """National numbers of international ones; '' where a national prefix may stand behind the calling code."""
    national = pc.utf8_slice_codeunits(digits, size)
    return pc.if_else(_begins(national, form.prefixed), "", national)


def _national(digits: pa.Array, form: Form) -> pa.Array:
    """National numbers without the national prefix; '' where phonenumbers must say what is a prefix."""
    other = pc.or_(_begins(digits, form.abroad), pc.starts_with(digits, "00"))
    if form.code == "1":
        return pc.if_else(other, "", pc.replace_substring_regex(digits, "^1", ""))
    digits = pc.if_else(pc.or_(other, pc.starts_with(digits, form.code)), "", digits)
    prefixed = _begins(digits, form.prefixed)
    if not form.plain_prefix:
        return pc.if_else(prefixed, "", digits)
    rest = pc.utf8_slice_codeunits(digits, len(form.prefix))
    odd = pc.or_(_begins(rest, form.prefixed), _is_valid(digits, form))
    odd = pc.or_(odd, pc.invert(pc.starts_with(digits, form.prefix)))
    return pc.if_else(prefixed, pc.if_else(odd, "", rest), digits)


def _begins(texts: pa.Array, pattern: Any) -> pa.Array:
    if pattern is None:
        return pa.repeat(pa.scalar(False), len(texts))
    return pc.match_substring_regex(texts, f"^(?:{pattern.pattern})")


def _kinds(national: pa.Array, form: Form) -> pa.Array:
    """The kind of line of each valid number that is of no special kind, else ''."""
    general, special, fixed, mobile = form.patterns
    usual = pc.and_not(_is(national, general), _is(national, special))
    fixed_line = pc.and_(usual, _is(national, fixed))
    mobile_line = fixed_line if fixed == mobile else pc.and_(usual, _is(national, mobile))
    one = pc.if_else(mobile_line, "mobile", pc.if_else(fixed_line, "fixed", ""))
    return pc.if_else(pc.and_(fixed_line, mobile_line), "fixed-or-mobile", one)


def _is_valid(national: pa.Array, form: Form) -> pa.Array:
    general, *kinds = form.patterns
    return pc.and_(_is(national, general), _is(national, "|".join(filter(None, kinds))))


def _is(texts: pa.Array, pattern: str) -> pa.Array:
    if not pattern:
        return pa.repeat(pa.scalar(False), len(texts))
    return pc.match_substring_regex(texts, f"^(?:{pattern})$")
