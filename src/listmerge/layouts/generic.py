"""Columns of an unknown file: what their headers say, what their values say, and a reason for each. Doubt maps nothing.

The way: each column gets a proposal from its header (`languages.words_of`), which the values must not contradict
(`decide`); doubtful words (`Name`, `Title`, `Address`) wait until the others are settled; columns without a proposal
are mapped where they refuse (`refusals`), or by their values alone where those are unmistakable; at last no two columns
may be the same single value (`settle`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from listmerge.fields.text import fold
from listmerge.layouts import content
from listmerge.layouts.decide import believe, decide
from listmerge.layouts.languages import words_of
from listmerge.layouts.people import apart
from listmerge.layouts.refusals import refusing
from listmerge.layouts.sample import Sample, samples_of
from listmerge.layouts.unnamed import is_unnamed, map_unnamed
from listmerge.layouts.words import Word, is_of_others, look_up
from listmerge.model import FIELDS, Column

Known = Callable[[str], bool] | Collection[str] | None


def map_generic(headers: Sequence[str], rows: Sequence[Sequence[str]], known_emails: Known = None) -> list[Column]:
    """The columns of an unknown file that can be mapped, in order; the others are left out."""
    samples = samples_of(headers, rows)
    words = words_of([sample.header for sample in samples])
    found = [believe(sample, words[sample.index]) for sample in samples
             if sample.index in words and not words[sample.index].doubtful]
    settled = {column.index: column for column in found if column is not None}
    for sample in samples:
        if sample.index in words and words[sample.index].doubtful:
            fields = {column.field for column in settled.values()}
            _add(settled, decide(sample, words[sample.index], fields))
    for sample in samples:
        if sample.index not in settled:
            fields = {column.field for column in settled.values()}
            _add(settled, refusing(sample) or _by_values(sample, known_emails, fields))
    if not words:
        _add_names(settled, samples)
    map_unnamed([sample for sample in samples if not words or is_unnamed(sample.header)], settled)
    filled = {sample.index: len(content.filled(sample.values)) for sample in samples}
    return settle(apart(settled.values(), {sample.index: sample for sample in samples}), filled)


def _add(settled: dict[int, Column], column: Column | None) -> None:
    if column is not None:
        settled[column.index] = column


# --- values alone -----------------------------------------------------------------------------------------------------


def _by_values(sample: Sample, known_emails: Known, fields: set[str]) -> Column | None:
    """A column that its header does not explain, by unmistakable values."""
    values, word = sample.values, Word("")
    if is_of_others(sample.header):
        return None
    if content.overlap(values, known_emails) >= 0.3:
        return sample.column("email", word, 0.9, "the values are e-mail addresses that other sources hold too")
    if content.share(values, content.is_email) >= 0.8:
        return sample.column("email", word, 0.85, "the values are e-mail addresses")
    if content.share(values, _is_international) >= 0.6 and content.share(values, content.is_phone) >= 0.9:
        return sample.column("phone", word, 0.75, "the values are international phone numbers")
    if len(content.filled(values)) >= 2 and content.share(values, content.is_secret) >= 0.9:
        return sample.column("drop", word, 0.9, "the values are numbers of bank accounts or of social security")
    if len(content.filled(values)) >= 3 and look_up(sample.header) is None:
        if "country" not in fields and content.share(values, content.is_country) >= 0.9:
            return sample.column("country", word, 0.75, "the values are names of countries")
        if "company" not in fields and content.share(values, content.is_company) >= 0.8:
            return sample.column("company", word, 0.65, "the values are names of organisations")
    return None


def _is_international(text: str) -> bool:
    return re.match(r"\s*(?:\+|00[1-9])", text) is not None and content.is_phone(text)


def _add_names(settled: dict[int, Column], samples: Sequence[Sample]) -> None:
    """Columns of names in a file without headers: those that the e-mail address of the same row speaks of."""
    emails = {column.index for column in settled.values() if column.field == "email"}
    email = next((sample for sample in samples if sample.index in emails), None)
    if email is None:
        return
    speaking = [sample for sample in samples if sample.index not in settled
                and content.share(sample.values, content.is_name) >= 0.9 and _echoed(sample, email)]
    if len(speaking) == 1 and content.share(speaking[0].values, _has_blank) >= 0.8:
        _add(settled, speaking[0].column("full_name", Word(""), 0.75, "the e-mail addresses repeat these names"))
    if len(speaking) == 2 and _stands_first(speaking[0], speaking[1], email):
        for sample, field in zip(speaking, ("given_name", "family_name"), strict=True):
            _add(settled, sample.column(field, Word(""), 0.75, "the e-mail addresses repeat these names in this order"))


def _has_blank(text: str) -> bool:
    return len(text.split()) > 1


def _echoed(sample: Sample, email: Sample) -> bool:
    """Whether half of the values, or words of them, stand in the local part of the row's e-mail address."""
    pairs = [(value, address) for value, address in zip(sample.values, email.values, strict=True) if value and address]
    return bool(pairs) and sum(_place(value, address) >= 0 for value, address in pairs) * 2 >= len(pairs)


