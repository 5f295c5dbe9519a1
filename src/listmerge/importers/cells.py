"""The text of a cell: what spreadsheets and copying put around it is taken off, and counted; nothing else is changed.

`clean` (one text) is the specification, `clean_table` (Arrow columns) the speed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from listmerge.model import Issue

if TYPE_CHECKING:
    import pyarrow as pa

#: Characters that nobody sees: controls become a blank, zero-width ones nothing. Joiners (U+200C, U+200D) carry meaning
#: in Persian and in emoji and stay.
CONTROLS: Final = "\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u00a0\u2007\u202f"
VANISHING: Final = "\x00\u200b\u2060\ufeff\u00ad"
_CONTROL = re.compile(f"[{CONTROLS}]")
_VANISHING = re.compile(f"[{VANISHING}]")
#: A guard is an apostrophe before what a spreadsheet would take for a formula or a number, or ="…" around a text.
GUARD: Final = r"^'('*[=+\-@\t\r].*|'*[0-9][0-9 ()./+\-]*)$"
WRAPPED: Final = r'^="((?:[^"]|"")*)"$'
_GUARD = re.compile(GUARD, re.S)
_WRAPPED = re.compile(WRAPPED, re.S)
ERRORS: Final = ("#VALUE!", "#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!")


def clean(text: str) -> str:
    """`text` without invisible characters, blanks at its ends and one leading guard."""
    text = _CONTROL.sub(" ", _VANISHING.sub("", text)).strip()
    text = _WRAPPED.sub(lambda match: match.group(1).replace('""', '"'), text)
    return _GUARD.sub(r"\1", text).strip()


def clean_table(table: pa.Table, headers: tuple[str, ...], name: str) -> tuple[pa.Table, list[Issue]]:
    """Every column through `clean`, and one issue per column and kind of thing that was taken off."""
    import pyarrow as pa

    columns, issues = [], []
    for index, column in enumerate(table.columns):
        header = headers[index] if index < len(headers) else ""
        cleaned, found = _clean_column(column, header, name)
        columns.append(cleaned)
        issues += found
    return pa.table(columns, names=table.column_names), issues


#: Which values of a column `clean` would change beyond the blanks at their ends, as RE2, and how that is called.
_REPAIRS: Final = (
    ("invisible-characters", f"[{CONTROLS}{VANISHING}]".replace("\x00", r"\x00"), "invisible or control characters were removed"),
    ("guard-removed", r"^\s*(?:'['=+\-@\t\r0-9]|=\")", "a guard for spreadsheets (leading apostrophe or =\"…\") was taken off"),
)


def _clean_column(column: pa.ChunkedArray, header: str, name: str) -> tuple[pa.ChunkedArray, list[Issue]]:
    import pyarrow.compute as pc

    issues = []
    for code, pattern, message in _REPAIRS:
        hits = pc.match_substring_regex(column, pattern)
        if not pc.any(hits).as_py():
            continue
        before = pc.filter(column, hits)
        after = _cleaned(before)
        changed = pc.sum(pc.not_equal(pc.utf8_trim_whitespace(before), after)).as_py() or 0
        column = pc.replace_with_mask(_whole(column), _whole(hits), _whole(after))
        if changed:
            first = next(old for old, new in zip(before.to_pylist(), after.to_pylist(), strict=True) if old.strip() != new)
            text = f"In {changed} cells of column '{header}' {message}."
            issues.append(Issue(code, text, value=first[:200], field=header, source_file=name))
    return pc.utf8_trim_whitespace(column), issues


def _cleaned(values: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    return pa.array([clean(text) for text in values.to_pylist()], pa.string())


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if hasattr(column, "chunks") else column
