"""Whom a text means: a record id, contact key, master id, `source_file:source_row`, e-mail address or full name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from listmerge.errors import OptionError

if TYPE_CHECKING:
    import pyarrow as pa

    #: Gives a table of the last run by its name.
    Tables = Callable[[str], pa.Table]

_KEY: Final = re.compile(r"([0-9a-f]{24}(?:#\d+)?)(?:\.(\d+))?")
_ROW: Final = re.compile(r"(.+):(\d+)(?:\.(\d+))?")
#: Contacts that are named when a value is that of several people.
_MOST: Final = 10


def contacts_meant(tables: Tables, text: str) -> list[str]:
    """The keys of the contacts that `text` names, sorted: of one master all, of an e-mail address or name those that
    have it. Raises OptionError when there are none, or when they are several people's."""
    rows = _rows(tables("crosswalk"), text.strip())
    if not rows.num_rows:
        rows = _having(tables, text.strip())
    if not rows.num_rows:
        raise OptionError("unknown-contact", f"there is no {text!r} in the last run.",
                          hint="name a record id, a master id, source_file:source_row as crosswalk.csv has them, "
                               "an e-mail address or a full name.")
    return sorted(_keys(rows))


def _keys(rows: pa.Table) -> list[str]:
    import pyarrow.compute as pc

    return list(pc.binary_join_element_wise(rows["record_id"], pc.cast(rows["part"], "string"), ".").to_pylist())


def _rows(crosswalk: pa.Table, text: str) -> pa.Table:
    import pyarrow.compute as pc

    if match := _KEY.fullmatch(text):
        return _matching(crosswalk, {"record_id": match[1], "part": match[2]})
    if match := _ROW.fullmatch(text):
        file = file_meant(match[1], pc.unique(crosswalk["source_file"]).to_pylist())
        return _matching(crosswalk, {"source_file": file, "source_row": match[2], "part": match[3]})
    return _matching(crosswalk, {"master_id": text})


def _matching(crosswalk: pa.Table, wanted: dict[str, str | None]) -> pa.Table:
    """The rows with these values; the row itself (part 0) before other people in it, unless a part is named."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column, value in wanted.items():
        if value is not None:
            crosswalk = crosswalk.filter(pc.equal(pc.cast(crosswalk[column], pa.string()), value))
    own = crosswalk.filter(pc.equal(crosswalk["part"], 0))
    return own if "part" in wanted and wanted["part"] is None and own.num_rows else crosswalk


def _having(tables: Tables, text: str) -> pa.Table:
    """The contacts with this e-mail address or full name, or organisation's name, when they are all one master's."""
    import pyarrow as pa
    import pyarrow.compute as pc

    places = _with_email(tables("emails"), text) if "@" in text else _with_name(tables("contacts"), text)
    contacts = tables("contacts").take(pa.array(places, pa.int32()))
    shown = dict(zip(_keys(contacts), pc.if_else(
        pc.equal(contacts["full_name"], ""), contacts["company"], contacts["full_name"]).to_pylist(), strict=True))
    crosswalk = tables("crosswalk")
    crosswalk = crosswalk.filter(pc.is_in(crosswalk["record_id"], contacts["record_id"].combine_chunks()))
    rows = crosswalk.filter(pa.array([key in shown for key in _keys(crosswalk)], pa.bool_()))
    if len(set(rows["master_id"].to_pylist())) > 1:
        raise OptionError("ambiguous-contact", f"{text!r} could be {_candidates(rows, shown)}.",
                          hint="name one by its record id, as in brackets, or by its master id.")
    return rows


def _with_email(emails: pa.Table, text: str) -> list[int]:
    import pyarrow.compute as pc

    from listmerge.fields.emails import clean_one

    key = clean_one(text).key
    return pc.unique(emails.filter(pc.equal(emails["email_key"], key))["contact"]).to_pylist() if key else []


def _with_name(contacts: pa.Table, text: str) -> list[int]:
    """The places of the contacts of this name; capitals, accents and blanks do not count."""
    import pyarrow.compute as pc

    from listmerge.fields.text import fold, fold_column

    name = fold(text)
    return [] if not name else pc.indices_nonzero(pc.or_(
        pc.equal(fold_column(contacts["full_name"]), name),
        pc.and_(pc.equal(contacts["kind"], "organisation"), pc.equal(fold_column(contacts["company"]), name)),
    )).to_pylist()


def _candidates(rows: pa.Table, shown: dict[str, str]) -> str:
    """The contacts of some rows of the crosswalk, the first of each master, with place and id."""
    by_master = {row["master_id"]: (key, row) for key, row in sorted(
        zip(_keys(rows), rows.to_pylist(), strict=True), key=lambda one: one[0], reverse=True)}
    said = [f"{shown[key]} ({row['source_file']}:{row['source_row']}, {key}, master {master})"
            for master, (key, row) in sorted(by_master.items())]
    return "; or ".join(said[:_MOST]) + (f"; or one of {len(said) - _MOST} more" if len(said) > _MOST else "")


def file_meant(name: str, files: Collection[str]) -> str:
    """The one of `files` that `name` means: the same, or the only one that ends so; `name` itself when there is none.

    Raises OptionError when several end so.
    """
    ends = sorted(file for file in files if file.endswith(f"/{name}"))
    if name in files or not ends:
        return name
    if len(ends) > 1:
        raise OptionError("ambiguous-file", f"{name} could be {' or '.join(ends)}.", hint="give the whole path.")
    return ends[0]
