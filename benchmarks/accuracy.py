"""How right the clusters are, without any setting: one table over all labelled lists, exit 1 below a bar.

    python -m benchmarks.accuracy [NAME …]        # all but made-1m unless named

A bar is F1, precision, calibration (the expected number of right pairs against the number that is), and never to be
worse than plain rules on the same list. Whether the intervals cover the truth is counted over all lists.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from benchmarks import names
from benchmarks.labelled import LISTS, Labelled, Result, measured
from benchmarks.results import keep, kept

#: Of the labelled runs, how many must lie within their intervals, and how wide these may be.
COVERED: Final = 0.9
WIDEST: Final = {"precision": 0.10, "recall": 0.20}


def main(wanted: list[str]) -> int:
    """Prints the table and keeps it; 1 when a list is below its bar, or too few are where they say they are."""
    below = []
    for one in LISTS:
        if one.name in wanted or (not wanted and one.rows < 1_000_000):
            found = figures(one, measured(one))
            keep("accuracy", {one.name: found})
            below += [one.name] if found["below"] else []
            print(f"{one.name:24} F1 {found['f1']:.4f} P {found['precision']:.4f} R {found['recall']:.4f} "
                  f"rules {found['rules']:.4f} {', '.join(found['below']) or 'met'}", flush=True)
    names_alone = names.measured()
    keep("accuracy", {"names alone": names_alone})
    below += ["names alone"] if names_alone["f1"] < names.BAR else []
    every = [found for name, found in kept("accuracy")[1].items() if name != "names alone"]
    below += [f"intervals of {name}" for name in WIDEST if not is_covered(every, name)]
    print("below:", ", ".join(below) or "none")
    return 1 if below else 0


def figures(one: Labelled, result: Result) -> dict[str, Any]:
    """What is kept of a list."""
    estimate = result.estimate
    return {"f1": result.f1, "bar": one.f1, "precision": result.precision, "recall": result.recall,
            "right": result.right, "expected": estimate["expected_right_pairs"], "rules": result.rules,
            "pairs": {"precision": estimate["joined_pairs"], "recall": estimate["expected_true_pairs"]},
            "strangers": estimate["planted_strangers"],
            "estimate": {name: [estimate[name], *estimate[f"{name}_interval"]] for name in WIDEST},
            "below": below_bar(one, result)}


def below_bar(one: Labelled, result: Result) -> list[str]:
    """The bars of the list that are not met."""
    off = abs(result.estimate["expected_right_pairs"] - result.right)
    bars = {"F1": result.f1 >= one.f1, "precision": result.precision >= one.precision,
            "calibration": not one.calibrated or off <= one.calibrated * result.right,
            "worse than plain rules": result.f1 >= result.rules}
    return [name for name, met in bars.items() if not met]


def is_covered(every: list[dict[str, Any]], name: str) -> bool:
    """Whether the intervals of precision or recall are narrow enough and hold the truth often enough."""
    ends = [(found["estimate"][name], found[name]) for found in every]
    held = sum(low <= truth <= high for (_, low, high), truth in ends)
    return held >= COVERED * len(ends) and all(high - low <= WIDEST[name] + 1e-3 for (_, low, high), _ in ends)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
