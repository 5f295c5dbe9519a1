"""The records of one file, sheet or member, cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.text import is_filled, same_text
from listmerge.model import ADDRESSES, CONTACTS, EMAILS, IDENTIFIERS, PHONES, Columns, Mapping, arrow_schema
from listmerge.stages.clean.books import count_cells
from listmerge.stages.clean.flaws import Found, gather_issues, long_cells, no_contact
from listmerge.stages.clean.misread import misread_emails
from listmerge.stages.clean.people import (
    People,
    judge_kind,
    kind_stated,
    read_people,
    take_company_from_name,
)
from listmerge.stages.clean.plan import Cells, Value, filled_mask, plan_values
from listmerge.stages.clean.points import Points, read_addresses, read_emails, read_identifiers, read_phones
from listmerge.stages.clean.settings import CleanSettings
from listmerge.stages.clean.statements import attach, read_statements
from listmerge.stages.clean.tables import Cleaned

_UNUSABLE = pa.array(["", "placeholder", "invalid"])


@dataclass(frozen=True, slots=True)
class _Read:
    """All that was read of the kept rows, before it is known which make contacts."""

    emails: Points
    phones: Points
    addresses: Points
    identifiers: Points
    people: dict[int, People]


def clean_part(records: pa.Table, mapping: Mapping, settings: CleanSettings) -> Cleaned:
    """The contacts, values, statements, issues and books of records (model.RECORDS and cells c0, c1, …).

    Rows that are rejected already, or that name and reach nobody (`no-contact`), make no contact.
    """
    cells = Cells(records, mapping, settings.orders)
    values = plan_values(mapping)
    read = _read(cells, values, mapping, settings)
    said, consent_issues = read_statements(cells, values, mapping)
    present = {part: _is_present(read, part, cells.rows) for part in read.people}
    position = _positions(present)
    rejected = _rejected(records, cells, present)
    _finish_people(read, cells, values, mapping)
    headers = {column.index: column.header for column in mapping.columns}
    return Cleaned(
        contacts=_contacts(cells, read.people, present),
        emails=_point_table(read.emails, position, EMAILS),
        phones=_point_table(read.phones, position, PHONES),
        addresses=_point_table(read.addresses, position, ADDRESSES),
        identifiers=_point_table(read.identifiers, position, IDENTIFIERS),
        statements=attach(said, read.emails, read.phones, position),
        issues=_issues(cells, read, consent_issues, present, headers),
        cells=count_cells(records, values, headers, cells.kept,
                          is_filled(rejected), lambda value: _stands(read, value, cells.rows, present)),
        rejected=rejected,
    )


def _read(cells: Cells, values: list[Value], mapping: Mapping, settings: CleanSettings) -> _Read:
    default = mapping.region or settings.region
    addresses = read_addresses(cells, values, default)
    parts = sorted({value.part for value in values} | {0})
    return _Read(
        emails=read_emails(cells, values),
        phones=read_phones(cells, values, _regions(addresses, cells.rows, default)),
        addresses=addresses,
        identifiers=read_identifiers(cells, values, settings.key),
        people={part: read_people(cells, values, part, mapping, settings.today) for part in parts},
    )


def _regions(addresses: Points, rows: int, default: str) -> pa.Array:
    """The country of each row, by its first address; `default` where it has none that is known."""
    country = addresses.table.column("country").combine_chunks() if len(addresses.row) else pa.array([], pa.string())
    known = np.flatnonzero(pc.equal(pc.utf8_length(country), 2).to_numpy(zero_copy_only=False))[::-1]
    first = np.full(rows, -1, np.int64)
    first[addresses.row[known]] = known
    picked = pa.array(first, mask=first < 0)
    return pc.fill_null(country.take(picked), default)


# --- who is a contact ------------------------------------------------------------------------------------------------


def _is_present(read: _Read, part: int, rows: int) -> Any:
    """The rows in which this part is somebody: a name, a company, or a way to reach them."""
    columns = read.people[part].columns
    named = pc.and_(filled_mask(columns["full_name"]),
                    pc.invert(pc.is_in(columns["name_quality"], value_set=_UNUSABLE)))
    present = pc.or_(named, filled_mask(columns["company"])).to_numpy(zero_copy_only=False).copy()
    for points, key in ((read.emails, "email_key"), (read.phones, "phone_key")):
        some = (points.part == part) & is_filled(_one(points.table.column(key)))
        present[points.row[some]] = True
    table = read.addresses.table
    placed = is_filled(_one(table.column("street"))) | is_filled(_one(table.column("city"))) | is_filled(
        _one(table.column("postal_code")))
    present[read.addresses.row[(read.addresses.part == part) & placed]] = True
    return present


def _one(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _positions(present: dict[int, Any]) -> dict[int, Any]:
    """The number of each contact, by part and row: rows in order, the parts of a row together; -1 for none."""
    grid = np.stack([present[part] for part in sorted(present)], axis=1)
    numbers = np.where(grid, np.cumsum(grid.ravel()).reshape(grid.shape) - 1, -1)
    return {part: numbers[:, place] for place, part in enumerate(sorted(present))}


def _rejected(records: pa.Table, cells: Cells, present: dict[int, Any]) -> pa.Array:
    codes = records.column("rejected").to_numpy(zero_copy_only=False).copy()
    nobody = ~np.logical_or.reduce(list(present.values()))
    codes[cells.kept[nobody]] = "no-contact"
    return pa.array(codes, pa.string())


def _finish_people(read: _Read, cells: Cells, values: Sequence[Value], mapping: Mapping) -> None:
    """The company that further people of a row have from it, and what kind of contact each is."""
    stated = kind_stated(cells, values)
    main = read.people[0]
    for part, people in read.people.items():
        if part:
            own = filled_mask(people.columns["company"])
            for name in ("company", "company_key"):
                people.columns[name] = pc.if_else(own, people.columns[name], main.columns[name])
            people.columns["kind"] = same_text("person", cells.rows)
        else:
            said = stated if not mapping.kind else same_text(mapping.kind, cells.rows)
            people.columns["kind"] = judge_kind(people, said, _has_role_address(read.emails, cells.rows))
        take_company_from_name(people)


def _has_role_address(emails: Points, rows: int) -> Any:
    """The rows whose e-mail addresses are of roles and of nobody."""
    role = pc.equal(_one(emails.table.column("quality")), "role").to_numpy(zero_copy_only=False)
    found = np.zeros(rows, bool)
    found[emails.row[role & (emails.part == 0)]] = True
    found[emails.row[~role & (emails.part == 0)]] = False
    return found


# --- tables ----------------------------------------------------------------------------------------------------------


def _contacts(cells: Cells, people: dict[int, People], present: dict[int, Any]) -> pa.Table:
    """CONTACTS: the rows in order, the parts of a row together."""
    schema = arrow_schema(CONTACTS)
    tables, places = [], []
    for part, person in sorted(people.items()):
        rows = np.flatnonzero(present[part])
        picked = pa.array(rows)
        of_record = {name: cells.column(name).take(picked) for name, _ in CONTACTS[:7] if name != "part"}
        own = {name: _one(column).take(picked) for name, column in person.columns.items()}
        number = pa.array(np.full(len(rows), part, np.int16))
        tables.append(pa.table({**of_record, "part": number, **own}).select(schema.names).cast(schema))
        places.append(rows)
    if len(tables) == 1:
        return tables[0]
    order = np.argsort(np.concatenate(places), kind="stable")
    return pa.concat_tables(tables).take(pa.array(order)).combine_chunks()


def _point_table(points: Points, position: dict[int, Any], columns: Columns) -> pa.Table:
    """The table of the model: values of contacts that there are, sorted by (contact, slot)."""
    contact = np.full(len(points.row), -1, np.int64)
    for part, places in position.items():
        mine = points.part == part
        contact[mine] = places[points.row[mine]]
    order = np.lexsort((points.slot, contact))
    order = order[contact[order] >= 0]
    schema = arrow_schema(columns)
    own = points.table.take(pa.array(order))
    made = {"contact": pa.array(contact[order].astype(np.int32)), "slot": pa.array(points.slot[order].astype(np.int16))}
    made |= {name: own.column(name) for name in own.column_names}
    return pa.table(made).select(schema.names).cast(schema)


def _stands(read: _Read, value: Value, rows: int, present: dict[int, Any]) -> Any:
    """The rows in which a Value has something to show; None where every filled cell of it counts."""
    points: Points | None = {"email": read.emails, "phone": read.phones, "address": read.addresses,
                             "identifier": read.identifiers}.get(value.unit)
    if points is not None:
        return points.has_value(points.values.index(value), rows) & present[value.part]
    used = read.people[value.part].used.get(value)
    if used is not None:
        return used & present[value.part]
    return np.zeros(rows, bool) if value.unit in ("name", "birthday") else None


def _issues(
    cells: Cells, read: _Read, consent: Sequence[Found], present: dict[int, Any], headers: dict[int, str]
) -> pa.Table:
    found = list(consent)
    for people in read.people.values():
        found += people.issues
    for points in (read.emails, read.phones, read.addresses):
        number = points.value[points.issues.column("position").to_numpy()]
        found += [Found(value, points.row, points.issues.filter(pa.array(number == place)))
                  for place, value in enumerate(points.values)]
    found += misread_emails(read.emails, _one(read.people[0].columns["family_key"]))
    nobody = np.flatnonzero(~np.logical_or.reduce(list(present.values())))
    long = [long_cells(cells, headers[index], index, rows) for index, rows in sorted(cells.too_long.items())]
    return pa.concat_tables([gather_issues(cells, found), no_contact(cells, nobody), *long])
