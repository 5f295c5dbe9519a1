"""listmerge layouts"""

from __future__ import annotations

import listmerge
from listmerge.cli.options import Json
from listmerge.cli.screen import show_json, show_table


def layouts(json: Json = False) -> int:
    """Show the systems whose exports are recognised, and how sure we are of each."""
    found = listmerge.layouts()
    if json:
        show_json(found)
    else:
        show_table(["layout", "system", "export", "certainty"],
                   [[entry["name"], entry["system"], entry["export"], entry["certainty"]] for entry in found])
    return 0
