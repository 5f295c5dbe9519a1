"""Mailboxes: e-mail addresses by what stands before and after their @, and the organisations behind their domains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.email_domains import is_free_domain
from listmerge.fields.text import bytes_of
from listmerge.stages.codes import (
    Codes,
    Values,
    Who,
    by_owner,
    crowd_of,
    encode,
    offsets_of,
    people_of,
)

#: A domain that so great a share of the people use, and so many, is a provider's.
PUBLIC_SHARE: Final = 0.004
PUBLIC_PEOPLE: Final = 200
#: Second-level domains under a country under which organisations register.
SECOND_LEVEL: Final = frozenset(["co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"])
_AT, _NOUGHT, _NINE = b"@09"


def shown(emails: pa.Array, companies: pa.Array, websites: pa.Array) -> tuple[dict[str, Any], Registered]:
    """(what Features says of distinct e-mails by themselves: the texts before and after their @; the words of all
    distinct companies, domains and websites)."""
    before, after = split_at(emails)
    (local, locals_), (domains, domain_texts) = encode(before), encode(after)
    parts = {"local_parts": local, "local_texts": locals_, "domains": domains, "domain_texts": domain_texts}
    return parts, registered(companies, domain_texts, websites)


def mailboxes(table: pa.Table, emails: Values, parts: Mapping[str, Any], who: Who) -> dict[str, Any]:
    """What Features says of e-mails: their `parts`, which are role mailboxes, who has what is before the @."""
    local = parts["local_parts"][emails.codes]
    return {**parts, "emails": emails, "role": _roles(table, emails),
            "local_people": people_of(local, who, emails.owners(), len(parts["local_texts"]))}


def split_at(emails: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The texts before and after the last @ of each address; a text without @ is both."""
    data, ends = bytes_of(emails)
    signs = np.flatnonzero(data[:ends[-1]] == _AT).astype(np.int32)
    last = np.append(signs, np.int32(-1))[np.searchsorted(signs, ends[1:]) - 1]
    found = last >= ends[:-1]
    cut = np.where(found, last, ends[1:])
    bounds = np.stack([ends[:-1], cut, cut + found], axis=1).ravel()
    thirds = pa.StringArray.from_buffers(3 * len(emails), pa.py_buffer(np.append(bounds, ends[-1])),
                                         pa.py_buffer(data))
    before, after = (thirds.take(pa.array(np.arange(third, len(thirds), 3))) for third in (0, 2))
    return before, after if found.all() else pc.if_else(pa.array(found), after, emails)


def digits_of(texts: pa.Array) -> pa.Array:
    """The digits 0 to 9 of each text."""
    data, ends = bytes_of(texts)
    digit = (data[:ends[-1]] >= _NOUGHT) & (data[:ends[-1]] <= _NINE)
    before = np.append(np.int32(0), np.cumsum(digit, dtype=np.int32))[ends]
    kept = data[:ends[-1]][digit]
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(before), pa.py_buffer(kept))


def _roles(table: pa.Table, emails: Values) -> Any:
    role = pc.equal(table["quality"], "role").to_numpy(zero_copy_only=False)
    marked = np.zeros(len(emails.texts), bool)
    marked[emails.codes[role[emails.rows]]] = True
    return marked


def organisation_label(domain: str) -> str:
    """'mail.acme.co.uk' -> 'acme': the word under which an organisation registered; '' for a mail provider."""
    if is_free_domain(domain):
        return ""
    labels = domain.split(".")[:-1]
    if len(labels) > 1 and labels[-1] in SECOND_LEVEL:
        labels.pop()
    return labels[-1].replace("-", "") if labels else ""


def _labels(domains: Iterable[str]) -> pa.Array:
    return pa.array([organisation_label(domain) for domain in domains], pa.string())


@dataclass(frozen=True, slots=True)
class Registered:
    """Companies without blanks, and the words under which the domains of e-mails and websites are registered: codes of
    one space, so that a company meets its domain."""

    texts: pa.Array
    company: Codes          # of each distinct company, domain, website
    domain: Codes
    website: Codes


def registered(companies: pa.Array, domains: pa.Array, websites: pa.Array) -> Registered:
    """The words of all distinct companies, domains and websites."""
    sites = (site.partition("/")[0].removeprefix("www.") for site in websites.to_pylist())
    shown = [pc.replace_substring(companies, " ", ""), _labels(domains.to_pylist()), _labels(sites)]
    codes, texts = encode(pa.chunked_array(shown))
    return Registered(texts, *np.split(codes, np.cumsum([len(part) for part in shown[:2]])))


def work(company: Codes, website: Codes, boxes: Mapping[str, Any], words: Registered, who: Who) -> Values:
    """The places of work of each contact by their words: its company's, its website's, its e-mails'. `rows` is 1 for
    what comes from a domain."""
    emails: Values = boxes["emails"]
    named, on_web = np.flatnonzero(company >= 0), np.flatnonzero(website >= 0)
    owners = np.concatenate([named, emails.owners(), on_web])
    values = np.concatenate([words.company[company[named]], words.domain[boxes["domains"][emails.codes]],
                             words.website[website[on_web]]])
    by_domain = np.arange(len(values)) >= len(named)
    people = crowd_of(values, who, owners, len(words.texts))
    public = people > max(PUBLIC_PEOPLE, PUBLIC_SHARE * people.sum())
    order = by_owner(owners, np.flatnonzero((values >= 0) & ~(public[values] & by_domain)))
    return Values(offsets_of(owners[order], len(company)), values[order], words.texts, people,
                  by_domain[order].astype(np.int32))
