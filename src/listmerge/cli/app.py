"""The entry: verbs, signals, and the one place where errors are printed."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Annotated, Any, Final

import typer

import listmerge
from listmerge.cli import (
    decide,
    decisions,
    dedupe,
    evaluate,
    explain,
    export,
    history,
    import_,
    inspect,
    layouts,
    report,
    run,
    status,
    suppress,
    undo,
)
from listmerge.cli.screen import Screen, print_any_letter
from listmerge.engine.memory import give_back_what_is_free, leave_pandas_out
from listmerge.errors import Bug, ListmergeError, OptionError
from listmerge.workspace import disk
from listmerge.workspace.disk import disk_error, is_disk_error

VERBS: Final[dict[str, Callable[..., int]]] = {
    "run": run.run, "import": import_.import_, "dedupe": dedupe.dedupe, "export": export.export,
    "report": report.report, "inspect": inspect.inspect, "explain": explain.explain, "decide": decide.decide,
    "decisions": decisions.decisions,
    "suppress": suppress.suppress, "undo": undo.undo, "history": history.history, "status": status.status,
    "layouts": layouts.layouts, "evaluate": evaluate.evaluate,
}

#: typer brings its own click since 0.27; the one to catch is the one that its errors are made of.
UsageError: Final[type[Exception]] = typer.BadParameter.__mro__[1]

#: Options of all verbs, which may stand before the verb too; and those of them that have a value.
SHARED: Final = frozenset({"--workspace", "-w", "--config", "--quiet", "-q", "--json"})
_WITH_VALUE: Final = frozenset({"--workspace", "-w", "--config"})

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
for verb, function in VERBS.items():
    app.command(verb)(function)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"listmerge {listmerge.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True,
                                          help="Print the version and end.")] = False,
) -> None:
    """Many contact lists in, one master list out, with a report of what was merged and who may be written to.

    Options that many commands have (--workspace, --config, --quiet, --json) may stand before the command too.
    """


class _Interrupted(SystemExit):
    """A signal that ends the command; what is open is closed on the way out."""


#: The signals that came. A library that is interrupted may say so in an error of its own.
_came: Final[list[int]] = []


def main() -> None:
    """Runs the command line and ends with its exit status."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    print_any_letter()
    give_back_what_is_free()
    leave_pandas_out()
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    """The exit status of a command; every error is printed here and nowhere else."""
    disk.begin()
    try:
        return int(app(verb_first(arguments) or ["--help"], prog_name="listmerge", standalone_mode=False) or 0)
    except (_Interrupted, Exception) as error:  # noqa: BLE001 - the last place that can say something
        return _say_interrupted(_came[0]) if _came else _say_any(error)


def verb_first(arguments: list[str]) -> list[str]:
    """The arguments with the shared options that stand before the verb behind it; what is said there holds."""
    first = 0
    while first < len(arguments) and arguments[first].partition("=")[0] in SHARED:
        first += 1 + (arguments[first] in _WITH_VALUE)
    return [*arguments[first : first + 1], *arguments[:first], *arguments[first + 1 :]]


def _say_any(error: BaseException) -> int:
    """Says what went wrong; the exit status of it."""
    match error:
        case ListmergeError():
            return _say(error)
        case UsageError():
            return _say_usage(error)
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 128 + 13                 # SIGPIPE, which not every system names
        case UnicodeEncodeError() if (odd := [text for text in sys.argv[1:] if not _is_text(text)]):
            return _say(OptionError("no-text", "a name in this command holds bytes that are no text.", where=odd[0],
                                    hint="give it another name, in UTF-8."))
        case OSError() if is_disk_error(error):
            return _say(disk_error(error, error.filename or ""))
    return _say_bug()


def _is_text(argument: str) -> bool:
    """Whether it can be written: names on a disk may be any bytes, which Python carries as lone surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in argument)


def _say_interrupted(number: int) -> int:
    typer.echo(f"interrupted: {'all was done by then' if disk.is_done() else 'nothing was changed'}.", err=True)
    return 128 + number


def _say(error: ListmergeError) -> int:
    Screen().problem(error)
    return error.exit_status


def _say_usage(error: Any) -> int:
    path = error.ctx.command_path if error.ctx else "listmerge"
    typer.echo(f"error[usage]: {error.format_message()}\n  hint:  {path} --help", err=True)
    return 2


def _say_bug() -> int:
    """Prints the form of a bug; the traceback goes to a file, or to the screen with LISTMERGE_DEBUG."""
    if os.environ.get("LISTMERGE_DEBUG"):
        traceback.print_exc()
        where = ""
    else:
        with tempfile.NamedTemporaryFile("w", prefix="listmerge-", suffix=".txt", delete=False) as file:
            traceback.print_exc(file=file)
            where = file.name
    return _say(Bug("bug", "listmerge came upon something that it does not understand; nothing was published.",
                    where=where, hint="please report this with the file named above."))


def _end(number: int, frame: FrameType | None) -> None:
    _came.append(number)
    raise _Interrupted(128 + number)
