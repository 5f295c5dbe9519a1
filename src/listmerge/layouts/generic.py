"""Columns of an unknown file: what their headers say, what their values say, and a reason for each. Doubt maps nothing.

The way: each column gets a proposal from its header (`look_up`); the values must not contradict it (`_CHECKS`); doubtful
words (`Name`, `Title`, `Address`) are decided by values and by the other columns (`_DOUBTS`); columns without a proposal
are mapped by values alone where those are unmistakable (e-mail addresses, international phone numbers, pages).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from listmerge.layouts import content
from listmerge.layouts.headers import fold_header
from listmerge.layouts.words import Word, look_up
from listmerge.model import FIELDS, Column

Known = Callable[[str], bool] | Collection[str] | None


@dataclass(frozen=True, slots=True)
class Sample:
    """One column as far as it was seen."""

    index: int
    header: str
    values: tuple[str, ...]


def samples_of(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Sample]:
    """The columns of a grid: header and cells, '' where a row is short. Rows without any cell are left out."""
    full = [row for row in rows if any(cell.strip() for cell in row)]
    return [
        Sample(index, header, tuple(row[index] if index < len(row) else "" for row in full))
        for index, header in enumerate(headers)
    ]


def map_generic(headers: Sequence[str], rows: Sequence[Sequence[str]], known_emails: Known = None) -> list[Column]:
    """The columns of an unknown file that can be mapped, in order; the others are left out."""
    samples = samples_of(headers, rows)
    proposals = {sample.index: word for sample in samples if (word := look_up(sample.header)) is not None}
    settled: dict[int, Column] = {}
    for sample in samples:
        word = proposals.get(sample.index)
        if word is not None and not word.doubtful:
            column = _checked(sample, word)
            if column is not None:
                settled[sample.index] = column
    for sample in samples:
        word = proposals.get(sample.index)
        if word is not None and word.doubtful:
            column = _decide(sample, word, list(settled.values()))
            if column is not None:
                settled[sample.index] = column
    for sample in samples:
        if sample.index not in settled:
            column = _by_values(sample, known_emails)
            if column is not None:
                settled[sample.index] = column
    return settle(settled[index] for index in sorted(settled))


# --- headers, checked by the values ---------------------------------------------------------------------------------

#: field -> a form of values, and the share of filled cells that must have it for the header to be believed.
_CHECKS: Final[dict[str, tuple[Callable[[str], bool], float]]] = {
    "email": (content.is_email, 0.3),
    "phone": (content.has_digits, 0.4),
    "fax": (content.has_digits, 0.4),
    "postal_code": (content.is_postcode, 0.4),
    "birthday": (content.is_dateish, 0.3),
    "created": (content.is_dateish, 0.3),
    "updated": (content.is_dateish, 0.3),
    "deleted": (content.is_flag, 0.8),
}
#: field -> a form that most of its values must not have.
_NEVER: Final[dict[str, Callable[[str], bool]]] = {
    **dict.fromkeys(("full_name", "given_name", "middle_name", "family_name", "company", "city", "country", "region",
                     "department", "job_title"),
                    lambda text: content.is_email(text) or content.is_date(text)),
    **dict.fromkeys(("street", "address", "identifier", "source_id", "website"), content.is_email),
}


def _checked(sample: Sample, word: Word) -> Column | None:
    """The column that a header proposes, None when its values say otherwise."""
    if word.field == "consent":
        return _consent(sample, word)
    if content.filled(sample.values):
        test, least = _CHECKS.get(word.field, (bool, 0.0))
        if content.share(sample.values, test) < least:
            return _misnamed(sample)
        never = _NEVER.get(word.field)
        if never is not None and content.share(sample.values, never) > 0.5:
            return _misnamed(sample)
    field = "source_id" if word.own_id and content.unique_and_filled(sample.values) else word.field
    sure = 0.95 if content.filled(sample.values) else 0.8
    return _column(sample, field, word, sure, f"the header '{sample.header.strip()}' is a word for {_plain(field)}")


def _misnamed(sample: Sample) -> Column | None:
    """A column whose header lies: only addresses of e-mail are believed against a header."""
    if content.share(sample.values, content.is_email) >= 0.8:
        return _column(sample, "email", Word("email"), 0.7,
                       f"the values are e-mail addresses, although the header says '{sample.header.strip()}'")
    return None


def _consent(sample: Sample, word: Word) -> Column | None:
    """A consent column keeps its meaning only when its values are of that form; dates and words change it."""
    values = sample.values
    forms: tuple[tuple[Callable[[str], bool], dict[str, str]], ...] = (
        (content.is_flag, {}), (content.is_dateish, {"opt-in-flag": "opt-in-date", "opt-out-flag": "opt-out-date",
                                                    "confirmed-flag": "confirm-date"}),
        (content.is_status, {"opt-in-flag": "status-word", "opt-out-flag": "status-word"}),
    )
    reason = f"the header '{sample.header.strip()}' is a word for consent ({word.meaning})"
    if not word.meaning.endswith("-flag") or not content.filled(values):
        fits = not word.meaning.endswith("-date") or not content.filled(values) or \
            content.share(values, content.is_dateish) >= 0.5
        return _column(sample, "consent", word, 0.85, reason) if fits else None
    for test, other in forms:
        if content.share(values, test) >= 0.8:
            meaning = other.get(word.meaning, word.meaning)
            return _column(sample, "consent", replace(word, meaning=meaning), 0.9, reason)
    return None


# --- doubtful words ---------------------------------------------------------------------------------------------------


def _decide(sample: Sample, word: Word, others: list[Column]) -> Column | None:
    return _DOUBTS[word.field](sample, word, {column.field for column in others})


def _name(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`Name` is the whole name, the surname beside a first name, or a company: the values decide."""
    values = sample.values
    if content.share(values, content.is_email) >= 0.8:
        return _column(sample, "email", word, 0.8, "the values are e-mail addresses")
    if content.share(values, content.is_company) >= 0.5 and "company" not in fields:
        return _column(sample, "company", word, 0.8, "the values are names of organisations")
    if content.filled(values) and content.share(values, content.is_name) < 0.5:
        return _column(sample, "company", word, 0.6, "the values are names, but not of persons") \
            if "full_name" in fields and "company" not in fields else None
    if "given_name" in fields and "family_name" not in fields and content.share(values, _is_long) < 0.5:
        return _column(sample, "family_name", word, 0.85, "a name beside a first name is the surname")
    return _column(sample, "full_name", word, 0.85, "the values are names of persons")


