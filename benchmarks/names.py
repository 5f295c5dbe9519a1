"""Names alone, with nothing beside them, at one threshold: os_name_bench, the bar is F1 0.80.

    python -m benchmarks.names
"""

from __future__ import annotations

import csv
import sys
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks.labelled import SHARED
from listmerge.fields import companies, names
from listmerge.model import ADDRESSES, CONTACTS, EMAILS, IDENTIFIERS, PHONES, arrow_schema, empty_table
from listmerge.stages.evidence import compared
from listmerge.stages.features import features
from listmerge.stages.train import SAME, STRANGERS, lacking, starting_model
from listmerge.stages.weights import FIELDS, NEEDS

BAR: Final = 0.80
#: Bits of the names from which on a pair counts as one.
THRESHOLD: Final = 2.0


def main() -> int:
    """Prints precision, recall, F1; 1 below the bar."""
    found = measured()
    print(f"names alone: F1 {found['f1']:.4f} (bar {BAR}), precision {found['precision']:.4f}, "
          f"recall {found['recall']:.4f}")
    return 1 if found["f1"] < BAR else 0


def measured() -> dict[str, float]:
    """F1, precision and recall of the names of os_name_bench, and the bar."""
    folder = SHARED / "data" / "os_name_bench"
    records = list(csv.DictReader((folder / "records.csv").open(encoding="utf-8")))
    place = {record["record_id"]: at for at, record in enumerate(records)}
    pairs = list(csv.DictReader((folder / "pairs.csv").open(encoding="utf-8")))
    left, right = (np.array([place[pair[side]] for pair in pairs], np.int32) for side in ("left_id", "right_id"))
    true = np.array([pair["label"] == "1" for pair in pairs])
    texts = [(record["name"], record["schema"] == "Person") for record in records]
    found = name_weights(texts, left, right) > THRESHOLD
    precision, recall = float(true[found].mean()), float(found[true].mean())
    return {"f1": 2 * precision * recall / (precision + recall), "bar": BAR, "precision": precision, "recall": recall}


def name_weights(texts: list[tuple[str, bool]], left: Any, right: Any) -> Any:
    """Bits for each pair of (name, is a person), by the weights that hold before any list was seen."""
    found = features({"contacts": _contacts(texts), "emails": empty_table(EMAILS), "phones": empty_table(PHONES),
                      "addresses": empty_table(ADDRESSES), "identifiers": empty_table(IDENTIFIERS)})
    outcomes = compared(found, left, right)
    bits = np.zeros(len(left))
    for kind, fields in FIELDS.items():
        rows = found.organisation[left] == (kind == "organisation")
        model = starting_model(fields, 1_000)
        for field in fields:
            logs = model.weights(field.name, outcomes[field.name][rows])
            bits[rows] += logs[SAME] - logs[STRANGERS]
    for rule in NEEDS:
        unlike = lacking(rule, outcomes) & ~found.organisation[left]
        bits = np.where(unlike, np.minimum(bits, rule.most), bits)
    return bits


def _contacts(texts: list[tuple[str, bool]]) -> pa.Table:
    rows = []
    for at, (text, person) in enumerate(texts):
        row: dict[str, Any] = {name: 0 if kind.startswith("int") else "" for name, kind in CONTACTS}
        row |= {"record_id": f"{at:06d}", "kind": "person" if person else "organisation", "full_name": text}
        if person:
            parsed = names.parse_one(text)
            row |= {key: getattr(parsed, key) for key in ("given_key", "middle_key", "family_key", "suffix_key")}
        else:
            row["company_key"] = companies.clean_one(text).key
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=arrow_schema(CONTACTS))


if __name__ == "__main__":
    sys.exit(main())
