"""Cleaned contacts of the current records: made once per part and version, and put together for a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.config import Config, SourceFacts
from listmerge.model import REFUSALS, STANDING_REFUSALS, Mapping, arrow_schema, empty_table
from listmerge.pipeline import versions
from listmerge.stages.clean import Cleaned, CleanSettings, clean_part, gather
from listmerge.stages.clean.tables import table_names
from listmerge.workspace.folder import Change
from listmerge.workspace.snapshots import Part

Tables = dict[str, pa.Table]

#: Tables that hold a contact's values, by its position in `contacts`.
_OF_BOOKS: Final = ("cells", "rejected")
_OF_CONTACTS: Final = ("emails", "phones", "addresses", "identifiers", "statements")


def cleaned_tables(change: Change, part: Part, config: Config) -> Tables:
    """What cleaning makes of a part: taken from the store, or made and stored."""
    mapping = _mapping(part, config)
    settings = CleanSettings(region=config.region, key=change.catalogue.secret("identifier_key"), today=part.date)
    key = {"records": part.records, "mapping": _digest(mapping.to_json()),
           "version": _digest(f"{versions.cleaning()} {settings.region} {settings.today}")}
    stored = change.catalogue.rows(
        "SELECT name, part FROM cleaned WHERE records = :records AND mapping = :mapping AND version = :version", **key)
    if stored:
        return {row["name"]: change.parts.read(row["part"]) for row in stored}
    tables = _tables(clean_part(change.parts.read(part.records), mapping, settings))
    change.catalogue.change("DELETE FROM cleaned WHERE records = :records AND mapping = :mapping", [key])
    change.catalogue.change(
        "INSERT INTO cleaned (records, mapping, version, name, part)"
        " VALUES (:records, :mapping, :version, :name, :part)",
        [{**key, "name": name, "part": part} for name, part in change.parts.write_all(tables).items()])
    return tables


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The current records of a workspace, cleaned: `tables` of all of them; of each part `cells` and `rejected`, and a
    mask of the records that a later snapshot said again."""

    parts: Sequence[Part]
    tables: Tables
    of_parts: list[Tables]
    said_again: list[Any]


def cleaning(change: Change, parts: Sequence[Part], config: Config) -> Cleaning:
    """The cleaned tables of all parts, and as one: contacts in the order of their keys, what was read wrongly among the
    issues. Where partial lists were added, a record's last word counts."""
    of_parts = [cleaned_tables(change, part, config) for part in parts]
    said_again = _said_again(change, parts)
    current = [
        only(tables, change.parts.read(part.records, ["record_id"]).filter(pa.array(~again))["record_id"])
        if again.any() else tables
        for part, tables, again in zip(parts, of_parts, said_again, strict=True)
    ]
    tables = _tables(gather([_as_cleaned(one) for one in current]))
    read = [change.parts.read(part.read_issues) for part in parts]
    tables["issues"] = _sorted(pa.concat_tables([*read, tables["issues"]]))
    return Cleaning(parts, tables, [{name: one[name] for name in _OF_BOOKS} for one in of_parts], said_again)


def only(tables: Tables, record_ids: pa.Array | pa.ChunkedArray) -> Tables:
    """The tables with the contacts of these records alone."""
    contacts = tables["contacts"]
    keep = pc.is_in(contacts["record_id"], value_set=record_ids)
    kept = np.asarray(keep).astype(bool)
    position = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    rest = {name: _moved(tables[name], position) for name in _OF_CONTACTS}
    return {**tables, "contacts": contacts.filter(keep), **rest}


def refusals_of(source: str, cleaned: Sequence[Tables]) -> pa.Table:
    """The refusals that records state, as STANDING_REFUSALS."""
    found = [_refusals(source, tables["statements"]) for tables in cleaned]
    return pa.concat_tables(found) if found else empty_table(STANDING_REFUSALS)


def addresses_of(tables: MappingOf[str, pa.Table]) -> pa.Table:
    """Every (channel, address_key) that the lists show now."""
    said = tables["statements"].select(["channel", "address_key"])
    shown = [_with_channel(tables["emails"]["email_key"], "email")]
    shown += [_with_channel(tables["phones"]["phone_key"], channel) for channel in ("phone", "sms")]
    return pa.concat_tables([said.cast(shown[0].schema), *shown]).group_by(["channel", "address_key"]).aggregate([])


def _mapping(part: Part, config: Config) -> Mapping:
    """The mapping, with the order of day and month that the configuration knows where the file did not show it."""
    mapping = part.parsed_mapping()
    facts = config.sources.get(part.source, SourceFacts())
    known = facts.date_order or config.date_order
    return replace(mapping, date_order=mapping.date_order or known, region=facts.region or mapping.region)


def _tables(cleaned: Cleaned) -> Tables:
    """`Cleaned` as named tables, each of which can be a part."""
    tables = {name: getattr(cleaned, name) for name in table_names()}
    return {**tables, "rejected": pa.table({"rejected": cleaned.rejected})}


def _as_cleaned(tables: Tables) -> Cleaned:
    rejected = tables["rejected"]["rejected"].combine_chunks()
    return Cleaned(**{name: tables[name] for name in table_names()}, rejected=rejected)


def _said_again(change: Change, parts: Sequence[Part]) -> list[Any]:
    """For each part a mask of the records that a later snapshot of the same source has too."""
    snapshots = {(part.source, part.snapshot) for part in parts}
    if len(snapshots) == len({source for source, _ in snapshots}):
        return [np.zeros(part.rows + part.rejected, bool) for part in parts]
    masks: list[Any] = []
    later: dict[str, list[tuple[int, pa.ChunkedArray]]] = {}
    for part in reversed(parts):
        ids = change.parts.read(part.records, ["record_id"])["record_id"]
        said = [chunk for snapshot, column in later.get(part.source, ()) if snapshot != part.snapshot
                for chunk in column.chunks]
        later.setdefault(part.source, []).append((part.snapshot, ids))
        again = pc.is_in(ids, value_set=pa.chunked_array(said, pa.string()))
        masks.append(again.combine_chunks().to_numpy(zero_copy_only=False).astype(bool))
    return masks[::-1]


def _moved(table: pa.Table, position: Any) -> pa.Table:
    to = position[np.asarray(table["contact"])]
    table = table.set_column(0, table.schema.field(0), pa.array(to, pa.int32()))
    return table.filter(pa.array(to >= 0))


def _refusals(source: str, statements: pa.Table) -> pa.Table:
    rows = statements.filter(pc.and_(pc.equal(statements["fact"], "refusal"), pc.and_(
        pc.is_in(statements["value"], value_set=pa.array(REFUSALS[:-1])), pc.not_equal(statements["address_key"], ""))))
    return pa.table({
        "channel": rows["channel"], "address_key": rows["address_key"], "refusal": rows["value"], "date": rows["date"],
        "source": pa.array([source] * rows.num_rows, pa.string()), "by_hand": pa.array([False] * rows.num_rows),
    }, schema=arrow_schema(STANDING_REFUSALS))


def _with_channel(keys: pa.ChunkedArray, channel: str) -> pa.Table:
    keys = pc.unique(keys.filter(pc.not_equal(keys, "")))
    return pa.table({"channel": pa.array([channel] * len(keys), pa.string()), "address_key": keys.cast(pa.string())})


def _sorted(issues: pa.Table) -> pa.Table:
    order = ("source", "source_file", "source_row", "source_line", "field", "code", "value")
    return issues.sort_by([(name, "ascending") for name in order])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
