"""How right the clusters are, without any setting: one table over all labelled lists, exit 1 below a bar.

    python -m benchmarks.accuracy [NAME …]        # all but made-1m unless named
"""

from __future__ import annotations

import sys

from benchmarks.labelled import LISTS, Labelled, Result, measured


def main(names: list[str]) -> int:
    """Prints the table; 1 when a list is below its bar."""
    below = 0
    print("| list | F1 | bar | precision | recall | pairs | right | expected right | bar met |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for one in LISTS:
        if one.name in names or (not names and one.rows < 1_000_000):
            result = measured(one)
            met = is_met(one, result)
            below += not met
            print(f"| {one.name} | {result.f1:.4f} | {one.f1} | {result.precision:.4f} | {result.recall:.4f} | "
                  f"{result.joined} | {result.right} | {result.expected:.0f} | {'yes' if met else 'NO'} |", flush=True)
    return 1 if below else 0


def is_met(one: Labelled, result: Result) -> bool:
    """Whether F1, precision and calibration reach the bars of the list."""
    calibrated = not one.calibrated or abs(result.expected - result.right) <= one.calibrated * result.right
    return result.f1 >= one.f1 and result.precision >= one.precision and calibrated


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
