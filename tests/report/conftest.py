"""A small run of invented people, from which page and workbook are made in the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from listmerge import model
from listmerge.report.material import Before, Material

Row = dict[str, Any]


def table(columns: model.Columns, rows: list[Row]) -> pa.Table:
    """Rows as a table of the model: what a row leaves out is '', 0 or False."""
    schema = model.arrow_schema(columns)
    nothing = {"string": "", "bool": False}
    filled = [{name: row.get(name, nothing.get(kind, 0)) for name, kind in columns} for row in rows]
    return pa.Table.from_pylist(filled, schema=schema)


#: (cluster, source, row, given, family, company, email, phone, street, postcode, city)
PEOPLE = (
    (0, "crm", 1, "Robert", "Fox", "Acme Ltd", "bob@acme.example", "+442079460001", "1 High Street", "SW1A 1AA",
     "London"),
    (0, "newsletter", 1, "Bob", "Fox", "", "bob@acme.example", "", "", "", ""),
    (0, "xero", 1, "Robert", "Fox", "ACME Limited", "", "+442079460001", "2 Low Road", "0800", "Darwin"),
    (3, "crm", 2, "Anna", "Berg", "", "anna@mail.example", "", "", "", ""),
    (3, "newsletter", 2, "Anna", "Berg", "", "anna@mail.example", "", "", "", ""),
    (5, "crm", 3, "<script>alert(1)</script>", "[/foo]", "=cmd|'/c calc'!A0", "x@evil.example", "", "", "", ""),
    (6, "xero", 2, "Ann", "Berg", "Berg & Söhne", "berg@firma.example", "", "", "", ""),
)
ENDINGS = {"crm": "lists/crm.csv", "newsletter": "lists/newsletter.csv", "xero": "lists/old/crm.csv"}


def _contact(index: int, person: tuple[Any, ...]) -> Row:
    _, source, row, given, family, company, *_ = person
    return {
        "record_id": f"{index:024x}", "source": source, "source_file": ENDINGS[source], "source_row": row,
        "source_line": row + 1, "kind": "person", "full_name": f"{given} {family}", "given_name": given,
        "family_name": family, "given_key": given.lower(), "family_key": family.lower(), "company": company,
        "company_key": company.lower().removesuffix(" ltd").removesuffix(" limited"),
    }


def _master(cluster: int, person: tuple[Any, ...], sources: str) -> Row:
    _, _, _, given, family, company, email, phone, street, postcode, city = person
    refused = {3: "unsubscribed"}.get(cluster, "")
    return {
        "master_id": f"M{cluster:016d}", "kind": "person", "full_name": f"{given} {family}", "given_name": given,
        "family_name": family, "company": company, "email": "" if refused else email, "emails": email, "phone": phone,
        "phones": phone, "street": street, "postal_code": postcode, "city": city, "refusal": refused,
        "may_email": "yes" if cluster == 0 else "no", "sources": sources,
        "why_not": {0: "", 3: "unsubscribed"}.get(cluster, "no permission"),
    }


@pytest.fixture
def rows() -> Callable[[model.Columns, list[Row]], pa.Table]:
    """Makes tables of the model from rows."""
    return table


@pytest.fixture
def material() -> Material:
    """Seven contacts of three sources in four masters: one merged with doubt, one who unsubscribed, one hostile."""
    clusters = {0: 0.62, 3: 0.999, 5: 0.0, 6: 0.0}
    firsts = {cluster: next(person for person in PEOPLE if person[0] == cluster) for cluster in clusters}
    sources = {cluster: "; ".join(person[1] for person in PEOPLE if person[0] == cluster) for cluster in clusters}
    contacts = [_contact(index, person) for index, person in enumerate(PEOPLE)]
    return Material(
        contacts=table(model.CONTACTS, contacts),
        emails=table(model.EMAILS, [{"contact": index, "email": person[6], "email_key": person[6]}
                                    for index, person in enumerate(PEOPLE) if person[6]]),
        phones=table(model.PHONES, [{"contact": index, "phone": person[7], "phone_key": person[7]}
                                    for index, person in enumerate(PEOPLE) if person[7]]),
        addresses=table(model.ADDRESSES, [
            {"contact": index, "street": person[8], "postal_code": person[9], "city": person[10],
             "street_key": person[8].lower(), "postal_key": person[9], "city_key": person[10].lower()}
            for index, person in enumerate(PEOPLE) if person[8]]),
        clusters=table(model.CLUSTERS, [{"contact": index, "cluster": person[0], "probability": clusters[person[0]]}
                                        for index, person in enumerate(PEOPLE)]),
        near_pairs=table(model.NEAR_PAIRS, [
            {"left": 0, "right": 5, "probability": 0.9, "reason": "a contradiction"},
            {"left": 3, "right": 6, "probability": 0.31, "reason": "too little speaks for it"}]),
        masters=table(model.MASTERS, [_master(cluster, firsts[cluster], sources[cluster]) for cluster in clusters]),
        crosswalk=table(model.CROSSWALK, [
            {**contact, "master_id": f"M{person[0]:016d}"} for contact, person in zip(contacts, PEOPLE, strict=True)]),
        permission_rows=table(model.PERMISSION_ROWS, []),
        conflicts=table(model.CONFLICTS, [
            {"master_id": "M0000000000000000", "field": "address", "winner": "1 High Street", "winner_source": "crm",
             "rule": "most-complete", "others": "2 Low Road (xero)", "severity": "must-decide"},
            {"master_id": "M0000000000000000", "field": "given_name", "winner": "Robert", "winner_source": "crm",
             "rule": "most-frequent", "others": "Bob (newsletter)", "severity": "information"}]),
        issues=table(model.ISSUES, [
            {"source": "crm", "source_file": ENDINGS["crm"], "source_row": 3, "source_line": 4, "field": "email",
             "code": "email-typo", "value": "x@gmial.example", "message": "Looks like a slip of the keys.",
             "suggestion": "x@gmail.example"},
            {"source": "crm", "source_file": ENDINGS["crm"], "source_row": 4, "source_line": 5, "field": "",
             "code": "ragged-row", "value": "a,b,c", "message": "The row has more cells than the header."}]),
        sources=table(model.SOURCES, [{"source": name} for name in ENDINGS]),
        aliases=table(model.ALIASES, []),
        statements=table(model.STATEMENTS, [
            {"contact": 4, "channel": "email", "address": "anna@mail.example", "address_key": "anna@mail.example",
             "fact": "refusal", "value": "unsubscribed"}]),
        run={
            "date": "2026-11-22", "counts": {"rows": 8, "masters": 4, "may_email": 1},
            "inputs": [
                {"source": "crm", "file": ENDINGS["crm"], "system": "Salesforce", "rows": 4, "kept": 3, "rejected": 1,
                 "structure": 1, "facts": {"encoding": "utf-8", "delimiter": ","}},
                {"source": "newsletter", "file": ENDINGS["newsletter"], "system": "Mailchimp", "rows": 2, "kept": 2},
                {"source": "xero", "file": ENDINGS["xero"], "system": "Xero", "rows": 2, "kept": 2}],
            "balance": {"rows": {"read": 9, "kept": 7, "rejected": 1, "structure": 1},
                        "cells": {"read": 30, "in-master": 20, "same-value": 6, "conflict-loser": 4}},
        },
    )


@pytest.fixture
def before(material: Material) -> Before:
    """The last run: one record was not there yet, and Bob still had another name."""
    contacts = material.contacts.slice(0, 6).to_pylist()
    contacts[1]["full_name"] = "B. Fox"
    return Before("2026-10-22", {"rows": 7, "masters": 4, "may_email": 2}, table(model.CONTACTS, contacts),
                  material.emails, material.phones, material.addresses, material.masters)
