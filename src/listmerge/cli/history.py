"""listmerge history"""

from __future__ import annotations

from typing import Any

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Json, Workspace
from listmerge.cli.screen import Screen, many, show_json, show_table


def history(workspace: Workspace = "", config: ConfigFile = "", json: Json = False) -> int:
    """Show every command that changed something, newest first."""
    entries = listmerge.history(options.place(workspace, config, Screen()))
    if json:
        show_json(entries)
    else:
        show_table(["no.", "when", "what", "undone by", "of what"], [
            [entry["id"], entry["at"], entry["verb"], entry["undone_by"] or "", _of_what(entry["detail"])]
            for entry in entries])
    return 0


def _of_what(detail: dict[str, Any]) -> str:
    """What the history knows of a command, ids and counts, in a few words."""
    said = [f"{source} ({rows:,})" for source, rows in detail.get("sources", {}).items()]
    said += [f"{name}: {value:,}" for name in ("masters", "may_email", "refusals", "imported")
             if (value := detail.get(name)) is not None]
    said += [f"{detail['verdict']}: {many(len(detail['pairs']), 'pair', 'pairs')}"] if "verdict" in detail else []
    said += [f"no. {detail['undone']}, {detail['verb']}"] if "undone" in detail else []
    return ", ".join(said)
