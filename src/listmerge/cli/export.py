"""listmerge export OUT"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import AllColumns, ConfigFile, Quiet, Workspace
from listmerge.cli.screen import Screen


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file: .csv, .xlsx, .vcf or .parquet.")],
    format: Annotated[str, typer.Option("--format", help="csv, xlsx, vcf, vcard4, parquet.")] = "",  # noqa: A002
    where: Annotated[list[str] | None, typer.Option("--where", metavar="FIELD=VALUE", help="Only these.")] = None,
    mailable: Annotated[bool, typer.Option("--mailable", help="Only those who may be e-mailed.")] = False,
    all_columns: AllColumns = False, workspace: Workspace = "", config: ConfigFile = "", quiet: Quiet = False,
) -> int:
    """Write the masters of the last run."""
    with Screen(quiet) as screen:
        chosen = listmerge.export(out, options.place(workspace, config, screen), format=format,
                                  where=options.pairs(where, "--where"), mailable=mailable,
                                  all_columns=all_columns)
    screen.say(str(chosen))
    return 0
