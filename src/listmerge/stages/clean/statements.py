"""What the rows say of their addresses: permission, refusal, deliverability, with dates; never mixed, never made up.

A date belongs to the statement that it is mapped for. A statement counts as explicit only when a column for the day of
the opt-in says so in a row that does not refuse at the same time: a last-changed date never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields import dates, permissions
from listmerge.fields.text import distinct, fold, is_filled, same_text
from listmerge.model import STATEMENTS, Column, Mapping, arrow_schema
from listmerge.stages.clean.flaws import Found
from listmerge.stages.clean.plan import DATES, Cells, Value, join
from listmerge.stages.clean.points import Points

_TEXTS: Final = ("method", "reason")
#: Statement -> the columns whose date is its own, the first that has one wins.
_DATED_BY: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("permission", "confirmed"): ("confirm-date", "opt-in-date", "status-date"),
    ("permission", "express"): ("opt-in-date", "confirm-date", "status-date"),
    ("refusal", "unsubscribed"): ("opt-out-date", "status-date"),
    ("refusal", "complaint"): ("opt-out-date", "status-date"),
    ("refusal", "do-not-contact"): ("opt-out-date", "status-date"),
}
_BY_FACT: Final = {"permission": ("status-date",), "refusal": ("opt-out-date", "status-date"),
                   "deliverability": ("bounce-date", "status-date")}
_EXPLICIT: Final = ("opt-in-date", "confirm-date")
_YES: Final = frozenset({"express", "confirmed"})


class Said(NamedTuple):
    """One fact that some rows state of the addresses of a group; `group` '' is all of them, `part` None every part."""

    rows: Any
    part: int | None
    group: str
    channel: str
    fact: str
    value: str
    date: pa.Array              # of each of `rows`
    method: pa.Array
    explicit: Any


class _Consent(NamedTuple):
    """The consent columns of one part, group and channel: what they state, and the dates and texts of that."""

    part: int
    group: str
    channel: str
    dates: dict[str, pa.Array]
    texts: dict[str, pa.Array]
    stated: list[tuple[str, pa.Table]]       # meaning, table of fact and value for all rows


def read_statements(
    cells: Cells, values: Sequence[Value], mapping: Mapping
) -> tuple[list[Said], list[Found]]:
    """What the consent columns, the constants and being on the list say; and issues with the Value they belong to."""
    consents, issues = _read_columns(cells, values, {fold(word): meant for word, meant in mapping.status_words})
    said = [one for consent in consents for one in _say(consent, cells.rows)]
    if any(fact == "refusal" for fact, _ in mapping.constants):     # no opt-in of a list of refusals is a later one
        said = [one._replace(explicit=np.zeros(len(one.rows), bool)) for one in said]
    said += [_of_all_rows(cells, fact, value, consents) for fact, value in mapping.constants if fact != "permission"]
    given = [value for fact, value in mapping.constants if fact == "permission"]
    given += [mapping.permission] if mapping.permission else []
    said += [_of_silent_rows(cells, said, value) for value in given]
    return said, issues


def _read_columns(
    cells: Cells, values: Sequence[Value], words: dict[str, str]
) -> tuple[list[_Consent], list[Found]]:
    found: dict[tuple[int, str, str], _Consent] = {}
    issues: list[Found] = []
    for value in values:
        for column in value.of("consent"):
            key = (value.part, value.group, column.channel)
            consent = found.setdefault(key, _Consent(*key, {}, {}, []))
            single = Value(value.part, value.unit, value.slot, value.group, (column,))
            found_in = _read_column(consent, cells, column, words)
            issues += [Found(single, None, flaws) for flaws in found_in]
    return list(found.values()), issues


def _read_column(consent: _Consent, cells: Cells, column: Column, words: dict[str, str]) -> Iterator[pa.Table]:
    texts = cells.text(column.index)
    if column.meaning in _TEXTS:
        earlier = consent.texts.get(column.meaning)
        consent.texts[column.meaning] = texts if earlier is None else join([earlier, texts], "; ")
        return
    if column.meaning in DATES:
        cleaned = dates.clean_column(texts, cells.date_order(column.index), decided=True, serials="1900", seconds=True)
        consent.dates.setdefault(column.meaning, cleaned.table.column("date").combine_chunks())
        yield cleaned.issues
    texts = distinct(texts, lambda text: words.get(fold(text), text)) if words else texts
    stated = permissions.clean_column(column.meaning, texts)
    consent.stated.append((column.meaning, stated.table))
    yield stated.issues


def _say(consent: _Consent, rows: int) -> Iterator[Said]:
    refused = _refused_by_status(consent, rows)
    for meaning, table in consent.stated:
        joined = pc.binary_join_element_wise(table.column("fact"), table.column("value"), "=").combine_chunks()
        encoded = joined.dictionary_encode()
        codes = encoded.indices.to_numpy()
        for number, text in enumerate(encoded.dictionary.to_pylist()):
            fact, _, value = text.partition("=")
            if fact:
                yield _said(consent, meaning, fact, value, np.flatnonzero(codes == number), refused)


def _refused_by_status(consent: _Consent, rows: int) -> Any:
    """The rows whose present state is a refusal, by a word or a flag: no date in them is a later consent."""
    refused = np.zeros(rows, bool)
    for meaning, table in consent.stated:
        if meaning not in DATES:
            refused |= pc.equal(table.column("fact"), "refusal").to_numpy()
    return refused


def _said(consent: _Consent, meaning: str, fact: str, value: str, rows: Any, refused: Any) -> Said:
    own = (meaning,) if meaning in consent.dates else _DATED_BY.get((fact, value), _BY_FACT[fact])
    date = same_text("", len(rows))
    explicit = np.zeros(len(rows), bool)
    for name in own:
        if name in consent.dates:
            found = consent.dates[name].take(pa.array(rows))
            taken = pc.and_(pc.equal(date, ""), pc.not_equal(found, ""))
            date = pc.if_else(taken, found, date)
            explicit |= taken.to_numpy(zero_copy_only=False) & (name in _EXPLICIT)
    explicit &= ~refused[rows] & (fact == "permission" and value in _YES)
    text = consent.texts.get("method" if fact == "permission" else "reason")
    method = same_text("", len(rows)) if text is None else text.take(pa.array(rows))
    return Said(rows, consent.part, consent.group, consent.channel, fact, value, date, method, explicit)


def _of_all_rows(cells: Cells, fact: str, value: str, consents: Sequence[_Consent]) -> Said:
    """What the list says of everyone on it, with the dates and reasons that its columns give."""
    rows = np.arange(cells.rows)
    known = next((one for one in consents if (one.part, one.group, one.channel) == (0, "", "email")), None)
    if known is None:
        return _constant(rows, fact, value)
    return _said(known, "", fact, value, rows, np.ones(cells.rows, bool))


def _of_silent_rows(cells: Cells, said: Sequence[Said], value: str) -> Said:
    """What being on the list gives, where the row itself says neither what it permits nor that it refuses."""
    spoken = np.zeros(cells.rows, bool)
    for one in said:
        if one.fact in ("permission", "refusal") and one.channel == "email":
            spoken[one.rows] = True
    return _constant(np.flatnonzero(~spoken), "permission", value)


def _constant(rows: Any, fact: str, value: str) -> Said:
    blank = same_text("", len(rows))
    return Said(rows, None, "", "email", fact, value, blank, blank, np.zeros(len(rows), bool))


# --- from rows to addresses ----------------------------------------------------------------------------------------


def attach(said: Sequence[Said], emails: Points, phones: Points, position: Any) -> pa.Table:
    """STATEMENTS, by contact: each fact at the addresses that it is said of. `position[part][row]` is a contact or -1.

    A refusal in a row without such an address is written with the address '': it holds for the whole contact.
    """
    tables = [table for one in said for table in _attach_one(one, emails, phones, position)]
    table = pa.concat_tables([arrow_schema(STATEMENTS).empty_table(), *tables]).combine_chunks()
    return table.take(pa.array(np.argsort(table.column("contact").to_numpy(), kind="stable")))


def _attach_one(one: Said, emails: Points, phones: Points, position: Any) -> Iterator[pa.Table]:
    points = {"email": emails, "phone": phones, "sms": phones}.get(one.channel)
    refusal = one.fact == "refusal"
    reached = np.zeros(len(next(iter(position.values()))), bool)
    if points is not None:
        place = np.full(len(reached), -1, np.int64)
        place[one.rows] = np.arange(len(one.rows))
        hit = _targets(one, points, place, anyone=refusal or one.part is None)
        if not refusal:
            hit = hit[is_filled(_column(points, 1))[hit]]
        contact = _contacts(position, points.part[hit], points.row[hit])
        hit, contact = hit[contact >= 0], contact[contact >= 0]
        reached[points.row[hit]] = True
        yield _rows(one, place[points.row[hit]], contact, *(_column(points, n).take(pa.array(hit)) for n in (0, 1)))
    if refusal or one.channel == "post":
        yield from _without_address(one, reached, position)


def _targets(one: Said, points: Points, place: Any, anyone: bool) -> Any:
    """The numbers of the points that a fact is said of; a refusal of the whole row holds for everyone in it."""
    hit = place[points.row] >= 0
    if one.group:
        hit &= np.array([value.group == one.group for value in points.values], bool)[points.value]
    if not anyone or one.group:
        hit &= points.part == (one.part or 0)
    return np.flatnonzero(hit)


def _without_address(one: Said, reached: Any, position: Any) -> Iterator[pa.Table]:
    place = np.flatnonzero(~reached[one.rows])
    for part in [one.part] if one.part is not None else sorted(position):
        contact = position[part][one.rows[place]]
        some = contact >= 0
        blank = same_text("", int(some.sum()))
        yield _rows(one, place[some], contact[some], blank, blank)


def _contacts(position: Any, part: Any, row: Any) -> Any:
    contact = np.full(len(row), -1, np.int64)
    for number, places in position.items():
        mine = part == number
        contact[mine] = places[row[mine]]
    return contact


def _column(points: Points, number: int) -> pa.Array:
    column = points.table.column(number)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _rows(one: Said, place: Any, contact: Any, address: pa.Array, key: pa.Array) -> pa.Table:
    picked = pa.array(place)
    return pa.table([
        pa.array(contact.astype(np.int32)), same_text(one.channel, len(place)), address, key,
        same_text(one.fact, len(place)), same_text(one.value, len(place)), one.date.take(picked),
        one.method.take(picked), pa.array(one.explicit[place]),
    ], schema=arrow_schema(STATEMENTS))
