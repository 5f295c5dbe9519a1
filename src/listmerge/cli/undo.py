"""listmerge undo"""

from __future__ import annotations

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Quiet, Workspace
from listmerge.cli.screen import Screen


def undo(workspace: Workspace = "", config: ConfigFile = "", quiet: Quiet = False) -> int:
    """Take the last import, dedupe, decide or run back. Refusals stay; exported files stay as they are."""
    with Screen(quiet) as screen:
        taken = listmerge.undo(options.place(workspace, config, screen))
    screen.say(f"took back {taken['verb']} of {taken['at']} (no. {taken['undone']})")
    return 0
