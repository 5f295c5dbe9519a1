"""listmerge evaluate --truth FILE"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Json, Workspace
from listmerge.cli.screen import Screen, show, show_json, show_table


def evaluate(
    truth: Annotated[Path, typer.Option("--truth", metavar="FILE", help=(
        "A CSV with entity_id and source_file,source_row or source,source_id or record_id, and part if need be."))],
    workspace: Workspace = "", config: ConfigFile = "", json: Json = False,
) -> int:
    """Compare the last run with a known truth: precision, recall, F1, and the worst mistakes."""
    found = listmerge.evaluate(truth, options.place(workspace, config, Screen()))
    if json:
        show_json(found)
    else:
        _show(found)
    return 0


def _show(found: dict[str, Any]) -> None:
    show(f"{found['records']:,} records of the truth, {found['missing']:,} of them not in the run")
    show_table(["", "precision", "recall", "F1"], [
        [name, *(f"{found[name][key]:.4f}" for key in ("precision", "recall", "f1"))]
        for name in ("pairwise", "b_cubed")])
    for title, key in (("joined, but not one", "wrongly_joined"), ("one, but not joined", "wrongly_apart")):
        if found[key]:
            show(f"\n{title}:")
            show_table(["pairs", "where", "records"], [
                [line["pairs"], line["where"], ", ".join(line["records"])] for line in found[key]])
