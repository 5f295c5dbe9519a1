"""What the header of an unknown file says, held against the values under it. Doubt maps nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from listmerge.fields import places
from listmerge.layouts import content
from listmerge.layouts.sample import Sample
from listmerge.layouts.words import Word
from listmerge.model import Column

#: field -> a form of values, and the share of filled cells that must have it for the header to be believed.
_MUST: Final[dict[str, tuple[Callable[[str], bool], float]]] = {
    "email": (content.is_email, 0.3),
    "phone": (content.has_digits, 0.4),
    "fax": (content.has_digits, 0.4),
    "postal_code": (content.is_postcode, 0.4),
    "birthday": (content.is_dateish, 0.3),
    "created": (content.is_dateish, 0.3),
    "updated": (content.is_dateish, 0.3),
    "deleted": (content.is_flag, 0.8),
}


def _is_no_word(text: str) -> bool:
    return content.is_email(text) or content.is_date(text)


#: field -> a form that most of its values must not have.
_MUST_NOT: Final[dict[str, Callable[[str], bool]]] = {
    **dict.fromkeys(("full_name", "given_name", "middle_name", "family_name", "company", "city", "country", "region",
                     "department", "job_title"), _is_no_word),
    **dict.fromkeys(("street", "address", "identifier", "source_id", "website"), content.is_email),
}
#: What a flag's column means when its values are no flags but dates or words.
_AS_DATE: Final = {"opt-in-flag": "opt-in-date", "opt-out-flag": "opt-out-date", "confirmed-flag": "confirm-date"}
_AS_WORD: Final = {"opt-in-flag": "status-word", "opt-out-flag": "status-word"}


def believe(sample: Sample, word: Word) -> Column | None:
    """The column that an unmistakable header proposes; None when the values say otherwise."""
    if word.field == "consent":
        return _consent(sample, word)
    filled = content.filled(sample.values)
    if filled and not _fits(sample, word.field):
        return _misnamed(sample)
    field = word.field
    if field == "source_id" or word.own_id:
        field = "source_id" if _names_the_record(sample, word) else "identifier"
    return sample.column(field, word, 0.95 if filled else 0.8,
                         f"the header '{sample.header.strip()}' is a word for {field.replace('_', ' ')}")


def _fits(sample: Sample, field: str) -> bool:
    must, least = _MUST.get(field, (bool, 0.0))
    must_not = _MUST_NOT.get(field)
    return content.share(sample.values, must) >= least and (
        must_not is None or content.share(sample.values, must_not) <= 0.5)


def _names_the_record(sample: Sample, word: Word) -> bool:
    """An id of the record's own is filled, and another one in every row; without rows the header alone decides."""
    return content.unique_and_filled(sample.values) or (word.field == "source_id" and not content.filled(sample.values))


def _misnamed(sample: Sample) -> Column | None:
    """A column whose header lies: only addresses of e-mail are believed against a header."""
    if content.share(sample.values, content.is_email) < 0.8:
        return None
    return sample.column("email", Word("email"), 0.65,
                         f"the values are e-mail addresses, although the header says '{sample.header.strip()}'")


def _consent(sample: Sample, word: Word) -> Column | None:
    """A consent column keeps its meaning only when its values are of that form; dates and words change it."""
    reason = f"the header '{sample.header.strip()}' is a word for consent ({word.meaning})"
    values = sample.values
    if not content.filled(values):
        return sample.column("consent", word, 0.8, reason)
    if word.meaning.endswith("-date"):
        return sample.column("consent", word, 0.9, reason) if content.share(values, content.is_dateish) >= 0.5 else None
    if not word.meaning.endswith("-flag"):
        return sample.column("consent", word, 0.85, reason)
    for test, other in ((content.is_flag, {}), (content.is_dateish, _AS_DATE), (content.is_status, _AS_WORD)):
        if content.share(values, test) >= 0.8:
            meaning = other.get(word.meaning, word.meaning)
            return sample.column("consent", replace(word, meaning=meaning), 0.9, reason)
    return None


# --- doubtful words ---------------------------------------------------------------------------------------------------


