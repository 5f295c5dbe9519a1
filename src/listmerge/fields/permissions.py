"""Permission, refusal, deliverability: what the words of a consent or bounce column state, and which of several holds.

The three facts are never mixed: who agreed, who said no, whether mail arrives (model.FACTS). The words stand in
`data/status_words.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Final, NamedTuple

import pyarrow as pa

from listmerge.fields import data
from listmerge.fields.text import Cleaned, Flaw, clean_distinct, fold, trim
from listmerge.model import DELIVERABILITIES, PERMISSIONS, REFUSALS

Fact = tuple[str, str]
"""(fact, value): ('refusal', 'unsubscribed')."""

_TRUE_SIGNS: Final = frozenset("✓✔☑√✅☒✗✘")     # a ballot box with a cross is a ticked one
_FALSE_SIGNS: Final = frozenset("☐❌")
_DATE_LIKE = re.compile(
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{4}-\d\d|\b\d{8}\b|\b\d{1,2}\s*[A-Za-z]{3,9}\.?,?\s*\d{2,4}\b|\b1[0-9]{9}\b")
_NO_DATE = re.compile(r"[0\s./:T-]*")
_REFUSAL_SMELL = re.compile(
    r"unsub|opt(?:ed)? ?out|abgemeld|abmeld|abbestell|austrag|widersp|widerruf|gesperrt|desabonn|desinscri|refus|"
    r"black ?list|block ?list|blocked|suppress|do not|do ?nt |no contact|nicht kontakt|keine werbung|baja|desuscri|"
    r"descadast|cancelad|disiscri|cancellat|uitgeschr|afgemeld|wypisan|rezygn|avregistr|avanmal|afmeld|avmeld|odhlas|"
    r"otpis|abonelikten|remov(?:ed|e me)|withdr[ae]w|revok|declin|stop mail|no e ?mail|rgpd|gdpr|dsgvo")
_COMPLAINT_SMELL = re.compile(r"spam|abuse|complain|beschwerde|plainte|queja|reclam|klacht")
_ALLOWANCE = re.compile(r"allow|erlaub|zulass|autoris|permit|consentire|toestaan|zezwal")
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_SMTP = re.compile(r"(?<![\d.])([245]\d\d|60[5-7])(?![\d.])")
_SENDER_BLOCK = re.compile(
    r"spam|block|black ?list|policy|reputation|dmarc|\bspf\b|dkim|listed|rbl|banned|denied", re.I)
#: Enhanced status codes (RFC 3463) that are not judged by their first figure alone.
_CODES: Final[tuple[tuple[str, str], ...]] = (
    (r"5\.1\.[78]", ""), (r"5\.1\.\d+", "hard-bounce"), (r"5\.2\.1", "hard-bounce"),
    (r"5\.2\.\d+", "soft-bounce"), (r"5\.4\.4", "hard-bounce"), (r"5\.[345]\.\d+", "soft-bounce"),
    (r"5\.[67]\.\d+", ""), (r"5\.0\.\d+", "hard-bounce"),
    (r"4\.7\.\d+", ""), (r"4\.\d+\.\d+", "soft-bounce"),
)
_SMTP_CODES: Final = {"550": "hard-bounce", "551": "hard-bounce", "553": "hard-bounce", "554": "hard-bounce",
                      "552": "soft-bounce", "571": "",
                      "605": "hard-bounce"}     # Mailgun: bounced before; 606 and 607: unsubscribed, complained


class Statement(NamedTuple):
    """What a cell states: one of model.FACTS and its value, both '' when it states nothing."""

    fact: str
    value: str
    issues: tuple[Flaw, ...]


def clean_one(meaning: str, text: str) -> Statement:
    """What `text` states in a column of `meaning` (model.MEANINGS). An unknown word states nothing and is an issue; one
    that smells of a refusal is one, and an issue too. Raises KeyError for a meaning that is none."""
    shown = trim(text)
    return _READERS[meaning](shown) if shown else Statement("", "", ())


def clean_column(meaning: str, column: pa.Array) -> Cleaned:
    """`clean_one` for a column."""
    return clean_distinct([column], partial(clean_one, meaning), Statement)


def state_one(meaning: str, text: str) -> Fact | None:
    """(fact, value) as `clean_one` has them, None for nothing."""
    found = clean_one(meaning, text)
    return (found.fact, found.value) if found.fact else None


def truth(text: str) -> bool | None:
    """Whether a flag is set: yes, ja, oui, sí, x, 1, ✓ … ; None for what is neither, as '' is."""
    shown = trim(text)
    if shown in _TRUE_SIGNS or shown in _FALSE_SIGNS:
        return shown in _TRUE_SIGNS
    return _truths().get(re.sub(r"^([01]) 0+$", r"\1", fold(shown)))


def is_allowance(text: str) -> bool:
    """Whether a cell says that something is allowed or is not: `Allow`, `Nicht zulassen`."""
    word = fold(trim(text))
    return word in _truths() and _ALLOWANCE.search(word) is not None


def strictest(refusals: Iterable[str]) -> str:
    """The strictest of some refusals, '' of none. Raises ValueError for a word that is no refusal."""
    return min(refusals, key=REFUSALS.index, default="")


def best(permissions: Iterable[str]) -> str:
    """The best evidence of permission; missing evidence is neutral, so `unknown` takes nothing away and of nothing
    comes `unknown`. Raises ValueError for a word that is no permission."""
    return min(permissions, key=PERMISSIONS.index, default="unknown")


def worst_deliverability(states: Iterable[str]) -> str:
    """The worst of some deliverabilities, where `unknown` says nothing: ok and unknown give ok. Raises ValueError for a
    word that is none."""
    known = [state for state in states if state != "unknown"]
    return max(known, key=DELIVERABILITIES.index, default="unknown")


@cache
def _truths() -> dict[str, bool]:
    return {word: name == "true" for name, *words in data.rows("truth_words.tsv") for word in words}


@cache
def _statuses() -> dict[str, Fact]:
    return {word: (fact, value) for fact, value, *words in data.rows("status_words.tsv") for word in words}


def _stated(fact: str = "", value: str = "") -> Statement:
    return Statement(fact, value, ())


def _word(text: str) -> Statement:
    """A status word of any language; several in one cell: the strictest refusal, else the first that is known."""
    found = _look_up(fold(text))
    if found is None:
        parts = [_look_up(fold(part)) for part in re.split(r"[;,|/]+", text)]
        known = [part for part in parts if part]
        refusals = [value for fact, value in known if fact == "refusal"]
        if refusals and all(parts):
            return _stated("refusal", strictest(refusals))
        found = known[0] if known and all(parts) else None
    if found is None:
        return _unknown(text) if fold(text) else _stated()      # `[]` of a system that lists
    return _stated(*found) if found[0] != "-" else _stated()


def _look_up(word: str) -> Fact | None:
    known = _statuses().get(word)
    if known is None and word in _truths():
        return ("permission", "express" if _truths()[word] else "none")
    return known


def _unknown(text: str) -> Statement:
    word = fold(text)
    if _COMPLAINT_SMELL.search(word):
        return Statement("refusal", "complaint", (_unknown_flaw("taken as a complaint"),))
    if _REFUSAL_SMELL.search(word):
        return Statement("refusal", "unsubscribed", (_unknown_flaw("taken as a refusal"),))
    return Statement("", "", (_unknown_flaw("taken as nothing"),))


def _unknown_flaw(taken: str) -> Flaw:
    return "unknown-status", f"This word for consent or delivery is not known; it was {taken}.", ""


def _flag(yes: Statement, no: Statement, dates: bool, text: str) -> Statement:
    """A flag; where `dates`, a date in it is a yes. A status word in a flag's column is read as one."""
    answer = truth(text)
    if answer is None and dates and (_is_date(text) or _NO_DATE.fullmatch(text)):
        answer = _is_date(text)
    if answer is not None:
        return yes if answer else no
    return _word(text)


