"""explain: the evidence for and against two contacts being one, as the last run weighed it."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import OptionError
from listmerge.pipeline import versions
from listmerge.pipeline.place import Place, placed
from listmerge.review.who import contacts_meant
from listmerge.stages.explain import Explanation, sentences
from listmerge.stages.explain import explain as weigh
from listmerge.stages.features import TABLES, Features, features
from listmerge.stages.groups import Group, group_of
from listmerge.stages.train import loads
from listmerge.workspace import runs
from listmerge.workspace.parts import Parts
from listmerge.workspace.runs import Run


def explain(left: str, right: str, place: Place | str | Path | None = None) -> dict[str, Any]:
    """The evidence part by part, what would turn it, what became of the two; `text` says it in sentences.

    `left` and `right` are record ids, contact keys, `source_file:source_row`, or (their first contact) master ids,
    e-mail addresses or full names. Raises OptionError when one of them is nobody or several people, or both are one.
    """
    with placed(place) as here, here.workspace.reading() as catalogue:
        run = runs.needed(catalogue)
        if run.outcome.get("matcher") != versions.matching():
            raise OptionError("old-run", "the last run was made by another version of listmerge.",
                              hint="run `listmerge dedupe` first.")
        parts = here.workspace.parts
        crosswalk = run.table(parts, "crosswalk")
        ends = [contacts_meant(partial(run.table, parts), text)[0] for text in (left, right)]
        if ends[0] == ends[1]:
            raise OptionError("one-contact", f"{left} and {right} are the same contact.", hint="name two.")
        tables = {name: run.table(parts, name) for name in TABLES}
        places = [_place(tables["contacts"], key) for key in ends]
        threshold = run.outcome["settings"]["threshold"]
        built = features(tables)
        found = weigh(tables, run.model, places[0], places[1], threshold, built)
        sides = [_side(crosswalk, tables["contacts"], key, at) for key, at in zip(ends, places, strict=True)]
        cluster = run.table(parts, "clusters").sort_by("contact")["cluster"].to_numpy()
        group = _group(built, run.model, places, cluster, threshold, found.probability > threshold)
        crowded = [key for key in found.keys if key in run.outcome["counts"].get("not_compared_by_key", {})]
        return _told(found, sides, _decision(run, parts, ends), _of_group(group, tables["contacts"]), crowded)


def _place(contacts: pa.Table, key: str) -> int:
    """The position of a contact in the run's table."""
    record, _, part = key.rpartition(".")
    at = pc.and_(pc.equal(contacts["record_id"], record), pc.equal(contacts["part"], int(part)))
    return int(pc.index(at.combine_chunks(), True).as_py())


def _side(crosswalk: pa.Table, contacts: pa.Table, key: str, at: int) -> dict[str, Any]:
    contact = contacts.slice(at, 1).to_pylist()[0]
    same = pc.and_(pc.equal(crosswalk["record_id"], contact["record_id"]), pc.equal(crosswalk["part"], contact["part"]))
    return {"contact": key, "name": contact["full_name"] or contact["company"], "source": contact["source"],
            "where": f"{contact['source_file']}:{contact['source_row']}",
            "master_id": crosswalk.filter(same)["master_id"][0].as_py()}


def _decision(run: Run, parts: Parts, ends: list[str]) -> str:
    """What a person said of the two before the run, or ''."""
    left, right = sorted(ends)
    said = run.table(parts, "decisions")
    said = said.filter(pc.and_(pc.equal(said["left_key"], left), pc.equal(said["right_key"], right)))
    return str(said["verdict"][0].as_py()) if said.num_rows else ""


def _group(
    built: Features, model: str, ends: list[int], cluster: Any, threshold: float, likely: bool,
) -> Group | None:
    """What the masters of the two say, where that decides: they are together, or apart though likely the same."""
    kinds = built.organisation[ends]
    if kinds[0] != kinds[1] or not (likely or cluster[ends[0]] == cluster[ends[1]]):
        return None
    groups = tuple(np.flatnonzero(cluster == cluster[end]).tolist() for end in ends)
    bar = float(np.log2(threshold / (1 - threshold)))
    return group_of(built, loads(model)["organisation" if kinds[0] else "person"], (ends[0], ends[1]),
                    (groups[0], groups[1]), bar)


def _of_group(group: Group | None, contacts: pa.Table) -> str:
    """The group in one sentence, '' for none."""
    if group is None:
        return ""
    if group.together and group.witness:
        third, one, other = group.witness
        return (f"their master has {group.sizes[0]} records: {_named(contacts, third)} goes with both "
                f"({one:+.1f} and {other:+.1f} bits)")
    if group.together:
        return f"their master has {group.sizes[0]} records: no single one goes with both"
    said = f"their masters have {group.sizes[0]} and {group.sizes[1]} records: between them the mean evidence is " \
           f"{max(group.mean, -999):+.1f} bits"
    if group.against:
        one, other, bits = group.against
        said += f"; most against: {_named(contacts, one)} and {_named(contacts, other)}, {max(bits, -999):+.1f}"
    return said


def _named(contacts: pa.Table, at: int) -> str:
    row = contacts.slice(at, 1).to_pylist()[0]
    return f"{row['full_name'] or row['company']} ({row['source_file']}:{row['source_row']})"


def _told(
    found: Explanation, sides: list[dict[str, Any]], decision: str, group: str, crowded: list[str]
) -> dict[str, Any]:
    together = sides[0]["master_id"] == sides[1]["master_id"]
    lines = [f"{letter}: {side['name']} ({side['where']}, {side['contact']}) is in master {side['master_id']}"
             for letter, side in zip("AB", sides, strict=True)]
    lines += ["they are one master" if together else "they are two masters"]
    lines += [f"somebody decided that they are {decision}: that counts more than any evidence"] if decision else []
    lines += sentences(found)
    lines += [f"so many share this that not all of them were compared: {'; '.join(crowded)}"] if crowded else []
    lines += [group] if group else []
    return {"left": sides[0], "right": sides[1], "together": together, "decision": decision, **asdict(found),
            "group": group, "text": "\n".join(lines)}