def decide(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """The column of a header that may mean several things, by its values and by the fields that other columns have."""
    return _DOUBTS[word.field](sample, word, fields)


def _name(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`Name` is the whole name, the surname beside a first name, the first name beside a surname, or a company."""
    values = sample.values
    if content.share(values, content.is_email) >= 0.8:
        return sample.column("email", word, 0.8, "the values are e-mail addresses")
    if content.share(values, content.is_flag) >= 0.8:
        return None
    if content.share(values, content.is_company) >= 0.5 and "company" not in fields:
        return sample.column("company", word, 0.8, "the values are names of organisations")
    if content.filled(values) and content.share(values, content.is_name) < 0.5:
        other = "full_name" in fields and "company" not in fields
        return sample.column("company", word, 0.6, "names, but not of persons") if other else None
    if "full_name" not in fields and _FURTHER.search(sample.header):
        return None         # the second line of a name of which the first is no person's
    if "given_name" in fields and "family_name" not in fields and content.share(values, _has_blank) < 0.5:
        return sample.column("family_name", word, 0.85, "a name beside a first name is the surname")
    if "family_name" in fields and "given_name" not in fields and content.share(values, _has_blank) < 0.8:
        return sample.column("given_name", word, 0.85, "a name beside a surname is the first name")
    return sample.column("full_name", word, 0.85, "the values are names of persons")


_FURTHER: Final = re.compile(r"\D[2-9]\s*$")


def _has_blank(text: str) -> bool:
    return len(text.split()) > 1


def _organisation(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`Supplier` is the company of the row when the values are names of organisations and no other column names one."""
    if "company" in fields or content.share(sample.values, content.is_company) < 0.5:
        return None
    return sample.column("company", word, 0.75, "the values are names of organisations")


def _title(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`Title` is Mr and Mrs, or what a person does."""
    if not content.filled(sample.values):
        return None
    if content.share(sample.values, content.is_title) >= 0.5:
        return sample.column("prefix", word, 0.85, "the values are forms of address")
    if "job_title" in fields or content.share(sample.values, content.is_email) > 0.2:
        return None
    return sample.column("job_title", word, 0.75, "the values are no forms of address, so what people do")


def _address(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`Address` is a whole address, its street, or an address of e-mail."""
    values = sample.values
    if content.share(values, content.is_email) >= 0.8:
        return sample.column("email", word, 0.9, "the values are e-mail addresses")
    if content.share(values, content.is_url) >= 0.5:
        return None
    if fields & {"city", "postal_code"}:
        return sample.column("street", word, 0.85, "an address beside city or postcode is the street")
    if content.share(values, _is_whole_address) >= 0.5:
        return sample.column("address", word, 0.8, "the values are whole addresses")
    if content.share(values, content.is_street) >= 0.5:
        return sample.column("street", word, 0.8, "the values are streets with a number")
    return None


def _is_whole_address(text: str) -> bool:
    return ("," in text or "\n" in text) and content.is_street(text) and len(text.split()) >= 4


def _status(sample: Sample, word: Word, _fields: set[str]) -> Column | None:
    """`Status` gives a permission only when its values speak of a subscription; `active` may mean anything, so beside
    other states it can only take one away, which is what `bounce-type` does."""
    if content.share(sample.values, content.is_subscription) >= 0.5:
        status = replace(word, meaning="status-word")
        return sample.column("consent", status, 0.8, "the values are states of a subscription")
    if content.share(sample.values, content.is_state) >= 0.5:
        status = replace(word, meaning="bounce-type")
        return sample.column("consent", status, 0.7, "some values are states of an address, none gives a permission")
    return None


def _state(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`State` is a part of a country, unless its values are states of a subscription."""
    if content.share(sample.values, content.is_state) >= 0.5:
        return _status(sample, word, fields)
    return believe(sample, replace(word, field="region", doubtful=False))


def _id(sample: Sample, word: Word, fields: set[str]) -> Column | None:
    """`ID` names the record when it is filled and unique and nothing else does; a count of the rows names nothing."""
    if "source_id" in fields or not content.unique_and_filled(sample.values) \
            or content.share(sample.values, content.is_email) > 0 or content.is_count(sample.values):
        return None
    return sample.column("source_id", word, 0.8, "filled, and another one in every row")


def _pin(sample: Sample, word: Word, _fields: set[str]) -> Column | None:
    """`PIN` is an Indian postcode, or a secret that is not to be taken."""
    if content.share(sample.values, partial(places.is_postcode_of, country="IN")) >= 0.8:
        return sample.column("postal_code", word, 0.85, "the values have the form of Indian postcodes")
    return sample.column("drop", word, 0.85, "numbers that are no postcodes are secrets")


_DOUBTS: Final[dict[str, Callable[[Sample, Word, set[str]], Column | None]]] = {
    "name": _name, "organisation": _organisation, "title": _title, "address": _address, "status": _status,
    "state": _state, "id": _id, "pin": _pin,
}
