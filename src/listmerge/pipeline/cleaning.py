"""Cleaned contacts of the current records: made once per part and version, and put together for a run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.config import Config, SourceFacts
from listmerge.engine.pool import Pool
from listmerge.model import CELLS, CHANNELS, REFUSALS, STANDING_REFUSALS, Mapping, arrow_schema, empty_table
from listmerge.pipeline import chunks, versions
from listmerge.stages import clean
from listmerge.stages.clean import Cleaned, CleanSettings, gather
from listmerge.stages.merge.permission import EVERY_CHANNEL
from listmerge.stages.merge.sets import address_keys
from listmerge.workspace.folder import Change
from listmerge.workspace.parts import Rows
from listmerge.workspace.snapshots import Part

Tables = dict[str, pa.Table]

_KEY: Final = "records = :records AND mapping = :mapping AND version = :version"
#: Tables that hold a contact's values, by its position in `contacts`.
_OF_CONTACTS: Final = ("emails", "phones", "addresses", "identifiers", "statements")
#: Tables with a row for each record.
_OF_RECORDS: Final = ("rejected", "filled")


@dataclass(frozen=True, slots=True)
class Begun:
    """A part that is being cleaned: the stored tables of each chunk to come."""

    part: Part
    chunks: list[Future[dict[str, str]]]


def begin(change: Change, part: Part, config: Config, pool: Pool) -> list[Begun]:
    """Has a stored part cleaned, unless it is stored as the present code cleans it."""
    mapping, settings = how(change, part, config)
    if _is_clean(change, _key(part, mapping, settings)):
        return []
    folder, names = change.parts.folder, change.parts.chunks(part.records)
    if len(names) > 1:
        settings = replace(settings, orders=clean.date_orders(
            (clean.date_proofs(change.parts.read(name), mapping) for name in names), mapping))
    return [Begun(part, [pool.submit(chunks.Cleaning(folder, name, mapping, settings)) for name in names])]


def finish(change: Change, begun: Iterable[Begun], config: Config) -> None:
    """Waits for what was begun and remembers it."""
    for one in begun:
        remember(change, one.part, config, [answer.result() for answer in one.chunks])


def remember(change: Change, part: Part, config: Config, made: Sequence[dict[str, str]]) -> None:
    """Notes the parts of the tables that cleaning made of each chunk of a part."""
    key = _key(part, *how(change, part, config))
    change.catalogue.change("DELETE FROM cleaned WHERE records = :records AND mapping = :mapping", [key])
    change.catalogue.change(
        "INSERT INTO cleaned (records, mapping, version, chunk, name, part)"
        " VALUES (:records, :mapping, :version, :chunk, :name, :part)",
        [{**key, "chunk": number, "name": name, "part": table}
         for number, tables in enumerate(made) for name, table in tables.items()])


def cleaned(change: Change, part: Part, config: Config, names: Sequence[str] = ()) -> list[Tables]:
    """The tables (of some names, or all) of a part that is cleaned, chunk by chunk."""
    made = [{name: part for name, part in tables.items() if not names or name in names}
            for tables in _made(change, part, config)]
    read = iter(change.parts.read_all([part for tables in made for part in tables.values()]))
    return [{name: next(read) for name in tables} for tables in made]


def _read(change: Change, made: dict[str, str], names: Sequence[str]) -> Tables:
    return {name: change.parts.read(made[name]) for name in names}


def _made(change: Change, part: Part, config: Config) -> list[dict[str, str]]:
    """The names of the parts of the cleaned tables, chunk by chunk."""
    key = _key(part, *how(change, part, config))
    made: dict[int, dict[str, str]] = {}
    for row in change.catalogue.rows(f"SELECT chunk, name, part FROM cleaned WHERE {_KEY} ORDER BY chunk", **key):
        made.setdefault(row["chunk"], {})[row["name"]] = row["part"]
    return list(made.values())


def _rows_to_clean(change: Change, parts: Sequence[Part], config: Config) -> int:
    return sum(part.rows for part in parts if not _is_clean(change, _key(part, *how(change, part, config))))


def _is_clean(change: Change, key: dict[str, str]) -> bool:
    return bool(change.catalogue.rows(f"SELECT 1 FROM cleaned WHERE {_KEY} LIMIT 1", **key))


def how(change: Change, part: Part, config: Config) -> tuple[Mapping, CleanSettings]:
    """How a part is to be cleaned."""
    settings = CleanSettings(region=config.region, key=change.catalogue.secret("identifier_key"), today=part.date)
    return _mapping(part, config), settings


def _key(part: Part, mapping: Mapping, settings: CleanSettings) -> dict[str, str]:
    """By what the catalogue knows a cleaned part."""
    version = _digest(f"{versions.cleaning()} {settings.region} {settings.today}")
    return {"records": part.records, "mapping": _digest(mapping.to_json()), "version": version}


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The current records of a workspace, cleaned: `tables` of all of them; of each part `cells`, `rejected` and
    `filled`, and a mask of the records that a later snapshot said again.

    `rows` says of which stored tables those of contacts and their values are rows; `origin` which of the `chunks` made
    each contact: of two that bear one name everything is the same.
    """

    parts: Sequence[Part]
    tables: Tables
    of_parts: list[Tables]
    said_again: list[Any]
    rows: dict[str, Rows]
    chunks: list[str]
    origin: Any


