"""Who stands in a row: a person or an organisation, by name, job and the rest of what a contact says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import categories, companies, dates, names, websites
from listmerge.fields.text import distinct, fold, is_filled
from listmerge.model import Column, Mapping
from listmerge.stages.clean.flaws import Found
from listmerge.stages.clean.plan import Cells, Value, any_filled, filled_mask, join

NAME_COLUMNS: Final = ("full_name", "prefix", "given_name", "middle_name", "family_name", "suffix", "nickname",
                       "given_key", "middle_key", "family_key", "suffix_key")
_JOB: Final = ("company", "department", "job_title")
_JOB_COLUMNS: Final = (*_JOB, "company_key")
_KIND_WORDS: Final = {
    "organisation": ("organisation", "organization", "company", "business", "firm", "firma", "unternehmen",
                     "entreprise", "societe", "empresa", "azienda", "org", "b2b", "vendor", "account",
                     "bedrijf", "corporate"),
    "person": ("person", "individual", "contact", "people", "privat", "private", "privatperson", "particulier",
               "particular", "privato", "b2c", "human", "natural person", "consumer"),
}
_RELATIONSHIP_WORDS: Final = {
    "customer": ("customer", "client", "kunde", "kundin", "kunden", "klient", "cliente", "buyer", "klant", "customers",
                 "clients", "active customer", "bestandskunde", "subscriber customer", "true customer"),
    "former": ("former", "former customer", "ex customer", "past customer", "ehemaliger kunde", "inactive customer",
               "ancien client", "lost customer", "churned", "former client"),
    "prospect": ("prospect", "lead", "interessent", "suspect", "opportunity", "potential customer", "neukunde",
                 "potential", "prospects", "leads", "marketing qualified lead", "sales qualified lead"),
    "attendee": ("attendee", "visitor", "participant", "teilnehmer", "besucher", "registrant", "guest"),
    "hired": ("hired", "rented", "purchased", "bought list", "mietliste"),
    "supplier": ("supplier", "suppliers", "vendor", "lieferant", "fournisseur", "proveedor", "fornitore",
                 "leverancier"),
    "own": ("own", "employee", "staff", "internal", "mitarbeiter", "colleague", "team member"),
}
_SURNAME_HEADER = re.compile(r"\b(?:last name|surname|nachname|nom de famille)\b")


def _by_word(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: meaning for meaning, words in table.items() for word in words}


_KIND_OF: Final = _by_word(_KIND_WORDS)
_RELATIONSHIP_OF: Final = _by_word(_RELATIONSHIP_WORDS)


@dataclass(slots=True)
class People:
    """One part of all rows: columns of CONTACTS by name, what kind of name each has, its account, which rows each Value
    gave its text to, and issues with the Value that they belong to."""

    columns: dict[str, pa.Array] = field(default_factory=dict)
    name_kind: pa.Array = None
    account: pa.Array = None        # of rows that name a person besides
    used: dict[Value, Any] = field(default_factory=dict)
    issues: list[Found] = field(default_factory=list)


def read_people(cells: Cells, values: Sequence[Value], part: int, mapping: Mapping, today: str) -> People:
    """What the columns of one part say of a person or an organisation; kinds are judged later, by `judge_kind`."""
    people = People()
    own: dict[str, list[Value]] = {}
    for value in values:
        if value.part == part:
            own.setdefault(value.unit, []).append(value)
    _read_name(people, cells, own.get("name", []), _surnames(cells, own))
    _read_job(people, cells, own.get("job", []))
    _drop_own_name(people, own.get("job", []))
    _read_website(people, cells, own.get("website", []))
    _read_dates(people, cells, own, today)
    _read_texts(people, cells, own, mapping)
    return people


def _read_name(people: People, cells: Cells, values: list[Value], surnames: pa.Array) -> None:
    first = values[0] if values else Value(0, "name", 0, "", ())
    texts = [cells.joined(first.of(part), " ") for part in names.PARTS]
    place = names.PARTS.index("family_name")
    texts[place] = join([texts[place], surnames], " ")
    _read_account(people, cells, first, texts)
    cleaned = names.clean_column(texts)
    people.columns |= {name: cleaned.table.column(name).combine_chunks() for name in NAME_COLUMNS}
    people.columns["name_quality"] = cleaned.table.column("quality").combine_chunks()
    people.name_kind = cleaned.table.column("kind").combine_chunks()
    if values:
        people.issues.append(Found(first, None, _of_names(cleaned.issues, cells.joined(first.of("account"), " "))))
        people.used[first] = is_filled(people.columns["full_name"])


def _read_account(people: People, cells: Cells, value: Value, texts: list[pa.Array]) -> None:
    """An account is the whole name of a row that names nobody else; else it is kept, to be their company."""
    columns = value.of("account")
    account = _before(cells.joined(columns, " "), columns)
    given, family, whole = map(names.PARTS.index, ("given_name", "family_name", "full_name"))
    named = pa.array(any_filled([texts[given], texts[family], texts[whole]]))
    texts[whole] = pc.if_else(named, texts[whole], account)
    people.account = pc.if_else(named, account, "")


def _of_names(issues: pa.Table, account: pa.Array) -> pa.Table:
    """The issues with names; that an account is a company is none."""
    company = pc.and_(pc.equal(issues.column("code"), "name-is-company"),
                      filled_mask(account.take(issues.column("position").combine_chunks())))
    return issues.filter(pc.invert(company))


def _surnames(cells: Cells, own: dict[str, list[Value]]) -> pa.Array:
    """The surnames in a column for 'company or last name' (MYOB): it is one where a first name stands beside it."""
    names_of = _columns_of(own.get("name", ()))
    shared = [column for value in own.get("job", ()) for column in value.of("company")
              if _SURNAME_HEADER.search(fold(column.header))]
    if not shared or any(column.field in ("family_name", "full_name") for column in names_of):
        return cells.blank()
    first = cells.joined([column for column in names_of if column.field == "given_name"], " ")
    return pc.if_else(filled_mask(first), cells.text(shared[0].index), "")


def _read_job(people: People, cells: Cells, values: list[Value]) -> None:
    """Company, department and title of the first group that has any: they belong together."""
    chosen = dict.fromkeys(_JOB_COLUMNS, cells.blank())
    free = np.ones(cells.rows, bool)
    for value in values:
        texts = {part: _before(cells.joined(value.of(part), ", "), value.of(part)) for part in _JOB}
        cleaned = companies.clean_column(texts["company"])
        texts["company"] = cleaned.table.column("company").combine_chunks()
        taken = free & any_filled(list(texts.values()))
        texts["company_key"] = cleaned.table.column("key").combine_chunks()
        chosen = {part: pc.if_else(pa.array(taken), texts[part], chosen[part]) for part in _JOB_COLUMNS}
        people.used[value] = taken
        people.issues.append(Found(value, None, cleaned.issues))
        free &= ~taken
    people.columns |= chosen
    _fill_company(people, pc.and_(filled_mask(people.account), pc.equal(chosen["company"], "")), people.account)


def _fill_company(people: People, where: pa.Array, texts: pa.Array) -> None:
    """Gives some rows the company that stands in a text."""
    cleaned = companies.clean_column(pc.filter(texts, where))
    for name, key in (("company", "company"), ("company_key", "key")):
        found = cleaned.table.column(key).combine_chunks()
        people.columns[name] = pc.replace_with_mask(people.columns[name], where, found)


def _before(texts: pa.Array, columns: Sequence[Column]) -> pa.Array:
    """The company without its jobs, which accounting programs write after a separator (`Customer:Job`), and the first
    of several jobs in one cell."""
    separator = next((column.separator for column in columns if column.separator), "")
    return pc.replace_substring_regex(texts, rf"(?s)\s*{re.escape(separator)}.*$", "") if separator else texts


def _drop_own_name(people: People, values: list[Value]) -> None:
    """A company's name that is but the person's own name names no company; with a legal form (Fox Ltd) it does."""
    columns = people.columns
    company, given, family = columns["company_key"], columns["given_key"], columns["family_key"]
    wholes = (pc.binary_join_element_wise(*both, " ") for both in ((given, family), (family, given)))
    own = reduce(pc.or_, (pc.equal(company, text) for text in (family, *wholes)))
    own = pc.and_(own, pc.and_(filled_mask(columns["company_key"]), filled_mask(columns["given_key"])))
    firms = [text for text in pc.unique(pc.filter(columns["company"], own)).to_pylist()
             if companies.has_legal_form(text)]
    own = pc.and_not(own, pc.is_in(columns["company"], value_set=pa.array(firms, pa.string())))
    for name in ("company", "company_key"):
        columns[name] = pc.if_else(own, "", columns[name])
    rest = any_filled([columns[part] for part in _JOB])
    for value in values:
        people.used[value] = people.used[value] & rest


def take_company_from_name(people: People) -> None:
    """A company that stands in the name's column is the row's company, when it has no other."""
    named = pc.and_(pc.equal(people.name_kind, "organisation"), pc.equal(people.columns["name_quality"], "ok"))
    missing = pc.and_(named, pc.equal(people.columns["company"], ""))
    _fill_company(people, missing, people.columns["full_name"])


def _read_website(people: People, cells: Cells, values: list[Value]) -> None:
    people.columns |= {"website": cells.blank(), "website_key": cells.blank()}
    for value in values:
        cleaned = websites.clean_column(cells.joined(value.columns, " "))
        people.issues.append(Found(value, None, cleaned.issues))
        found = cleaned.table.column("website").combine_chunks()
        taken = pc.and_(pc.equal(people.columns["website"], ""), filled_mask(found))
        people.used[value] = taken.to_numpy(zero_copy_only=False)
        for name, key in (("website", "website"), ("website_key", "key")):
            people.columns[name] = pc.if_else(taken, cleaned.table.column(key).combine_chunks(), people.columns[name])


def _read_dates(people: People, cells: Cells, own: dict[str, list[Value]], today: str) -> None:
    people.columns |= {"birthday": cells.blank(), "updated": cells.blank()}
    for value in own.get("birthday", ())[:1]:
        cleaned = dates.clean_column(_birthdays(cells, value), cells.date_order(value.columns[0].index), decided=True,
                                     today=today, yearless=True)
        people.columns["birthday"] = cleaned.table.column("date").combine_chunks()
        people.issues.append(Found(value, None, cleaned.issues))
        people.used[value] = is_filled(people.columns["birthday"])
    for value in own.get("record", ()):
        for column in value.of("updated")[:1]:
            cleaned = dates.clean_column(cells.text(column.index), cells.date_order(column.index), decided=True,
                                         seconds=True)
            people.columns["updated"] = cleaned.table.column("date").combine_chunks()
            people.issues.append(Found(Value(value.part, "record", 0, "", (column,)), None, cleaned.issues))


def _birthdays(cells: Cells, value: Value) -> pa.Array:
    """The texts of a birthday; of three columns for year, month and day they make YYYY-MM-DD or --MM-DD."""
    by_label = {column.label: cells.text(column.index) for column in value.columns}
    if not {"month", "day"} <= by_label.keys():
        return cells.joined(value.columns[:1], " ")
    year, month, day = (by_label.get(part, cells.blank()) for part in ("year", "month", "day"))
    whole = pc.and_(pc.match_substring_regex(month, r"^\d\d?$"), pc.match_substring_regex(day, r"^\d\d?$"))
    month, day = (pc.utf8_lpad(part, 2, "0") for part in (month, day))
    start = pc.if_else(pc.match_substring_regex(year, r"^\d{4}$"), year, "-")
    return pc.if_else(whole, pc.binary_join_element_wise(start, month, day, "-"), "")


def _read_texts(people: People, cells: Cells, own: dict[str, list[Value]], mapping: Mapping) -> None:
    people.columns["categories"] = _categories(people, cells, own.get("categories", ()), mapping.null_words)
    for unit, separator in (("notes", "\n"), ("language", " ")):
        people.columns[unit] = cells.joined(_columns_of(own.get(unit, ())), separator)
    stated = cells.joined(_columns_of(own.get("relationship", ())), " ")
    found = distinct(stated, lambda text: _RELATIONSHIP_OF.get(fold(text), ""))
    for value in own.get("relationship", ()):
        people.used[value] = is_filled(found)
    people.columns["relationship"] = pc.if_else(filled_mask(found), found, mapping.relationship)


def _categories(people: People, cells: Cells, values: Sequence[Value], null_words: Sequence[str]) -> pa.Array:
    """The labels of all columns, one a line; the system's own, such as Google's `* myContacts`, are none."""
    nothing = {word.casefold() for word in null_words}
    lists = []
    for value in values:
        found = [categories.clean_column(cells.text(column.index), column.separator, nothing)
                 for column in value.columns]
        people.used[value] = is_filled(join(found, categories.BETWEEN))
        lists += found
    return join(lists, categories.BETWEEN) if lists else cells.blank()


def _columns_of(values: Sequence[Value]) -> list[Column]:
    return [column for value in values for column in value.columns]


def kind_stated(cells: Cells, values: Sequence[Value]) -> pa.Array:
    """What a column of its own says of the kind of the row: person, organisation or ''."""
    columns = [column for value in values if value.part == 0 for column in value.of("kind")]
    return distinct(cells.joined(columns[:1], " "), lambda text: _KIND_OF.get(fold(text), ""))


def judge_kind(people: People, stated: pa.Array, has_role_address: Any) -> pa.Array:
    """'person' where one is named; else 'organisation' where a company, a team or a role address is."""
    person = pc.equal(people.name_kind, "person")
    other = pc.or_(pc.or_(pc.equal(people.name_kind, "organisation"), filled_mask(people.columns["company"])),
                   pa.array(has_role_address))
    found = pc.if_else(person, "person", pc.if_else(other, "organisation", "person"))
    return pc.if_else(filled_mask(stated), stated, found)
