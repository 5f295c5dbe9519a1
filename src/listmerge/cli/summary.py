"""What a person reads at the end of a run: a few lines, and whether there are findings above --fail-on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from listmerge.cli.screen import many
from listmerge.errors import OptionError
from listmerge.model import SEVERITIES

FailOn = Annotated[str, typer.Option("--fail-on", metavar="SEVERITY", help=(
    f"End with status 1 when there are findings of this severity or worse: {', '.join(SEVERITIES)}."))]

_LOOK: Final = (      # count, words for one, words for more
    ("must_decide", "conflict that a person must decide", "conflicts that a person must decide"),
    ("possible_duplicates", "possible duplicate", "possible duplicates"),
    ("wrong", "value with something wrong", "values with something wrong"),
)


def of_run(outcome: Mapping[str, Any], out: Path | None = None) -> str:
    """The lines for the screen."""
    counts, rows = outcome["counts"], outcome["balance"]["rows"]
    lines = [
        f"{many(rows['read'], 'row', 'rows')} read from {many(len(outcome['inputs']), 'list', 'lists')}:"
        f" {rows['kept']:,} kept, {rows['rejected']:,} rejected, {rows['structure']:,} headers and the like",
        f"{many(counts['people'], 'person', 'people')} and"
        f" {many(counts['organisations'], 'organisation', 'organisations')}; {counts['may_email']:,} may be e-mailed",
    ]
    look = [many(counts[name], one, more) for name, one, more in _LOOK if counts[name]]
    lines += [f"to look at: {', '.join(look)}"] if look else []
    repaired = counts["repaired"]
    lines += [f"put right, nothing to do: {many(repaired, 'value', 'values')}"] if repaired else []
    lines += outcome["remarks"]
    lines += [f"everything is in {out.as_posix()}/; begin with {(out / 'report.html').as_posix()}"] if out else []
    return "\n".join(lines)


def check_fail_on(severity: str) -> None:
    """Raises OptionError for a word that is no severity."""
    if severity and severity not in SEVERITIES:
        raise OptionError("bad-option", f"{severity!r} is no severity.", where="--fail-on",
                          hint=f"use one of {', '.join(SEVERITIES)}.")


def findings_status(outcome: Mapping[str, Any], severity: str) -> int:
    """1 when there are findings of `severity` or worse, else 0. Possible duplicates and
    what is wrong with values are worth a look; what was put right is not."""
    if not severity:
        return 0
    counts = outcome["counts"]
    wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
    found = sum(counts["conflicts_by_severity"].get(word, 0) for word in wanted)
    if "worth-a-look" in wanted:
        found += counts["possible_duplicates"] + counts["wrong"]
    return int(found > 0)
