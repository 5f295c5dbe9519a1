"""How much work is done, in counts that never wobble: pairs per contact, comparisons per pair, calls of slow libraries.

    python -m benchmarks.work [ROWS]

`counted` and `calls` are what the tests hold against the limits.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from types import ModuleType
from typing import Any, Final

import email_validator
import phonenumbers
import pyarrow as pa
from rapidfuzz import process

from benchmarks import invented
from benchmarks.results import keep
from listmerge.fields import emails, phones
from listmerge.stages import Findings, block
from listmerge.stages.evidence import compared, patterns
from listmerge.stages.features import features

#: What may be spent at most.
LIMITS: Final = {"pairs_per_contact": 6.0, "texts_per_pair": 6.0, "patterns_per_pair": 0.6,
                 "phonenumbers_per_number": 0.35, "email_validator_per_address": 0.25}


def counted(tables: dict[str, pa.Table]) -> dict[str, float]:
    """Counts of matching, for the five tables of contacts."""
    found = features(tables)
    with counting(process, "cpdist", lambda one, *_: len(one)) as texts:
        left, right = block.candidates(found, Findings())
        _, _, pairs = patterns(compared(found, left, right))
    return {"contacts": found.count, "pairs_per_contact": len(left) / max(found.count, 1),
            "texts_per_pair": texts[0] / max(len(left), 1), "patterns_per_pair": len(pairs) / max(len(left), 1)}


def calls(rows: list[dict[str, str]], phone: str, email: str, region: str) -> dict[str, float]:
    """How often the libraries are asked, for each distinct number and address of some rows."""
    found = {}
    for name, cells, module, verb, clean in (
            ("phonenumbers_per_number", [row[phone] for row in rows], phonenumbers, "parse",
             lambda column: phones.clean_column(column, region)),
            ("email_validator_per_address", [row[email] for row in rows], email_validator, "validate_email",
             emails.clean_column)):
        with counting(module, verb, lambda *_: 1) as asked:
            clean(pa.array(cells, pa.string()))
        found[name] = asked[0] / max(len(set(filter(None, cells))), 1)
    return found


@contextmanager
def counting(module: ModuleType, name: str, weight: Callable[..., int]) -> Iterator[list[int]]:
    """Counts calls of a function of a module, each as `weight` says."""
    seen = [0]
    real = getattr(module, name)

    def watched(*given: Any, **options: Any) -> Any:
        seen[0] += weight(*given)
        return real(*given, **options)

    setattr(module, name, watched)
    try:
        yield seen
    finally:
        setattr(module, name, real)


def main(rows: int) -> int:
    """Prints and keeps the counts; 1 when one is above its limit."""
    from benchmarks.cleaned import made_tables

    firms = invented.LISTS["firms"](Random(1), rows)
    found = {**counted(made_tables(rows)), **calls(firms, "Phone", "E-mail", "GB")}
    keep("work", {name: {"found": round(value, 3), "limit": LIMITS.get(name)} for name, value in found.items()})
    print(json.dumps({name: round(value, 3) for name, value in found.items()}))
    return 1 if any(found[name] > limit for name, limit in LIMITS.items()) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
