"""Personal names: in one cell or in several, as they are shown and as they are compared.

What is shown is what stands in the record, with blanks set right and, where a name is wholly of one case, with
capitals. Nothing is guessed into a name: not from an e-mail address, not from a nickname.
"""

from __future__ import annotations

from listmerge.fields.name_columns import PARTS, clean_column
from listmerge.fields.name_parts import clean_parts
from listmerge.fields.name_person import NOBODY, Name, parse_one, suffix_key

__all__ = ["NOBODY", "PARTS", "Name", "clean_column", "clean_parts", "parse_one", "suffix_key"]
