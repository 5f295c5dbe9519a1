"""What the comparisons know of the distinct values of a list: worked out once, and kept with its features."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.codes import NONE, Codes, Values, WordLists, encode
from listmerge.stages.features import Features
from listmerge.stages.levels import crossed, halves, rarity
from listmerge.stages.levels.texts import NUMBERS, WORDS, Texts, texts_of
from listmerge.stages.levels.words import Words, words_of

#: Numbers of fewer digits may end alike by chance.
ENDING: Final = 7


def kept(found: Features, name: str, make: Callable[[], Any]) -> Any:
    """What `make` gives, made once: of several threads that ask for it one makes it, the others wait."""
    with found.looks.setdefault(f"lock of {name}", Lock()):
        if name not in found.looks:
            found.looks[name] = make()
    return found.looks[name]


def both(found: Features, column: str, left: Codes, right: Codes) -> tuple[Any, Codes, Codes]:
    """Every value of the left with every value of the right, of a column of Features: (pair number, code, code)."""
    only = kept(found, f"only {column}", lambda: _only(getattr(found, column)))
    if only is not None:
        one, other = only[left], only[right]
        pair = np.flatnonzero((one >= 0) & (other >= 0))
        return pair, one[pair], other[pair]
    values: Values = getattr(found, column)
    pair, at, other_at = crossed(values, left, right)
    return pair, values.codes[at], values.codes[other_at]


def _only(values: Values) -> Codes | None:
    """The one value of each contact, NONE where it has none; None where some have several."""
    many = np.diff(values.offsets)
    if many.max(initial=0) > 1:
        return None
    only = np.full(len(many), NONE, np.int32)
    only[many == 1] = values.codes
    return only


def words(found: Features) -> Words:
    """The words of names."""
    made: Words = kept(found, "words", lambda: words_of(found.words, found.middles))
    return made


def texts(found: Features, column: str) -> Texts:
    """The texts of a column of Features, with their letters."""
    made: Texts = kept(found, column, lambda: texts_of(getattr(found, column), WORDS))
    return made


def company_texts(found: Features) -> Texts:
    """Companies without blanks, and words of domains."""
    made: Texts = kept(found, "work.texts", lambda: texts_of(found.work.texts, WORDS))
    return made


def numbers(found: Features) -> Texts:
    """The phone numbers, with their digits."""
    made: Texts = kept(found, "phones.texts", lambda: texts_of(found.phones.texts, NUMBERS))
    return made


def bare_numbers(found: Features) -> pa.Array:
    """The phone numbers without the sign and the zeros that they begin with."""
    return kept(found, "bare numbers", lambda: pc.utf8_ltrim(found.phones.texts, "+0"))


def endings(found: Features) -> Codes:
    """The last ENDING characters of each bare number; NONE where it is shorter."""
    return kept(found, "endings", lambda: _endings(bare_numbers(found)))


def _endings(bare: pa.Array) -> Codes:
    codes, _ = encode(pc.utf8_slice_codeunits(bare, -ENDING))
    return np.where(pc.utf8_length(bare).to_numpy() >= ENDING, codes, NONE)


def rarities(found: Features, column: str, usual: float) -> Any:
    """The rarity of each value of a column of Features (its people, or Values), as it stands in an outcome; one more
    at the end, for NONE."""
    def made() -> Any:
        values = getattr(found, column)
        return halves(rarity(values.people if isinstance(values, Values) else values, found.names, usual))
    return kept(found, f"rarity of {column}", made)


def weights(found: Features, column: str) -> Any:
    """Bits of all words of each text of a column of WordLists."""
    def made() -> Any:
        lists: WordLists = getattr(found, column)
        return lists.weight_of(np.arange(len(lists.values.offsets) - 1))
    return kept(found, f"weights of {column}", made)


def word_bits(found: Features, column: str) -> Any:
    """64 bits for the words of each text of a column of WordLists: two that share a word share a bit."""
    return kept(found, f"bits of {column}", lambda: _word_bits(getattr(found, column)))


def _word_bits(lists: WordLists) -> Any:
    offsets, codes = lists.values.offsets, lists.values.codes
    bits = np.zeros(len(offsets) - 1, np.uint64)
    np.bitwise_or.at(bits, lists.values.owners(), np.left_shift(np.uint64(1), (codes % 64).astype(np.uint64)))
    return bits


#: What the comparison of many pairs needs for certain and takes long to make, the longest first.
READY: Final[tuple[Callable[[Features], Any], ...]] = (
    words, lambda found: texts(found, "local_texts"), numbers, lambda found: texts(found, "street_texts"), endings,
    lambda found: word_bits(found, "street_words"), lambda found: weights(found, "street_words"), company_texts,
    lambda found: texts(found, "postal_texts"), lambda found: texts(found, "domain_texts"),
)


def made_ready(found: Features, cores: int) -> None:
    """Makes what all pairs will ask for, some at a time, lest the first pairs wait for one another."""
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(lambda make: make(found), READY))
