"""Contacts into a run: the tables that the stages are given, the stages, the books, what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

import listmerge
from listmerge.config import Config
from listmerge.engine import Engine
from listmerge.engine.local import LocalEngine
from listmerge.engine.memory import trim
from listmerge.errors import OptionError
from listmerge.model import (
    ALIASES,
    REPAIRS,
    RETIRED,
    SEVERITIES,
    STANDING_REFUSALS,
    arrow_schema,
    empty_table,
)
from listmerge.pipeline import books, cleaning, keeping, versions
from listmerge.pipeline.cleaning import Cleaning
from listmerge.pipeline.place import Listener
from listmerge.pipeline.stopwatch import Stopwatch
from listmerge.stages import GIVEN, Findings, Settings
from listmerge.stages.all import STAGES
from listmerge.stages.balance import Balance
from listmerge.stages.pages import Pages
from listmerge.workspace import decisions, refusals, runs, snapshots, sources
from listmerge.workspace.folder import Change
from listmerge.workspace.links import Links
from listmerge.workspace.parts import Storing
from listmerge.workspace.runs import Run

#: What is taken from the engine; pairs and scores stay in it.
MADE: Final = ("clusters", "near_pairs", "identities", "aliases", "absent", "seen", "outlines", "masters",
               "masters_places", "crosswalk", "crosswalk_places", "permission_rows", "permission_rows_places",
               "conflicts", "fates", "bearers", "said")
#: Tables that are as wide as a master, or as long as the lists: where masters are taken over, only their new rows are
#: at hand.
WIDE: Final = ("masters", "crosswalk", "permission_rows")
#: What the report asks for; all else is given back as soon as it is stored.
REPORTED: Final = ("contacts", "emails", "phones", "addresses", "statements", "sources", "decisions",
                   "standing_refusals", "issues", "clusters", "near_pairs", "aliases", "conflicts", *WIDE)
#: From this stage on one core is mostly free.
ROOM_BESIDE: Final = "compare"
SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Made:
    """What a run made: its tables, the books opened, what became of every value, what the stages say of it; `last` is
    the run before."""

    tables: dict[str, pa.Table]
    stored: Storing
    pages: Pages
    fates: pa.Table
    cleaned: Cleaning
    settings: Settings
    findings: Findings
    last: Run | None

    def table(self, name: str) -> pa.Table:
        """A table of the run; what was taken over from the last one is read."""
        return self.tables[name] if name in self.tables else self.stored.read(name)


def dedupe_into(change: Change, config: Config, listener: Listener, watch: Stopwatch) -> Run:
    """Matches and merges as `merge_into` does, and adds the run."""
    with change.parts.storing() as stored:
        made = merge_into(change, config, listener, watch, stored)
        outcome = outcome_of(change, made, listener, watch)
        run = runs.note(change.catalogue, change.at, made.findings.model, outcome, stored.names())
    watch.lap("store")
    return run


def merge_into(change: Change, config: Config, listener: Listener, watch: Stopwatch, stored: Storing) -> Made:
    """Matches and merges the current records of all sources. What is kept of it begins to be stored as soon as it is
    there: matching leaves room beside it.

    Raises OptionError when nothing was imported yet.
    """
    parts = snapshots.current(change.catalogue)
    if not parts:
        raise OptionError("nothing-imported", "there are no lists in this workspace.",
                          hint="run `listmerge import FILE…` first.")
    last = runs.last(change.catalogue)
    settings = Settings(
        today=change.today, last_day=str(last.outcome["date"]) if last else "", model=_model_of(last),
        allow_inferred=config.allow_inferred, threshold=config.threshold, near_threshold=config.near_threshold,
        rules=config.rules.chosen())
    known = sources.table(change.catalogue, config.sources)
    listener.step("cleaning")
    with ThreadPoolExecutor(1) as beside:
        before = beside.submit(keeping.before, change.parts, last, settings, known)
        cleaned = cleaning.cleaning(change, parts, config)
        stored.add_rows({name: cleaned.rows.pop(name) for name in [*cleaned.rows]})      # nobody else asks for them
        given = {"sources": known, **_given(change, cleaned, last), **before.result()}
        given["assigned"] = _followed(change, given["assigned"])
        trim()
        watch.lap("gather")
        with _engine(change, config) as engine:
            opening = partial(beside.submit, books.open_pages, change, cleaned, given["contacts"])
            made, findings, pages = _run_stages(engine, given, settings, listener, watch, opening)
    made["aliases"] = _aliases(change, last, made["aliases"])
    tables = {**given, **made}
    keeping.keep(stored, last, tables)
    read_later = WIDE if keeping.takes_over(tables) else ()
    fates, tables = tables["fates"], {name: tables[name] for name in ("outlines", *REPORTED) if name not in read_later}
    del given, made
    trim()
    return Made(tables, stored, pages.result(), fates, cleaned, settings, findings, last)


def outcome_of(change: Change, made: Made, listener: Listener, watch: Stopwatch) -> dict[str, Any]:
    """What becomes run.json, without the files. Raises Bug when the books do not balance."""
    listener.step("balancing the books")
    balanced = books.balanced(made.pages, made.fates, made.tables)
    watch.lap("balance")
    return _outcome(change, made, balanced)


def _model_of(last: Run | None) -> str:
    """What the last run learned, '' when there is none or other code learned it."""
    return last.model if last and last.outcome.get("matcher") == versions.matching() else ""


def _given(change: Change, cleaned: Cleaning, last: Run | None) -> dict[str, pa.Table]:
    """The tables of now that are put before the first stage but for the sources, and the issues."""
    return {
        **cleaned.tables,
        "origins": keeping.origins(cleaned),
        "decisions": decisions.table(change.catalogue),
        "standing_refusals": _standing(change, cleaned.tables),
        "retired": _retired(change, last),
    }


def _standing(change: Change, cleaned: Mapping[str, pa.Table]) -> pa.Table:
    """The refusals of the addresses on the lists; where none is stored, no address is looked at."""
    if not refusals.by_source(change.catalogue):
        return empty_table(STANDING_REFUSALS)
    return refusals.standing(change.catalogue, cleaning.addresses_of(cleaned))


def _followed(change: Change, assigned: pa.Table) -> pa.Table:
    """Who had which master, changed rows under their new record ids."""
    was = assigned["record_id"].combine_chunks()
    followed = Links(change.catalogue).follow_column(was)
    if followed is was:
        return assigned
    contact = pc.if_else(pc.equal(was, followed), assigned["contact"], pa.scalar(-1, pa.int32()))
    return pa.table({**dict(zip(assigned.column_names, assigned.columns, strict=True)), "record_id": followed,
                     "contact": contact}, schema=assigned.schema)


def _retired(change: Change, last: Run | None) -> pa.Table:
    if last is None:
        return empty_table(RETIRED)
    old = pc.unique(last.table(change.parts, "aliases")["old_id"])
    return pa.table({"master_id": old}, schema=arrow_schema(RETIRED))


@contextmanager
def _engine(change: Change, config: Config) -> Iterator[LocalEngine]:
    with change.scratch() as spill, closing(LocalEngine(spill, config.memory_mb * 2**20, config.threads)) as engine:
        yield engine


def _run_stages(
    engine: Engine, given: Mapping[str, pa.Table], settings: Settings, listener: Listener, watch: Stopwatch,
    opening: Callable[[], Future[Pages]],
) -> tuple[dict[str, pa.Table], Findings, Future[Pages]]:
    """Runs STAGES over the given tables; gives what they made and what they said, and the books that are opened
    meanwhile."""
    for name in GIVEN:
        engine.put(name, given[name])
    findings = Findings()
    for number, stage in enumerate(STAGES):
        if stage.name == ROOM_BESIDE:
            pages = opening()
        listener.step(stage.name, number, len(STAGES))
        stage.run(engine, settings, findings)
        engine.drop(*_read_for_the_last_time(number))
        trim()
        watch.lap(stage.name)
    return {name: engine.get(name) for name in MADE}, findings, pages


def _read_for_the_last_time(number: int) -> list[str]:
    """The tables of stages up to this one that nobody reads after it."""
    known = {table for stage in STAGES[: number + 1] for table in stage.makes}
    gone = {table for stage in STAGES[:number] for table in stage.makes} - _still_read(number - 1)
    return sorted(known - gone - _still_read(number))


def _still_read(number: int) -> set[str]:
    return {*MADE, *(table for stage in STAGES[number + 1 :] for table in stage.reads)}


def _aliases(change: Change, last: Run | None, new: pa.Table) -> pa.Table:
    """All ids that were ever retired, and those that this run retires."""
    run = pa.array([str(runs.next_number(change.catalogue))] * new.num_rows, pa.string())
    new = new.set_column(new.column_names.index("run"), "run", run).select([name for name, _ in ALIASES])
    before = last.table(change.parts, "aliases") if last else empty_table(ALIASES)
    return pa.concat_tables([before, new.cast(arrow_schema(ALIASES))])


def _outcome(change: Change, made: Made, balanced: Balance) -> dict[str, Any]:
    tables, findings, settings = made.tables, made.findings, made.settings
    counts = {**_counts(tables), **findings.counts,
              "refusals": _refusals_held(change, tables["standing_refusals"])}
    return {
        "schema_version": SCHEMA_VERSION, "version": listmerge.__version__, "date": change.today, "at": change.at,
        "run": str(runs.next_number(change.catalogue)), "inputs": books.inputs(made.cleaned),
        "settings": keeping.told(settings),
        "counts": counts, "balance": balanced.as_dict(), "remarks": list(findings.remarks),
        "matcher": versions.matching(),
        "accuracy": findings.counts.get("accuracy", {}),
    }


def _counts(tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    masters = tables["outlines"]
    return {
        "contacts": tables["contacts"].num_rows, "masters": masters.num_rows,
        "people": _having(masters, "kind", "person"), "organisations": _having(masters, "kind", "organisation"),
        "may_email": _having(masters, "may_email", "yes"), "possible_duplicates": tables["near_pairs"].num_rows,
        "conflicts": tables["conflicts"].num_rows,
        "must_decide": _having(tables["conflicts"], "severity", "must-decide"),
        **_issue_counts(tables["issues"]),
        "conflicts_by_severity": {word: _having(tables["conflicts"], "severity", word) for word in SEVERITIES},
    }


def _refusals_held(change: Change, standing: pa.Table) -> dict[str, dict[str, int]]:
    """Source ('' = by hand) -> how many addresses refused there, and how many of them the lists show now."""
    held = refusals.by_source(change.catalogue)
    by_hand = standing["by_hand"].to_pylist()
    shown: dict[str, set[tuple[str, str]]] = {}
    for row, hand in zip(standing.select(["source", "channel", "address_key"]).to_pylist(), by_hand, strict=True):
        shown.setdefault("" if hand else row["source"], set()).add((row["channel"], row["address_key"]))
    return {source: {**kinds, "on_the_lists": len(shown.get(source, ()))} for source, kinds in held.items()}


def _issue_counts(issues: pa.Table) -> dict[str, int]:
    """All issues, and of these: what was put right, and what is wrong."""
    repaired = pc.sum(pc.is_in(issues["code"], pa.array(REPAIRS))).as_py() or 0
    return {"issues": issues.num_rows, "repaired": repaired, "wrong": issues.num_rows - repaired}


def _having(table: pa.Table, column: str, value: str) -> int:
    return int(pc.sum(pc.equal(table[column], value)).as_py() or 0)
