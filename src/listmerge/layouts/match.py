"""Which known layout a header row belongs to, and what its columns then mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from listmerge.layouts import content
from listmerge.layouts.generic import is_taken, set_apart
from listmerge.layouts.headers import fold_header
from listmerge.layouts.layout import Layout, Rule
from listmerge.layouts.sample import Sample
from listmerge.layouts.words import look_up
from listmerge.model import FIELDS, Column


@dataclass(frozen=True, slots=True)
class Match:
    """A layout that a header row may be of: how many of the row's headers it knows, of how many."""

    layout: Layout
    known: int
    filled: int
    share_of_layout: float

    @property
    def rank(self) -> tuple[float, ...]:
        """Better matches are greater."""
        return (self.known, len(self.layout.detect_keys), self.share_of_layout)


def find_matches(headers: Sequence[str], samples: Sequence[Sample], layouts: Sequence[Layout],
                 family: str = "table") -> list[Match]:
    """The layouts whose `detect` headers are all in the row and whose `detect_absent` are not, the best first."""
    keys = [key for header in headers if (key := fold_header(header))]
    present = frozenset(keys)
    found = [
        _match(layout, keys) for layout in layouts
        if layout.family == family and layout.detect_keys and layout.detect_keys <= present
        and not layout.absent_keys & present and _values_fit(layout, samples)
    ]
    return sorted((match for match in found if _enough(match, headers)), key=lambda match: match.rank, reverse=True)


def _match(layout: Layout, keys: Sequence[str]) -> Match:
    known = [key for key in keys if layout.knows(key)]
    return Match(layout, len(known), len(keys), len(set(known)) / max(len(layout.rules), 1))


def _enough(match: Match, headers: Sequence[str]) -> bool:
    """A layout that is told by three headers or fewer must know a good part of the row, lest a common word decide; one
    of common words alone must not stand beside a column that any contact list has."""
    if match.layout.alone:
        return not any(look_up(header) for header in headers if not match.layout.knows(fold_header(header)))
    return match.known / match.filled >= (0.5 if len(match.layout.detect_keys) <= 3 else 0.15) or match.known >= 12


def _values_fit(layout: Layout, samples: Sequence[Sample]) -> bool:
    tests = {"unix": content.is_unix, "email": content.is_email, "date": content.is_dateish,
             "mail-date": content.is_mail_date}
    wanted = {fold_header(header): tests[form] for header, form in layout.detect_values}
    return all(
        content.share(sample.values, wanted[fold_header(sample.header)]) >= 0.5
        for sample in samples if fold_header(sample.header) in wanted and content.filled(sample.values)
    )


def map_known(headers: Sequence[str], layout: Layout) -> list[Column]:
    """The columns that the layout knows, in the file's order."""
    seen: dict[str, int] = {}
    block = ""
    openers = {fold_header(after) for rule in layout.columns if (after := rule.detail("after"))}
    columns = []
    for index, header in enumerate(headers):
        key = fold_header(header)
        block = key if key in openers else block
        rule, number = _rule_for(key, layout, seen.get(key, 0), block)
        seen[key] = seen.get(key, 0) + 1
        if rule is not None:
            columns.append(_column(index, header, rule, number, layout))
    return set_apart(columns)


def _rule_for(key: str, layout: Layout, nth: int, block: str) -> tuple[Rule | None, str]:
    """The rule for the nth column of this header, and the number that its `{n}` stands for."""
    rules = layout.rules.get(key, ())
    in_block = [rule for rule in rules if (after := rule.detail("after")) and fold_header(after) == block]
    free = in_block or [rule for rule in rules if not rule.detail("after")]
    if free:
        return free[min(nth, len(free) - 1) if not in_block else 0], ""
    for pattern, rule in layout.patterns:
        if found := pattern.fullmatch(key):
            return rule, next(iter(found.groups()), "")
    return None, ""


def _column(index: int, header: str, rule: Rule, number: str, layout: Layout) -> Column:
    given = {name: value.replace("{n}", number) for name, value in rule.details}
    group = given.get("group", "")
    return Column(
        index, header, rule.field, group=group, part=int(given.get("part", "0")),
        label=_label(rule.field, group, given),
        meaning=given.get("meaning", ""), channel=given.get("channel", "email"), separator=given.get("separator", ""),
        reason=f"known column of {layout.id}",
    )


def _label(field: str, group: str, given: Mapping[str, str]) -> str:
    if "label" in given or FIELDS[field] not in _LABELLED:
        return given.get("label", "")
    return "fax" if field == "fax" else group.rstrip("0123456789") if group.rstrip("0123456789") in _LABELS else ""


#: Groups that are labels too, and the units that have one.
_LABELS: Final = ("work", "home", "other", "mobile", "billing", "shipping", "mailing", "postal")
_LABELLED: Final = ("email", "phone", "address")


def as_columns(headers: Sequence[str], layout: Layout, generic: Sequence[Column]) -> tuple[Column, ...]:
    """The layout's columns, and those of `generic` (found by words and values) that neither are the layout's nor say
    again what one of its columns says."""
    known = map_known(headers, layout)
    taken = {column.index for column in known}
    allowed = [column for found in generic if (column := _addition(found)) is not None]
    added = [replace(column, confidence=min(column.confidence, 0.8)) for column in allowed
             if column.index not in taken and not is_taken(column, known) and not _is_named(column, known)]
    return tuple(set_apart(sorted([*known, *added], key=lambda column: column.index)))


def _is_named(column: Column, columns: Sequence[Column]) -> bool:
    """Whether a further column of names would say again, or against, what the layout's own columns of names say."""
    if FIELDS[column.field] != "name":
        return False
    wholes = ("full_name",) if column.field != "full_name" else _NAMES
    return any(other.field in wholes and not other.part for other in columns)


_NAMES: Final = ("full_name", "given_name", "family_name")
#: What a consent column that its layout does not know may state: nothing that gives a permission.
_REFUSING: Final = ("opt-out-flag", "do-not-contact-flag", "allow-word", "complaint-flag", "opt-out-date")


def _addition(column: Column) -> Column | None:
    """What a column that its layout does not know may still be: nothing that gives a permission or an identity. Of a
    state of a subscription only the refusals count, and a name needs a word that means nothing else."""
    if column.field == "consent":
        if column.meaning in ("status-word", "bounce-type") and column.confidence >= 0.75:
            return replace(column, meaning="bounce-type")
        return column if column.meaning in _REFUSING else None
    if column.field in ("source_id", "source", "deleted", "kind", "created", "updated"):
        return None
    return column if column.confidence >= (0.95 if column.field in _NAMES else 0.85) else None