def _is_date(text: str) -> bool:
    return bool(_DATE_LIKE.search(text)) and not _NO_DATE.fullmatch(text)


def _dated(stated: Statement, text: str) -> Statement:
    """A column of dates: any date states it; a no, or no date, nothing. In the column of a refusal a yes counts."""
    if _is_date(text):
        return stated
    if _NO_DATE.fullmatch(text) or truth(text) is False or fold(text) in ("", "null", "n a", "na", "nan", "nat"):
        return _stated()
    if truth(text) and stated.fact == "refusal":
        return stated
    return _unknown(text)


def _bounce_code(text: str) -> Statement:
    """RFC 3463 codes before RFC 5321 ones; a block of the sender says nothing of the address."""
    enhanced = _ENHANCED.search(text)
    smtp = _SMTP.search(text)
    if enhanced and enhanced[1] != "2":
        value = next((value for pattern, value in _CODES if re.fullmatch(pattern, enhanced[0])), "")
    elif smtp and not enhanced:
        value = _SMTP_CODES.get(smtp[1], "soft-bounce" if smtp[1].startswith("4") else "")
    else:
        return _stated() if enhanced or text.startswith("2") else _word(text)
    if value == "hard-bounce" and _SENDER_BLOCK.search(text) and not re.search(r"5\.1\.[1-3]", text):
        value = ""
    return _stated("deliverability", value) if value else _stated()


