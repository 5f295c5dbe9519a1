"""Charts as data: bars with their figures. The template draws each bar as a small SVG beside figures that are text,
so that a chart is a table to a screen reader, wraps on a telephone, and follows the page into the dark and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from listmerge.report.quality import Overlap
from listmerge.report.sending import Sending

MASTERS: Final = "On the master list"


@dataclass(frozen=True)
class Bar:
    """One bar: `percent` of the full width, `tone` a class of the style sheet (good, bad, plain)."""

    label: str
    value: int
    percent: float
    tone: str = "plain"


def bars(rows: Iterable[tuple[str, int, str]]) -> list[Bar]:
    """Bars from (label, value, tone), the largest value filling the width."""
    listed = list(rows)
    most = max((value for _, value, _ in listed), default=0) or 1
    return [Bar(label, value, round(100 * value / most, 1), tone) for label, value, tone in listed]


def funnel(figures: Sending) -> list[Bar]:
    """From the rows that were read to the people who may be written to."""
    total = figures.total
    return bars([
        ("Rows read", total.rows + figures.structure, "plain"),
        ("Headers and the like", figures.structure, "plain"),
        ("Rows that could not be used", total.rejected, "bad"),
        ("People and organisations in them", total.contacts, "plain"),
        ("Copies merged into others", total.merged, "plain"),
        (MASTERS, total.masters, "plain"),
        ("May be written to by e-mail", total.mailable, "good"),
    ])


def reasons(figures: Sending) -> list[Bar]:
    """Why the others may not be written to."""
    return bars((reason.text, reason.count, "bad") for reason in figures.reasons)


def sizes(counts: Sequence[tuple[str, int]]) -> list[Bar]:
    """How many records became one."""
    return bars((f"{label} record{'' if label == '1' else 's'}", count, "plain") for label, count in counts)


def shares(found: Overlap) -> list[list[float]]:
    """For each source, which percentage of its people the others have too."""
    return [[round(100 * value / (row[index] or 1), 1) for value in row] for index, row in enumerate(found.shared)]
