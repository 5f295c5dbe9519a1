"""listmerge export OUT"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import AllColumns, ConfigFile, Quiet, Workspace
from listmerge.cli.screen import Screen
from listmerge.errors import OptionError


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file: .csv, .xlsx, .vcf or .parquet.")],
    format: Annotated[str, typer.Option("--format", help="csv, xlsx, vcf, vcard4, parquet.")] = "",  # noqa: A002
    where: Annotated[list[str] | None, typer.Option("--where", metavar="FIELD=VALUE", help="Only these.")] = None,
    mailable: Annotated[bool, typer.Option("--mailable", help="Only those who may be e-mailed.")] = False,
    system: Annotated[str, typer.Option("--for", metavar="SYSTEM", help=(
        "A file for the import of mailchimp, hubspot, salesforce, salesforce-leads, google, outlook or xero; nobody "
        "who refused."
    ))] = "",
    include_unknown: Annotated[bool, typer.Option("--include-unknown", help=(
        "With --for a mailing system: also those of whom no permission is known."))] = False,
    one_per: Annotated[str, typer.Option("--one-per", metavar="household", help=(
        "One letter a household: one named member who has not refused letters."))] = "",
    refused: Annotated[bool, typer.Option("--refused", help="The addresses that refused, as SHA-256 hashes.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="With --refused: the addresses themselves.")] = False,
    all_columns: AllColumns = False, workspace: Workspace = "", config: ConfigFile = "", quiet: Quiet = False,
) -> int:
    """Write the masters of the last run, a file for another system, or the list of those who refused."""
    given = {"--format": bool(format), "--where": bool(where), "--mailable": mailable, "--for": bool(system),
             "--one-per": bool(one_per), "--include-unknown": include_unknown, "--refused": refused, "--plain": plain,
             "--all-columns": all_columns}
    _check({name for name, said in given.items() if said})
    chosen = options.pairs(where, "--where")
    with Screen(quiet) as screen:
        done: Any
        place = options.place(workspace, config, screen)
        if refused:
            done = listmerge.export_refused(out, place, plain=plain)
        elif system:
            done = listmerge.export_for(system, out, place, where=chosen, mailable=mailable,
                                        include_unknown=include_unknown)
        else:
            done = listmerge.export(out, place, format=format, where=chosen, mailable=mailable,
                                    all_columns=all_columns, one_per=one_per)
    screen.say(str(done))
    return 0


#: Option -> those that contradict it, and those without one of which it means nothing.
_AGAINST = {"--refused": ("--for", "--format", "--where", "--mailable", "--include-unknown", "--all-columns",
                         "--one-per"),
            "--for": ("--format", "--all-columns", "--one-per"), "--one-per": ("--mailable",)}
_NEEDS = {"--plain": "--refused", "--include-unknown": "--for"}


def _check(given: set[str]) -> None:
    """Raises OptionError for options that contradict each other."""
    for option, others in _AGAINST.items():
        for other in others:
            if {option, other} <= given:
                raise OptionError("bad-option", f"{option} and {other} contradict each other.", where=other,
                                  hint=f"leave {other} out.")
    for option, needed in _NEEDS.items():
        if option in given and needed not in given:
            raise OptionError("bad-option", f"{option} means nothing without {needed}.", where=option,
                              hint=f"say {needed} too, or leave {option} out.")
