"""The tables of a run out of those of the last one and the rows that are made anew.

Nothing as wide as a master is copied: it is only said where its row stands, in the table of the last run with the new
rows below it (`…_places`). What is asked of all masters at once, their outlines, is put together here and now.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import Engine
from listmerge.model import MASTERS, OUTLINES
from listmerge.stages.merge.beside import last_seen, shown_probability
from listmerge.stages.merge.gather import Lists
from listmerge.stages.merge.groups import Numbers, by_contact, number_of, numbers, text
from listmerge.stages.merge.unchanged import Standing

#: What a master has only beside others, besides the day on which it was last seen.
BESIDE: Final = ("household_id", "organisation_id")
#: What says where the rows of the tables of a run stand; without rows where nothing is taken over.
PLACES: Final = ("masters_places", "crosswalk_places", "permission_rows_places")


def only_new(engine: Engine, stands: Standing) -> None:
    """Makes `merge_identities`, `merge_clusters` and `merge_facts`, those of masters that are made anew."""
    mine = np.empty(len(stands.contact), bool)
    mine[stands.contact] = stands.new_contacts
    clusters, said = engine.get("clusters"), engine.get("said")
    engine.put("merge_identities", _where(engine.get("identities"), stands.new))
    engine.put("merge_clusters", _where(clusters, mine[numbers(clusters, "contact")]))
    engine.put("merge_facts", _where(said, mine[numbers(said, "cluster")]))


def _where(table: pa.Table, mask: Numbers) -> pa.Table:
    """Some rows; a table of which all are wanted is not copied."""
    return table if mask.all() else table.filter(pa.array(mask))


def put_outlines(engine: Engine, stands: Standing) -> None:
    """Makes `merge_outlines`, those of all masters, from `last_outlines` and `merge_drafts`."""
    last, names = engine.get("last_outlines"), [name for name, _ in OUTLINES]
    every = engine.get("merge_drafts").select(names)
    if stands.taken_over:
        every = pa.concat_tables([last, every]).combine_chunks().take(pa.array(_places(stands.row, last.num_rows)))
    engine.put("merge_outlines", every.set_column(0, "cluster", pa.array(stands.heads, pa.int32())))


def last_seen_of(lists: Lists, stands: Standing) -> pa.Array:
    """The date of the latest list that each master stands in; none where all are made anew, and have it."""
    if not stands.taken_over:
        return pa.array([], pa.string())
    source = number_of(text(lists.contacts, "source"), text(lists.sources, "source"), lists.sources.num_rows - 1)
    return last_seen(lists.sources, source[stands.contact], stands.starts)


def put_bearers(engine: Engine, lists: Lists) -> None:
    """Makes `bearers`: how many contacts bear the names of each."""
    engine.put("bearers", pa.table({"bearers": pa.array(lists.name_count, pa.int32())}))


def put_together(engine: Engine, stands: Standing, seen: pa.Array) -> None:
    """Makes the other tables of the stage, and `merge_all_conflicts`; `outlines` are made, `seen` is when each master
    was seen last."""
    _put_masters(engine, stands)
    _put_conflicts(engine, stands)
    if stands.taken_over:
        rows = _crosswalk_rows(engine, stands)
        _put_masters_places(engine, stands, seen)
        _put_crosswalk_places(engine, stands, rows)
        engine.put("permission_rows_places", pa.table({"row": pa.array(_permission_rows(engine, stands), pa.int32())}))
        _put_fates(engine, stands, rows)
    else:
        for name in PLACES:
            engine.put(name, pa.table({"row": pa.array([], pa.int32())}))
        engine.put("fates", engine.get("merge_fates"))


def _put_masters(engine: Engine, stands: Standing) -> None:
    """Makes `masters`, those that are made anew."""
    masters = engine.get("merge_drafts").select([name for name, _ in MASTERS])
    beside = _where(engine.get("outlines").select(list(BESIDE)), stands.new)
    for name in BESIDE:
        masters = masters.set_column(masters.column_names.index(name), name, beside[name])
    engine.put("masters", masters)


def _put_masters_places(engine: Engine, stands: Standing, seen: pa.Array) -> None:
    """Makes `masters_places`: for each master its `row`, and what it has only beside others."""
    outlines = engine.get("outlines")
    rows = _places(stands.row, engine.get("last_outlines").num_rows)
    engine.put("masters_places", pa.table({
        "row": pa.array(rows, pa.int32()), "cluster": outlines["cluster"], **{name: outlines[name] for name in BESIDE},
        "last_seen": seen}))


def _put_crosswalk_places(engine: Engine, stands: Standing, rows: Numbers) -> None:
    probability = by_contact(engine.get("clusters"), "probability")
    engine.put("crosswalk_places", pa.table({
        "row": pa.array(rows, pa.int32()), "match_probability": shown_probability(probability[stands.contact])}))


def _put_fates(engine: Engine, stands: Standing, rows: Numbers) -> None:
    """Makes `fates` from `last_fates` and `merge_fates`, which has the columns that are wanted."""
    last, new = engine.get("last_fates"), engine.get("merge_fates")
    nothing = {pa.int8(): np.int8(-1), pa.int32(): np.int32(0)}
    columns = []
    for field in new.schema:
        before = (numbers(last, field.name) if field.name in last.column_names
                  else np.full(last.num_rows, nothing[field.type]))
        columns.append(np.concatenate([before, numbers(new, field.name)])[rows])
    columns[new.column_names.index("contact")] = stands.contact.astype(np.int32)
    engine.put("fates", pa.table(columns, schema=new.schema))


def _crosswalk_rows(engine: Engine, stands: Standing) -> Numbers:
    """For each contact, cluster by cluster, its row in the last crosswalk or below."""
    cluster = numbers(engine.get("last_clusters"), "cluster")
    place = np.empty(len(cluster) + 1, np.int64)
    place[np.argsort(cluster, kind="stable")] = np.arange(len(cluster))
    return _places(np.where(stands.new_contacts, -1, place[stands.was[stands.contact]]), len(cluster))


def _permission_rows(engine: Engine, stands: Standing) -> Numbers:
    """For each permission row, master by master, its row among the last ones or below."""
    then = np.append(0, np.cumsum(numbers(engine.get("last_outlines"), "permissions"), dtype=np.int64))
    count = numbers(engine.get("outlines"), "permissions").astype(np.int64)
    first = np.cumsum(count) - count
    rows = np.repeat(np.where(stands.new, 0, then[stands.row]) - first, count) + np.arange(count.sum())
    return _places(np.where(np.repeat(stands.new, count), -1, rows), int(then[-1]))


def _put_conflicts(engine: Engine, stands: Standing) -> None:
    """Makes `merge_all_conflicts` from `last_conflicts` and `merge_conflicts`."""
    gone = np.ones(engine.get("last_outlines").num_rows, bool)
    gone[stands.row[~stands.new]] = False
    last, ids = engine.get("last_conflicts"), text(engine.get("last_outlines"), "master_id")
    lost = pc.is_in(last["master_id"], value_set=ids.filter(pa.array(gone)))
    engine.put("merge_all_conflicts", pa.concat_tables([last.filter(pc.invert(lost)), engine.get("merge_conflicts")]))


def _places(rows: Numbers, last: int) -> Numbers:
    """The rows of a table in one of `last` rows with the new ones, where `rows` is -1, below it in their order."""
    new = rows < 0
    return np.where(new, last + np.cumsum(new) - 1, rows)
