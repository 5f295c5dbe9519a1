"""listmerge status"""

from __future__ import annotations

from typing import Any

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Json, Workspace
from listmerge.cli.screen import Screen, show, show_json, show_table


def status(workspace: Workspace = "", config: ConfigFile = "", json: Json = False) -> int:
    """Show what the workspace holds."""
    found = listmerge.status(options.place(workspace, config, Screen()))
    if json:
        show_json(found)
    else:
        _show(found)
    return 0


def _show(found: dict[str, Any]) -> None:
    if found["sources"]:
        show_table(["source", "date", "records", "rejected", "system", "known of it"], [
            [line["source"], line["date"], line["rows"], line["rejected"], ", ".join(line["systems"]), _known(line)]
            for line in found["sources"]])
    else:
        show("nothing was imported yet.")
    last = found["last_run"]
    if last:
        counts = last["counts"]
        show(f"\nlast run: no. {last['run']} of {last['at']}: {counts['people']:,} people,"
             f" {counts['organisations']:,} organisations, {counts['may_email']:,} may be e-mailed")
    if found["stale"]:
        show("something changed since: run `listmerge dedupe`.")
    for source, kinds in found["refusals"].items():
        show(f"refusals from {source}: " + ", ".join(f"{count:,} {kind}" for kind, count in kinds.items()))
    show(f"decisions: {found['decisions']}")


def _known(line: dict[str, Any]) -> str:
    """What the layout, the register or the configuration say of a source."""
    said = [f"owner {line['owner']}" if line["owner"] else "", line["relationship"],
            f"permission {line['permission']}" if line["permission"] else "",
            f"trust {line['trust']}" if line["trust"] else "",
            f"until {line['use_until']}" if line["use_until"] else "",
            "for reference only" if line["reference_only"] else ""]
    return ", ".join(filter(None, said))
