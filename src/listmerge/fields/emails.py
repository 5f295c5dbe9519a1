"""E-mail addresses: the address to show, the key by which two are the same, and what kind of mailbox it is.

email-validator is the authority on what an address is. Ordinary ASCII addresses (most of every list) are judged by one
regular expression that says the same, which a property test holds.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import data, email_domains
from listmerge.fields.ids import unguard
from listmerge.fields.text import (
    Cleaned,
    Flaw,
    clean_distinct,
    distinct,
    lost_letters,
    plain,
    same_text,
    trim,
    with_judged,
)

_WORD = r"[A-Za-z0-9_+-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#: Addresses that email-validator takes as they are. A label with `--` in third place may be IDNA: not ordinary.
ORDINARY = rf"{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}"
_ORDINARY = re.compile(rf"(?=.{{6,254}}$)(?=[^@]{{1,64}}@)(?!.*[@.]..--){ORDINARY}")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,250}\.[^\s@<>()\[\],;:\".]{2,63}")
_ODD_SIGN = (("email-odd", "Question marks are hardly ever part of an address.", ""),)
_LOOSE = ("email-with-text", "Other words stand beside the address; a blank may be a slip.", "")
_LONGEST = 1000                           # characters
_PREFIX = re.compile(r"^(?:(?:mailto|smtp|e-?mail|internet)\s*:\s*)+", re.I)
_BRACKETED = re.compile(r"<\s*(?:mailto:|smtp:)?\s*([^<>\s]+@[^<>\s]+?)\s*>", re.I)
_MARKDOWN = re.compile(r"\[([^\[\]]*)\]\((?:mailto:)?([^()\s]*)\)", re.I)
_HTML = re.compile(r"<a\s[^<>]*?href=[\"']?mailto:([^\"'?<>\s]+)[^<>]*>[^<>]*</a>", re.I | re.S)
_X500 = re.compile(r"^(?:x500:|ex:)?/o=.*/cn=", re.I)
_NO_VALUE = re.compile(r"[\W_]*(?:n\s*/?\s*a|none|null|nil|no(?:\s*e?-?mail)?|unknown|kein[e]?|unbekannt|aucun|ninguno|"
                       r"nessuno|brak|onbekend|geen)?[\W_]*", re.I)
#: Written round the `@` and the dots against robots, or slipped by the typist; only for suggestions.
_SLIPS = ((re.compile(r"\s*[\[({<]\s*(?:at|ät)\s*[\])}>]\s*|\s+at\s+", re.I), "@"),
          (re.compile(r"\s*[\[({<]\s*(?:dot|punkt|point)\s*[\])}>]\s*|\s+dot\s+", re.I), "."),
          (re.compile(r"\s+|^\.+|\.+$"), ""), (re.compile(r"@{2,}"), "@"), (re.compile(r"\.{2,}"), "."),
          (re.compile(r","), "."), (re.compile(r"\.?@\.?"), "@"))


class Email(NamedTuple):
    """`email` to show, `key` to compare ('' when it is no address), `quality` of model.QUALITIES."""

    email: str
    key: str
    quality: str
    issues: tuple[Flaw, ...]


def clean_one(text: str) -> Email:
    """One address out of a cell, with its quality; of several the first (`split` gives all). '' comes back as ''."""
    if len(text) > _LONGEST:
        return Email(text, "", "invalid", (("email-invalid", "This is a text and no e-mail address.", ""),))
    shown = text if _ORDINARY.fullmatch(text) else _unwrap(text)
    if not shown:
        return Email("", "", "", ())
    found = _judge_ordinary(shown) if _ORDINARY.fullmatch(shown) else _ask_authority(shown)
    loose = shown != text and bool(found.key) and _loose_words(text)
    return found._replace(issues=(*found.issues, _LOOSE)) if loose else found


def clean_column(column: pa.Array) -> Cleaned:
    """`clean_one` for a column: Arrow finds the addresses that are surely in order, `clean_one` judges the rest."""
    column = plain(column)
    doubtful = pc.invert(_surely_ok(column))
    judged = clean_distinct([pc.filter(column, doubtful)], clean_one, Email)
    ready = {"email": column, "key": pc.ascii_lower(column), "quality": same_text("ok", len(column))}
    return with_judged(ready, doubtful, judged)


def _surely_ok(column: pa.Array) -> pa.Array:
    """Which addresses are ordinary, at a domain without a flaw, and neither of a role nor a placeholder."""
    ordinary = pc.and_(pc.match_substring_regex(column, f"^{ORDINARY}$"), pc.less_equal(pc.binary_length(column), 64))
    lower = pc.ascii_lower(pc.filter(column, ordinary))
    halves = pc.split_pattern(lower, "@").flatten()
    ends = pa.array(np.arange(0, 2 * len(lower), 2))
    local, domain = halves.take(ends), halves.take(pc.add(ends, 1))
    words = pa.array(sorted(data.words("role_words.txt") | data.words("placeholder_words.txt")))
    letters = pc.replace_substring_regex(local, "[^a-z]+", "")
    first = pc.struct_field(pc.extract_regex(local, "^[^a-z]*(?P<word>[a-z]*)"), "word")
    suspect = pc.or_(pc.is_in(letters, words), pc.is_in(first, words))
    name = distinct(domain, _name_unless_flawed)
    sure = pc.and_(pc.invert(suspect), pc.and_(pc.not_equal(name, ""), pc.not_equal(local, name)))
    return pc.replace_with_mask(ordinary, ordinary, sure)


def _name_unless_flawed(domain: str) -> str:
    """The first label of a domain, '' when its addresses need a closer look."""
    odd = email_domains.judged(domain)[0] != "ok" or ("--" in domain and re.search(r"(?:^|\.)..--", domain))
    return "" if odd else domain.partition(".")[0]


def split(text: str) -> list[str]:
    """The single addresses of a cell: parted by `;` or line ends, and by `,`, `/`, `|` or blanks where both sides look
    like addresses; without names, brackets, `mailto:`, Markdown and HTML. A piece without an address comes back as it
    is; an empty cell gives []."""
    text = _HTML.sub(r" \1 ", _MARKDOWN.sub(_prefer_address, trim(text)))
    pieces = [piece for part in re.split(r"[;\n]", text) for piece in _split_commas(part)]
    return list(dict.fromkeys(found for piece in pieces if (found := _unwrap(piece))))


def _prefer_address(link: re.Match[str]) -> str:
    return link[1] if "@" in link[1] else link[2]


def _split_commas(part: str) -> list[str]:
    """Parts at commas outside quotes and brackets when each has an address; else at blanks and slashes likewise."""
    if part.count("@") < 2:
        return [part]
    bracketed = _BRACKETED.findall(part)
    if bracketed and part.count("@") == len(bracketed):
        return bracketed
    bare = re.sub(r"\"[^\"]*\"", " ", part)          # what stands in quotes is a name
    for separator in (r",", r"[,|/\s]+"):
        pieces = [piece for piece in re.split(separator, bare) if piece.strip()]
        if len(pieces) > 1 and all(_ADDRESS.search(piece) for piece in pieces):
            return pieces
    return _ADDRESS.findall(part) or [part]


def _unwrap(text: str) -> str:
    """The bare address in `Name <a@b>`, `mailto:a@b?subject=…`, `'a@b'`, `a@b (Name)`."""
    text = trim(text)
    if _X500.match(text):
        return text
    if _HTML.search(text) or _MARKDOWN.search(text):
        text = _HTML.sub(r"\1", _MARKDOWN.sub(_prefer_address, text))
    bracketed = _BRACKETED.search(text)
    text = bracketed[1] if bracketed else text
    text = _PREFIX.sub("", unguard(text)).partition("?subject=")[0]
    text = re.sub(r"^[\s\"'<(\[,;:.]+|[\s\"'>)\],;:.]+$", "", re.sub(r"\s*\([^()@]*\)\s*$", "", text))
    inside = _ADDRESS.findall(text) if " " in text else []
    return str(inside[0]) if len(inside) == 1 and not re.search(r"\S\s+@|@\s", text) else text


def _judge_ordinary(shown: str) -> Email:
    local, _, domain = shown.rpartition("@")
    return _judge(shown, local, domain.lower())


def _loose_words(text: str) -> bool:
    """Whether words stand beside the address that are neither a name in front of brackets nor a comment."""
    bare = _PREFIX.sub("", trim(text))
    return " " in bare and "@" in bare and not any(sign in bare for sign in "<([\"\n") and bool(
        re.search(r"[^\W\d_]", _ADDRESS.sub("", bare)))


def _ask_authority(shown: str) -> Email:
    """What email-validator says of an address that is not ordinary."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found: Any = validate_email(shown, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        return _no_address(shown, str(error))
    if "." not in found.ascii_domain:
        return _no_address(shown, "The part after the @-sign is not complete.")
    return _judge(found.normalized, found.local_part, found.ascii_domain)


