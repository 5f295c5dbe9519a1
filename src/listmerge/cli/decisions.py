"""listmerge decisions export|import FILE"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Quiet, Workspace
from listmerge.cli.screen import Screen, many
from listmerge.errors import OptionError
from listmerge.workspace.disk import write_whole


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
        write_whole(file, lambda path: _write(path, text), mode=0o666)
        screen.say(f"{many(text.count(chr(10)), 'decision', 'decisions')} written to {file}")
    elif action == "import":
        if not file.is_file():
            raise OptionError("no-file", "there is no such file.", where=str(file),
                              hint="name the file that was exported.")
        new = listmerge.import_decisions(file.read_text(encoding="utf-8", errors="replace"), place)
        screen.say(f"{many(new, 'new decision', 'new decisions')} remembered, to count in the next run")
    else:
        raise OptionError("unknown-action", f"{action!r} is no action.", hint="say export or import.")
    return 0


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
