"""listmerge decisions export|import FILE"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Quiet, Workspace
from listmerge.cli.screen import Screen
from listmerge.errors import OptionError


def decisions(
    action: Annotated[str, typer.Argument(metavar="export|import")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One decision a line, sorted; it merges in git.")],
    workspace: Workspace = "", config: ConfigFile = "", quiet: Quiet = False,
) -> int:
    """Write all decisions to a text file, or remember those of one."""
    screen = Screen(quiet)
    place = options.place(workspace, config, screen)
    if action == "export":
        text = listmerge.export_decisions(place)
        file.write_text(text, encoding="utf-8", newline="\n")
        screen.say(f"{text.count(chr(10))} decisions written to {file}")
    elif action == "import":
        if not file.is_file():
            raise OptionError("no-file", f"there is no file {file}.", hint="name the file that was exported.")
        new = listmerge.import_decisions(file.read_text(encoding="utf-8"), place)
        screen.say(f"{new} new decisions remembered; they count in the next run")
    else:
        raise OptionError("unknown-action", f"{action!r} is no action.", hint="say export or import.")
    return 0
