"""What the name of a file, of a member of an archive or of a sheet says of everyone in it: `unsubscribed.csv`.

Many systems write those who said no into a file of their own, in which no column says so. Being on such a list is the
refusal. A column that speaks of subscriptions counts more than any name.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from listmerge.layouts.headers import header_words
from listmerge.layouts.words import load_words
from listmerge.model import Column, Issue, Mapping, RawTable

_SAID: Final = {
    "unsubscribed": "unsubscribed", "complaint": "complained", "do-not-contact": "must not be written to",
    "erased": "asked to be forgotten", "hard-bounce": "cannot be reached", "soft-bounce": "could not be reached",
    "none": "never subscribed",
}
#: Meanings of columns that tell no state of the row: when it was, and how.
_TIMES_AND_TEXTS: Final = (
    "opt-in-date", "confirm-date", "opt-out-date", "bounce-date", "status-date", "method", "reason")


def by_name(table: RawTable) -> RawTable:
    """The table with the fact that its name states of all rows, and an issue that says so; itself where none does."""
    fact = _state(table.name, table.mapping)
    if fact is None or table.mapping.constants or any(map(_tells_state, table.mapping.columns)):
        return table
    columns = table.mapping.columns if fact[0] != "permission" else tuple(map(_without_consent, table.mapping.columns))
    issue = Issue(
        "state-by-name", f"The name says that everyone in it {_SAID[fact[1]]}; that was taken as said.",
        value=table.name, source_file=table.name, suggestion="give the file another name if that is not so")
    return replace(table, mapping=replace(table.mapping, columns=columns, constants=(fact,)),
                   issues=(*table.issues, issue))


def _tells_state(column: Column) -> bool:
    return column.field == "consent" and column.channel == "email" and column.meaning not in _TIMES_AND_TEXTS


def _without_consent(column: Column) -> Column:
    """A date of opt-in means nothing where the list is one of people who never subscribed."""
    return replace(column, field="ignore", meaning="") if column.field == "consent" else column


def _state(name: str, mapping: Mapping) -> tuple[str, str] | None:
    """What the innermost part of a name that says anything says: the sheet, else the member, else the file."""
    words = load_words()
    for part in reversed(name.split("!")):
        said = header_words(PurePosixPath(part).stem).split()
        if said and said[0] in mapping.state_words:
            return words.own_states.get(said[0])
        found = _last(said, words.states)
        if not words.mixed_states.isdisjoint(_without(said, found.split())):
            return None
        if found:
            return words.states[found]
    return None


def _last(said: list[str], known: dict[str, tuple[str, str]]) -> str:
    """The last of the known words in a name, the longest of those that end there; '' without any."""
    ends = [" ".join(said[start:end]) for end in range(len(said), 0, -1) for start in range(max(end - 3, 0), end)]
    return next((text for text in ends if text in known), "")


def _without(said: list[str], found: list[str]) -> list[str]:
    return [word for word in said if word not in found]
