"""listmerge dedupe"""

from __future__ import annotations

import listmerge
from listmerge.cli import options, summary
from listmerge.cli.options import ConfigFile, Json, Quiet, Workspace
from listmerge.cli.screen import Screen, show_json


def dedupe(
    fail_on: summary.FailOn = "", workspace: Workspace = "", config: ConfigFile = "", json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Clean, match, cluster and merge what was imported."""
    summary.check_fail_on(fail_on)
    with Screen(quiet) as screen:
        place = options.place(workspace, config, screen)
        outcome = listmerge.dedupe(place)
    screen.say(summary.of_sources(outcome, place.config.sources))
    screen.say(summary.of_run(outcome))
    if json:
        show_json(outcome)
    return summary.findings_status(outcome, fail_on)
