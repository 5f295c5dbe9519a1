"""Would the intervals hold had nothing been fitted to the list that they are judged by?

The share that may be wrong for reasons of which nothing in a list tells is set once, in `listmerge.stages.estimate`.
Here it is set anew for each list: as large as all other lists (those of another family: made lists are one) need it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from listmerge.stages.estimate import MISSED, WRONG, Off, interval

OFF: Final[dict[str, Off]] = {"precision": WRONG, "recall": MISSED}


def held(every: dict[str, dict[str, Any]], measure: str) -> dict[str, bool]:
    """List -> whether its precision or recall lies in the interval that the other lists give."""
    need = {name: _needed(found, measure) for name, found in every.items()}
    others = {name: [share for other, share in need.items() if _family(other) != _family(name)] for name in every}
    return {name: _holds(found, measure, max(others[name], default=0.0)) for name, found in every.items()}


def _family(name: str) -> str:
    return re.split(r"[\d-]", name)[0] if re.search(r"\d", name) else name


def _needed(found: dict[str, Any], measure: str) -> float:
    low, _ = _interval(found, measure, 0.0)
    return max(low - float(found[measure]), 0.0)


def _holds(found: dict[str, Any], measure: str, beyond: float) -> bool:
    low, high = _interval(found, measure, beyond)
    return low - 1e-4 <= float(found[measure]) <= high + 1e-4


def _interval(found: dict[str, Any], measure: str, beyond: float) -> list[float]:
    share, pairs = 1 - found["estimate"][measure][0], found["pairs"][measure]
    others = [found["strangers"] / max(pairs, 1)] if measure == "precision" else []
    return interval(share, pairs, replace(OFF[measure], beyond=beyond), *others)
