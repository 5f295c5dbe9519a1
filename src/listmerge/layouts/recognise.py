"""Recognition: the rows of a grid in, its header row and what its columns mean out.

A file is of a known layout when all headers that tell this layout are there (`Layout.detect`), in any order and among
any others; else its columns are mapped by words and by values (`generic`). Names of files never count.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from listmerge.errors import InputError, OptionError
from listmerge.layouts import content
from listmerge.layouts.generic import map_generic
from listmerge.layouts.headers import fold_header
from listmerge.layouts.languages import words_of
from listmerge.layouts.layout import Layout, load_layouts
from listmerge.layouts.match import Match, as_columns, find_matches, map_known
from listmerge.layouts.sample import MOST_COLUMNS, samples_of
from listmerge.layouts.structure import fields_in_rows
from listmerge.model import FIELDS, MEANINGS, Column, Issue, Mapping

SURE: Final = 0.7       # the confidence from which a mapping of an unknown file is used without asking
#: The reason of a column that a person pinned.
YOU_SAID_SO: Final = "you said so"
FIELDS_IN_ROWS: Final = Issue("fields-in-rows", "the fields stand one below the other and the contacts side by side",
                              suggestion="turn the table, so that each contact is a row")


@dataclass(frozen=True)
class RecogniseOptions:
    """What a person said about a file, and what is known from elsewhere.

    `layout`: id of a layout, '' = find it. `layout_files`: a user's own layouts. `maps`: (field, column) pairs of
    --map, where a column is a header, a letter or a number from 1, and a field may carry a meaning:
    `consent:opt-in-flag`. `known_emails`: addresses (lower case) that other sources hold, or a test for one. `family`:
    what kind of file it is, of layout.FAMILIES. `remembered`: (headers, mapping as JSON) that a person confirmed.
    """

    layout: str = ""
    layout_files: tuple[Path, ...] = ()
    maps: tuple[tuple[str, str], ...] = ()
    known_emails: Callable[[str], bool] | Collection[str] | None = None
    family: str = "table"
    remembered: tuple[tuple[tuple[str, ...], str], ...] = ()


@dataclass(frozen=True, slots=True)
class TableStart:
    """Where a table begins: the index of its header row (None: it has none), its mapping, and doubts about it."""

    header: int | None
    mapping: Mapping
    issues: tuple[Issue, ...] = ()


def recognise(headers: Sequence[str], sample_rows: Sequence[Sequence[str]],
              options: RecogniseOptions | None = None) -> Mapping:
    """What the columns under these headers mean; `sample_rows` are the first rows of data.

    Raises OptionError(unknown-layout, unknown-field, unknown-column) for wrong options, InputError(ambiguous-layout)
    when two layouts fit that read the columns differently.
    """
    options = options or RecogniseOptions()
    if remembered := _remembered(headers, options):
        return remembered
    layouts = load_layouts(tuple(options.layout_files))
    samples = samples_of(headers, sample_rows)
    if options.layout:
        mapping = _mapping(_named(options.layout, layouts), headers, sample_rows, options)
    else:
        best = _best(find_matches(headers, samples, layouts, options.family), headers)
        mapping = _mapping(best, headers, sample_rows, options)
    return _pinned(mapping, headers, options.maps)


def _remembered(headers: Sequence[str], options: RecogniseOptions) -> Mapping | None:
    """What a person said before of a table with these very headers; a new word counts more."""
    if options.layout or options.maps:
        return None
    return next((Mapping.from_json(text) for known, text in options.remembered if known == tuple(headers)), None)


def find_table(rows: Sequence[Sequence[str]], options: RecogniseOptions | None = None) -> TableStart:
    """The header row among the first rows of a grid, and the mapping; raises as `recognise` does.

    A mapping without columns means that nothing could be read as a list of contacts.
    """
    options = options or RecogniseOptions()
    if not (options.layout or options.maps or options.remembered) and fields_in_rows(rows[:40]):
        return TableStart(None, Mapping("", "", ()), (FIELDS_IN_ROWS,))
    header = _header_row([row[:MOST_COLUMNS] for row in rows], options)
    if header is None:
        width = max((len(row) for row in rows), default=0)
        mapping = recognise([""] * width, rows, options)
    else:
        mapping = recognise(rows[header], rows[header + 1:], options)
    return TableStart(header, mapping, _doubts(mapping))


# --- the header row ---------------------------------------------------------------------------------------------------


def _header_row(rows: Sequence[Sequence[str]], options: RecogniseOptions) -> int | None:
    """The row that says most: one of a known layout, else one of known words, else a row of words above values."""
    layouts = load_layouts(tuple(options.layout_files))
    if options.layout:
        layouts = (_named(options.layout, layouts),)
    scores = [_header_score(rows, index, layouts, options) for index in range(min(len(rows), 40))]
    best = max(scores, default=0.0)
    return scores.index(best) if best > 0 else None


def _header_score(rows: Sequence[Sequence[str]], index: int, layouts: Sequence[Layout],
                  options: RecogniseOptions) -> float:
    cells = [cell for cell in rows[index] if cell.strip()]
    if not cells or any(_is_value(cell) for cell in cells):
        return 0.0
    if _is_named_by_maps(rows[index], options.maps) or any(tuple(rows[index]) == row for row, _ in options.remembered):
        return 10_000.0
    matches = find_matches(rows[index], (), layouts, options.family)
    if matches:
        return 1000.0 + matches[0].known
    words = len(words_of(list(dict.fromkeys(cells))))      # merged cells above the headers say one word many times
    if words / len(cells) >= 0.5 or words >= 3:
        return float(words)
    if words and _is_first_of_full_width(rows, index):
        return 0.5
    return 0.4 if len(cells) > 1 and _stands_above_values(rows, index) else 0.0


def _is_named_by_maps(row: Sequence[str], maps: Sequence[tuple[str, str]]) -> bool:
    """Whether every header that --map names stands in the row; columns may be named by number or letter instead."""
    keys = {fold_header(cell) for cell in row}
    named = [where for _, where in maps if fold_header(where) in keys or not (where.isdecimal() or _letters(where))]
    return bool(named) and all(fold_header(where) in keys for where in named)


def _is_first_of_full_width(rows: Sequence[Sequence[str]], index: int) -> bool:
    """Whether a row of different words is the first as wide as any, and none of its cells comes again below it."""
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows]
    cells = rows[index]
    again = any(cell.strip() and cell == row[column] for row in rows[index + 1:]
                for column, cell in enumerate(cells) if column < len(row))
    return len(rows) > 1 and not again and widths.index(max(widths)) == index and len(set(cells)) == len(cells)


def _is_value(text: str) -> bool:
    cell = content.bare(text)
    return content.is_email(cell) or content.is_phone(cell) or content.is_date(cell) or content.is_number(cell)


def _stands_above_values(rows: Sequence[Sequence[str]], index: int) -> bool:
    """Whether a column where this row has a word has addresses or numbers below it, in a third of the rows or more."""
    below = [row for row in rows[index + 1:] if any(cell.strip() for cell in row)][:10]
    titled = [column for column, cell in enumerate(rows[index]) if cell.strip()]
    columns = [[row[column] for row in below if column < len(row) and row[column].strip()] for column in titled]
    reachable = any(len(cells) * 3 >= len(below) and sum(map(_is_reachable, cells)) * 2 > len(cells)
                    for cells in columns)
    return bool(below) and reachable and len(titled) * 2 > max(len(row) for row in below)


def _is_reachable(text: str) -> bool:
    cell = content.bare(text)
    return content.is_email(cell) or content.is_phone(cell)


# --- the layout -------------------------------------------------------------------------------------------------------


def _named(name: str, layouts: Sequence[Layout]) -> Layout:
    for layout in layouts:
        if layout.id == name:
            return layout
    ids = [layout.id for layout in layouts]
    near = [known for known in ids if known.startswith(name)] or difflib.get_close_matches(name, ids, 1, 0.7)
    raise OptionError("unknown-layout", f"there is no layout '{name}'.",
                      where="--layout, or `layout` of the source in listmerge.toml",
                      hint=f"did you mean {' or '.join(near)}?" if near else "`listmerge layouts` lists them.")


def _best(matches: Sequence[Match], headers: Sequence[str]) -> Layout | None:
    """The best match; an equally good one that reads the columns differently is an error."""
    if not matches:
        return None
    best = [match.layout for match in matches if match.rank == matches[0].rank]
    best.sort(key=lambda layout: (("verified", "partial", "guess").index(layout.certainty), layout.id))
    readings = {_reading(layout, headers) for layout in best}
    if len(readings) > 1:
        names = " or ".join(layout.id for layout in best)
        raise InputError("ambiguous-layout", f"the file could be {names}.", hint="say which with --layout.")
    return best[0]


def _reading(layout: Layout, headers: Sequence[str]) -> tuple[object, ...]:
    columns = tuple(replace(column, reason="") for column in map_known(headers, layout))
    return columns, layout.constants, layout.permission, layout.reference_only, layout.date_order


def _mapping(layout: Layout | None, headers: Sequence[str], rows: Sequence[Sequence[str]],
             options: RecogniseOptions) -> Mapping:
    generic = map_generic(headers, rows, options.known_emails)
    if layout is None:
        return Mapping("", "", tuple(generic), confidence=_confidence(generic))
    columns = as_columns(headers, layout, generic)
    return Mapping(
        layout.id, layout.system, columns, certainty=layout.certainty, confidence=1.0, kind=layout.kind,
        constants=layout.constants, relationship=layout.relationship, permission=layout.permission,
        reference_only=layout.reference_only, date_order=layout.date_order, region=layout.region,
        null_words=layout.null_words, state_words=layout.state_words, status_words=layout.status_words,
    )


def _confidence(columns: Sequence[Column]) -> float:
    """How sure the whole mapping is: as its columns that name or reach a contact."""
    told = [column.confidence for column in columns if FIELDS[column.field] in ("name", "email", "phone", "job")]
    return round(sum(told) / len(told), 3) if told else 0.0


def confirm_ids(mapping: Mapping, names_records: Callable[[int], bool]) -> Mapping:
    """The mapping of an unknown file once all its rows are known: a column of ids that is not filled and unique
    (`names_records` of its index says so) does not name the records and is a mere identifier. Known layouts stay."""
    if mapping.layout:
        return mapping
    columns = tuple(
        replace(column, field="identifier") if column.field == "source_id" and column.reason != YOU_SAID_SO
        and not names_records(column.index) else column for column in mapping.columns)
    return replace(mapping, columns=columns)


def is_sure(mapping: Mapping) -> bool:
    """Whether a mapping may be used without a person's word: of a known layout, or with enough confidence."""
    return bool(mapping.layout) or mapping.confidence >= SURE


