"""Websites: the address as it is shown, and the host by which two are compared."""

from __future__ import annotations

import re
from typing import NamedTuple

import pyarrow as pa

from listmerge.fields.email_domains import registrable_domain
from listmerge.fields.text import Cleaned, Flaw, clean_distinct, trim

_HOST = re.compile(
    r"(?:(?:https?|ftp):)?(?://(?:[^/@\s]*@)?)?([^/:?#\s]+\.[^/:?#\s.]{2,})\.?(?::\d+)?(?:[/?#].*)?", re.I)
#: Hosts where many people and companies have a page: there the page is the key, not the host.
SHARED_HOSTS = frozenset({
    "linkedin.com", "facebook.com", "instagram.com", "twitter.com", "x.com", "xing.com", "youtube.com", "github.com",
    "sites.google.com", "medium.com", "tiktok.com", "pinterest.com", "about.me", "linktr.ee", "etsy.com",
})
_LONGEST = 2000                           # characters
_FILLERS = frozenset({"http://", "https://", "http://www.", "https://www.", "www.", "www", "n/a", "none", "-", "http"})


class Website(NamedTuple):
    """`website` to show, `key` to compare ('' when it is none)."""

    website: str
    key: str
    issues: tuple[Flaw, ...]


def clean_one(text: str) -> Website:
    """A web address as shown (trimmed) and its key: the host without `www.`, with the path on hosts that many share."""
    shown = trim(text).strip("<>")
    if shown.casefold() in _FILLERS or not shown:
        return Website("", "", ())
    found = _HOST.fullmatch(shown) if len(shown) <= _LONGEST else None
    if not found or "@" in found[1]:
        return Website(shown, "", (("website-invalid", "This is no web address.", ""),))
    host = _ascii(found[1].casefold()).removeprefix("www.")
    return Website(shown, _page(host, shown) if host.removeprefix("m.") in SHARED_HOSTS else host, ())


def clean_column(column: pa.Array) -> Cleaned:
    """`clean_one` for a column."""
    return clean_distinct([column], clean_one, Website)


def domain_of(key: str) -> str:
    """The registrable domain of a website key, '' for a page on a host that many share."""
    return "" if "/" in key or key in SHARED_HOSTS else registrable_domain(key)


def _ascii(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def _page(host: str, shown: str) -> str:
    path = re.sub(r"^.*?//", "", shown).partition("/")[2]
    return f"{host.removeprefix('m.')}/{re.split('[?#]', path)[0].strip('/').casefold()}".rstrip("/")
