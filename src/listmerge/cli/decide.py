"""listmerge decide same|different A B"""

from __future__ import annotations

from typing import Annotated

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Quiet, Workspace
from listmerge.cli.screen import Screen, many

_WHO = "A record id, a master id, source_file:source_row, an e-mail address or a full name."


def decide(
    verdict: Annotated[str, typer.Argument(metavar="same|different")],
    left: Annotated[str, typer.Argument(metavar="A", help=_WHO)],
    right: Annotated[str, typer.Argument(metavar="B", help=_WHO)],
    workspace: Workspace = "", config: ConfigFile = "", quiet: Quiet = False,
) -> int:
    """Say that two contacts are the same, or are not; it counts from the next run on, more than any evidence."""
    screen = Screen(quiet)
    pairs = listmerge.decide(verdict, left, right, options.place(workspace, config, screen))
    screen.say(f"remembered: {verdict} ({many(len(pairs), 'pair', 'pairs')}); it counts in the next run")
    return 0
