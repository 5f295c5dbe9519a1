"""Small lists written in a few words, as the tables that the stages read; what is not said is ''."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from listmerge import model
from listmerge.engine.local import LocalEngine
from listmerge.model import Columns, arrow_schema
from listmerge.pipeline.keeping import nothing_before
from listmerge.stages import Findings, Settings
from listmerge.stages.identify import IDENTIFY
from listmerge.stages.merge import MERGE

BLANK = {"string": "", "bool": False}
TABLES = {
    "contacts": model.CONTACTS, "emails": model.EMAILS, "phones": model.PHONES, "addresses": model.ADDRESSES,
    "identifiers": model.IDENTIFIERS, "statements": model.STATEMENTS, "sources": model.SOURCES,
    "standing_refusals": model.STANDING_REFUSALS, "assigned": model.ASSIGNED, "retired": model.RETIRED,
    "clusters": model.CLUSTERS, "near_pairs": model.NEAR_PAIRS,
}
MADE = ("identities", "aliases", "masters", "crosswalk", "permission_rows", "conflicts", "fates")


def table(columns: Columns, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as a declared table; '' or 0 for what they do not say."""
    filled = [{name: row.get(name, BLANK.get(kind, 0)) for name, kind in columns} for row in rows]
    return pa.Table.from_pylist(filled, schema=arrow_schema(columns))


def folded(text: str) -> str:
    return " ".join(text.lower().split())


@dataclass
class Lists:
    """Contacts in any order; `build` sorts them by record id, numbers them and makes the tables of a run."""

    people: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    standing: list[dict[str, Any]] = field(default_factory=list)
    assigned: list[dict[str, Any]] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    def add(self, record: str, cluster: str, **said: Any) -> None:
        """A contact: `emails`, `phones` are lists of texts or dicts, `addresses` and `statements` lists of dicts."""
        self.people.append({"record_id": record, "cluster": cluster, **said})

    def build(self) -> dict[str, pa.Table]:
        people = sorted(self.people, key=lambda one: (one["record_id"], one.get("part", 0)))
        first: dict[str, int] = {}
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        for contact, person in enumerate(people):
            first.setdefault(person["cluster"], contact)
            rows["contacts"].append(_contact(person))
            rows["clusters"].append({"contact": contact, "cluster": first[person["cluster"]],
                                     "probability": person.get("probability", 0.0)})
            for name, make in (("emails", _email), ("phones", _phone), ("addresses", _address),
                               ("statements", _statement), ("identifiers", dict)):
                rows[name] += [{"contact": contact, "slot": slot, **make(one)}
                               for slot, one in enumerate(person.get(name, []))]
        named = {person.get("source", "crm") for person in people} - {one["source"] for one in self.sources}
        rows["sources"] = [*self.sources, *({"source": name, "snapshot_date": "2026-11-01"} for name in sorted(named))]
        rows["standing_refusals"], rows["assigned"] = self.standing, self.assigned
        rows["retired"] = [{"master_id": one} for one in self.retired]
        return {name: table(columns, rows[name]) for name, columns in TABLES.items()}


def _contact(person: Mapping[str, Any]) -> dict[str, Any]:
    names = [person.get(part, "") for part in ("given_name", "family_name")]
    keys = {f"{part}_key": folded(person.get(column, "")) for part, column in
            (("given", "given_name"), ("middle", "middle_name"), ("family", "family_name"), ("suffix", "suffix"),
             ("company", "company"), ("website", "website"))}
    base = {"source": "crm", "source_file": "crm.csv", "kind": "person", "name_quality": "ok",
            "full_name": " ".join(name for name in names if name)}
    return base | keys | {name: value for name, value in person.items() if name in dict(model.CONTACTS)}


def _email(one: Any) -> dict[str, Any]:
    said = {"email": one} if isinstance(one, str) else one
    return {"email_key": said["email"].lower(), "quality": "ok"} | said


def _phone(one: Any) -> dict[str, Any]:
    said = {"phone": one} if isinstance(one, str) else one
    return {"phone_key": said["phone"].replace(" ", ""), "quality": "ok"} | said


def _address(one: Mapping[str, Any]) -> dict[str, Any]:
    keys = {key: folded(one.get(column, "")) for key, column in
            (("street_key", "street"), ("city_key", "city"), ("region_key", "region"),
             ("postal_key", "postal_code"), ("country_key", "country"))}
    return {"quality": "ok"} | keys | dict(one)


def _statement(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"channel": "email", "address_key": one.get("address", "").lower()} | dict(one)


def fates_of(fates: pa.Table) -> list[tuple[int, str, int, str]]:
    """(contact, unit, slot, fate) of each place in which there is a value."""
    found = []
    for name in fates.column_names:
        unit, _, slot = name.partition(".")
        if unit in model.ONE_VALUE or slot.isdecimal():
            found += [(contact, unit, int(slot or 0), model.FATES[place]) for contact, place in
                      zip(fates["contact"].to_pylist(), fates[name].to_pylist(), strict=True) if place >= 0]
    return found


def merged(tables: Mapping[str, pa.Table], spill: Path, **settings: Any) -> dict[str, pa.Table]:
    """What IDENTIFY and MERGE make of them."""
    engine = LocalEngine(spill)
    try:
        for name, one in {**nothing_before(), **tables}.items():
            engine.put(name, one)
        told = Settings(**{"today": "2026-11-22", **settings})
        for stage in (IDENTIFY, MERGE):
            stage.run(engine, told, Findings())
        return {name: engine.get(name) for name in MADE}
    finally:
        engine.close()
