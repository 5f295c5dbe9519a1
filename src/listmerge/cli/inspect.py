"""listmerge inspect FILE"""

from __future__ import annotations

from typing import Any

import listmerge
from listmerge.cli import options
from listmerge.cli.options import ConfigFile, Encoding, Files, Json, Layout, Maps, PasswordFile, Source, Workspace
from listmerge.cli.screen import Screen, show, show_json, show_table


def inspect(
    files: Files, source: Source = "", layout: Layout = "", maps: Maps = None, encoding: Encoding = "",
    password_file: PasswordFile = "",
    workspace: Workspace = "", config: ConfigFile = "", json: Json = False,
) -> int:
    """Show what would be read: system, encoding, what each column means, the first rows. Writes nothing."""
    with Screen() as screen:
        tables, failures = listmerge.inspect(
            files, options.place(workspace, config, screen), layout=layout, encoding=encoding,
            password_file=password_file,
            maps=options.pairs(maps, "--map"), source=source)
    if json:
        show_json(tables)
    for table in [] if json else tables:
        _show(table)
    for failure in failures:
        screen.problem(failure)
    return failures[0].exit_status if failures else 0


def _show(table: dict[str, Any]) -> None:
    system = table["system"] or "no known system"
    show(f"{table['name']}: {system}, {table['rows']:,} rows, {table['rejected']:,} rejected;"
         f" confidence {table['confidence']:.2f} ({table['certainty']})")
    for name, value in sorted(table["facts"].items()):
        show(f"  {name}: {value}")
    first = table["first_rows"][0] if table["first_rows"] else []
    show_table(["  column", "field", "group", "sure", "first value", "why"], [
        [f"  {column['header'] or column['index'] + 1}", f"{column['field']} {column['meaning']}", column["group"],
         f"{column['confidence']:.2f}", _value(first, column["index"]), column["reason"]]
        for column in table["columns"]])
    for issue in table["issues"]:
        show(f"  {issue['code']}: {issue['message']}")
    show("")


def _value(row: list[str], index: int) -> str:
    text = row[index] if index < len(row) else ""
    return text if len(text) <= 40 else text[:39] + "…"
