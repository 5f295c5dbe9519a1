"""Names that show in an e-mail address, for contacts whose own name is missing in whole or in part.

"e.armstrong16@…" of a contact without a name is an E Armstrong; with the given name Eva it gives the family name. It is
used to compare only, never shown, and never for role mailboxes.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_SEPARATORS = re.compile(r"[._\-]+")


def completed(contacts: pa.Table, emails: pa.Table) -> tuple[pa.Array, pa.Array]:
    """The columns given_key and family_key, empty cells filled from the first e-mail where it shows a name."""
    given, family = (_one(contacts[name]) for name in ("given_key", "family_key"))
    lacking = pc.or_(pc.equal(given, ""), pc.equal(family, "")).to_numpy(zero_copy_only=False)
    lacking &= pc.equal(contacts["kind"], "person").to_numpy(zero_copy_only=False)
    owners = emails["contact"].to_numpy()
    usable = pc.is_in(emails["quality"], pa.array(["ok", "disposable"])).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(lacking[owners] & usable & (emails["slot"].to_numpy() == 0)) if len(owners) else owners
    if not len(rows):
        return given, family
    givens, families = _frequent(given), _frequent(family)
    first, last = (column.to_numpy(zero_copy_only=False).copy() for column in (given, family))
    for row, key in zip(rows, emails["email_key"].take(pa.array(rows)).to_pylist(), strict=True):
        owner = owners[row]
        first[owner], last[owner] = name_in(key, first[owner], last[owner], givens, families)
    return pa.array(first, pa.string()), pa.array(last, pa.string())


def _one(column: Any) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _frequent(column: pa.Array) -> frozenset[str]:
    """Words that occur as this part of a name, longer than two letters."""
    return frozenset(word for word in pc.unique(column).to_pylist() if len(word) > 2)


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