def _place(value: str, address: str) -> int:
    local = re.sub(r"[^a-z]", "", fold(address.partition("@")[0]))
    places = [local.find(word) for word in re.findall(r"[a-z]{3,}", fold(value))]
    return max(places, default=-1)


def _stands_first(left: Sample, right: Sample, email: Sample) -> bool:
    rows = list(zip(left.values, right.values, email.values, strict=True))
    told = [(_place(first, address), _place(last, address)) for first, last, address in rows if address]
    both = [(one, two) for one, two in told if one >= 0 and two >= 0]
    return bool(both) and sum(one < two for one, two in both) >= 0.8 * len(both)


# --- finishing --------------------------------------------------------------------------------------------------------

#: Fields of which each column is a value of its own: two of them never share a group.
_APART: Final = ("email", "phone", "fax", "website")
#: Fields that an unknown file has once for each group; of several columns the plainest and fullest is taken.
_ONCE: Final = frozenset({
    "full_name", "prefix", "given_name", "middle_name", "family_name", "suffix", "nickname", "company", "department",
    "job_title", "city", "region", "postal_code", "country", "birthday", "language", "relationship", "source",
    "source_id", "created", "updated", "deleted", "kind",
})


def settle(columns: Iterable[Column], filled: dict[int, int]) -> list[Column]:
    """Columns fit to stand side by side, in order. `filled`: how many cells of each column were seen filled."""
    best: dict[tuple[str, str, int], Column] = {}
    for column in sorted(columns, key=lambda one: (_is_qualified(one), -filled.get(one.index, 0), one.index)):
        key = (column.field, column.group, column.part) if column.field in _ONCE else (str(column.index), "", 0)
        best.setdefault(key, column)
    return set_apart(sorted(best.values(), key=lambda column: column.index))


def _is_qualified(column: Column) -> bool:
    word = look_up(column.header)
    return word is not None and bool(word.group)


def set_apart(columns: Iterable[Column]) -> list[Column]:
    """The columns, where every e-mail address, number and page has a group of its own."""
    taken: set[tuple[str, int, str]] = set()
    done: list[Column] = []
    for column in columns:
        if column.field in _APART:
            column = replace(column, group=_free_group(column, taken))
            taken.add((FIELDS[column.field], column.part, column.group))
        done.append(column)
    return done


def _free_group(column: Column, taken: set[tuple[str, int, str]]) -> str:
    unit, group, number = FIELDS[column.field], column.group, 1
    while (unit, column.part, group) in taken:
        number += 1
        group = f"{column.group} {number}".strip()
    return group


def is_taken(column: Column, columns: Iterable[Column]) -> bool:
    """Whether a single value of this kind is already read from another column."""
    return column.field in _ONCE and any(
        (other.field, other.group, other.part) == (column.field, column.group, column.part) for other in columns)
