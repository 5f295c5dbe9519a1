"""Files that a system's own import takes: one TOML table per system in `imports/`, headers as its layout has them.

A line of the table is `header | value`; a value is `a or b` (the first that is filled) and perhaps `if c`. Each of them
is a master's column, `emails.2` (the second of several values), `categories.all ','` (all of them, so joined),
`'text'`, or `own.HEADER`: the cell that the system itself gave to this master's record (`own.source_id`: its id), so
that its record is updated and not doubled.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.errors import OptionError
from listmerge.exporters.delimited import guarded, write_plain

SYSTEMS: Final = ("mailchimp", "hubspot", "salesforce", "salesforce-leads", "google", "outlook", "xero")
OWN: Final = "own."
_ESCAPED: Final = "\x1f"         # stands for `\;` while a cell is split


@dataclass(frozen=True, slots=True)
class System:
    """How one system takes contacts: the headers of `layout` with their values, and how the file is written.

    `mails` means that being in the file is being mailed; `own_layouts` are the layouts whose records bear its ids,
    `other_layouts` those whose records are something else there, and get no row;
    `kind` is the only kind of master that it takes, '' for any; `unique` is the header by which it knows a record and
    which must not come twice: a name that is taken gets the master's id behind it; `most` is how many contacts it takes
    in one file, 0 for any number. `checked` are the documents against
    which headers and forms were checked, `note` what they say that the file cannot.
    """

    system: str
    layout: str
    columns: tuple[tuple[str, str], ...]
    mails: bool = False
    own_layouts: tuple[str, ...] = ()
    other_layouts: tuple[str, ...] = ()
    kind: str = ""
    unique: str = ""
    most: int = 0
    line_end: str = "\n"
    byte_order_mark: bool = False
    checked: tuple[str, ...] = ()
    note: str = ""

    @property
    def own_headers(self) -> tuple[str, ...]:
        """The headers of the system's own cells that the values ask for, `source_id` among them."""
        asked = [one[len(OWN):] for _, value in self.columns for one in value.split(" or ") if one.startswith(OWN)]
        return tuple(dict.fromkeys(asked))

    @property
    def own_key(self) -> str:
        """The one of `own_headers` by which it knows a record."""
        return self.unique or "source_id"


@lru_cache
def system_of(name: str) -> System:
    """The system of that name. Raises OptionError for one that is none of SYSTEMS."""
    if name not in SYSTEMS:
        raise OptionError("unknown-system", f"{name!r} is no system that listmerge writes for.", where="--for",
                          hint=f"use one of {', '.join(SYSTEMS)}.")
    file = resources.files("listmerge.exporters") / "imports" / f"{name}.toml"
    raw: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    lines = [line.partition("|") for line in raw.pop("columns").splitlines() if line.strip()]
    columns = tuple((header.strip(), value.strip()) for header, _, value in lines)
    raw |= {name: tuple(raw.get(name, ())) for name in ("own_layouts", "other_layouts", "checked")}
    return System(columns=columns, **raw)


def as_imported(
    system: System, masters: pa.Table, own: Mapping[str, pa.Array], taken: Collection[str] = ()
) -> pa.Table:
    """The masters as the rows that `system` imports; `own` has a column beside `masters` for each of `own_headers`,
    `taken` are the texts that stand under its header `unique` already."""
    values = {header: _value(text, masters, own) for header, text in system.columns}
    if system.unique:
        known = own.get(system.unique, _empty(masters))
        values[system.unique] = _unique(values[system.unique], known, masters["master_id"], taken)
    return pa.table(values)


def write_for(
    system: System, masters: pa.Table, own: Mapping[str, pa.Array], path: Path, taken: Collection[str] = ()
) -> None:
    """Writes the masters to `path` for the import of `system`. Raises OSError."""
    write_plain(as_imported(system, masters, own, taken), path, line_end=system.line_end,
                byte_order_mark=system.byte_order_mark)


def _unique(names: pa.Array, known: pa.Array, master_ids: pa.ChunkedArray, taken: Collection[str]) -> pa.Array:
    """The names, each once: those that are not the system's own and are taken, case aside, bear the master's id."""
    seen = {name.casefold() for name in taken} | {name.casefold() for name in known.to_pylist() if name}
    made = []
    for name, own, master_id in zip(names.to_pylist(), known.to_pylist(), master_ids.to_pylist(), strict=True):
        made.append(own or (f"{name} ({master_id})" if name.casefold() in seen else name))
        seen.add(name.casefold())
    return pa.array(made, pa.string())


def _value(text: str, masters: pa.Table, own: Mapping[str, pa.Array]) -> pa.Array:
    """The column that a value of the table means."""
    wanted, _, condition = text.partition(" if ")
    column = _empty(masters)
    for one in reversed(wanted.split(" or ")):
        first = _one(one, masters, own)
        column = pc.if_else(pc.equal(first, ""), column, first)
    if condition:
        column = pc.if_else(pc.equal(_one(condition, masters, own), ""), "", column)
    return column


def _one(text: str, masters: pa.Table, own: Mapping[str, pa.Array]) -> pa.Array:
    """A column of text for one source of values. What is the system's own is kept to the letter, all else is guarded
    against being taken for a formula."""
    if text.startswith(OWN):
        return own.get(text[len(OWN):], _empty(masters))
    if not text or text.startswith("'"):
        return pa.array([text.strip("'")] * masters.num_rows, pa.string())
    name, _, which = text.partition(".")
    cells = _plain(masters[name])
    if which.startswith("all "):
        return guarded(_joined(cells, which.removeprefix("all ").strip("'")))
    safe = guarded(_nth(cells, int(which)) if which else cells)
    return pc.replace_substring(safe, ";ext=", " ext. ") if name in ("phone", "phones") else safe


def _split(cells: pa.Array) -> Any:
    """The values of cells that hold several, as lists."""
    lists = pc.split_pattern(pc.replace_substring(cells, "\\;", _ESCAPED), "; ")
    return pa.ListArray.from_arrays(lists.offsets, pc.replace_substring(lists.values, _ESCAPED, ";"))


def _joined(cells: pa.Array, separator: str) -> pa.Array:
    """All values of each cell in one text; one that has the separator in it stands in quotation marks."""
    lists = _split(cells)
    marked = pc.binary_join_element_wise('"', pc.replace_substring(lists.values, '"', '""'), '"', "")
    values = pc.if_else(pc.match_substring(lists.values, separator.strip()), marked, lists.values)
    return pc.binary_join(pa.ListArray.from_arrays(lists.offsets, values), separator)


def _nth(cells: pa.Array, number: int) -> pa.Array:
    """The n-th value of each cell, '' where it has fewer."""
    if not len(cells):
        return cells
    return pc.fill_null(pc.list_slice(_split(cells), number - 1, number, return_fixed_size_list=True).flatten(), "")


def _plain(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def _empty(masters: pa.Table) -> pa.Array:
    return pa.array([""] * masters.num_rows, pa.string())
