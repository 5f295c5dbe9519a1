"""What contacts are compared by: every value as a number, and how many people share it.

Built once from the cleaned tables. Codes stand for distinct values, so that a comparison is done once per distinct pair
of values, and a frequency is an array lookup. A frequency counts *people*, not records: the copies of one person say
nothing about how common a value is. Who is one person is not known yet, so the name stands for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import Engine
from listmerge.fields.emails import is_free_domain
from listmerge.stages.codes import (
    NONE,
    Codes,
    Values,
    Who,
    WordLists,
    combine,
    crowd_of,
    encode,
    people_of,
    recode,
    values_of,
    word_lists,
)
from listmerge.stages.mailbox_names import completed
from listmerge.stages.namesakes import crowds
from listmerge.stages.nicknames import roots_of
from listmerge.stages.who import persons, reached_at, stand_ins, who_of

Tables = Mapping[str, pa.Table]

TABLES: Final = ("contacts", "emails", "phones", "addresses", "identifiers")
#: A domain that so great a share of the people use, and so many, is a provider's.
PUBLIC_SHARE: Final = 0.004
PUBLIC_PEOPLE: Final = 200
#: A person has up to so many e-mail addresses; a name that has more is several people's.
ADDRESSES_OF_ONE: Final = 4
#: Second-level domains under a country under which organisations register.
SECOND_LEVEL: Final = frozenset(["co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"])


@dataclass(frozen=True, slots=True)
class Features:
    """The contacts as columns of codes (NONE where there is no value)."""

    count: int
    organisation: Any               # bool per contact
    words: Any                      # distinct words of names, of persons
    given: Codes
    family: Codes
    root: Codes                     # given name with nicknames folded
    middle: Codes
    middles: Any
    suffix: Codes
    suffixes: Any
    name: Codes                     # whole names with nicknames folded: who is probably one person
    person: Codes                   # those names, a name with too many addresses told apart by them
    names: float                    # how many people there are about
    given_people: Any               # about how many people have this given name, that family name (per word)
    family_people: Any
    initial_share: Any              # per letter code: share of people whose given name begins so
    initials_share: float           # share of given names that are a mere initial
    spelling: Codes                 # whole names as written
    namesakes: Any                  # per spelling: about how many others there are for each true copy, see namesakes.py
    birthday: Codes
    birthdays: Any
    birthday_people: Any
    company: Codes
    companies: Any
    company_words: WordLists
    emails: Values
    local_parts: Codes              # per distinct e-mail: the code of what stands before the @
    local_texts: Any
    domains: Codes                  # per distinct e-mail
    domain_texts: Any
    local_digits: Codes             # per distinct text before the @: the code of its digits
    local_people: Any
    role: Any                       # per distinct e-mail: a role mailbox
    phones: Values
    work: Values                    # companies and domains of e-mails and websites, in one space
    addresses: Values               # one code per distinct address
    streets: Codes                  # per distinct address, and so on
    street_texts: Any
    street_people: Any
    street_words: WordLists
    numbers: Codes
    number_texts: Any
    cities: Codes
    city_texts: Any
    city_people: Any
    postals: Codes
    postal_texts: Any
    postal_people: Any
    identifiers: Values             # header and value together
    headers: Codes                  # per distinct identifier: the code of its header

    def words_of(self, contacts: Codes) -> list[str]:
        """Given and family name of each contact, as one text."""
        words = [*self.words, ""]
        return [f"{words[given]} {words[family]}" for given, family in
                zip(self.given[contacts], self.family[contacts], strict=True)]


def features(tables: Tables) -> Features:
    """The columns of codes of the five tables in TABLES."""
    contacts, emails, addresses = tables["contacts"], tables["emails"], tables["addresses"]
    count = contacts.num_rows
    organisation = pc.equal(contacts["kind"], "organisation").to_numpy(zero_copy_only=False)
    company, companies = encode(contacts["company_key"])
    reached = reached_at(tables, count)
    names = _names(contacts, emails, reached)
    who = who_of(names, organisation, stand_ins(addresses, company), reached)
    names["names"] = max(names["names"], who.nameless.max(initial=0.0)) + len(np.unique(company[organisation]))
    birthday, birthdays = encode(contacts["birthday"])
    everyone = np.arange(count)
    mailboxes = _mailboxes(emails, count, who)
    return Features(
        count=count, organisation=organisation, **names, company=company, companies=companies,
        company_words=word_lists(companies), birthday=birthday, birthdays=birthdays,
        birthday_people=people_of(birthday, Who(who.surely, who.surely, who.nameless), everyone, len(birthdays)),
        **mailboxes,
        phones=values_of(tables["phones"], encode(tables["phones"]["phone_key"]), count, who),
        work=_work(contacts, (company, companies), mailboxes, who),
        **_places(addresses, count, who), **_identifiers(tables["identifiers"], count, who),
    )


_last: list[tuple[tuple[pa.Table, ...], Features]] = []


def features_of(engine: Engine) -> Features:
    """The features of an engine's tables, built once for all stages of a run: `forget` gives their memory back."""
    tables = tuple(engine.get(name) for name in TABLES)
    if not _last or any(mine is not kept for mine, kept in zip(tables, _last[0][0], strict=True)):
        _last[:] = [(tables, features(dict(zip(TABLES, tables, strict=True))))]
    return _last[0][1]


