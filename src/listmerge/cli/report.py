"""listmerge report"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Quiet, Workspace
from listmerge.cli.screen import Screen


def report(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help=(
        "The folder for the report [default: here]."))] = Path(),
    workspace: Workspace = "", config: ConfigFile = "", quiet: Quiet = False,
) -> int:
    """Write the conflict report of the last run: report.html and report.xlsx."""
    with Screen(quiet) as screen:
        written = listmerge.write_report(out, options.place(workspace, config, screen))
    for path in written:
        screen.say(f"wrote {path}")
    return 0