def cleaning(change: Change, parts: Sequence[Part], config: Config) -> Cleaning:
    """The cleaned tables of all parts, and as one: contacts in the order of their keys, what was read wrongly among the
    issues. Where partial lists were added, a record's last word counts."""
    with chunks.pool(_rows_to_clean(change, parts, config)) as pool:
        finish(change, [begun for part in parts for begun in begin(change, part, config, pool)], config)
    said_again = _said_again(change, parts)
    of_parts: list[Tables] = []
    current: list[Cleaned] = []
    gone: list[Any] = []
    for part, again in zip(parts, said_again, strict=True):
        made = cleaned(change, part, config)
        of_parts.append(_books(made))
        gone += _of_records(change, part, again, made)
        current += map(chunks.as_cleaned, made)
    gathered = gather(current, gone)
    tables = chunks.as_tables(gathered.tables)
    read = [change.parts.read(part.read_issues) for part in parts]
    tables["issues"] = _sorted(pa.concat_tables([*read, tables["issues"]]))
    names = [one for part in parts for one in _made(change, part, config)]
    rows = {name: Rows(tuple(one[name] for one in names), places) for name, places in gathered.places.items()}
    origins = [_digest(" ".join(one[name] for name in gathered.places)) for one in names]
    return Cleaning(parts, tables, of_parts, said_again, rows, origins, gathered.origin)


def _of_records(change: Change, part: Part, records: Any, made: Sequence[Tables]) -> list[Any]:
    """For each chunk of a part a mask of the contacts of these records of it."""
    if not records.any():
        return [np.zeros(tables["contacts"].num_rows, bool) for tables in made]
    ids = change.parts.read(part.records, ["record_id"]).filter(pa.array(records))["record_id"]
    return [_is_of(tables, ids) for tables in made]


def _books(made: Sequence[Tables]) -> Tables:
    """The books of a part from those of its chunks: filled cells are summed."""
    cells = pa.concat_tables([tables["cells"] for tables in made])
    place = [name for name, _ in CELLS[:-2]]
    summed = cells.group_by(place, use_threads=False).aggregate([("filled", "sum"), ("rejected", "sum")])
    summed = summed.rename_columns([*place, "filled", "rejected"]).cast(arrow_schema(CELLS))
    summed = summed.sort_by([(name, "ascending") for name in place])
    return {"cells": summed, **{name: pa.concat_tables([tables[name] for tables in made]) for name in _OF_RECORDS}}


def only(tables: Tables, record_ids: pa.Array | pa.ChunkedArray) -> Tables:
    """The tables with the contacts of these records alone."""
    return _kept(tables, _is_of(tables, record_ids))


def _is_of(tables: Tables, record_ids: pa.Array | pa.ChunkedArray) -> Any:
    return np.asarray(pc.is_in(tables["contacts"]["record_id"], value_set=record_ids)).astype(bool)


def _kept(tables: Tables, kept: Any) -> Tables:
    """The tables with some of the contacts alone."""
    if kept.all():
        return tables
    position = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    rest = {name: _moved(tables[name], position) for name in _OF_CONTACTS}
    return {**tables, "contacts": tables["contacts"].filter(pa.array(kept)), **rest}


def said(change: Change, part: Part, config: Config) -> Iterator[Tables]:
    """The statements of a part chunk by chunk, and the addresses of its contacts where someone refused without saying
    which."""
    for made in _made(change, part, config):
        tables = _read(change, made, ["statements"])
        unaddressed = _refusing(tables["statements"], named=False).num_rows > 0
        yield _read(change, made, ["statements", "emails", "phones", "addresses"]) if unaddressed else tables