def forget() -> None:
    """Drops what `features_of` keeps."""
    _last.clear()


def _names(contacts: pa.Table, emails: pa.Table, reached: Codes) -> dict[str, Any]:
    given_keys, family_keys = completed(contacts, emails)
    both, words = encode(pa.chunked_array([given_keys, family_keys], pa.string()))
    given, family = both[:contacts.num_rows].copy(), both[contacts.num_rows:].copy()
    root = roots_of(words, np.bincount(given[given >= 0], minlength=len(words)))
    folded = np.where(given >= 0, root[given], NONE) if len(words) else given
    middle, middles = encode(contacts["middle_key"])
    suffix, suffixes = encode(contacts["suffix_key"])
    name, _ = recode(combine(folded, family))
    person = persons(name, reached)
    crowd = crowds(given, family, name, person, len(words))
    return {
        "words": words, "given": given, "family": family, "root": folded, "middle": middle, "middles": middles,
        "suffix": suffix, "suffixes": suffixes, "name": name, "person": person, "names": crowd.people,
        "given_people": crowd.given, "family_people": crowd.family,
        "initial_share": _initial_share(words, crowd.given),
        "initials_share": _share_of_initials(words, crowd.given), "spelling": crowd.spelling,
        "namesakes": crowd.namesakes,
    }


def _initial_share(words: Any, people: Any) -> Any:
    """For each word: the share of people whose given name begins with its first letter."""
    letters = np.array([ord(word[0]) for word in words] + [0], np.int64)
    return (np.bincount(letters, weights=people)[letters] + 100 / 20) / (float(people.sum()) + 100)


def _share_of_initials(words: Any, people: Any) -> float:
    short = np.array([len(word) == 1 for word in words] + [False], bool)
    return float(people[short].sum() / max(float(people.sum()), 1.0))


def _mailboxes(table: pa.Table, count: int, who: Who) -> dict[str, Any]:
    """E-mails, and the texts before and after their @."""
    emails = values_of(table, encode(table["email_key"]), count, who)
    texts = pa.array(emails.texts, pa.string())
    local, local_texts = encode(pc.replace_substring_regex(texts, "@[^@]*$", ""))
    domains, domain_texts = encode(pc.replace_substring_regex(texts, "^.*@", ""))
    digits, _ = encode(pc.replace_substring_regex(pa.array(local_texts, pa.string()), "[^0-9]+", ""))
    return {
        "emails": emails, "role": _roles(table, emails), "local_parts": local, "local_texts": local_texts,
        "local_digits": digits, "domains": domains, "domain_texts": domain_texts,
        "local_people": people_of(local[emails.codes], who, emails.owners(), len(local_texts)),
    }


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


