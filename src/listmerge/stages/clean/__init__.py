"""Clean: from records, as read, to contacts with typed values, each with the text to show and the key to compare by.

`clean_part` cleans the records of one file, sheet or member; `gather` makes the tables of a run from those of its
parts. Nothing is invented: every text that is shown stands in the record.

What cleans is loaded when it is first asked for: a run on lists that are clean already has no use for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from listmerge.stages.clean.settings import CleanSettings
from listmerge.stages.clean.tables import Cleaned, gather

if TYPE_CHECKING:
    from listmerge.stages.clean.part import clean_part
    from listmerge.stages.clean.plan import date_orders, date_proofs

__all__ = ["CleanSettings", "Cleaned", "clean_part", "date_orders", "date_proofs", "gather"]

_LATER: Final = {"clean_part": "part", "date_orders": "plan", "date_proofs": "plan"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