def _bounce_type(text: str) -> Statement:
    """Hard and soft in the words of the systems; `Undetermined` and `General` say nothing, nor does a spam verdict."""
    found = _look_up(fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))) or _look_up(fold(text))
    if found:
        return _stated(*found) if found[0] in ("deliverability", "refusal") else _stated()
    if fold(text) in ("undetermined", "general", "other") or _SENDER_BLOCK.search(text):
        return _stated()
    return _bounce_code(text)


def _event(text: str) -> Statement:
    """What happened, in a log; a mere bounce is judged by its kind, which has a column of its own."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return _stated() if fold(words) in _EVENTS else _word(words)


def _nothing(text: str) -> Statement:
    return _stated()


#: Events that say nothing of permission, refusal or an address.
_EVENTS: Final = frozenset((
    "bounce", "bounced", "sent", "not sent", "send", "delivered", "delivery", "deferred", "dropped", "processed",
    "open", "opened", "unique open", "click", "clicked", "unique click", "forward", "survey", "conversion", "reply",
    "received"))
_UNSUBSCRIBED: Final = _stated("refusal", "unsubscribed")
_EXPRESS: Final = _stated("permission", "express")
_CONFIRMED: Final = _stated("permission", "confirmed")
_COMPLAINT: Final = _stated("refusal", "complaint")
_HARD: Final = _stated("deliverability", "hard-bounce")

#: Meaning -> how its cells are read; a test holds the keys to be those of model.MEANINGS.
_READERS: Final[dict[str, Callable[[str], Statement]]] = {
    "status-word": _word,
    "event-word": _event,
    "opt-in-flag": partial(_flag, _EXPRESS, _stated("permission", "none"), False),
    "confirmed-flag": partial(_flag, _CONFIRMED, _stated(), False),
    "opt-out-flag": partial(_flag, _UNSUBSCRIBED, _stated(), True),
    "do-not-contact-flag": partial(_flag, _stated("refusal", "do-not-contact"), _stated(), True),
    "allow-word": partial(_flag, _stated(), _UNSUBSCRIBED, False),
    "complaint-flag": partial(_flag, _COMPLAINT, _stated(), True),
    "bounce-flag": partial(_flag, _HARD, _stated(), True),
    "bounce-code": _bounce_code,
    "bounce-type": _bounce_type,
    "opt-in-date": partial(_dated, _EXPRESS),
    "confirm-date": partial(_dated, _CONFIRMED),
    "opt-out-date": partial(_dated, _UNSUBSCRIBED),
    "bounce-date": _nothing,
    "status-date": _nothing,
    "method": _nothing,
    "reason": _nothing,
}
