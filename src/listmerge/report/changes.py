"""What changed since the last run: counts before and now, records that are new, gone or edited, ids that retired."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.report.material import Before, Material, counted, picked, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

Texts = dict[str, Any]        # column -> one text per contact

#: Columns of a contact whose change is worth telling, with their names for people.
WATCHED: Final = {
    "full_name": "name", "company": "company", "department": "department", "job_title": "job title",
    "birthday": "birthday", "website": "website", "relationship": "relationship", "emails": "e-mail",
    "phones": "phone", "addresses": "address",
}
#: Counts of run.json that are worth comparing, in this order.
COUNTED: Final = {
    "contacts": "people and organisations in the lists", "masters": "on the master list", "people": "people",
    "organisations": "organisations", "may_email": "may be written to", "possible_duplicates": "possible duplicates",
    "conflicts": "conflicts", "must_decide": "conflicts that a person must decide", "issues": "issues",
}


@dataclass(frozen=True)
class Edit:
    """One record that says something else than last time."""

    name: str
    where: str
    cells: list[tuple[str, str, str]]
    master_id: str


@dataclass(frozen=True)
class Changes:
    """`counts` are (words, before, now); `new` and `gone` contacts by source; `edited` how many, `edits` some of them;
    `retired` the (old, new) master ids of this run."""

    date: str = ""
    counts: list[tuple[str, int, int]] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    edited: int = 0
    edits: list[Edit] = field(default_factory=list)
    retired: list[tuple[str, str]] = field(default_factory=list)
    compared: bool = False


def changes(material: Material, shown: int = 40) -> Changes | None:
    """What is different from the last run, None when there was none."""
    before = material.before
    if before is None:
        return None
    aliases = [(row["old_id"], row["new_id"]) for row in material.aliases.to_pylist()
               if row["run"] == material.run.get("run", row["run"])]
    if before.contacts is None:
        return Changes(before.date, _counts(material, before), retired=aliases)
    return _compared(material, before, aliases, shown)


def _compared(material: Material, before: Before, aliases: list[tuple[str, str]], shown: int) -> Changes:
    earlier: Any = before.contacts
    then, now = _keys(earlier), _keys(material.contacts)
    was, stays = pc.index_in(now, value_set=then), pc.is_in(then, value_set=now)
    texts = watched(before, earlier), watched(material, material.contacts)
    edited = _edited(material, texts, was)
    return Changes(
        before.date, _counts(material, before),
        new=counted(material.contacts["source"].filter(pc.is_null(was))),
        gone=counted(whole(earlier["source"]).filter(pc.invert(stays))),
        edited=len(edited), edits=_edits(material, texts, edited[:shown], was), retired=aliases, compared=True,
    )


def _counts(material: Material, before: Before) -> list[tuple[str, int, int]]:
    now = material.run.get("counts", {})
    return [(words, before.counts[name], now[name]) for name, words in COUNTED.items()
            if name in now and name in before.counts]


def _edited(material: Material, texts: tuple[Texts, Texts], was: pa.Array) -> NDArray[np.int64]:
    """The contacts that were there and say something else now, in the order of their files."""
    both = np.flatnonzero(np.asarray(pc.is_valid(was)))
    rows = pa.array(both)
    places = was.take(rows)
    edited = np.zeros(len(both), dtype=bool)
    for then, now in zip(*(text.values() for text in texts), strict=True):
        edited |= np.asarray(pc.not_equal(now.take(rows), then.take(places)), dtype=bool)
    found = picked(material.contacts.select(["source_file", "source_row", "part"]), both[edited])
    order = pc.sort_indices(found, [(name, "ascending") for name in found.column_names])
    in_order: NDArray[np.int64] = both[edited][np.asarray(order)]
    return in_order


def watched(tables: Material | Before, contacts: Any) -> Texts:
    """The watched columns, one text per contact; several values joined in their order."""
    plain = {name: whole(contacts[name]) for name in WATCHED if name in contacts.column_names}
    several = {
        "emails": _gathered(tables.emails, "email", contacts.num_rows),
        "phones": _gathered(tables.phones, "phone", contacts.num_rows),
        "addresses": _gathered(_one_line(tables.addresses), "line", contacts.num_rows),
    }
    return plain | several


def _one_line(addresses: Any) -> Any:
    if addresses is None:
        return None
    parts = [addresses[name] for name in ("street", "postal_code", "city", "region", "country")]
    return addresses.append_column("line", pc.binary_join_element_wise(*parts, ", "))


def _gathered(table: Any, value: str, size: int) -> pa.Array:
    """The values of each contact joined with '; ', '' where there are none."""
    if table is None or table.num_rows == 0:
        return pa.repeat(pa.scalar(""), size)
    contact, slot = (np.asarray(whole(table[name])).astype(np.int64) for name in ("contact", "slot"))
    values, place = whole(table[value]), contact * (int(slot.max()) + 1) + slot
    if np.any(np.diff(place) < 0):
        order = np.argsort(place, kind="stable")
        values, contact = values.take(pa.array(order)), contact[order]
    ends = np.searchsorted(contact, np.arange(size + 1)).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(ends, pa.int32()), values), "; ")


def _edits(material: Material, texts: tuple[Texts, Texts], contacts: Any, was: pa.Array) -> list[Edit]:
    chosen = pa.array(contacts, pa.int64())
    columns = ["full_name", "company", "source_file", "source_row", "source_line"]
    places = picked(material.contacts.select(columns), contacts).to_pylist()
    then = {name: column.take(was.take(chosen)).to_pylist() for name, column in texts[0].items()}
    now = {name: column.take(chosen).to_pylist() for name, column in texts[1].items()}
    ids = material.master_ids.take(chosen).to_pylist()
    return [_edit(material, row, {name: (then[name][index], now[name][index]) for name in WATCHED}, ids[index])
            for index, row in enumerate(places)]


def _edit(material: Material, row: dict[str, Any], cells: dict[str, tuple[str, str]], master_id: str) -> Edit:
    where = material.where(row["source_file"], row["source_row"], row["source_line"])
    different = [(WATCHED[name], then, now) for name, (then, now) in cells.items() if then != now]
    return Edit(row["full_name"] or row["company"] or "(no name)", where, different, master_id)


def _keys(contacts: Any) -> pa.Array:
    return whole(pc.binary_join_element_wise(contacts["record_id"], contacts["part"].cast(pa.string()), "."))
