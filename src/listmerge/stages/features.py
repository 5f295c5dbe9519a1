"""What contacts are compared by: every value as a number, and how many people share it.

Built once from the cleaned tables. Codes stand for distinct values, so that a comparison is done once per distinct pair
of values, and a frequency is an array lookup. A frequency counts *people*, not records: the copies of one person say
nothing about how common a value is. Who is one person is not known yet, so the name stands for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import Engine
from listmerge.stages.codes import (
    NONE,
    Codes,
    Values,
    Who,
    WordLists,
    coded_among,
    combine,
    crowd_of,
    encode,
    people_of,
    recode,
    texts_at,
    together,
    values_of,
    word_lists,
)
from listmerge.stages.legal import legal_forms
from listmerge.stages.mailbox_names import completed
from listmerge.stages.mailboxes import mailboxes, shown, work
from listmerge.stages.namesakes import crowds
from listmerge.stages.nicknames import roots_of
from listmerge.stages.together import beyond_chance, first_letters
from listmerge.stages.who import persons, reached_at, stand_ins, who_of

Tables = Mapping[str, pa.Table]

#: Table and column -> its codes and texts, as `encode` gives them.
Texts = Callable[[str, str], tuple[Codes, pa.Array]]

TABLES: Final = ("contacts", "emails", "phones", "addresses", "identifiers")
#: Columns that are encoded as they are, some at a time (Arrow lets go of the interpreter): what is asked for first is
#: first.
ENCODED: Final = (
    ("contacts", "given_key"), ("contacts", "family_key"), ("emails", "email_key"), ("phones", "phone_key"),
    ("contacts", "middle_key"), ("contacts", "suffix_key"), ("addresses", "street_key"), ("addresses", "number_key"),
    ("addresses", "city_key"), ("addresses", "postal_key"), ("contacts", "company_key"), ("contacts", "birthday"),
    ("contacts", "website_key"), ("identifiers", "name_key"), ("identifiers", "identifier_key"),
)
#: Part of an address -> what Features calls its codes.
PARTS: Final = {"street": "streets", "number": "numbers", "city": "cities", "postal": "postals"}
#: What is made of texts alone, beside the question who is who.
BESIDE: Final[dict[str, Callable[[Texts], Any]]] = {
    "shown": lambda texts: shown(*(texts(*at)[1] for at in (
        ("emails", "email_key"), ("contacts", "company_key"), ("contacts", "website_key")))),
    "doors": lambda texts: together([texts("addresses", f"{part}_key")[0] for part in PARTS]),
    "street_words": lambda texts: word_lists(texts("addresses", "street_key")[1]),
    "company_words": lambda texts: word_lists(texts("contacts", "company_key")[1]),
}
CORES: Final = 2


@dataclass(frozen=True, slots=True)
class Features:
    """The contacts as columns of codes (NONE where there is no value). Distinct texts by code are text columns, of
    which `codes.texts_at` takes some."""

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
    legal: Codes                    # of organisations: the code of the legal form
    emails: Values
    local_parts: Codes              # per distinct e-mail: the code of what stands before the @
    local_texts: Any
    domains: Codes                  # per distinct e-mail
    domain_texts: Any
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
    looks: dict[str, Any] = field(default_factory=dict)     # what the comparisons know of the values, levels/looks.py

    def words_of(self, contacts: Codes) -> list[str]:
        """Given and family name of each contact, as one text."""
        given, family = (texts_at(self.words, codes[contacts]) for codes in (self.given, self.family))
        return pc.binary_join_element_wise(given, family, " ").to_pylist()      # type: ignore[no-any-return]


def features(tables: Tables) -> Features:
    """The columns of codes of the five tables in TABLES."""
    contacts, emails = tables["contacts"], tables["emails"]
    count = contacts.num_rows
    organisation = pc.equal(contacts["kind"], "organisation").to_numpy(zero_copy_only=False)
    with ThreadPoolExecutor(CORES) as pool:
        texts = _encoded(pool, tables)
        begun = {name: pool.submit(make, texts) for name, make in BESIDE.items()}
        names = _names(texts, emails, ~organisation)
        reached = reached_at(tables, texts, count)
        names |= _crowd(names, reached)
        who = who_of(names, organisation, stand_ins(tables["addresses"], texts), reached)
        company, birthday = texts("contacts", "company_key"), texts("contacts", "birthday")
        names["names"] = max(names["names"], who.nameless.max(initial=0.0)) + len(np.unique(company[0][organisation]))
        places = pool.submit(_places, tables["addresses"], texts, begun["doors"], who, names)
        phones = pool.submit(values_of, tables["phones"], texts("phones", "phone_key"), count, who)
        parts, words = begun["shown"].result()
        boxes = mailboxes(emails, values_of(emails, texts("emails", "email_key"), count, who), parts, who)
        return Features(
            count=count, organisation=organisation, **names, company=company[0], companies=company[1],
            company_words=begun["company_words"].result(), street_words=begun["street_words"].result(),
            legal=legal_forms(contacts, organisation), birthday=birthday[0], birthdays=birthday[1],
            birthday_people=people_of(birthday[0], Who(who.surely, who.surely, who.nameless), np.arange(count),
                                      len(birthday[1])),
            **boxes, phones=phones.result(), **places.result(),
            work=work(company[0], texts("contacts", "website_key")[0], boxes, words, who),
            **_identifiers(tables["identifiers"], texts, count, who),
        )


def _encoded(pool: Executor, tables: Tables) -> Texts:
    """The columns ENCODED, which the pool begins to encode: who asks for one waits for it."""
    begun = {at: pool.submit(encode, tables[at[0]][at[1]]) for at in ENCODED}
    return lambda table, column: begun[table, column].result()


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


def _names(texts: Texts, emails: pa.Table, person: Any) -> dict[str, Any]:
    """What Features says of names and their words."""
    given, words = texts("contacts", "given_key")
    family, words = coded_among(words, *texts("contacts", "family_key"))
    given, family, words = completed(given, family, words, person, emails)
    root = roots_of(words, np.bincount(given[given >= 0], minlength=len(words)))
    folded = np.where(given >= 0, root[given], NONE) if len(words) else given
    (middle, middles), (suffix, suffixes) = texts("contacts", "middle_key"), texts("contacts", "suffix_key")
    return {
        "words": words, "given": given, "family": family, "root": folded, "middle": middle, "middles": middles,
        "suffix": suffix, "suffixes": suffixes, "name": recode(combine(folded, family))[0],
    }


def _crowd(names: Mapping[str, Any], reached: Codes) -> dict[str, Any]:
    """What Features says of the people behind the names."""
    words, one = names["words"], persons(names["name"], reached)
    letters = first_letters(words)
    crowd = crowds(names["given"], names["family"], names["name"], one, letters)
    return {
        "person": one, "names": crowd.people, "given_people": crowd.given, "family_people": crowd.family,
        "initial_share": _initial_share(letters, crowd.given),
        "initials_share": _share_of_initials(words, crowd.given), "spelling": crowd.spelling,
        "namesakes": crowd.namesakes,
    }


def _initial_share(letters: Any, people: Any) -> Any:
    """For each word: the share of people whose given name begins with its first letter."""
    return (np.bincount(letters, weights=people)[letters] + 100 / 20) / (float(people.sum()) + 100)


def _share_of_initials(words: Any, people: Any) -> float:
    short = np.append(pc.utf8_length(words).to_numpy() == 1, False)
    return float(people[short].sum() / max(float(people.sum()), 1.0))


def _places(
    table: pa.Table, texts: Texts, doors: Future[tuple[Codes, int]], who: Who, names: Mapping[str, Any]
) -> dict[str, Any]:
    """Addresses: one code for all parts together, and per distinct address the code of each part."""
    parts = {part: texts("addresses", f"{part}_key") for part in PARTS}
    code, size = doors.result()
    first = np.zeros(size, np.int64)
    first[code[code >= 0]] = np.flatnonzero(code >= 0)
    owners = table["contact"].to_numpy()
    found = {f"{part}_people": crowd_of(parts[part][0], who, owners, len(parts[part][1]))
             for part in ("street", "city", "postal")}
    city, cities = parts["city"]
    found["city_people"] = found["city_people"] * beyond_chance(
        names["given"][owners], city, (first_letters(names["words"]), first_letters(cities)), 1.0)
    found |= {f"{part}_texts": texts for part, (_, texts) in parts.items()}
    found |= {PARTS[part]: codes[first] for part, (codes, _) in parts.items()}
    return {**found, "addresses": values_of(table, (code, np.arange(size)), len(names["given"]), who)}


def _identifiers(table: pa.Table, texts: Texts, count: int, who: Who) -> dict[str, Any]:
    """Header and value together; per distinct one the code of its header."""
    header, _ = texts("identifiers", "name_key")
    code, size = recode(combine(header, texts("identifiers", "identifier_key")[0]))
    first = np.zeros(size, np.int64)
    first[code[code >= 0]] = np.flatnonzero(code >= 0)
    return {"identifiers": values_of(table, (code, np.arange(size)), count, who), "headers": header[first]}
