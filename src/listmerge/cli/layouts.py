"""listmerge layouts, listmerge layouts check FILE"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import Json, Workspace
from listmerge.cli.screen import Screen, show, show_json, show_table
from listmerge.errors import InputError, OptionError

Action = Annotated[str, typer.Argument(metavar="[check]", help="Say what is wrong with a layout file of your own.",
                                       show_default=False)]
File = Annotated[str, typer.Argument(metavar="[FILE]", help="The layout file to check.", show_default=False)]


def layouts(action: Action = "", file: File = "", workspace: Workspace = "", json: Json = False) -> int:
    """Show the systems whose exports are recognised and how sure we are of each, or check a layout of your own."""
    if action:
        return _check(action, file, json)
    found = listmerge.known_layouts(options.place(workspace, "", Screen()))
    if json:
        show_json(found)
    else:
        show_table(["layout", "system", "export", "certainty"],
                   [[entry["name"], entry["system"], entry["export"], entry["certainty"]] for entry in found])
    return 0


def _check(action: str, file: str, json: bool) -> int:
    """0 when nothing is wrong with the file, 1 when something is."""
    if action != "check" or not file:
        raise OptionError("bad-option", f"'{action} {file}'".replace(" '", "'") + " means nothing here.",
                          where="layouts", hint="listmerge layouts check FILE")
    if not Path(file).is_file():
        raise InputError("missing-file", f"{file} does not exist.", where=file, hint="check the path.")
    problems = listmerge.check_layout(file)
    if json:
        show_json(problems)
    for problem in [] if json else problems or [f"{file}: nothing is wrong with it."]:
        show(problem)
    return 1 if problems else 0
