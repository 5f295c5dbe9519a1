"""Which code page a text is in: one for the whole file, never mixed.

A byte order mark decides; else UTF-16 by its pattern of zero bytes; else strict UTF-8; else the single-byte or East
Asian code page in which the words that are not ASCII look most like words. That choice is a guess and always an issue
that shows words to check it by. ISO-8859-1 is read as cp1252, as browsers do (https://encoding.spec.whatwg.org/), and
bytes that a single-byte code page leaves open are the control characters of that number, so that none is lost.

Where parts of a file are UTF-8 and others are not, no page is right for all of it. The words that are no UTF-8 choose
one; the others are wrong, which is said, and what they were can be told from them.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from listmerge.engine import spool
from listmerge.errors import InputError, OptionError
from listmerge.importers.source import Data
from listmerge.model import Issue

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Code pages that are tried, the likelier first: of equally good ones the first is taken.
CODE_PAGES: Final = (
    "cp1252",
    "cp1250",
    "cp850",
    "cp852",
    "mac_roman",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp932",
    "gb18030",
    "big5",
    "cp949",
    "euc_jp",
    "cp866",
    "cp437",
)
EAST_ASIAN: Final = frozenset({"cp932", "gb18030", "big5", "cp949", "euc_jp"})
MOST_WORDS: Final = 2_000       # that are looked at of a file
_WORD = re.compile(rb"[A-Za-z\x80-\xff'\x40\\^_`{|}~\[\]]*[\x80-\xff][A-Za-z\x80-\xff'\x40\\^_`{|}~\[\]]*")


@dataclass(frozen=True, slots=True)
class Charset:
    """The code page of a file, how many bytes its mark takes, what is to be said about it, and whether parts of the
    file are UTF-8 that was read with that page."""

    encoding: str
    skip: int = 0
    issues: tuple[Issue, ...] = ()
    mixed: bool = False

    @property
    def facts(self) -> dict[str, str]:
        """The same in words for people."""
        return {"encoding": self.encoding} | ({"mixed_with": "utf-8"} if self.mixed else {})


def find(data: Data, name: str, given: str = "") -> Charset:
    """The code page of `data`, or `given` where the file can be read with it.

    Raises InputError `encoding` when it cannot, OptionError when there is no such code page.
    """
    if given:
        return _given(data, name, given)
    for mark, encoding in MARKS:
        if data[: len(mark)] == mark:
            return _strict(data, name, Charset(encoding, len(mark)))
    wide = _wide(bytes(data[:4096]))
    if wide:
        return _strict(data, name, Charset(wide))
    return Charset("utf-8") if fits(data, "utf-8") else guess(data, name)


def decode(data: Data, charset: Charset) -> str:
    """All of `data` as text; what does not fit (which `find` has reported) becomes U+FFFD."""
    return bytes(data[charset.skip :]).decode(charset.encoding, LENIENT)


def _open_bytes(error: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that mean nothing: in a single-byte code page the control characters of their numbers, as
    browsers have them, else U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    found = error.object[error.start : error.end]
    return (found.decode("latin-1") if error.encoding == "charmap" else "\ufffd"), error.end


#: How errors of decoding are dealt with where a text must be had whatever it holds.
LENIENT: Final = "listmerge-lenient"
codecs.register_error(LENIENT, _open_bytes)


def fits(data: Data, encoding: str, skip: int = 0) -> bool:
    """Whether all of `data` is valid in `encoding`, looked at piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in spool.pieces(data, skip):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _given(data: Data, name: str, given: str) -> Charset:
    try:
        encoding = codecs.lookup(given).name
    except LookupError as error:
        raise OptionError(
            "unknown-encoding",
            f"There is no encoding '{given}'.",
            where="--encoding",
            hint="try utf-8, cp1252, cp1250, utf-16 or shift_jis.",
        ) from error
    encoding = {"utf-8-sig": "utf-8", "iso8859-1": "cp1252"}.get(encoding, encoding)
    for mark, marked in MARKS:
        if data[: len(mark)] == mark and (marked == encoding or marked.startswith(f"{encoding}-")):
            encoding, skip = marked, len(mark)
            break
    else:
        skip = 0
        encoding = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding)
    if not fits(data, encoding, skip) or _nonsense(data, encoding, skip):
        raise InputError(
            "encoding",
            f"{name} is not in {given}: some of its bytes mean nothing there.",
            where=name,
            hint="leave --encoding out and let listmerge find it.",
        )
    return Charset(encoding, skip)


def _nonsense(data: Data, encoding: str, skip: int) -> bool:
    """Whether text that was read with a code page of two or more bytes a letter has no line end and no ASCII."""
    if not encoding.startswith(("utf-16", "utf-32")):
        return False
    head = data[skip : skip + 65536].decode(encoding, "replace")
    return sum(letter < "\x80" for letter in head) * 50 < len(head)


