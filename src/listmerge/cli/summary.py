"""What a person reads at the end of a run: a few lines, and whether there are findings above --fail-on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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


_NAMED: Final = 5       # sources that are named in one line


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


def of_sources(outcome: Mapping[str, Any], configured: Iterable[str], given: Collection[str] | None = None) -> str:
    """What a person should know of the sources: those that were not among the files of this command (`given`), and
    those of the configuration that do not exist. '' when there is nothing to say."""
    known = list(dict.fromkeys(entry["source"] for entry in outcome["inputs"]))
    absent = [source for source in known if given is not None and source not in given]
    nobody = [source for source in configured if source not in known]
    lines = [f"as they were, since no file of theirs was read: {_named(absent)}"] if absent else []
    lines += [f"listmerge.toml speaks of sources that do not exist: {_named(nobody)}"] if nobody else []
    return "\n".join(lines)


def _named(sources: Sequence[str]) -> str:
    more = len(sources) - _NAMED
    return ", ".join(sources[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


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
