"""Names that show in an e-mail address, for contacts whose own name is missing in whole or in part.

"e.armstrong16@…" of a contact without a name is an E Armstrong; with the given name Eva it gives the family name. It is
used to compare only, never shown, and never for role mailboxes.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.codes import Codes, coded_among, distinct, encode, texts_at

USABLE: Final = pa.array(["ok", "disposable"])
_SEPARATORS: Final = re.compile(r"[._\-]+")


def completed(
    given: Codes, family: Codes, words: pa.Array, person: Any, emails: pa.Table
) -> tuple[Codes, Codes, pa.Array]:
    """The codes of given and family names and their words; what is missing of a person is filled from the first e-mail
    where it shows a name."""
    lacking = ((given < 0) | (family < 0)) & person
    owners = emails["contact"].to_numpy()
    rows = np.flatnonzero(lacking[owners] & (emails["slot"].to_numpy() == 0))
    rows = rows[pc.is_in(emails["quality"].take(pa.array(rows)), USABLE).to_numpy(zero_copy_only=False)]
    if not len(rows):
        return given, family, words
    givens, families = _frequent(given, words), _frequent(family, words)
    columns = [texts_at(words, codes[owners[rows]]) for codes in (given, family)]
    people = zip(emails["email_key"].take(pa.array(rows)).to_pylist(), *(column.to_pylist() for column in columns),
                 strict=True)
    names = [name_in(email, first, last, givens, families) for email, first, last in people]
    codes, words = coded_among(words, *encode(pa.array([name for both in names for name in both], pa.string())))
    given, family = given.copy(), family.copy()
    given[owners[rows]], family[owners[rows]] = codes[::2], codes[1::2]
    return given, family, words


def _frequent(codes: Codes, words: pa.Array) -> frozenset[str]:
    """Words that occur as this part of a name, longer than two letters."""
    used = texts_at(words, distinct(codes[codes >= 0]))
    return frozenset(used.filter(pc.greater(pc.utf8_length(used), 2)).to_pylist())


def name_in(email: str, given: str, family: str, givens: frozenset[str], families: frozenset[str]) -> tuple[str, str]:
    """(given, family) with what is missing taken from the address, as far as the rest of it fits."""
    local = "".join(letter for letter in email.partition("@")[0].partition("+")[0] if not letter.isdigit())
    for first, last in _readings(local, givens, families):
        if (not given or _fits(given, first)) and (not family or family == last):
            return given or first, family or last
    return given, family


def _fits(given: str, shown: str) -> bool:
    return given == shown or (len(shown) == 1 and given[0] == shown)


def _readings(local: str, givens: frozenset[str], families: frozenset[str]) -> list[tuple[str, str]]:
    """What names the text before the @ may be, the likeliest first."""
    words = [word for word in _SEPARATORS.split(local) if word]
    if len(words) == 2:
        if words[1] in givens and words[1] not in families and (words[0] in families or len(words[0]) > 2):
            words.reverse()
        return [(words[0], words[1])] if len(words[1]) > 2 else []
    if len(words) != 1:
        return []
    word = words[0]
    whole = [(word[:at], word[at:]) for at in range(3, len(word) - 2) if word[:at] in givens and word[at:] in families]
    return whole + ([(word[0], word[1:])] if word[1:] in families and len(word) > 4 else [])
