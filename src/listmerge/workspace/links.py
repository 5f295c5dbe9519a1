"""Changed rows without an id of their own: which new record took the place of which that is gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.workspace.catalogue import Catalogue

#: Besides the name, one of these must be the same: table of cleaned contacts -> its columns.
AGREEMENTS: Final = (
    ("emails", ("email_key",)),
    ("phones", ("phone_key",)),
    ("addresses", ("street_key", "number_key", "city_key", "postal_key")),
)


class Links:
    """Follows record ids through all changes known to the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._next: dict[str, str] = {}
        for row in catalogue.rows("SELECT old_record, new_record FROM links ORDER BY op, rowid"):
            self._next[row["old_record"]] = row["new_record"]
            self._next.pop(row["new_record"], None)      # it exists again: it stands for itself

    def follow(self, record_id: str) -> str:
        """The record that stands for `record_id` now; itself when it never changed."""
        while after := self._next.get(record_id):
            record_id = after
        return record_id

    def follow_key(self, contact_key: str) -> str:
        """The same for a contact key."""
        record_id, _, part = contact_key.rpartition(".")
        return f"{self.follow(record_id)}.{part}"

    def follow_column(self, record_ids: pa.Array) -> pa.Array:
        """The same for a column of record ids."""
        if not self._next:
            return record_ids
        return pa.array([self.follow(record_id) for record_id in record_ids.to_pylist()], pa.string())


def add(catalogue: Catalogue, pairs: Iterable[tuple[str, str]]) -> None:
    """Remembers (old record, new record) pairs; (record, record) says that a row came back and is itself again."""
    rows = [{"old": old, "new": new} for old, new in pairs]
    if rows:
        catalogue.change("INSERT INTO links (op, old_record, new_record) VALUES (:op, :old, :new)", rows)


def changed_rows(gone: dict[str, pa.Table], new: dict[str, pa.Table]) -> list[tuple[str, str]]:
    """Pairs of one gone and one new record that agree on name and on e-mail, phone or street with each other alone.

    Both are cleaned tables (contacts, emails, phones, addresses) of one source, holding only the gone and only the new
    records. Sorted by the old record.
    """
    if not gone["contacts"].num_rows or not new["contacts"].num_rows:
        return []
    pairs: set[tuple[str, str]] = set()
    for table, columns in AGREEMENTS:
        pairs |= _agreeing(_keys(gone, table, columns), _keys(new, table, columns))
    olds, news = _count(old for old, _ in pairs), _count(new_ for _, new_ in pairs)
    return sorted(pair for pair in pairs if olds[pair[0]] == 1 and news[pair[1]] == 1)


def _keys(cleaned: dict[str, pa.Table], table: str, columns: tuple[str, ...]) -> pa.Table:
    """(record_id, key) of the rows of `table` whose contact has a name and whose first column is filled."""
    contacts, values = cleaned["contacts"], cleaned[table]
    names = pc.binary_join_element_wise(
        contacts["kind"], contacts["given_key"], contacts["family_key"], contacts["suffix_key"],
        pc.if_else(pc.equal(contacts["kind"], "organisation"), contacts["company_key"], ""), "|")
    named = pc.or_(pc.not_equal(contacts["family_key"], ""), pc.or_(
        pc.not_equal(contacts["given_key"], ""), pc.equal(contacts["kind"], "organisation")))
    contact = values["contact"]
    key = pc.binary_join_element_wise(names.take(contact), *(values[column] for column in columns), "|")
    keep = pc.and_(named.take(contact), pc.not_equal(values[columns[0]], ""))
    return pa.table({"record_id": contacts["record_id"].take(contact), "key": key}).filter(keep)


def _agreeing(gone: pa.Table, new: pa.Table) -> set[tuple[str, str]]:
    """Pairs that share a key which one gone and one new record have, and none else."""
    shared = _unique_holder(gone).join(_unique_holder(new), keys="key", join_type="inner", right_suffix="_new")
    return set(zip(shared["record_id"].to_pylist(), shared["record_id_new"].to_pylist(), strict=True))


def _unique_holder(keys: pa.Table) -> pa.Table:
    """The keys that exactly one record has, with that record."""
    held = keys.group_by(["key", "record_id"]).aggregate([])
    counted = held.group_by("key").aggregate([("record_id", "count"), ("record_id", "min")])
    once = np.asarray(counted["record_id_count"]) == 1
    return counted.filter(pa.array(once)).select(["key", "record_id_min"]).rename_columns(["key", "record_id"])


def _count(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
