"""listmerge run FILE… --out DIR"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import listmerge
from listmerge.cli import options, summary
from listmerge.cli.options import (
    AcceptShrink,
    AllColumns,
    ConfigFile,
    Encoding,
    Files,
    Json,
    Layout,
    Maps,
    Partial,
    PasswordFile,
    Quiet,
    Source,
    Workspace,
)
from listmerge.cli.screen import Screen, show_json


def run(
    files: Files,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder for all results.")],
    source: Source = "", layout: Layout = "", maps: Maps = None, encoding: Encoding = "",
    password_file: PasswordFile = "", partial: Partial = False,
    accept_shrink: AcceptShrink = False, workbook: Annotated[bool, typer.Option(
        "--workbook", help="Write master.xlsx beyond 100,000 masters too.")] = False,
    all_columns: AllColumns = False, fail_on: summary.FailOn = "",
    workspace: Workspace = "", config: ConfigFile = "", json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Import, merge, export and report in one step: all of it or nothing."""
    summary.check_fail_on(fail_on)
    with Screen(quiet) as screen:
        place = options.place(workspace, config, screen)
        done = listmerge.run(
            files, out, place, source=source, layout=layout,
            maps=options.pairs(maps, "--map"), encoding=encoding,
            password_file=password_file, partial=partial, accept_shrink=accept_shrink,
            workbook=workbook, all_columns=all_columns)
    given = {line["source"] for line in done.imported.sources}
    screen.say(summary.of_sources(done.outcome, place.config.sources, given))
    screen.say(summary.of_run(done.outcome, out))
    if json:
        show_json(done.outcome)
    return done.imported.exit_status or summary.findings_status(done.outcome, fail_on)