def _no_address(shown: str, reason: str) -> Email:
    if _NO_VALUE.fullmatch(shown):
        return Email(shown, "", "placeholder", (("email-placeholder", "This stands for 'no e-mail'.", ""),))
    if _X500.match(shown):
        return Email(shown, "", "invalid", (("email-x500", "This is an Exchange name, not an e-mail address.", ""),))
    return Email(shown, "", "invalid", (("email-invalid", " ".join(reason.split()), _mend(shown)),))


def _mend(shown: str) -> str:
    """An address that was probably meant, or ''."""
    for slip, right in _SLIPS:
        shown = slip.sub(right, shown)
    return shown if _ORDINARY.fullmatch(shown) else ""


def _judge(shown: str, local: str, domain: str) -> Email:
    """The quality of a valid address; `domain` is ASCII and lower case."""
    key = f"{local.lower()}@{domain}"
    quality, issue = email_domains.judged(domain)
    if issue and issue[2]:
        return Email(shown, key, "doubtful", ((issue[0], issue[1], f"{local}@{issue[2]}"),))
    if is_placeholder(local.lower(), domain):
        issue = ("email-placeholder", "Nobody reads this address; it was typed for want of a real one.", "")
        return Email(shown, key, "placeholder", (issue,))
    if quality == "ok" and is_role(local.lower()):
        quality = "role"
    if "?" in local:
        return Email(shown, key, "doubtful", lost_letters(local) or _ODD_SIGN)
    return Email(shown, key, quality, (issue,) if issue else ())


def is_role(local: str) -> bool:
    """Whether a local part (lower case) names a function: `info`, `sales-eu`, `office2`, `buchhaltung`."""
    roles = data.words("role_words.txt")
    tokens = [token for token in re.split(r"[\d._+-]+", local) if token]
    joined = "".join(tokens)
    return joined in roles or (bool(tokens) and tokens[0] in roles and all(
        token in roles or len(token) <= 3 for token in tokens[1:]))


def is_placeholder(local: str, domain: str) -> bool:
    """Whether nobody reads this address: `none@none.com`, `test1@…`, `noreply@…`, `a@a.com`."""
    words = data.words("placeholder_words.txt")
    name = domain.partition(".")[0]
    letters = "".join(filter(str.isalpha, local)) or local
    if letters in words:
        return len(letters) > 3 or name in words or name == local
    return name == local and (len(name) <= 3 or local == "email" or len(set(local)) == 1)


def mailbox_key(key: str) -> str:
    """The mailbox that an address arrives in, for matching only: without `+tag`, and without dots at Gmail."""
    local, at, domain = key.rpartition("@")
    bare = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        return f"{bare.replace('.', '') or bare}@gmail.com"
    return f"{bare}{at}{domain}"
