"""Options that several verbs share, and the place that they name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

import listmerge
from listmerge.cli.screen import Screen
from listmerge.errors import OptionError

Workspace = Annotated[str, typer.Option("--workspace", "-w", envvar="LISTMERGE_WORKSPACE", metavar="DIR",
                                        help="The workspace [default: ./contacts.listmerge].")]
ConfigFile = Annotated[str, typer.Option("--config", metavar="FILE", envvar="LISTMERGE_CONFIG",
                                         help="The configuration [default: listmerge.toml in the workspace or here].")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="Files, folders or globs.", show_default=False)]
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="The source that the files belong to.")]
Layout = Annotated[str, typer.Option("--layout", metavar="NAME|FILE",
                                      help="The layout to read them with (see `layouts`), or a file that is one.")]
Maps = Annotated[list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Pin what a column means.")]
Encoding = Annotated[str, typer.Option("--encoding", metavar="NAME", help="The code page of text files.")]
PasswordFile = Annotated[str, typer.Option("--password-file", metavar="FILE", envvar="LISTMERGE_PASSWORD_FILE",
                                            help="A file whose first line opens workbooks and archives.")]
AllColumns = Annotated[bool, typer.Option("--all-columns", help="Add notes and what no field took.")]
Partial = Annotated[bool, typer.Option("--partial", help="The files only add to what their source has.")]
AcceptShrink = Annotated[bool, typer.Option("--accept-shrink", help="A list may be much shorter than the last one.")]


def place(workspace: str, config: str, screen: Screen) -> Any:
    """The Place that the options name."""
    return listmerge.Place.at(Path(workspace) if workspace else "", config_file=config, listener=screen)


_FORM: Final = {"--map": "FIELD=COLUMN, such as email=Mail", "--where": "FIELD=VALUE, such as city=Leeds"}


def pairs(texts: list[str] | None, option: str) -> list[tuple[str, str]]:
    """FIELD=VALUE texts, split. Raises OptionError for a text without '='."""
    split = [text.partition("=") for text in texts or ()]
    for left, sign, right in split:
        if not sign or not left.strip():
            raise OptionError("bad-option", f"{option} does not understand {left + sign + right!r}.", where=option,
                              hint=f"write {_FORM[option]}.")
    return [(left.strip(), right.strip()) for left, _, right in split]
