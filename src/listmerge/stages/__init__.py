"""The way through the house: STAGES, in order. Each table is made once, by one stage, and never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from listmerge.engine import Engine

#: What the last run made, where this one can take something over from it; else without rows.
LAST = ("last_outlines", "last_origins", "last_clusters", "last_conflicts", "last_fates", "last_said",
        "steady_sources")
#: Tables that the pipeline puts before the first stage: the cleaned contacts and what the run is told besides.
GIVEN = (
    "contacts", "emails", "phones", "addresses", "identifiers", "statements", "cells", "origins",
    "sources", "decisions", "standing_refusals", "assigned", "retired", *LAST,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may be told; the defaults are right for ordinary lists. `today` is YYYY-MM-DD, `last_day` that of the
    last run or ''; `model` is the one of the last run as JSON or ''."""

    today: str
    last_day: str = ""
    allow_inferred: bool = False
    threshold: float = 0.5
    near_threshold: float = 0.1
    model: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Findings:
    """What the stages say of themselves beside their tables: counts for run.json, the model as JSON, sentences."""

    counts: dict[str, Any] = field(default_factory=dict)
    model: str = ""
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stage:
    """`run(engine, settings, findings)` reads the tables `reads` and makes the tables `makes`."""

    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    run: Callable[[Engine, Settings, Findings], None]