def _doubts(mapping: Mapping) -> tuple[Issue, ...]:
    if is_sure(mapping):
        return ()
    if not mapping.confidence:
        return (Issue("no-contact-columns", "no column could be read as a name, an e-mail address or a phone number",
                      suggestion="say what the columns are with --map FIELD=COLUMN"),)
    return (Issue("unsure-mapping", "the columns were mapped by their values and may be wrong",
                  suggestion="look with `listmerge inspect`, and pin with --map FIELD=COLUMN"),)


# --- what a person said -----------------------------------------------------------------------------------------------


def _pinned(mapping: Mapping, headers: Sequence[str], maps: Sequence[tuple[str, str]]) -> Mapping:
    """The mapping with the columns of --map in place of what was found for them."""
    columns = {column.index: column for column in mapping.columns}
    for name, where in maps:
        index = _position(where, headers)
        field, _, meaning = name.partition(":")
        _known_field(name, field, meaning)
        columns[index] = Column(index, headers[index], field, meaning=meaning, reason=YOU_SAID_SO)
    pinned = bool(maps) and not mapping.layout
    return replace(mapping, columns=tuple(columns[index] for index in sorted(columns)),
                   confidence=1.0 if pinned else mapping.confidence)


def _known_field(name: str, field: str, meaning: str) -> None:
    if field not in FIELDS or (meaning and meaning not in MEANINGS) or (field == "consent" and not meaning):
        near = difflib.get_close_matches(field, FIELDS, 1) if field not in FIELDS else []
        raise OptionError("unknown-field", f"there is no field '{name}'.", where="--map",
                          hint=f"did you mean {near[0]}?" if near else f"the fields are {', '.join(FIELDS)}; "
                               f"consent needs a meaning: consent:{next(iter(MEANINGS))}.")


def _position(where: str, headers: Sequence[str]) -> int:
    """The column that is meant: by its header, its number from 1, or its letter as in a spreadsheet."""
    keys = [fold_header(header) for header in headers]
    if fold_header(where) in keys:
        return keys.index(fold_header(where))
    number = int(where) if where.isdecimal() else _letters(where)
    if 1 <= number <= len(headers):
        return number - 1
    near = difflib.get_close_matches(fold_header(where), keys, 1)
    raise OptionError("unknown-column", f"there is no column '{where}'.", where="--map",
                      hint=f"did you mean {near[0]}?" if near else "give its header, its letter, or its number from 1.")


def _letters(where: str) -> int:
    if not (where.isascii() and where.isalpha() and len(where) <= 3):
        return 0
    number = 0
    for letter in where.upper():
        number = number * 26 + ord(letter) - 64
    return number
