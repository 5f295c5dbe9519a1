"""What is kept of a run, and what the next one can take over from it.

Contacts and their values are rows of the cleaned lists, masters and what belongs to them are rows of those of the last
run as far as nothing changed them: so a list that grows costs what is new, on the disk too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import (
    ASSIGNED,
    CLUSTERS,
    CONFLICTS,
    ORIGINS,
    OUTLINES,
    SAID,
    SOURCES,
    Columns,
    arrow_schema,
    empty_table,
    fates_columns,
)
from listmerge.pipeline import versions
from listmerge.pipeline.cleaning import Cleaning
from listmerge.stages import Settings
from listmerge.stages.merge.groups import by_contact
from listmerge.workspace.parts import Parts, Storing
from listmerge.workspace.runs import Run

#: Tables that are kept as they are, enough to export, report and explain without matching again.
WHOLE: Final = ("sources", "decisions", "standing_refusals", "issues", "clusters", "conflicts", "near_pairs", "aliases",
                "fates")
#: Tables of which only the rows that are new are kept -> what says where all of them stand.
CHANGED: Final = {"masters": "masters_places", "outlines": "masters_places", "crosswalk": "crosswalk_places",
                  "permission_rows": "permission_rows_places"}
#: What the next run asks for.
_KINDS: Final[Mapping[str, Columns]] = {
    "outlines": OUTLINES, "origins": ORIGINS, "clusters": CLUSTERS, "conflicts": CONFLICTS, "fates": fates_columns({}),
    "said": SAID}
#: What may change of a source without changing the masters of its contacts but for what they have beside others.
_DATES: Final = ("snapshot_date", "first_imported")


def told(settings: Settings) -> dict[str, Any]:
    """What a run was told, for run.json."""
    return {"threshold": settings.threshold, "near_threshold": settings.near_threshold,
            "allow_inferred": settings.allow_inferred, "rules": dict(settings.rules)}


def origins(cleaned: Cleaning) -> pa.Table:
    """The origin of each contact."""
    words = pa.DictionaryArray.from_arrays(pa.array(cleaned.origin, pa.int32()), pa.array(cleaned.chunks, pa.string()))
    return pa.table({"origin": words})


def nothing_before() -> dict[str, pa.Table]:
    """The tables LAST where there was no run."""
    return {"steady_sources": empty_table(SOURCES),
            **{f"last_{name}": empty_table(columns) for name, columns in _KINDS.items()}}


def before(parts: Parts, last: Run | None, settings: Settings, sources: pa.Table) -> dict[str, pa.Table]:
    """`assigned` as the last run left it, and the tables LAST, without rows where nothing can be taken over: the
    program or what it is told is another. `sources` are those of now."""
    assigned = last.table(parts, "assigned") if last else empty_table(ASSIGNED)
    if "contact" not in assigned.column_names:      # of a run before contacts were noted
        assigned = assigned.append_column("contact", pa.array(np.full(assigned.num_rows, -1), pa.int32()))
    return {"assigned": assigned, **_last(parts, last, settings, sources)}


def _last(parts: Parts, last: Run | None, settings: Settings, sources: pa.Table) -> dict[str, pa.Table]:
    if last is None or not _can_be_taken_over(last, settings):
        return nothing_before()
    tables = dict(zip(_KINDS, parts.read_all([last.tables[name] for name in _KINDS]), strict=True))
    steady = _steady(sources, last.table(parts, "sources"), (settings.today, settings.last_day))
    return {f"last_{name}": table for name, table in tables.items()} | {"steady_sources": steady}


def _can_be_taken_over(last: Run, settings: Settings) -> bool:
    return bool(last.outcome.get("matcher") == versions.matching() and last.outcome.get("settings") == told(settings))


def _steady(now: pa.Table, then: pa.Table, days: tuple[str, str]) -> pa.Table:
    """The sources of which the same is known as in the last run: their dates apart, unless on one of the `days` they
    may be used and on the other not."""
    facts = [name for name, _ in SOURCES if name not in _DATES]
    before = [tuple(row.values()) for row in then.select(facts).to_pylist()]
    over = [pc.and_(pc.not_equal(now["use_until"], ""), pc.less(now["use_until"], day)) for day in days]
    same = [tuple(row.values()) in before for row in now.select(facts).to_pylist()]
    return now.filter(pc.and_(pa.array(same, pa.bool_()), pc.equal(*over)))


def keep(stored: Storing, last: Run | None, tables: Mapping[str, pa.Table]) -> None:
    """Begins to store what is kept of a run: `tables` are those that it was given and that it made."""
    stored.add({name: tables[name] for name in WHOLE})
    stored.add({"origins": tables["origins"].append_column("bearers", tables["bearers"]["bearers"]),
                "said": tables["said"].sort_by([(name, "ascending") for name, _ in SAID])})
    if last is None or not takes_over(tables):
        everyone = np.arange(tables["contacts"].num_rows)
        stored.add({name: tables[name] for name in CHANGED} | {"assigned": _assigned(tables, everyone)})
        return
    new = pc.greater_equal(tables["masters_places"]["row"], tables["last_outlines"].num_rows)
    changed = {**{name: tables[name] for name in CHANGED}, "outlines": tables["outlines"].filter(new)}
    for name, places in CHANGED.items():
        stored.add_changed(name, last.tables[name], changed[name], tables[places])
    stored.add_changed("assigned", last.tables["assigned"], *_assigned_anew(tables))


def takes_over(tables: Mapping[str, pa.Table]) -> bool:
    """Whether any master stands as it did in the last run."""
    first = pc.min(tables["masters_places"]["row"]).as_py()
    return first is not None and first < tables["last_outlines"].num_rows


def _assigned_anew(tables: Mapping[str, pa.Table]) -> tuple[pa.Table, pa.Table]:
    """The rows of `assigned` that are new, and where all of them stand: who had a master that is taken over has the
    same row as before."""
    of_cluster = tables["crosswalk_places"]["row"].to_numpy() < tables["last_clusters"].num_rows
    stays = np.empty(len(of_cluster), bool)
    stays[tables["fates"]["contact"].to_numpy()] = of_cluster
    new = _assigned(tables, np.flatnonzero(~stays))
    gone, before = new.num_rows - int((~stays).sum()), tables["assigned"].num_rows
    row = np.where(stays, tables["seen"]["row"].to_numpy(), before + np.cumsum(~stays) - 1)
    row = np.append(row, before + new.num_rows - gone + np.arange(gone))
    contact = np.append(np.arange(len(stays)), np.full(gone, -1))
    return new, pa.table({"row": pa.array(row, pa.int32()), "contact": pa.array(contact, pa.int32())})


def _assigned(tables: Mapping[str, pa.Table], contacts: Any) -> pa.Table:
    """Which master some contacts have now; below them those that are gone, which keep their word for the day on which
    they come back."""
    identities, cluster = tables["identities"], by_contact(tables["clusters"], "cluster")
    row = np.searchsorted(identities["cluster"].to_numpy(), cluster[contacts])
    held = identities.select(["master_id", "age", "first_imported"]).take(pa.array(row))
    own = tables["contacts"].select(["record_id", "part"])
    own = own if len(contacts) == own.num_rows else own.take(pa.array(contacts))
    now = pa.table([*own.columns, *held.columns, pa.array(contacts, pa.int32())], schema=arrow_schema(ASSIGNED))
    gone = tables["absent"]
    gone = gone.filter(pc.invert(pc.is_in(gone["master_id"], value_set=tables["aliases"]["old_id"].combine_chunks())))
    nobody = pa.array(np.full(gone.num_rows, -1), pa.int32())
    gone = gone.set_column(gone.column_names.index("contact"), "contact", nobody)
    return pa.concat_tables([now, gone.select(now.column_names).cast(now.schema)])
