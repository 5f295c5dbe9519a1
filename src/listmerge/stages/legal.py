"""Legal forms of organisations: no part of a name, but two that differ make two organisations of one name."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import companies
from listmerge.stages.codes import NONE, Codes, encode

#: Ways to write one legal form -> the form. A form that is not here stands for itself.
SAME: Final[dict[str, str]] = {
    "limited": "ltd", "incorporated": "inc", "corp": "inc", "corporation": "inc", "co": "inc", "company": "inc",
    "aktiengesellschaft": "ag", "mbh": "gmbh", "ggmbh": "gmbh",
}


def legal_forms(contacts: pa.Table, organisation: Any) -> Codes:
    """The code of the legal form of each organisation, by the last word of its name as written; NONE without one."""
    found = np.full(contacts.num_rows, NONE, np.int32)
    rows = np.flatnonzero(organisation)
    if len(rows):
        written = pc.utf8_trim_whitespace(contacts["company"].take(pa.array(rows)))
        words, texts = encode(pc.replace_substring_regex(written, r"^.*\s", ""))
        forms = [companies.clean_one(f"Anyname {word}").legal_form for word in texts.to_pylist()]
        codes, _ = encode(pa.array([SAME.get(form, form) for form in forms], pa.string()))
        found[rows] = np.where(words >= 0, codes[words], NONE) if len(codes) else NONE
    return found
