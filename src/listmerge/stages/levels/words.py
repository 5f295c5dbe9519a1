"""What is known of the words that names are made of, by code: letters, initials, digits, parts, short forms."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.name_words import PARTICLES
from listmerge.fields.nicknames import name_sets
from listmerge.stages.codes import NONE, Codes, encode
from listmerge.stages.levels import crossed
from listmerge.stages.levels.texts import Texts, texts_of
from listmerge.stages.mailboxes import digits_of

#: Parts of two texts are crossed up to so many.
MANY: Final = 100
#: Shorter parts of a family name name nobody.
TELLING: Final = 3


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts between blanks: `codes[offsets[w]:offsets[w + 1]]` are those of text w; `telling`, by part, are those
    that name somebody: longer than two letters, and no "van der"."""

    offsets: Any
    codes: Codes
    telling: Any

    def of(self, text: int) -> Codes:
        """The parts of one text."""
        return self.codes[self.offsets[text]:self.offsets[text + 1]]

    def too_many(self, one: Codes, other: Codes) -> Any:
        """Where it would take much room to cross all parts of both: texts that are hardly names."""
        many = np.diff(self.offsets)
        return many[one] * many[other] > MANY


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct words of given and family names. `parts` are of these and, after them, of the middle names."""

    spelled: Texts
    core: Texts             # without particles: "van der berg" and "van der meer" are not alike
    initial: Codes          # of the first letter
    digits: Codes           # of all digits in it, NONE where there is none
    spaced: Any             # more parts than one
    parts: Parts
    named: Codes            # number of a name that has other forms, else NONE
    forms: Any              # bool matrix of these: one person may go by both
    letter: Any             # of the words that are one letter of the alphabet: its place in it, else NONE
    letters: Any            # bool matrix: a name that has other forms, letters that one of them begins with

    def numbered_apart(self, one: Codes, other: Codes) -> Any:
        """Whether both have digits, and others."""
        mine, others = self.digits[one], self.digits[other]
        return (mine != others) & (mine >= 0) & (others >= 0)

    def same_first_part(self, one: Codes, other: Codes) -> Any:
        """Whether both begin with the same part."""
        codes, offsets = self.parts.codes, self.parts.offsets
        return codes[offsets[one]] == codes[offsets[other]]

    def shared_part(self, one: Codes, other: Codes) -> Any:
        """Whether a telling part is in both."""
        parts = self.parts
        shared = parts.too_many(one, other)
        few, many = np.flatnonzero(~shared), np.flatnonzero(shared)
        pair, at, other_at = crossed(parts, one[few], other[few])
        mine = parts.codes[at]
        shared[few[pair[(mine == parts.codes[other_at]) & parts.telling[mine]]]] = True
        for row in many.tolist():
            both = np.intersect1d(parts.of(one[row]), parts.of(other[row]))
            shared[row] = bool(parts.telling[both].any())
        return shared

    def one_name(self, one: Codes, other: Codes) -> Any:
        """`same_given_name` of words that differ."""
        mine, others = self.named[one], self.named[other]
        known = np.flatnonzero((mine >= 0) & (others >= 0))
        same = np.zeros(len(one), bool)
        same[known] = self.forms[mine[known], others[known]]
        return same


    def initial_of_form(self, one: Codes, other: Codes) -> Any:
        """Whether one is a letter, and the other has another form that begins with it: T and Anthony, who is Tony."""
        found = np.zeros(len(one), bool)
        for short, long in ((one, other), (other, one)):
            known = np.flatnonzero((self.letter[short] >= 0) & (self.named[long] >= 0))
            found[known] |= self.letters[self.named[long[known]], self.letter[short[known]]]
        return found


def words_of(texts: pa.Array, middles: pa.Array) -> Words:
    """What is known of `texts`, and the parts of `middles`."""
    parts = parts_of(pa.concat_arrays([texts, middles]))
    named, forms, letters = _forms(texts)
    return Words(
        texts_of(texts), texts_of(cores(texts)), encode(pc.utf8_slice_codeunits(texts, 0, 1))[0],
        encode(digits_of(texts))[0], np.diff(parts.offsets)[:len(texts)] > 1, parts,
        named, forms, _letter(texts), letters)


def parts_of(texts: pa.Array) -> Parts:
    """The parts of each text."""
    split = pc.split_pattern(texts, " ")
    codes, different = encode(split.flatten())
    mere = pc.or_(pc.less(pc.utf8_length(different), TELLING), pc.is_in(different, pa.array(sorted(PARTICLES))))
    telling = np.append(~mere.to_numpy(zero_copy_only=False), False)
    return Parts(split.offsets.to_numpy().astype(np.int64), codes, telling)


def cores(texts: pa.Array) -> pa.Array:
    """Names without particles, or whole where they have nothing else."""
    spaced = pc.match_substring(texts, " ")
    return pc.replace_with_mask(texts, spaced, pa.array(map(core, texts.filter(spaced).to_pylist()), pa.string()))


def core(text: str) -> str:
    """A name without its particles, or whole where it has nothing else."""
    return " ".join(part for part in text.split() if part not in PARTICLES) or text


def is_telling(part: str) -> bool:
    """Whether a part of a family name names somebody: "berg" does, "van", "der" and "b" do not."""
    return len(part) >= TELLING and part not in PARTICLES


def _forms(words: pa.Array) -> tuple[Codes, Any, Any]:
    """Number of each word among the names with other forms that are in the list (else NONE), which go together, and
    which letters their forms begin with."""
    sets = [sorted(names) for names in name_sets()]
    number = np.repeat(np.arange(len(sets)), [len(names) for names in sets])
    names = pa.array([name for names in sets for name in names], pa.string())
    initials = np.zeros((len(sets), len(ascii_lowercase) + 1), np.float32)
    initials[number, _letter(pc.utf8_slice_codeunits(names, 0, 1))] = 1
    return _numbered(pc.index_in(names, words).fill_null(NONE).to_numpy(), number, len(words), initials[:, :NONE])


def _letter(texts: pa.Array) -> Codes:
    """The place in the alphabet of each text that is one letter of it, NONE of others."""
    return pc.index_in(texts, pa.array(list(ascii_lowercase))).fill_null(NONE).to_numpy()


def _numbered(word: Any, number: Any, words: int, initials: Any) -> tuple[Codes, Any, Any]:
    """As `_forms`, from (word, number of the set) and the letters of each set."""
    word, number = word[word >= 0], number[word >= 0]
    distinct, inverse = np.unique(word, return_inverse=True)
    named = np.full(words, NONE, np.int32)
    named[distinct] = np.arange(len(distinct))
    member = np.zeros((len(distinct), len(initials)), np.float32)
    member[inverse, number] = 1
    return named, member @ member.T > 0, member @ initials > 0
