"""Addresses that a scanner misread: a figure stands for a letter of the row's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.text import FLAWS
from listmerge.stages.clean.flaws import Found
from listmerge.stages.clean.points import Points

_SUSPECT: Final = r"^[^@]*[a-z][01][a-z]"
_LETTERS: Final = str.maketrans("01", "ol")
_SHORTEST: Final = 4        # letters of a surname that prove something


def misread_emails(emails: Points, family_keys: pa.Array) -> Iterator[Found]:
    """Issues `email-misread`: with letters for its figures the local part holds the surname of its row, and else not.

    `family_keys` are the folded surnames of all rows. Reading is not changed: the address may be right.
    """
    keys = emails.table.column("email_key")
    suspect = np.flatnonzero(np.asarray(pc.match_substring_regex(keys, _SUSPECT), dtype=bool))
    for place in suspect:
        row = int(emails.row[place])
        key, family = keys[int(place)].as_py(), re.sub("[^a-z]", "", family_keys[row].as_py())
        local, _, domain = key.partition("@")
        better = local.translate(_LETTERS)
        if len(family) >= _SHORTEST and family in better and family not in local:
            flaw = {"position": 0, "field": "email", "code": "email-misread", "value": key,
                    "message": "A figure stands where the name has a letter.", "suggestion": f"{better}@{domain}"}
            value = emails.values[int(emails.value[place])]
            yield Found(value, np.array([row]), pa.Table.from_pylist([flaw], schema=FLAWS))