def _strict(data: Data, name: str, charset: Charset) -> Charset:
    """`charset`, with an issue when some bytes do not fit the mark that the file carries."""
    if fits(data, charset.encoding, charset.skip):
        return charset
    message = f"The file says that it is {charset.encoding}, but some of its bytes are not; they became U+FFFD."
    return Charset(charset.encoding, charset.skip, (Issue("encoding-broken", message, source_file=name),))


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every second byte of the text is mostly zero."""
    even, odd = head[0::2], head[1::2]
    if len(odd) < 4:
        return ""
    zeros_even, zeros_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zeros_odd > 0.4 and zeros_even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if zeros_even > 0.4 and zeros_odd < 0.05 else ""


def guess(data: Data, name: str) -> Charset:
    """The code page in which the words that are not ASCII look most like words, as an issue with three of them."""
    words, unicode = _foreign_words(data)
    ranked = sorted(
        (-_likeness(words, page), order, page) for order, page in enumerate(CODE_PAGES) if _decodes(words, page)
    )
    strict = EAST_ASIAN if unicode else frozenset(CODE_PAGES)       # in these all of the file must have a meaning
    page = next((page for _, _, page in ranked if page not in strict or fits(data, page)), "cp1252")
    shown = sorted({word.decode(page, "replace").strip("'@\\^_`{|}~[]") for word in words}, key=lambda w: (-len(w), w))[
        :3
    ]
    message = f"The file does not say its code page; {page} was taken. Check these words: {', '.join(shown)}."
    issues = [Issue("encoding-guessed", message, value=page, source_file=name, suggestion="--encoding")]
    spoiled = _spoiled(unicode, page)
    if spoiled:
        read, meant = spoiled[0]
        message = (f"Parts of the file are UTF-8 and others are not. All of it was read as {page}, so that some words "
                   f"are wrong, such as {read} for {meant}.")
        issues.append(Issue("encoding-mixed", message, value=page, source_file=name,
                            suggestion="export it again as UTF-8, or give the parts as files of their own"))
    return Charset(page, 0, tuple(issues), mixed=bool(spoiled))


def _spoiled(unicode: list[bytes], page: str) -> list[tuple[str, str]]:
    """Words of UTF-8 as they are read with that page, and as they are meant, where these look more like words."""
    pairs = [(word.decode(page, LENIENT), word.decode()) for word in unicode]
    return [(read, meant) for read, meant in pairs if _word_likeness(meant, "") > _word_likeness(read, page)]


def _foreign_words(data: Data) -> tuple[list[bytes], list[bytes]]:
    """Up to 2,000 different words with bytes beyond ASCII, in the order of the file: those that are no UTF-8, and those
    that are."""
    words: dict[bytes, None] = {}
    unicode: dict[bytes, None] = {}
    for match in _WORD.finditer(data):
        word = match.group()
        if _is_unicode(word):
            if len(unicode) < MOST_WORDS:
                unicode.setdefault(word)
        else:
            words.setdefault(word[:60])
            if len(words) == MOST_WORDS:
                break
    return list(words), list(unicode)


def _is_unicode(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decodes(words: list[bytes], page: str) -> bool:
    try:
        for word in words:
            if len(word) < 60:  # a longer one may have been cut inside a letter
                word.decode(page)
    except UnicodeDecodeError:
        return False
    return True


def _likeness(words: list[bytes], page: str) -> float:
    """How much the words look like words, from 0 to 1, when read in `page`; names are Capitalised where they can be."""
    texts = [word.decode(page, "ignore") for word in words]
    cased = [text for text in texts if text[:1] > "\x7f" and text[0].isupper() != text[0].islower()]
    named = 1.0 if not cased or any(text[0].isupper() and text != text.upper() for text in cased) else 0.9
    return named * sum(_word_likeness(text, page) for text in texts) / max(len(words), 1)


def _word_likeness(word: str, page: str) -> float:
    foreign = [letter for letter in word if letter > "\x7f"]
    if not foreign:
        return 0.0
    if page in EAST_ASIAN:
        return 1.05 * sum(map(_common_east_asian, foreign)) / len(foreign) * (len(foreign) == len(word) or 0.6)
    if not all(unicodedata.category(letter)[0] == "L" for letter in foreign):
        return 0.1 if any(unicodedata.category(letter) in ("So", "Cc", "Sm", "Sk", "Lm") for letter in foreign) else 0.4
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in word if letter.isalpha()}
    return (1.0 if len(scripts) == 1 else 0.2) * _case_likeness(word) * _rarity(foreign)


def _case_likeness(word: str) -> float:
    """Words are lower, Capitalised or UPPER; a capital after a small letter is rare."""
    broken = sum(a.islower() and b.isupper() for a, b in pairwise(word))
    return 0.3 if broken else 1.0


def _rarity(foreign: list[str]) -> float:
    """Letters of the great European languages are likelier than the rest of their code page."""
    common = sum(letter.lower() in _COMMON or letter > "\u0370" for letter in foreign)
    return 0.7 + 0.3 * common / len(foreign)


_COMMON: Final = frozenset("àáâãäåæçèéêëíîïñòóôöõøùúûüßœšžąćęłńóśźżčěřůýďťňőűăâîșțğışđ")


def _common_east_asian(letter: str) -> bool:
    return (
        "\u3040" <= letter <= "\u30ff"
        or "\u4e00" <= letter <= "\u9fa5"
        or "\uac00" <= letter <= "\ud7a3"
        or letter in "、。々ー・「」（）　"
        or "\uff01" <= letter <= "\uff5e"
    )
