"""Columns whose headers nobody foresaw, but which can only take a permission away.

A refusal that is not read is a letter to someone who said no. So a header need not be known word by word here: it is
enough that it speaks of a refusal and that the values are answers, or that the values themselves are (Do Not Allow,
Unsubscribed). What is read in this way never gives a permission.
"""

from __future__ import annotations

import re
from typing import Final

from listmerge.fields.permissions import is_allowance
from listmerge.layouts import content
from listmerge.layouts.headers import header_words
from listmerge.layouts.sample import Sample
from listmerge.layouts.words import Word, is_of_others
from listmerge.model import Column

_OPT_OUT: Final = re.compile(
    r"(?<!ad)opt(?:ed|s)? ?out|unsub|\bno (?:e ?mails?|newsletters?|marketing|mailing|sms)\b|"
    r"do ?n(?:o|')?t (?:allow|text|sms|market)|abgemeld|abmeld|abbestell|ausgetragen|austragung\b|widersprochen|"
    r"widerspruch\b|widerrufen|"
    r"kein(?:e[nr]?)? (?:werbung|e ?mail|mails?\b|newsletter|post\b|sms\b|anrufe)|nicht (?:zulassen|erlaubt)|"
    r"d[ée]sabonn|d[ée]sinscri|ne pas (?:autoriser|envoyer)|de baja|no permitir|desuscri|descadast|disiscri|"
    r"non consentire|uitgeschr|afgemeld|niet toestaan|wypisan|rezygn|nie zezwala|avregistr|avanm[aä]l|afmeld|avmeld|"
    r"framel[dt]|^refus |odhl[aá]|отпис|\bstop (?:sms|pub|e ?mails?|mailings?|newsletters?|receiving|sending)\b|"
    r"no longer (?:wish|want)|^(?:droit d )?opposition$")
#: Nobody is to be contacted; the dead are not written to either.
_CONTACT: Final = re.compile(
    r"black ?list|block ?list|suppress(?:ed|ions?)\b|"
    r"do ?n(?:o|')?t (?:contact|disturb|solicit|e ?mail|mail|call|phone|post|write)|"
    r"nicht (?:kontakt|anschreib|anruf|mail)|werbesperr|kontaktsperr|ne pas (?:contacter|solliciter|appeler)|"
    r"no (?:contactar|llamar)|non (?:contattare|chiamare)|n[aã]o contac?tar|niet (?:benader|contact|bel)|"
    r"nie kontakt|kontakta (?:ej|inte)|ikke kontakt|robinson|sp[äæe]rr(?:ad|et)\b|"
    r"^не (?:звонить|беспокоить|писать)|^nie dzwonić|^ring (?:ej|inte)|^ikke ring|^nevolat|"
    r"\bdeceased\b|verstorben|d[eé]c[eé]d[eé]|fallecid[oa]|decedut[oa]|falecid[oa]|overleden|zmar[lł][aye]?\b|avliden|"
    r"\b(?:af|av)?død\b|zem[rř]el|умер|死亡")
#: Headers that ask or say whether a letter or a call is welcome: a no is a refusal, a yes is no consent to anything.
_WELCOME: Final = re.compile(
    r"\b(?:e ?mails?|calls?|phone|sms|texts?|post|mailings?|marketing|contact) (?:ok|okay|allowed|permitted|welcome)$|"
    r"^(?:ok|okay) to (?:e ?mail|mail|call|phone|contact|text|write)\b|"
    r"^(?:can|may) we (?:e ?mail|mail|call|phone|contact|text|write)\b|"
    r"^(?:werbung|post|mails?|e ?mails?|anrufe?|kontakt|kontaktaufnahme) (?:erlaubt|gestattet|erwünscht|zulässig)$|"
    r"^darf (?:kontaktiert|angeschrieben|angerufen)|^werbung$|"
    r"^pub(?:licité)?(?: autorisée)?$|^godkän[dt] (?:utskick|mejl|reklam)|^pubblicità$|^publicidad$")
#: States that nothing but a subscription has; bookings are confirmed and cancelled too, guests register and sign off.
_SUBSCRIPTION: Final = re.compile(r"subscri|\bopt(?:ed)?[ -]?(?:in|out)\b|abonn|suscri|prenumer", re.IGNORECASE)
#: Words that turn a header into one about refusals, of which the column is no answer.
_ABOUT: Final = re.compile(
    r"\b(?:reason|grund|campaigns?|counts?|number|total|links?|urls?|ip|page|token|text|source|mode|method|by)\b")
_CHANNELS: Final = (
    (re.compile(r"e ?mail|correo|courriel|newsletter"), "email"),
    (re.compile(r"\bsms|text(?:ing|o|s| messages?)?\b|whatsapp"), "sms"),
    (re.compile(r"phone|calls?\b|telefon|t[eé]l[eé]|\btel\b|anruf|appel|llama|chiama|звон|"
                r"dzwon|volat|^(?:ikke )?ring\b|\bbel|fax"), "phone"),
    (re.compile(r"\bpost(?:al)?\b|letters?\b|brief|courrier|direct mail"), "post"),
)


def refusing(sample: Sample) -> Column | None:
    """The column as one that only refuses, by its header and values or by its values alone; None where they do not."""
    text = header_words(sample.header)
    if is_of_others(sample.header):
        return None
    channel = next((channel for form, channel in _CHANNELS if form.search(text)), "email")
    if _WELCOME.search(text) and content.share(sample.values, content.is_flag) >= 0.8:
        return _column(sample, "allow-word", channel, f"the header '{sample.header.strip()}' says what is welcome")
    if _ABOUT.search(text):
        return None
    for form, meaning in ((_OPT_OUT, "opt-out-flag"), (_CONTACT, "do-not-contact-flag")):
        if form.search(text):
            return _by_header(sample, meaning, channel)
    return _by_values(sample, channel)


def _by_header(sample: Sample, meaning: str, channel: str) -> Column | None:
    """Any form of an answer counts; a column that is empty as far as it was seen may hold answers further below."""
    reason = f"the header '{sample.header.strip()}' speaks of a refusal"
    if content.share(sample.values, is_allowance) >= 0.8:
        return _column(sample, "allow-word", channel, reason)
    if content.share(sample.values, _is_answer) < 0.8 and content.filled(sample.values):
        return None
    dated = content.share(sample.values, content.is_dateish) >= 0.8
    return _column(sample, "opt-out-date" if dated else meaning, channel, reason)


def _is_answer(text: str) -> bool:
    return content.is_flag(text) or content.is_dateish(text) or content.is_status(text)


def _is_subscription(text: str) -> bool:
    return content.is_status(text) and _SUBSCRIPTION.search(text) is not None


def _by_values(sample: Sample, channel: str) -> Column | None:
    if content.share(sample.values, is_allowance) >= 0.8:
        return _column(sample, "allow-word", channel, "the values say what is allowed")
    if content.share(sample.values, _is_subscription) >= 0.8:
        return _column(sample, "bounce-type", channel, "the values are states of a subscription")
    return None


def _column(sample: Sample, meaning: str, channel: str, reason: str) -> Column:
    return sample.column("consent", Word("consent", meaning=meaning, channel=channel), 0.85, reason)
