"""What the domain of an e-mail address says: a provider, a slip of the finger, mail that nobody reads, an owner."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Final

from disposable_email_domains import blocklist

from listmerge.fields import data
from listmerge.fields.text import Flaw

_PRIVATE = re.compile(r"(?:^|\.)(?:local|localhost|localdomain|lan|internal|intranet|corp|home\.arpa)$")
_BIG = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "live.com", "msn.com",
        "comcast.net", "verizon.net", "web.de", "t-online.de", "gmx.de", "gmx.net", "googlemail.com", "yahoo.co.uk",
        "hotmail.co.uk", "btinternet.com", "orange.fr", "wanadoo.fr", "laposte.net", "libero.it", "hotmail.fr",
        "yahoo.fr", "yahoo.de", "hotmail.de", "outlook.de", "protonmail.com")


@lru_cache(1 << 16)
def judged(domain: str) -> tuple[str, Flaw | None]:
    """The quality that a domain gives to its addresses, with the issue; a suggestion is a better domain."""
    meant = provider_meant(domain)
    if meant:
        return "doubtful", ("email-typo", f"{domain} is probably {meant} mistyped.", meant)
    if is_disposable(domain):
        return "disposable", ("email-disposable", f"{domain} gives mailboxes that live for minutes.", "")
    if domain.endswith((".invalid", "deletion-request.substack.com")):
        return "placeholder", ("email-placeholder", "No mail can ever arrive at this domain.", "")
    if is_relay(domain):
        return "placeholder", ("email-relay", f"{domain} only passes on the letters of one purchase.", "")
    if _PRIVATE.search(domain):
        return "doubtful", ("email-local-domain", f"{domain} is a name inside a network, not on the internet.", "")
    return "ok", None


def is_relay(domain: str) -> bool:
    """Whether a market place hides its buyers and guests behind this domain (lower case)."""
    name = domain.split(".")
    relays = data.words("relay_domains.txt")
    return domain in relays or any(f"{'.'.join(name[:end])}.*" in relays for end in range(2, len(name)))


def is_disposable(domain: str) -> bool:
    """Whether the domain, or that of its owner, is known; who that is is asked only where it can be one that is."""
    labels = domain.split(".")
    known = any(".".join(labels[start:]) in blocklist for start in range(len(labels)))
    return known and (domain in blocklist or registrable_domain(domain) in blocklist)


@lru_cache(1 << 16)
def provider_meant(domain: str) -> str:
    """The big provider that a domain is a slip of the finger away from ('gmial.com' -> 'gmail.com'), or ''."""
    from rapidfuzz.distance import OSA

    if is_free_domain(domain):
        return ""
    name, _, ending = domain.partition(".")
    for stem, tail in _like(name[:1], ending, name):
        wrong_ending = name == stem and len(stem) > 3 and OSA.distance(ending, tail) == 1
        wrong_name = ending == tail and len(stem) > 4 and name[:1] == stem[:1] and OSA.distance(name, stem) == 1
        if wrong_name or (wrong_ending and (tail == "com" or not _is_suffix(ending))):
            return f"{stem}.{tail}"
    return ""


def _like(initial: str, ending: str, name: str) -> list[tuple[str, str]]:
    """The big providers, in their order, that may be meant: those of the name, and of the ending and first letter."""
    if name in _STEMS:
        return _PARTED
    return _ALIKE.get((initial, ending), [])


_PARTED: Final = [(stem, tail) for stem, _, tail in (big.partition(".") for big in _BIG)]
_STEMS: Final = frozenset(stem for stem, _ in _PARTED)
_ALIKE: Final = {
    (initial, ending): [(stem, tail) for stem, tail in _PARTED if (stem[:1], tail) == (initial, ending)]
    for initial, ending in {(stem[:1], tail) for stem, tail in _PARTED}
}


def is_free_domain(domain: str) -> bool:
    """Whether anyone can have a mailbox there, so that the domain says nothing of an employer."""
    return domain in data.words("free_mail_domains.txt")


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True)


def _is_suffix(ending: str) -> bool:
    return bool(_suffixes().is_public(ending))


@lru_cache(1 << 18)
def registrable_domain(domain: str) -> str:
    """The part of a domain that its owner registered: `mail.acme.co.uk` -> `acme.co.uk` (Public Suffix List)."""
    return _suffixes().privatesuffix(domain) or domain
