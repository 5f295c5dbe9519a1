"""listmerge import FILE…"""

from __future__ import annotations

import listmerge
from listmerge.cli import options
from listmerge.cli.options import (
    AcceptShrink,
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


def import_(
    files: Files, source: Source = "", layout: Layout = "", maps: Maps = None, encoding: Encoding = "",
    password_file: PasswordFile = "",
    partial: Partial = False, accept_shrink: AcceptShrink = False, workspace: Workspace = "", config: ConfigFile = "",
    json: Json = False, quiet: Quiet = False,
) -> int:
    """Read lists into the workspace; system and columns are found by themselves."""
    with Screen(quiet) as screen:
        done = listmerge.import_files(
            files, options.place(workspace, config, screen), source=source, layout=layout,
            maps=options.pairs(maps, "--map"), encoding=encoding,
            password_file=password_file, partial=partial, accept_shrink=accept_shrink)
    for line in done.sources:
        systems = f" ({', '.join(line['systems'])})" if line["systems"] else ""
        screen.say(f"{line['source']}: {line['state']}, {line['rows']:,} rows{systems}")
    if done.registered:
        screen.say(f"the register tells of {', '.join(done.registered)}")
    if json:
        show_json(done.sources)
    return int(done.exit_status)