def refusals_of(source: str, cleaned: Iterable[Tables]) -> pa.Table:
    """The refusals that records state, as STANDING_REFUSALS."""
    return pa.concat_tables([empty_table(STANDING_REFUSALS), *(_refusals(source, tables) for tables in cleaned)])


def addresses_of(tables: MappingOf[str, pa.Table]) -> pa.Table:
    """Every (channel, address_key) that the lists show now."""
    said = tables["statements"].select(["channel", "address_key"])
    shown = [_with_channel(tables["emails"]["email_key"], "email")]
    shown += [_with_channel(tables["phones"]["phone_key"], channel) for channel in ("phone", "sms")]
    shown += [_with_channel(address_keys(tables["addresses"]), "post")]
    return pa.concat_tables([said.cast(shown[0].schema), *shown]).group_by(["channel", "address_key"]).aggregate([])


def _mapping(part: Part, config: Config) -> Mapping:
    """The mapping, with the order of day and month that the configuration knows where the file did not show it."""
    mapping = part.parsed_mapping()
    facts = config.sources.get(part.source, SourceFacts())
    known = facts.date_order or config.date_order
    return replace(mapping, date_order=mapping.date_order or known, region=facts.region or mapping.region)


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


def _refusals(source: str, tables: Tables) -> pa.Table:
    """The refusals of addresses; one that names no address is of all addresses that its contact has in the channel, so
    that it outlives the record."""
    unaddressed = _refusing(tables["statements"], named=False)
    found = [_refusing(tables["statements"], named=True)]
    if unaddressed.num_rows:
        found += _of_all_addresses(unaddressed, tables)
    rows = pa.concat_tables([one.select(["channel", "address_key", "value", "date"]) for one in found])
    return pa.table({
        "channel": rows["channel"], "address_key": rows["address_key"], "refusal": rows["value"], "date": rows["date"],
        "source": pa.array([source] * rows.num_rows, pa.string()), "by_hand": pa.array([False] * rows.num_rows),
    }, schema=arrow_schema(STANDING_REFUSALS))


def _refusing(statements: pa.Table, *, named: bool) -> pa.Table:
    """The refusals that name an address, or those that name none."""
    refusal = pc.and_(pc.equal(statements["fact"], "refusal"),
                      pc.is_in(statements["value"], value_set=pa.array(REFUSALS[:-1])))
    return statements.filter(pc.and_(refusal, (pc.not_equal if named else pc.equal)(statements["address_key"], "")))


def _of_all_addresses(refusals: pa.Table, tables: Tables) -> Iterable[pa.Table]:
    """The refusals once for each address of their contacts, in every channel in which they hold."""
    own = {"email": tables["emails"]["email_key"], "phone": tables["phones"]["phone_key"],
           "sms": tables["phones"]["phone_key"], "post": address_keys(tables["addresses"])}
    holders = {"email": "emails", "phone": "phones", "sms": "phones", "post": "addresses"}
    kinds = refusals.select(["channel", "value"]).group_by(["channel", "value"]).aggregate([]).to_pylist()
    for by, value in sorted((row["channel"], row["value"]) for row in kinds):
        everywhere = {(value, "*"), (value, by)} & {*EVERY_CHANNEL}
        some = refusals.filter(pc.and_(pc.equal(refusals["channel"], by), pc.equal(refusals["value"], value)))
        for channel in CHANNELS if everywhere else (by,):
            yield _addressed(some, channel, tables[holders[channel]]["contact"], own[channel])


def _addressed(refusals: pa.Table, channel: str, contact: pa.ChunkedArray, keys: Any) -> pa.Table:
    addresses = pa.table({"contact": contact, "address_key": keys})
    addresses = addresses.filter(pc.not_equal(addresses["address_key"], ""))
    joined = refusals.select(["contact", "value", "date"]).join(addresses, "contact", join_type="inner")
    return joined.append_column("channel", pa.array([channel] * joined.num_rows, pa.string()))


def _with_channel(keys: Any, channel: str) -> pa.Table:
    keys = pc.unique(keys.filter(pc.not_equal(keys, "")))
    return pa.table({"channel": pa.array([channel] * len(keys), pa.string()), "address_key": keys.cast(pa.string())})


def _sorted(issues: pa.Table) -> pa.Table:
    order = ("source", "source_file", "source_row", "source_line", "field", "code", "value")
    return issues.sort_by([(name, "ascending") for name in order])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
