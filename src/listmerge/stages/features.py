"""What contacts are compared by: every value as a number, and how many people share it.

Built once from the cleaned tables. Codes stand for distinct values, so that a comparison is done once per distinct pair
of values, and a frequency is an array lookup. A frequency counts *people*, not records: the copies of one person say
nothing about how common a value is. Who is one person is not known yet, so the name stands for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import Engine
from listmerge.stages.mailbox_names import completed
from listmerge.stages.namesakes import crowds
from listmerge.stages.nicknames import roots_of

Codes = Any       # numpy array of int32 (numpy's own types say less than the words here)

TABLES: Final = ("contacts", "emails", "phones", "addresses", "identifiers")
NONE: Final = -1

#: Mail providers for private persons: their domain says nothing of an employer. In long lists they also show by use.
PUBLIC_DOMAINS: Final = frozenset(
    ["gmail", "googlemail", "yahoo", "ymail", "hotmail", "outlook", "live", "msn", "icloud", "me", "mac", "aol", "proton", "protonmail", "gmx", "web", "mail", "orange", "wanadoo", "free", "laposte", "libero", "tin", "tiscali", "virgilio", "alice", "telefonica", "terra", "btinternet", "sky", "ntlworld", "virginmedia", "comcast", "verizon", "att", "sbcglobal", "cox", "charter", "bellsouth", "earthlink", "t-online", "freenet", "arcor", "bluewin", "hispavista", "yandex", "rambler", "inbox", "qq", "163", "126", "sina", "naver", "daum", "rediffmail", "bigpond", "optusnet", "shaw", "rogers", "sympatico", "telenet", "skynet", "zoho", "fastmail", "hey", "pm"]
)
#: A domain that so great a share of the people use is a provider.
PUBLIC_SHARE: Final = 0.004
#: Second-level domains under a country under which organisations register.
SECOND_LEVEL: Final = frozenset(["co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"])


@dataclass(frozen=True, slots=True)
class Values:
    """Values of which a contact may have several: `codes[offsets[c]:offsets[c + 1]]` are those of contact c.

    `texts` are the distinct values by code; `people` counts the people behind each.
    """

    offsets: Codes
    codes: Codes
    texts: Any
    people: Any
    rows: Codes           # row of the source table that each of `codes` stands for

    def owners(self) -> Codes:
        """The contact of each value."""
        return np.repeat(np.arange(len(self.offsets) - 1, dtype=np.int32), np.diff(self.offsets))


@dataclass(frozen=True, slots=True)
class WordLists:
    """The words of some texts: `values` has one owner per text, `bits` how rare each word is among the texts."""

    values: Values
    bits: Any

    def weight_of(self, texts: Codes) -> Any:
        """Bits of all words of each text."""
        total = np.bincount(self.values.owners(), self.bits[self.values.codes], minlength=len(self.values.offsets) - 1)
        return total[texts]


def word_lists(texts: Any) -> WordLists:
    """The different words of each text, with a rarity among these texts (in short lists, a common one)."""
    owners = np.repeat(np.arange(len(texts)), [len(set(text.split())) for text in texts]).astype(np.int32)
    words = pa.array([word for text in texts for word in sorted(set(text.split()))], pa.string())
    codes, different = encode(words)
    offsets = np.searchsorted(owners, np.arange(len(texts) + 1)).astype(np.int64)
    often = np.bincount(codes, minlength=len(different)) if len(codes) else np.zeros(0)
    bits = -np.log2((np.maximum(often - 1, 0) + 0.5) / (len(texts) + 60))
    return WordLists(Values(offsets, codes, different, often, np.arange(len(codes))), np.maximum(bits, 0.1))


@dataclass(frozen=True, slots=True)
class Features:
    """The contacts as columns of codes (NONE where there is no value)."""

    count: int
    organisation: Any               # bool per contact
    words: Any                      # distinct words of names, of persons
    given: Codes
    family: Codes
    root: Codes                     # given name with nicknames folded
    root_of: Codes                  # per word
    middle: Codes
    middles: Any
    suffix: Codes
    suffixes: Any
    name: Codes                     # whole names with nicknames folded: who is probably one person
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
    record_ids: Any
    parts: Any

    def words_of(self, contacts: Codes) -> list[str]:
        """Given and family name of each contact, as one text."""
        words = [*self.words, ""]
        return [f"{words[given]} {words[family]}" for given, family in
                zip(self.given[contacts], self.family[contacts], strict=True)]


def encode(column: Any) -> tuple[Codes, Any]:
    """Text column -> code per row (NONE for '') and the distinct texts by code."""
    encoded = pc.dictionary_encode(pc.if_else(pc.equal(column, ""), None, column))
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.DictionaryArray.from_arrays(
            pa.array([], pa.int32()), pa.array([], pa.string()))
    codes = encoded.indices.fill_null(NONE).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes, np.asarray(encoded.dictionary.to_pylist(), dtype=object)


def distinct(numbers: Any) -> Any:
    """Each number once, sorted (numpy's own `unique` hashes, which is slow where most are different)."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def combine(left: Codes, right: Codes) -> Codes:
    """Two codes as one (int64), NONE where either is."""
    both = (left.astype(np.int64) << 32) | right.astype(np.int64)
    return np.where((left < 0) | (right < 0), NONE, both)


def recode(keys: Any) -> tuple[Codes, int]:
    """Any integer keys -> codes 0…k-1 (NONE stays) and k."""
    codes = np.full(len(keys), NONE, np.int32)
    known = keys >= 0
    found, inverse = np.unique(keys[known], return_inverse=True)
    codes[known] = inverse
    return codes, len(found)


def people_behind(codes: Codes, people: Codes, size: int) -> Any:
    """For each value 0…size-1: how many different people have it; one 0 more, so that NONE has an answer too."""
    known = (codes >= 0) & (people >= 0)
    pairs = distinct((codes[known].astype(np.int64) << 32) | people[known].astype(np.int64))
    return np.bincount(pairs >> 32, minlength=size + 1).astype(np.int32)


def features(tables: Mapping[str, pa.Table]) -> Features:
    """The columns of codes of the five tables in TABLES."""
    contacts = tables["contacts"]
    count = contacts.num_rows
    organisation = pc.equal(contacts["kind"], "organisation").to_numpy(zero_copy_only=False)
    given_keys, family_keys = completed(contacts, tables["emails"])
    both, words = encode(pa.chunked_array([given_keys, family_keys], pa.string()))
    given, family = both[:count].copy(), both[count:].copy()
    root = roots_of(words, np.bincount(given[given >= 0], minlength=len(words)))
    folded = np.where(given >= 0, root[given], NONE) if len(words) else given
    middle, middles = encode(contacts["middle_key"])
    suffix, suffixes = encode(contacts["suffix_key"])
    name, names = recode(combine(folded, family))
    crowd = crowds(given, family, name, len(words))
    birthday, birthdays = encode(contacts["birthday"])
    company, companies = encode(contacts["company_key"])
    stand_ins = _stand_ins(tables["addresses"], company)
    who = Who(np.where(organisation, stand_ins, _initials(words, folded, family)), np.where(organisation, stand_ins, name))
    initials = who.surely
    emails = _values(tables["emails"], encode(tables["emails"]["email_key"]), count, who)
    local, domain = _halves(emails.texts)
    local_codes, locals_ = encode(local)
    domains, domain_texts = encode(pa.array(domain, pa.string()))
    phones = _values(tables["phones"], encode(tables["phones"]["phone_key"]), count, who)
    places = _places(tables["addresses"], count, who)
    owners = tables["addresses"]["contact"].to_numpy()
    city, city_texts = encode(tables["addresses"]["city_key"])
    postal, postal_texts = encode(tables["addresses"]["postal_key"])
    return Features(
        count=count, organisation=organisation, words=words, given=given, family=family, root=folded, root_of=root,
        middle=middle, middles=middles, suffix=suffix, suffixes=suffixes, name=name, names=crowd.people + len(np.unique(company[organisation])),
        given_people=crowd.given, family_people=crowd.family, initial_share=_initial_share(words, crowd.given),
        initials_share=_share_of_initials(words, crowd.given), spelling=crowd.spelling, namesakes=crowd.namesakes,
        birthday=birthday, birthdays=birthdays, birthday_people=people_behind(birthday, initials, len(birthdays)),
        company=company, companies=companies, company_words=word_lists(companies),
        emails=emails, local_parts=local_codes, local_texts=locals_, local_digits=_digits(locals_), domains=domains, domain_texts=domain_texts,
        local_people=_people_of(local_codes, emails, who, len(locals_)),
        role=_role_codes(tables["emails"], emails), phones=phones,
        work=_work(tables, count, companies, company, domain, emails, name), addresses=places[0],
        streets=places[1][0], street_texts=places[1][1], street_words=word_lists(places[1][1]), numbers=places[2][0], number_texts=places[2][1],
        cities=places[3][0], city_texts=city_texts, city_people=people_behind(city, name[owners], len(city_texts)),
        postals=places[4][0], postal_texts=postal_texts,
        postal_people=people_behind(postal, name[owners], len(postal_texts)),
        identifiers=_identifiers(tables["identifiers"], count, who)[0],
        headers=_identifiers(tables["identifiers"], count, who)[1],
        record_ids=contacts["record_id"], parts=contacts["part"],
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


def _initial_share(words: Any, people: Any) -> Any:
    """For each word: the share of people whose given name begins with its first letter."""
    letters = np.array([ord(word[0]) for word in words] + [0], np.int64)
    return (np.bincount(letters, weights=people)[letters] + 100 / 20) / (float(people.sum()) + 100)


def _share_of_initials(words: Any, people: Any) -> float:
    short = np.array([len(word) == 1 for word in words] + [False], bool)
    return float(people[short].sum() / max(float(people.sum()), 1.0))


def _initials(words: Any, given: Codes, family: Codes) -> Codes:
    """The two first letters of a name as one code, in either order: who is surely not one person."""
    letters = np.array([ord(word[0]) for word in words] + [0], np.int32)     # the last one answers for NONE
    first, second = letters[given], letters[family]
    return np.where((given < 0) | (family < 0), NONE, np.minimum(first, second) * 65_536 + np.maximum(first, second))


@dataclass(frozen=True, slots=True)
class Who:
    """Two codes per contact for who it is: `surely` others where they differ (initials), `probably` others (names)."""

    surely: Codes
    probably: Codes


def people_of(codes: Codes, who: Who, owners: Codes, size: int) -> Any:
    """About how many people have each value: initials count few people surely, names count many."""
    few = people_behind(codes, who.surely[owners], size)
    return np.where(few > 2, people_behind(codes, who.probably[owners], size), few)


def _stand_ins(addresses: pa.Table, company: Codes) -> Codes:
    """What stands for an organisation while it is not known which are one: its house number, else its name."""
    number, texts = encode(addresses["number_key"])
    stand_in = np.where(company >= 0, company.astype(np.int64) + len(texts), NONE)
    owners = addresses["contact"].to_numpy()
    stand_in[owners[::-1]] = np.where(number >= 0, number, stand_in[owners])[::-1]
    return stand_in


def _values(table: pa.Table, coded: tuple[Codes, Any], count: int, who: Who) -> Values:
    codes, texts = coded
    owners = table["contact"].to_numpy()
    known = np.flatnonzero(codes >= 0)
    known = known[np.argsort(owners[known], kind="stable")]
    offsets = np.searchsorted(owners[known], np.arange(count + 1)).astype(np.int64)
    people = people_of(codes, who, owners, len(texts)) if len(owners) else np.zeros(len(texts) + 1, np.int32)
    return Values(offsets, codes[known], texts, people, known.astype(np.int32))


def _people_of(codes_of_values: Codes, values: Values, who: Who, size: int) -> Any:
    return people_of(codes_of_values[values.codes], who, values.owners(), size)


def _halves(emails: Any) -> tuple[Any, list[str]]:
    whole = pa.array(emails, pa.string())
    return pc.replace_substring_regex(whole, "@[^@]*$", ""), pc.replace_substring_regex(whole, "^.*@", "").to_pylist()


def _digits(texts: Any) -> Codes:
    digits, _ = encode(pc.replace_substring_regex(pa.array(texts, pa.string()), "[^0-9]+", ""))
    return digits


def lengths(texts: Any) -> Any:
    """How many letters each text has."""
    return np.asarray(pc.utf8_length(pa.array(texts, pa.string()))).astype(np.int16)


def _role_codes(table: pa.Table, emails: Values) -> Any:
    role = pc.equal(table["quality"], "role").to_numpy(zero_copy_only=False)
    marked = np.zeros(len(emails.texts), bool)
    marked[emails.codes[role[emails.rows]]] = True
    return marked


def organisation_label(domain: str) -> str:
    """'mail.acme.co.uk' -> 'acme': the word under which an organisation registered."""
    labels = domain.split(".")[:-1]
    if len(labels) > 1 and labels[-1] in SECOND_LEVEL:
        labels.pop()
    return labels[-1].replace("-", "") if labels else ""


def _work(
    tables: Mapping[str, pa.Table], count: int, companies: Any, company: Codes, domains: Sequence[str],
    emails: Values, name: Codes,
) -> Values:
    """Companies without blanks, and the labels of the domains of e-mails and websites."""
    labels = np.array([organisation_label(domain) for domain in domains], dtype=object)
    websites, sites = encode(tables["contacts"]["website_key"])
    site_labels = np.array([organisation_label(_host(site)) for site in sites], dtype=object)
    texts = np.concatenate([[text.replace(" ", "") for text in companies], labels, site_labels]).astype(object)
    codes, labels_used = encode(pa.array(list(texts), pa.string()))
    with_company, with_site = np.flatnonzero(company >= 0), np.flatnonzero(websites >= 0)
    owners = np.concatenate([with_company, emails.owners(), with_site])
    at = np.concatenate([company[with_company], emails.codes + len(companies),
                         websites[with_site] + len(companies) + len(labels)])
    values = codes[at]
    people = people_behind(values, name[owners], len(labels_used))
    public = np.array([text in PUBLIC_DOMAINS for text in labels_used], bool)
    public |= people[:-1] > max(200, PUBLIC_SHARE * people.sum())
    from_domain = at >= len(companies)
    keep = (values >= 0) & ~(public[values] & from_domain)
    order = np.flatnonzero(keep)[np.argsort(owners[keep], kind="stable")]
    offsets = np.searchsorted(owners[order], np.arange(count + 1)).astype(np.int64)
    return Values(offsets, values[order], labels_used, people, from_domain[order].astype(np.int32))


def _host(website: str) -> str:
    return website.partition("/")[0].removeprefix("www.")


def _places(table: pa.Table, count: int, who: Who) -> tuple[Any, ...]:
    columns = [encode(table[column]) for column in ("street_key", "number_key", "city_key", "postal_key")]
    street, number, city, postal = (codes for codes, _ in columns)
    whole = np.zeros(table.num_rows, np.int64)
    for codes in (street, number, city, postal):
        whole = _next(whole, codes)
    filled = (street >= 0) | (number >= 0) | (city >= 0) | (postal >= 0)
    code, size = recode(np.where(filled, whole, NONE))
    first = np.full(size, 0, np.int64)
    first[code[filled]] = np.flatnonzero(filled)
    values = _values(table, (code, np.arange(size)), count, who)
    return values, *((codes[first], texts) for codes, texts in columns)


def _next(whole: Any, codes: Codes) -> Any:
    """A code for the pair of both, dense."""
    return np.unique(whole * (int(codes.max(initial=0)) + 2) + codes + 1, return_inverse=True)[1].astype(np.int64)


def _identifiers(table: pa.Table, count: int, who: Who) -> tuple[Values, Codes]:
    header, _ = encode(table["name_key"])
    value, _ = encode(table["identifier_key"])
    code, size = recode(combine(header, value))
    first = np.zeros(size, np.int64)
    first[code[code >= 0]] = np.flatnonzero(code >= 0)
    return _values(table, (code, np.arange(size)), count, who), header[first]
