"""Headers of unknown files in the languages of known exports: the translations of Outlook, Thunderbird and others.

`words.toml` speaks eleven languages well, and of others the plainest words. A list in a further one, or with the longer
headers of such a program, has the headers of its translation, though not enough of them to be that program's export.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from listmerge.layouts.headers import fold_header
from listmerge.layouts.layout import Layout, load_layouts
from listmerge.layouts.words import Word, look_up
from listmerge.model import FIELDS

#: Languages of translations that `words.toml` does not speak: their own words count more than words of others.
_OTHERS: Final = frozenset({
    "Arabic", "Chinese (Hong Kong)", "Chinese (simplified)", "Hindi", "Korean", "Russian", "Turkish"})
_LEAST: Final = 3       # headers that a translation must know, and half of the row


def words_of(headers: Sequence[str]) -> dict[int, Word]:
    """What the headers of a row mean, by their place: their words, and those of the translation that knows most of
    them."""
    found = {index: word for index, header in enumerate(headers) if (word := look_up(header)) is not None}
    translation = _translation(headers)
    if translation is None:
        return found
    foreign = {index: word for index, header in enumerate(headers)
               if (word := _word(header, headers[:index].count(header), translation)) is not None}
    return found | foreign if translation.language in _OTHERS else foreign | found


def _translation(headers: Sequence[str]) -> Layout | None:
    keys = {key for header in headers if (key := fold_header(header))}
    translations = [layout for layout in load_layouts() if layout.language]
    known, best = max(((sum(key in layout.rules for key in keys), layout) for layout in translations),
                      key=lambda pair: pair[0])
    return best if known >= max(_LEAST, len(keys) / 2) else None


def _word(header: str, nth: int, translation: Layout) -> Word | None:
    """What the nth column of this header means there; one header may stand for two things, in this order."""
    rules = translation.rules.get(fold_header(header), ())[nth : nth + 1]
    if not rules or FIELDS[rules[0].field] in ("other", "record", "consent"):
        return None
    rule = rules[0]
    group = rule.detail("group")
    return Word(rule.field, group=group, label=rule.detail("label") or (group if group in ("work", "home") else ""))
