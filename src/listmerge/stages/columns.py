"""The columns that blocking keys are made of: for each contact the code of its value, or of several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.text import bytes_of
from listmerge.stages.codes import NONE, Codes, Values, combine, encode, recode
from listmerge.stages.features import Features

#: Last digits of a number by which it meets the same one without country code or trunk zero.
_SUBSCRIBER: Final = 8
#: Bytes of text that are added up at a time: no more than stays near the processor.
_AT_ONCE: Final = 400_000


@dataclass(frozen=True, slots=True)
class Column:
    """`codes` per contact, below `size`, NONE where there is none; where contacts have several, those of contact c are
    `codes[offsets[c]:offsets[c + 1]]`."""

    codes: Codes
    size: int
    offsets: Any = None

    def shared(self, one: int, other: int) -> bool:
        """Whether two contacts have a value in common."""
        return not (self._of(one) - {NONE}).isdisjoint(self._of(other))

    def _of(self, contact: int) -> set[int]:
        start, end = (contact, contact + 1) if self.offsets is None else self.offsets[contact:contact + 2]
        return set(self.codes[start:end].tolist())


def _single(codes: Codes) -> Column:
    return Column(codes, int(codes.max(initial=NONE)) + 1)


def _several(values: Values, codes: Codes) -> Column:
    """A column of `codes`, one for each of the values; as one value a contact where none has more."""
    size = int(codes.max(initial=NONE)) + 1
    many = np.diff(values.offsets)
    if many.max(initial=0) > 1:
        return Column(codes, size, values.offsets)
    single = np.full(len(many), NONE, np.int32)
    single[many > 0] = codes
    return Column(single, size)


def _starts(texts: pa.Array, length: int) -> Codes:
    """For each text the code of its first letters, and NONE for NONE."""
    return _coded(pc.utf8_slice_codeunits(texts, 0, length))


def _ends(texts: pa.Array, length: int) -> Codes:
    """For each text the code of its last letters, and NONE for NONE."""
    return _coded(pc.utf8_slice_codeunits(texts, -length))


def _coded(texts: pa.Array) -> Codes:
    return np.append(encode(texts)[0], np.int32(NONE))


def _letters(texts: pa.Array) -> Codes:
    """For each text the code of its letters, whatever their order, and NONE for NONE: letters that changed places."""
    return np.append(recode(letter_sums(texts))[0], np.int32(NONE))


def _of_address(found: Features, codes: Codes) -> Column:
    return _several(found.addresses, codes[found.addresses.codes])


def _swapped(found: Features) -> Column:
    """The two names in either order."""
    first, second = np.minimum(found.root, found.family), np.maximum(found.root, found.family)
    return _single(recode(combine(first, second))[0])


def _mere_names(found: Features) -> Any:
    """Texts before the @ that are no more than a given or family name, and False for NONE."""
    mere = pc.is_in(found.local_texts, found.words).to_numpy(zero_copy_only=False)
    return np.append(mere, False)[found.local_parts]


#: Name of a column -> what it is made of. Codes of one column are comparable with one another only.
COLUMNS: Final[dict[str, Callable[[Features], Column]]] = {
    "root": lambda f: _single(f.root),
    "family": lambda f: _single(f.family),
    "initial": lambda f: _single(_starts(f.words, 1)[f.given]),
    "family-initial": lambda f: _single(_starts(f.words, 1)[f.family]),
    "family-start": lambda f: _single(_starts(f.words, 3)[f.family]),
    "swapped": _swapped,
    "birthday": lambda f: _single(f.birthday),
    "birth-month": lambda f: _single(_starts(f.birthdays, 7)[f.birthday]),
    "birth-day": lambda f: _single(_ends(f.birthdays, 5)[f.birthday]),
    "family-letters": lambda f: _single(_letters(f.words)[f.family]),
    "company": lambda f: _single(f.company),
    "company-start": lambda f: _single(_starts(f.companies, 4)[f.company]),
    "email": lambda f: _several(f.emails, f.emails.codes),
    "email-letters": lambda f: _several(f.emails, _letters(f.emails.texts)[f.emails.codes]),
    "domain": lambda f: _several(f.emails, f.domains[f.emails.codes]),
    "local": lambda f: _several(f.emails, np.where(f.role | _mere_names(f), NONE, f.local_parts)[f.emails.codes]),
    "local-start": lambda f: _several(f.emails, _starts(f.emails.texts, 4)[f.emails.codes]),
    "phone": lambda f: _several(f.phones, _ends(f.phones.texts, _SUBSCRIBER)[f.phones.codes]),
    "phone-end": lambda f: _several(f.phones, _ends(f.phones.texts, 4)[f.phones.codes]),
    "identifier": lambda f: _several(f.identifiers, f.identifiers.codes),
    "work": lambda f: _several(f.work, f.work.codes),
    "street": lambda f: _of_address(f, f.streets),
    "street-start": lambda f: _of_address(f, _starts(f.street_texts, 4)[f.streets]),
    "number": lambda f: _of_address(f, f.numbers),
    "city": lambda f: _of_address(f, f.cities),
    "postal": lambda f: _of_address(f, f.postals),
}


def columns_of(found: Features) -> Callable[[str], Column]:
    """The columns by name, each made once, whichever thread asks for it first."""
    made: dict[str, Column] = {}
    locks = {name: Lock() for name in COLUMNS}

    def column(name: str) -> Column:
        with locks[name]:
            if name not in made:
                made[name] = COLUMNS[name](found)
            return made[name]

    return column


def letter_sums(texts: pa.Array) -> Any:
    """A number for the bytes of each text, whatever their order. Two texts of other letters have the same one by a
    chance of 2**-63; then they are compared in vain."""
    data, ends = bytes_of(texts)
    sums = np.empty(len(texts), np.int64)
    first = 0
    while first < len(texts):
        last = max(int(np.searchsorted(ends, ends[first] + _AT_ONCE, side="right")) - 1, first + 1)
        total = np.cumsum(_WORTH[data[ends[first]:ends[last]]], dtype=np.uint64)
        total = np.append(np.uint64(0), total)[ends[first:last + 1] - ends[first]]
        sums[first:last] = (total[1:] - total[:-1]) >> np.uint64(1)
        first = last
    return sums


def _mixed(numbers: Any) -> Any:
    """Numbers that look like chance (SplitMix64: Steele, Lea & Flood 2014)."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


_WORTH: Final = _mixed(np.arange(1, 257, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