def _work(contacts: pa.Table, company: tuple[Codes, Any], mailboxes: Mapping[str, Any], who: Who) -> Values:
    """Companies without blanks, and the words under which the domains of e-mails and websites are registered: codes of
    one space, so that a company meets its domain. `rows` is 1 for what comes from a domain."""
    emails: Values = mailboxes["emails"]
    websites, sites = encode(contacts["website_key"])
    shown = [
        [text.replace(" ", "") for text in company[1]],
        [organisation_label(domain) for domain in mailboxes["domain_texts"]],
        [organisation_label(site.partition("/")[0].removeprefix("www.")) for site in sites],
    ]
    codes, texts = encode(pa.array([text for part in shown for text in part], pa.string()))
    named, on_web = np.flatnonzero(company[0] >= 0), np.flatnonzero(websites >= 0)
    owners = np.concatenate([named, emails.owners(), on_web])
    at = np.concatenate([company[0][named], mailboxes["domains"][emails.codes] + len(shown[0]),
                         websites[on_web] + len(shown[0]) + len(shown[1])])
    by_domain = at >= len(shown[0])
    values = codes[at]
    people = crowd_of(values, who, owners, len(texts))
    public = people > max(PUBLIC_PEOPLE, PUBLIC_SHARE * people.sum())
    kept = np.flatnonzero((values >= 0) & ~(public[values] & by_domain))
    order = kept[np.argsort(owners[kept], kind="stable")]
    offsets = np.searchsorted(owners[order], np.arange(contacts.num_rows + 1)).astype(np.int64)
    return Values(offsets, values[order], texts, people, by_domain[order].astype(np.int32))


def _places(table: pa.Table, count: int, who: Who) -> dict[str, Any]:
    """Addresses: one code for all parts together, and per distinct address the code of each part."""
    parts = {part: encode(table[f"{part}_key"]) for part in ("street", "number", "city", "postal")}
    whole, filled = np.zeros(table.num_rows, np.int64), np.zeros(table.num_rows, bool)
    for codes, _ in parts.values():
        whole = _with(whole, codes)
        filled |= codes >= 0
    code, size = recode(np.where(filled, whole, NONE))
    first = np.zeros(size, np.int64)
    first[code[filled]] = np.flatnonzero(filled)
    owners = table["contact"].to_numpy()
    found = {f"{part}_people": crowd_of(parts[part][0], who, owners, len(parts[part][1]))
             for part in ("street", "city", "postal")}
    found |= {f"{part}_texts": texts for part, (_, texts) in parts.items()}
    plural = {"street": "streets", "number": "numbers", "city": "cities", "postal": "postals"}
    found |= {plural[part]: codes[first] for part, (codes, _) in parts.items()}
    return {**found, "addresses": values_of(table, (code, np.arange(size)), count, who),
            "street_words": word_lists(parts["street"][1])}


def _with(whole: Any, codes: Codes) -> Any:
    """A code for the pair of both, dense."""
    return np.unique(whole * (int(codes.max(initial=0)) + 2) + codes + 1, return_inverse=True)[1].astype(np.int64)


def _identifiers(table: pa.Table, count: int, who: Who) -> dict[str, Any]:
    """Header and value together; per distinct one the code of its header."""
    header, _ = encode(table["name_key"])
    code, size = recode(combine(header, encode(table["identifier_key"])[0]))
    first = np.zeros(size, np.int64)
    first[code[code >= 0]] = np.flatnonzero(code >= 0)
    return {"identifiers": values_of(table, (code, np.arange(size)), count, who), "headers": header[first]}
