"""listmerge explain A B"""

from __future__ import annotations

from typing import Annotated

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Json, Workspace
from listmerge.cli.screen import Screen, show, show_json

_WHO = "A record id, a master id, source_file:source_row, an e-mail address or a full name."


def explain(
    left: Annotated[str, typer.Argument(metavar="A", help=_WHO)],
    right: Annotated[str, typer.Argument(metavar="B", help=_WHO)],
    workspace: Workspace = "", config: ConfigFile = "", json: Json = False,
) -> int:
    """Show the evidence for and against two contacts being one, and what would have turned it."""
    with Screen() as screen:
        found = listmerge.explain(left, right, options.place(workspace, config, screen))
    if json:
        show_json(found)
    else:
        show(found["text"])
    return 0
