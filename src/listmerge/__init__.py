"""listmerge: many contact lists in, one master list out, with a report of what was merged and who may be written to.

    import listmerge
    listmerge.run(["lists"], out="out")
    listmerge.masters()                     # a pandas DataFrame

Every name below is loaded when it is first used, so that `import listmerge` is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

__version__ = "0.1.0"

#: Public name -> the module that has it. No name may be a subpackage's too: that would take its place once loaded.
_PUBLIC: Final = {
    "run": "listmerge.pipeline.running",
    "import_files": "listmerge.pipeline.import_alone",
    "dedupe": "listmerge.pipeline.deduping",
    "export": "listmerge.pipeline.exporting",
    "export_for": "listmerge.pipeline.exporting",
    "export_refused": "listmerge.pipeline.exporting",
    "write_report": "listmerge.pipeline.exporting",
    "masters": "listmerge.pipeline.exporting",
    "inspect": "listmerge.pipeline.looking",
    "status": "listmerge.pipeline.looking",
    "history": "listmerge.pipeline.looking",
    "known_layouts": "listmerge.pipeline.looking",
    "check_layout": "listmerge.pipeline.looking",
    "explain": "listmerge.pipeline.explaining",
    "evaluate": "listmerge.pipeline.evaluating",
    "suppress": "listmerge.pipeline.deciding",
    "decide": "listmerge.pipeline.deciding",
    "export_decisions": "listmerge.pipeline.deciding",
    "import_decisions": "listmerge.pipeline.deciding",
    "undo": "listmerge.pipeline.deciding",
    "Place": "listmerge.pipeline.place",
    "ListmergeError": "listmerge.errors",
}

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'listmerge' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
