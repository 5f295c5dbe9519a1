"""The columns of a grid as far as they were seen, and how one becomes a column of a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from listmerge.layouts.content import bare
from listmerge.layouts.words import Word
from listmerge.model import FIELDS, Column

MOST_COLUMNS: Final = 1000      # of an unknown file; no contact list has more
#: Units of which a row may have several, told apart by words such as `home` and `billing`.
GROUPED: Final = ("email", "phone", "address", "website")


@dataclass(frozen=True, slots=True)
class Sample:
    """One column: where it stands, its header, the cells that were seen."""

    index: int
    header: str
    values: tuple[str, ...]

    def column(self, field: str, word: Word, confidence: float, reason: str) -> Column:
        """This column as a `field`, read as the header's `word` says."""
        group = word.group if FIELDS[field] in GROUPED else ""
        return Column(
            self.index, self.header, field, group="fax" if field == "fax" and not group else group,
            label="fax" if field == "fax" else word.label if FIELDS[field] in GROUPED else "",
            meaning=word.meaning if field == "consent" else "", channel=word.channel,
            confidence=confidence, reason=reason,
        )


def samples_of(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Sample]:
    """The columns of a grid, '' where a row is short. Rows without any cell and columns without end are left out."""
    full = [row for row in rows if any(cell.strip() for cell in row)]
    return [
        Sample(index, header, tuple(bare(row[index]) if index < len(row) else "" for row in full))
        for index, header in enumerate(headers[:MOST_COLUMNS])
    ]