def _is_long(text: str) -> bool:
    return len(text.split()) > 1


def _title(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`Title` is Mr and Mrs, or what a person does."""
    if not content.filled(sample.values):
        return None
    if content.share(sample.values, content.is_title) >= 0.5:
        return _column(sample, "prefix", word, 0.85, "the values are forms of address")
    if "job_title" in fields or content.share(sample.values, content.is_email) > 0.2:
        return None
    return _column(sample, "job_title", word, 0.75, "the values are no forms of address, so what people do")


def _address(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`Address` is a whole address, its street, or an address of e-mail."""
    values = sample.values
    if content.share(values, content.is_email) >= 0.8:
        return _column(sample, "email", word, 0.9, "the values are e-mail addresses")
    if content.filled(values) and content.share(values, content.is_url) >= 0.5:
        return None
    if fields & {"city", "postal_code"} or content.share(values, _is_whole_address) < 0.5:
        sure = content.share(values, content.is_street) >= 0.3 or bool(fields & {"city", "postal_code"})
        return _column(sample, "street", word, 0.85, "an address beside city or postcode is the street") if sure else None
    return _column(sample, "address", word, 0.8, "the values are whole addresses")


def _is_whole_address(text: str) -> bool:
    return ("," in text or "\n" in text) and content.is_street(text) and len(text.split()) >= 4


def _status(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`Status` is taken only when its values are states of a subscription."""
    if content.share(sample.values, content.is_status) < 0.5:
        return None
    return _column(sample, "consent", replace(word, meaning="status-word"), 0.8, "the values are states of a subscription")


def _id(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`ID` names the record when it is filled and unique and nothing else does."""
    if "source_id" in fields or not content.unique_and_filled(sample.values) \
            or content.share(sample.values, content.is_email) > 0:
        return None
    return _column(sample, "source_id", word, 0.8, "filled, and another one in every row")


_DOUBTS: Final[dict[str, Callable[[Sample, Word, set[str]], Column | None]]] = {
    "name": _name, "title": _title, "address": _address, "status": _status, "id": _id,
}


# --- values alone -----------------------------------------------------------------------------------------------------


def _by_values(sample: Sample, known_emails: Known) -> Column | None:
    """A column that its header does not explain, by unmistakable values."""
    values = sample.values
    word = Word("")
    if content.overlap(values, known_emails) >= 0.3:
        return _column(sample, "email", word, 0.9, "the values are e-mail addresses that other sources hold too")
    if content.share(values, content.is_email) >= 0.8:
        return _column(sample, "email", word, 0.85, "the values are e-mail addresses")
    if content.share(values, _is_international) >= 0.6 and content.share(values, content.is_phone) >= 0.9:
        return _column(sample, "phone", word, 0.7, "the values are international phone numbers")
    return None


def _is_international(text: str) -> bool:
    return text.strip().startswith(("+", "00")) and content.is_phone(text)


# --- finishing --------------------------------------------------------------------------------------------------------

#: Fields of which each column is a value of its own: two of them never share a group.
_SINGLE: Final = ("email", "phone", "fax", "website", "address")


def settle(columns: object) -> list[Column]:
    """Columns made fit to stand side by side: every e-mail, phone and page a value of its own, one record id."""
    taken: set[tuple[str, int, str]] = set()
    has_id = False
    done: list[Column] = []
    for column in columns:  # type: ignore[attr-defined]
        if column.field == "source_id":
            column = replace(column, field="identifier") if has_id else column
            has_id = True
        if column.field in _SINGLE:
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


def _column(sample: Sample, field: str, word: Word, confidence: float, reason: str) -> Column:
    meaning = word.meaning if field == "consent" else ""
    return Column(sample.index, sample.header, field, group=word.group if FIELDS[field] in _GROUPED else "",
                  label=word.label, meaning=meaning, channel=word.channel, confidence=confidence, reason=reason)


#: Units of which a row may have several, told apart by words such as `home` and `billing`.
_GROUPED: Final = ("email", "phone", "address", "website")


def _plain(field: str) -> str:
    return field.replace("_", " ")


def same_header(left: str, right: str) -> bool:
    """Whether two headers are one, compared as recognition does."""
    return fold_header(left) == fold_header(right)
