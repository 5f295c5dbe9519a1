"""Companies: the name as it is shown, and the key to compare by, without legal form."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.name_words import read_words
from listmerge.fields.text import Cleaned, Flaw, clean_distinct, fold, is_error_cell, plain, spread, trim, with_judged

_WORDS = read_words("companies_words.tsv")
_PLACEHOLDERS = _WORDS["placeholder"]
_NATIVE = re.compile("|".join(sorted(map(re.escape, _WORDS["native-form"]), key=lambda form: (-len(form), form))))
_AND = re.compile(r"[&+＆]|\b(?:and|und|et|och|og|y)\b", re.IGNORECASE)
_FIGURE = re.compile(r"(?<=[a-z]{2})[015](?=[a-z])|(?<=[a-z])[015](?=[a-z]{2})")
_LETTERS = str.maketrans("015", "ols")
_LETTER = re.compile(r"[^\W_]")


def _read_forms() -> frozenset[str]:
    lines = files("listmerge.fields").joinpath("data", "companies_forms.tsv").read_text("utf-8").splitlines()
    return frozenset(form for line in lines if not line.startswith("#") for form in line.partition("\t")[2].split("|"))


FORMS = _read_forms()
_LONGEST = max(form.count(" ") + 1 for form in FORMS)


#: Words that make a text of several words a company's name.
BUSINESS_WORDS = _WORDS["strong"] | _WORDS["word"]


class Company(NamedTuple):
    """`company` to show, `key` to compare by and `legal_form`, folded; all '' when the text names no company."""

    company: str
    key: str
    legal_form: str
    issues: tuple[Flaw, ...]


def clean_one(text: str) -> Company:
    """A company's name as shown and as compared; '[not provided]', 'self-employed' and the like are none."""
    shown = " ".join(trim(text).split())
    folded = _fold(shown)
    if not _LETTER.search(shown) or is_error_cell(shown) or folded in _PLACEHOLDERS:
        flaws = (("company-placeholder", "This is no company's name.", ""),) if shown else ()
        return Company("", "", "", flaws)
    words, forms = _without_forms(folded.split())
    return Company(shown, " ".join(words), " ".join(forms) or _native_form(shown), _misread(shown))


def _misread(shown: str) -> tuple[Flaw, ...]:
    """An issue when a figure stands for a letter, as scanners of business cards write it: `Supp1y`."""
    better = _FIGURE.sub(lambda found: found[0].translate(_LETTERS), shown)
    return (("name-misread", "A figure stands where a letter should be.", better),) if better != shown else ()


def clean_column(column: pa.Array) -> Cleaned:
    """`clean_one` for a column: names of plain words with at most one plain legal form at the end by Arrow (`Acme,
    Inc.` too), the others one by one; a property test holds the two equal."""
    encoded = plain(column).dictionary_encode()
    texts = encoded.dictionary
    folded = pc.replace_substring_regex(pc.replace_substring(pc.ascii_lower(texts), " & ", " and "), "[.,]", "")
    rest = pc.replace_substring_regex(folded, " [^ ]*$", "")
    last = pc.replace_substring_regex(folded, "^.* ", "")
    before = pc.replace_substring_regex(rest, "^.* ", "")
    formed = pc.and_(pc.is_in(last, value_set=_SINGLE_FORMS), pc.not_equal(rest, folded))
    ready = {"company": texts, "key": pc.if_else(formed, rest, folded), "legal_form": pc.if_else(formed, last, "")}
    odd = pc.or_(pc.is_in(pc.if_else(formed, before, last), value_set=_IN_FORMS), _is_irregular(texts, folded))
    judged = clean_distinct([pc.filter(texts, odd)], clean_one, Company)
    return spread(with_judged(ready, odd, judged), encoded.indices, texts)


def _is_irregular(texts: pa.Array, folded: pa.Array) -> pa.Array:
    """Which texts are not of plain words, or stand for nothing, or begin with a legal form."""
    regular = pc.match_substring_regex(texts, "^[A-Za-z]+(?:(?: | & )[A-Za-z]+)*(?:, [A-Za-z]+)?\\.?$")
    first = pc.replace_substring_regex(folded, " .*$", "")
    other_and = pc.match_substring_regex(folded, r"\b(?:und|et|och|og|y)\b")
    return pc.or_(pc.or_(pc.invert(regular), other_and),
                  pc.or_(pc.is_in(first, value_set=_LEADING), pc.is_in(folded, value_set=_FILLERS)))


_SINGLE_FORMS = pa.array(sorted(form for form in FORMS if " " not in form), pa.string())
_IN_FORMS = pa.array(sorted({word for form in FORMS for word in form.split()} | {"and"}), pa.string())
_LEADING = pa.array(sorted(_WORDS["leading"]), pa.string())
_FILLERS = pa.array(sorted(_PLACEHOLDERS), pa.string())


def looks_like_company(text: str) -> bool:
    """Whether `text` is a company's name rather than a person's: it has a legal form or a word of business."""
    if _native_form(text):
        return True
    words = _fold(text).split()
    return _has_form(words, text) or not _WORDS["word"].isdisjoint(words[1:])


def has_legal_form(text: str) -> bool:
    """Whether `text` ends in a legal form that is no surname; forms that are (Sas, Ag) count in capitals alone."""
    return _has_form(_fold(text).split(), text)


def _has_form(words: list[str], text: str) -> bool:
    if len(words) < 2 or (words[-1] not in _WORDS["strong"] and not _ends_in_form(words)):
        return bool(_native_form(text))
    return words[-1] not in _WORDS["form-or-surname"] or (text.split()[-1].isupper() and not text.isupper())


def _ends_in_form(words: list[str]) -> bool:
    return any(" ".join(words[-size:]) in FORMS for size in range(2, min(_LONGEST, len(words) - 1) + 1))


def _fold(text: str) -> str:
    """Folded, with one word for 'and', without native legal forms, and S.A. as one word."""
    text = text if text.isascii() else _NATIVE.sub(" ", text)
    return fold(_AND.sub(" and ", text).replace(".", "" if _is_dotted(text) else " "))


def _is_dotted(text: str) -> bool:
    """Whether full stops stand in abbreviations (S.r.l., Co.) and not in a web address."""
    return "www." not in text


def _without_forms(words: list[str]) -> tuple[list[str], list[str]]:
    """The words of a name and its legal forms, which stand at the end or, in some countries, in front."""
    forms: list[str] = []
    while (size := _form_size(words)) > 0:
        forms, words = words[-size:] + forms, words[:-size]
    if len(words) > 1 and words[0] in _WORDS["leading"]:
        forms, words = [words[0], *forms], words[1:]
    while len(words) > 1 and words[-1] == "and":
        words = words[:-1]
    return words, forms


def _form_size(words: list[str]) -> int:
    """How many words at the end are a legal form, leaving at least one; 0 when none."""
    for size in range(min(_LONGEST, len(words) - 1), 0, -1):
        if " ".join(words[-size:]) in FORMS:
            return size
    return 0


def _native_form(text: str) -> str:
    """The legal form in letters of its own country, which are never ASCII; '' for none."""
    found = None if text.isascii() else _NATIVE.search(text)
    return found[0] if found else ""
