"""listmerge history"""

from __future__ import annotations

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Json, Workspace
from listmerge.cli.screen import Screen, show_json, show_table


def history(workspace: Workspace = "", config: ConfigFile = "", json: Json = False) -> int:
    """Show every command that changed something, newest first."""
    entries = listmerge.history(options.place(workspace, config, Screen()))
    if json:
        show_json(entries)
    else:
        show_table(["no.", "when", "what", "undone by"], [
            [entry["id"], entry["at"], entry["verb"], entry["undone_by"] or ""] for entry in entries])
    return 0
