"""Who stands in a row: a person or an organisation, by name, job and the rest of what a contact says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import companies, dates, names, websites
from listmerge.fields.text import distinct, fold
from listmerge.model import Mapping
from listmerge.stages.clean.plan import Cells, Value, filled_mask, is_filled, join

NAME_COLUMNS: Final = ("full_name", "prefix", "given_name", "middle_name", "family_name", "suffix", "nickname",
                       "given_key", "middle_key", "family_key", "suffix_key")
_JOB: Final = ("company", "department", "job_title")
_JOB_COLUMNS: Final = (*_JOB, "company_key")
_KIND_WORDS: Final = {
    "organisation": ("organisation", "organization", "company", "business", "firm", "firma", "unternehmen", "entreprise",
                     "societe", "empresa", "azienda", "org", "b2b", "vendor", "account", "bedrijf", "corporate"),
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
    "supplier": ("supplier", "vendor", "lieferant", "fournisseur", "proveedor", "fornitore", "leverancier", "suppliers"),
    "own": ("own", "employee", "staff", "internal", "mitarbeiter", "colleague", "team member"),
}


def _by_word(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: meaning for meaning, words in table.items() for word in words}


_KIND_OF: Final = _by_word(_KIND_WORDS)
_RELATIONSHIP_OF: Final = _by_word(_RELATIONSHIP_WORDS)


@dataclass(slots=True)
class People:
    """One part of all rows: columns of CONTACTS by name, what kind of name each has, which rows each Value gave its text
    to, and issues with the Value that they belong to."""

    columns: dict[str, pa.Array] = field(default_factory=dict)
    name_kind: pa.Array = None
    used: dict[Value, Any] = field(default_factory=dict)
    issues: list[tuple[Value, pa.Table]] = field(default_factory=list)


def read_people(cells: Cells, values: Sequence[Value], part: int, mapping: Mapping, today: str) -> People:
    """What the columns of one part say of a person or an organisation; kinds are judged later, by `judge_kind`."""
    people = People()
    own: dict[str, list[Value]] = {}
    for value in values:
        if value.part == part:
            own.setdefault(value.unit, []).append(value)
    _read_name(people, cells, own.get("name", []))
    _read_job(people, cells, own.get("job", []))
    _read_website(people, cells, own.get("website", []))
    _read_dates(people, cells, own, mapping, today)
    _read_texts(people, cells, own, mapping)
    return people


def _read_name(people: People, cells: Cells, values: list[Value]) -> None:
    first = values[0] if values else Value(0, "name", 0, "", ())
    cleaned = names.clean_column([cells.joined(first.of(part), " ") for part in names.PARTS])
    people.columns |= {name: cleaned.table.column(name).combine_chunks() for name in NAME_COLUMNS}
    people.columns["name_quality"] = cleaned.table.column("quality").combine_chunks()
    people.name_kind = cleaned.table.column("kind").combine_chunks()
    if values:
        people.issues.append((first, cleaned.issues))
        people.used[first] = is_filled(people.columns["full_name"])


def _read_job(people: People, cells: Cells, values: list[Value]) -> None:
    """Company, department and title of the first group that has any: they belong together."""
    chosen = dict.fromkeys(_JOB_COLUMNS, cells.blank())
    free = np.ones(cells.rows, bool)
    for value in values:
        texts = {part: cells.joined(value.of(part), ", ") for part in _JOB}
        cleaned = companies.clean_column(texts["company"])
        texts["company"] = cleaned.table.column("company").combine_chunks()
        taken = free & is_filled(join(list(texts.values()), ""))
        texts["company_key"] = cleaned.table.column("key").combine_chunks()
        chosen = {part: pc.if_else(pa.array(taken), texts[part], chosen[part]) for part in _JOB_COLUMNS}
        people.used[value] = taken
        people.issues.append((value, cleaned.issues))
        free &= ~taken
    people.columns |= chosen


def take_company_from_name(people: People) -> None:
    """A company that stands in the name's column is the row's company, when it has no other."""
    named = pc.and_(pc.equal(people.name_kind, "organisation"), pc.equal(people.columns["name_quality"], "ok"))
    missing = pc.and_(named, pc.equal(people.columns["company"], ""))
    cleaned = companies.clean_column(pc.filter(people.columns["full_name"], missing))
    for name, key in (("company", "company"), ("company_key", "key")):
        found = cleaned.table.column(key).combine_chunks()
        people.columns[name] = pc.replace_with_mask(people.columns[name], missing, found)


def _read_website(people: People, cells: Cells, values: list[Value]) -> None:
    people.columns |= {"website": cells.blank(), "website_key": cells.blank()}
    for value in values:
        cleaned = websites.clean_column(cells.joined(value.columns, " "))
        people.issues.append((value, cleaned.issues))
        taken = pc.and_(pc.equal(people.columns["website"], ""), filled_mask(cleaned.table.column("website").combine_chunks()))
        people.used[value] = taken.to_numpy(zero_copy_only=False)
        for name, key in (("website", "website"), ("website_key", "key")):
            people.columns[name] = pc.if_else(taken, cleaned.table.column(key).combine_chunks(), people.columns[name])


def _read_dates(people: People, cells: Cells, own: dict[str, list[Value]], mapping: Mapping, today: str) -> None:
    people.columns |= {"birthday": cells.blank(), "updated": cells.blank()}
    wanted = [("birthday", value, value.columns[0], today) for value in own.get("birthday", ())[:1]]
    wanted += [("updated", value, column, "") for value in own.get("record", ()) for column in value.of("updated")[:1]]
    for name, value, column, latest in wanted:
        cleaned = dates.clean_column(cells.text(column.index), mapping.date_order, today=latest)
        people.columns[name] = cleaned.table.column("date").combine_chunks()
        people.issues.append((value, cleaned.issues))
        if name == "birthday":
            people.used[value] = is_filled(people.columns[name])


def _read_texts(people: People, cells: Cells, own: dict[str, list[Value]], mapping: Mapping) -> None:
    for unit, separator in (("categories", "; "), ("notes", "\n"), ("language", " ")):
        people.columns[unit] = cells.joined([column for value in own.get(unit, ()) for column in value.columns], separator)
    stated = cells.joined([column for value in own.get("relationship", ()) for column in value.columns], " ")
    found = distinct(stated, lambda text: _RELATIONSHIP_OF.get(fold(text), ""))
    for value in own.get("relationship", ()):
        people.used[value] = is_filled(found)
    people.columns["relationship"] = pc.if_else(filled_mask(found), found, mapping.relationship)


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
