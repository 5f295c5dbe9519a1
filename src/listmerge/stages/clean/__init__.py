"""Clean: from records, as read, to contacts with typed values, each with the text to show and the key to compare by.

`clean_part` cleans the records of one file, sheet or member; `gather` makes the tables of a run from those of its
parts. Nothing is invented: every text that is shown stands in the record.
"""

from __future__ import annotations

from listmerge.stages.clean.part import CleanSettings, clean_part
from listmerge.stages.clean.plan import date_orders, date_proofs
from listmerge.stages.clean.tables import Cleaned, gather

__all__ = ["CleanSettings", "Cleaned", "clean_part", "date_orders", "date_proofs", "gather"]
