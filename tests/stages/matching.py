"""Contacts written as short dictionaries, and the matching stages run on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from listmerge.engine.local import LocalEngine
from listmerge.model import ADDRESSES, CONTACTS, DECISIONS, EMAILS, IDENTIFIERS, PHONES, Columns, arrow_schema
from listmerge.stages import Findings, Settings
from listmerge.stages.block import BLOCK
from listmerge.stages.compare import COMPARE
from listmerge.stages.link import LINK
from listmerge.stages.train import TRAIN

Row = Mapping[str, str]
_NUMBERS = {"int16", "int32"}


def rows_table(columns: Columns, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A table with defaults for what a row does not say."""
    rows = list(rows)
    schema = arrow_schema(columns)
    return pa.table([
        pa.array([row.get(name, 0 if kind in _NUMBERS else "") for row in rows], schema.field(name).type)
        for name, kind in columns
    ], schema=schema)


def tables(people: Sequence[Row], decisions: Iterable[Mapping[str, str]] = ()) -> dict[str, pa.Table]:
    """The tables of contacts: keys given, middle, family, suffix, company, birthday, email and phone (several with
    blanks), street, number, city, postal, identifier, kind; `id` is the record id, `written` the
    company with its legal form."""
    contacts, emails, phones, addresses, identifiers = [], [], [], [], []
    for at, one in enumerate(people):
        named = {f"{part}_key": one.get(part, "") for part in ("given", "middle", "family", "suffix", "company")}
        kind = one.get("kind") or ("person" if one.get("given") or one.get("family") or not one.get("company")
                                   else "organisation")
        named["company"] = one.get("written", named["company_key"])
        contacts.append({"record_id": one.get("id", f"{at:024d}"), "kind": kind, "birthday": one.get("birthday", ""),
                         **named})
        for slot, email in enumerate(one.get("email", "").split()):
            role = email.partition("@")[0] in {"info", "office", "sales"}
            emails.append({"contact": at, "slot": slot, "email_key": email, "quality": "role" if role else "ok"})
        phones += [{"contact": at, "slot": slot, "phone_key": phone, "quality": "ok"}
                   for slot, phone in enumerate(one.get("phone", "").split())]
        place = {f"{part}_key": one.get(part, "") for part in ("street", "number", "city", "postal")}
        addresses += [{"contact": at, **place, "quality": "ok"}] if any(place.values()) else []
        identifiers.append({"contact": at, "name_key": "number", "identifier_key": one.get("identifier", "")})
    return {
        "contacts": rows_table(CONTACTS, contacts), "emails": rows_table(EMAILS, emails),
        "phones": rows_table(PHONES, phones), "addresses": rows_table(ADDRESSES, addresses),
        "identifiers": rows_table(IDENTIFIERS, identifiers), "decisions": rows_table(DECISIONS, decisions),
    }


def matched(given: Mapping[str, pa.Table], folder: Path, **settings: Any) -> tuple[LocalEngine, Findings]:
    """All four stages over the tables."""
    engine, findings = LocalEngine(folder), Findings()
    for name, table in given.items():
        engine.put(name, table)
    for stage in (BLOCK, TRAIN, COMPARE, LINK):
        stage.run(engine, Settings(today="2026-11-22", **settings), findings)
    return engine, findings


def clusters(given: Mapping[str, pa.Table], folder: Path, **settings: Any) -> Any:
    """The cluster of each contact."""
    engine, _ = matched(given, folder, **settings)
    return np.asarray(engine.get("clusters")["cluster"])


_GIVEN = (
    "ada", "ben", "cleo", "dora", "emil", "fay", "gus", "hal", "ida", "jan", "kai", "lena", "milo", "nora", "otto",
    "pia", "rosa", "sven", "tilda", "ugo",
)
_FAMILY = (
    "lindqvist", "okafor", "achterberg", "underhill", "moorcroft", "szabo", "delacroix", "fairweather", "ibarra",
    "jankowski", "kessler", "lombardi", "nakamura", "oyelaran", "petrovic", "quigley", "rasmussen", "sorensen",
    "thackeray", "umarov",
)


def strangers(count: int = 40) -> list[Row]:
    """Other people, so that a case is not alone in its list: half of them are there twice."""
    people = []
    for at in range(count):
        given, family = _GIVEN[at % 20], _FAMILY[(at * 7 + at // 20) % 20]
        one = {"given": given, "family": family, "email": f"{given}.{family}@post{at}.example",
               "phone": f"+4477009001{at:02d}", "street": f"{_FAMILY[at % 13]} street", "number": str(at + 1),
               "city": "leeds" if at % 2 else "york", "postal": f"ls{at}9zz"}
        people += [one, {**one, "phone": "", "street": "", "number": ""}][:1 + at % 2]
    return people
