"""evaluate: how right the last run was, where the truth is known; counted over the records that the truth names.

Pairwise precision and recall, and B³ (Bagga & Baldwin 1998: the same averaged over records, so that large clusters do
not count for everything).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from listmerge.errors import InputError
from listmerge.pipeline.place import Place, placed
from listmerge.review.who import file_meant
from listmerge.workspace import runs

#: Columns that may name a record in the truth, the first that is there counts; "part" beside them names one of the
#: people of a record, which is otherwise the row itself.
KEYS: Final = (("record_id",), ("source_file", "source_row"), ("source", "source_id"))
PART: Final = "part"
ENTITY: Final = "entity_id"
SHOWN: Final = 10            # mistakes of each kind
SHOWN_RECORDS: Final = 6     # of each mistake


def evaluate(truth: str | Path, place: Place | str | Path | None = None) -> dict[str, Any]:
    """Pairwise and B³ precision, recall, F1 of the last run against the file `truth`, and the worst mistakes.

    Raises InputError for a truth that cannot be read or lacks its columns, OptionError when nothing was merged yet.
    """
    known = read_truth(Path(truth))
    with placed(place) as here, here.workspace.reading() as catalogue:
        crosswalk = runs.needed(catalogue).table(here.workspace.parts, "crosswalk")
    if PART not in known.column_names:
        crosswalk = crosswalk.filter(pc.equal(crosswalk[PART], 0))
    places = _places(crosswalk, known)
    found = np.asarray(pc.is_valid(places)).astype(bool)
    if not found.any():
        raise InputError("foreign-truth", "none of the records of the truth are in the last run.", where=str(truth),
                         hint="its source_file and source_row must be those of crosswalk.csv.")
    rows = crosswalk.take(places.filter(pa.array(found)))
    clusters, entities = _codes(rows["master_id"]), _codes(known[ENTITY].filter(pa.array(found)))
    return {
        "records": known.num_rows, "missing": int((~found).sum()),
        "pairwise": pairwise(clusters, entities), "b_cubed": b_cubed(clusters, entities),
        "wrongly_joined": _worst(rows, clusters, entities, rows["master_id"]),
        "wrongly_apart": _worst(rows, entities, clusters, known[ENTITY].filter(pa.array(found))),
    }


def read_truth(path: Path) -> pa.Table:
    """The truth as a table of text columns. Raises InputError."""
    try:
        with path.open("rb") as file:
            names = file.readline().decode("utf-8-sig", "replace").strip().replace('"', "").split(",")
        table = csv.read_csv(path, convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False))
    except OSError as error:
        raise InputError("unreadable", f"the truth cannot be read: {error.strerror}.", where=str(path),
                         hint="check the path.") from error
    except pa.ArrowInvalid as error:
        raise InputError("unreadable", f"the truth is no CSV: {error}.", where=str(path),
                         hint="write it with commas, one line a record.") from error
    if ENTITY not in table.column_names or not any(set(key) <= set(table.column_names) for key in KEYS):
        raise InputError("no-truth", "these are not the columns of a truth.", where=str(path), hint=(
            "it needs entity_id and source_file,source_row or source,source_id or record_id, and may have part."))
    return table


def pairwise(clusters: Any, entities: Any) -> dict[str, float]:
    """Of the pairs in one cluster, how many are right; of the true pairs, how many are in one cluster."""
    right, joined, true = (pairs(codes) for codes in (_both(clusters, entities), clusters, entities))
    return _measures(right / joined if joined else 1.0, right / true if true else 1.0)


def b_cubed(clusters: Any, entities: Any) -> dict[str, float]:
    """The same seen from each record, averaged."""
    together = _size_of_mine(_both(clusters, entities))
    precision, recall = (float(np.mean(together / _size_of_mine(codes))) for codes in (clusters, entities))
    return _measures(precision, recall)


def _measures(precision: float, recall: float) -> dict[str, float]:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def _places(crosswalk: pa.Table, known: pa.Table) -> pa.Array:
    """The row of the crosswalk of each record of the truth, null where there is none."""
    key = next(key for key in KEYS if set(key) <= set(known.column_names))
    if key[0] == "source_file":
        files = pc.unique(crosswalk["source_file"]).to_pylist()
        names = {name: file_meant(name, files) for name in pc.unique(known["source_file"]).to_pylist()}
        known = known.set_column(known.column_names.index("source_file"), "source_file",
                                 pa.array([names[name] for name in known["source_file"].to_pylist()], pa.string()))
    key = (*key, PART) if PART in known.column_names else key
    return pc.index_in(_joined(known, key), value_set=_joined(crosswalk, key))


def _joined(table: pa.Table, columns: tuple[str, ...]) -> pa.Array:
    return pc.binary_join_element_wise(*(table[name].cast(pa.string()) for name in columns), "\0").combine_chunks()


def _codes(column: pa.ChunkedArray) -> Any:
    return column.combine_chunks().dictionary_encode().indices.to_numpy()


def _both(clusters: Any, entities: Any) -> Any:
    """One code for each (cluster, entity)."""
    return np.unique(clusters.astype(np.int64) * (int(entities.max()) + 1) + entities, return_inverse=True)[1]


def pairs(codes: Any) -> int:
    """How many pairs have the same code."""
    sizes = np.bincount(codes)
    return int((sizes * (sizes - 1) // 2).sum())


def _size_of_mine(codes: Any) -> Any:
    return np.bincount(codes)[codes]


def _worst(rows: pa.Table, groups: Any, others: Any, names: pa.ChunkedArray) -> list[dict[str, Any]]:
    """The groups with most pairs that the others tear apart: how many, which, and some of their records."""
    _, first, inside = np.unique(_both(groups, others), return_index=True, return_counts=True)
    right = np.bincount(groups[first], weights=inside * (inside - 1) // 2, minlength=int(groups.max()) + 1)
    sizes = np.bincount(groups)
    wrong = sizes * (sizes - 1) // 2 - right.astype(np.int64)
    worst = [group for group in np.argsort(-wrong, kind="stable")[:SHOWN] if wrong[group] > 0]
    return [_mistake(rows, np.flatnonzero(groups == group), int(wrong[group]), names) for group in worst]


def _mistake(rows: pa.Table, members: Any, wrong: int, names: pa.ChunkedArray) -> dict[str, Any]:
    shown = rows.take(pa.array(members[:SHOWN_RECORDS])).select(["source_file", "source_row"]).to_pylist()
    return {"pairs": wrong, "where": names[int(members[0])].as_py(), "size": len(members),
            "records": [f"{row['source_file']}:{row['source_row']}" for row in shown]}
