"""listmerge suppress ADDRESS"""

from __future__ import annotations

from typing import Annotated

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Quiet, Workspace
from listmerge.cli.screen import Screen


def suppress(
    addresses: Annotated[list[str], typer.Argument(metavar="ADDRESS…", help="E-mail addresses or phone numbers.")],
    reason: Annotated[str, typer.Option("--reason", help=(
        "unsubscribed, complaint, do-not-contact or erased; any other text is the reason of a do-not-contact."
    ))] = "do-not-contact",
    channel: Annotated[str, typer.Option("--channel", help="email, phone, sms or post [default: what it is].")] = "",
    workspace: Workspace = "", config: ConfigFile = "", quiet: Quiet = False,
) -> int:
    """Never write to these addresses: no list and no undo takes it back."""
    screen = Screen(quiet)
    for line in listmerge.suppress(addresses, options.place(workspace, config, screen), reason=reason, channel=channel):
        screen.say(f"{line['address_key']}: {line['refusal']} ({line['channel']}); it holds for every export from now"
                   " on, and stands in the results of the next run")
        if "@" not in line["address_key"] and not line["address_key"].startswith("+"):
            screen.say("  its country is not known: it holds where lists write it like this; say it with its country"
                       " code (+44 …) too, or set region in listmerge.toml")
    return 0
