"""A file read with all that is known beside it: layouts of the user's own, what was said of the source before, the
addresses that other sources hold. Columns that nobody is sure of are asked about, or the file is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from listmerge import importers
from listmerge.config import Config, SourceFacts
from listmerge.errors import InputError, OptionError
from listmerge.importers import ReadOptions
from listmerge.layouts.layout import load_layouts
from listmerge.layouts.recognise import YOU_SAID_SO, confirm_ids, is_sure
from listmerge.model import RawTable
from listmerge.pipeline.files import Given
from listmerge.pipeline.place import Listener
from listmerge.workspace import identity, snapshots, sources
from listmerge.workspace.catalogue import Catalogue
from listmerge.workspace.parts import Parts

NOT_KEPT: Final = "(not kept)"  # stands for a value that must not be kept
LAYOUTS: Final = "layouts"      # the folder of a workspace that holds the user's own


@dataclass(frozen=True, slots=True)
class Request:
    """What `import` and `run` are asked to read, and how."""

    paths: tuple[str, ...]
    source: str = ""
    layout: str = ""                # its name, or the path of a file that is one
    maps: tuple[tuple[str, str], ...] = ()
    encoding: str = ""
    password_file: str = ""
    partial: bool = False
    accept_shrink: bool = False
    scratch: Path | None = None     # a folder for what need not be in memory


@dataclass(frozen=True, slots=True)
class Known:
    """A workspace as far as it helps to read a file; `catalogue` is None where there is none yet."""

    folder: Path
    catalogue: Catalogue | None
    parts: Parts
    config: Config


def read_given(given: Given, request: Request, known: Known) -> list[RawTable]:
    """The tables of a file. Raises InputError, and OptionError for a wrong option or a layout that is none."""
    tables = importers.read(given.path, given.name, options(given, request, known))
    return [_with_confirmed_ids(_without_dropped(table)) for table in tables]


def options(given: Given, request: Request, known: Known) -> ReadOptions:
    """How a file is to be read: the command's word before the configuration's before what was confirmed earlier."""
    source = request.source or sources.name_of_stem(given.name)
    facts = known.config.sources.get(source, SourceFacts())
    layout, files = _layout(request.layout or facts.layout, known.folder)
    maps = request.maps or tuple(sorted(facts.map.items()))
    return ReadOptions(
        layout=layout, layout_files=files, maps=maps, encoding=request.encoding or facts.encoding,
        password=_password(request.password_file or facts.password_file),
        region=facts.region or known.config.region, source_hint=request.source,
        known_emails=_KnownEmails(known, source), remembered=() if maps else _confirmed(known, source),
        scratch=request.scratch)


def own_layouts(folder: Path) -> tuple[Path, ...]:
    """The files of the layouts that the user keeps in a workspace."""
    return tuple(sorted((folder / LAYOUTS).glob("*.toml")))


def _layout(said: str, folder: Path) -> tuple[str, tuple[Path, ...]]:
    """The layout's name, and the files of the user's own; `said` may be the path of one."""
    own = own_layouts(folder)
    if not said.endswith(".toml"):
        return said, own
    path = Path(said)
    if not path.is_file():
        raise OptionError("no-layout-file", f"there is no file {said}.", where="--layout", hint="check the path.")
    return load_layouts((path,))[0].id, (path, *own)


def _confirmed(known: Known, source: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Headers and mapping of the tables of this source of which a person said what their columns are."""
    current = snapshots.current(known.catalogue, source) if known.catalogue else []
    return tuple((part.headers, part.mapping) for part in current
                 if any(column.reason == YOU_SAID_SO for column in part.parsed_mapping().columns))


def _password(path: str) -> str:
    """The first line of a file; a password in a command or a configuration would be read by others."""
    if not path:
        return ""
    try:
        return Path(path).read_text("utf-8-sig").split("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError("no-password-file", f"no password can be read from {path}.", where="--password-file",
                          hint="check the path; the password is the file's first line.") from error


class _KnownEmails:
    """Whether a text is an address that another source holds; they are looked up when the first is asked for."""

    def __init__(self, known: Known, source: str) -> None:
        self._known = known
        self._source = source
        self._keys: set[str] | None = None

    def __call__(self, text: str) -> bool:
        if "@" not in text or self._known.catalogue is None:
            return False
        if self._keys is None:
            self._keys = _email_keys(self._known.catalogue, self._known.parts, self._source)
        return text in self._keys


def _email_keys(catalogue: Catalogue, parts: Parts, but: str) -> set[str]:
    records = {part.records for part in snapshots.current(catalogue) if part.source != but}
    rows = catalogue.rows("SELECT records, part FROM cleaned WHERE name = 'emails'")
    columns = [parts.read(row["part"], ["email_key"])["email_key"] for row in rows if row["records"] in records]
    return set(pc.unique(pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()))
               .to_pylist())


def _without_dropped(table: RawTable) -> RawTable:
    """The table without the values of columns that must not be kept: a word in their place keeps the books right."""
    dropped = [column for column in table.mapping.columns if column.field == "drop"]
    if not dropped:
        return table
    cells = table.cells
    for column in dropped:
        words = pc.if_else(pc.equal(cells.column(column.index), ""), "", NOT_KEPT)
        cells = cells.set_column(column.index, cells.field(column.index), words)
    headers = {column.header for column in dropped}
    issues = tuple(replace(issue, value="") if issue.field in headers else issue for issue in table.issues)
    return replace(table, cells=cells, issues=issues)


def _with_confirmed_ids(table: RawTable) -> RawTable:
    return replace(table, mapping=confirm_ids(table.mapping, lambda index: identity.names_records(table, index)))


# --- who is sure ------------------------------------------------------------------------------------------------------


def sure(tables: list[RawTable], listener: Listener) -> list[RawTable]:
    """The tables, those that a person at the screen vouched for as such. Raises InputError(unsure-mapping)."""
    return [table if is_sure(table.mapping) else _asked(table, listener.vouches_for) for table in tables]


def _asked(table: RawTable, vouches_for: Callable[[RawTable], bool]) -> RawTable:
    if not vouches_for(table):
        raise InputError(
            "unsure-mapping", f"it is not sure what the columns of {table.name} mean: {_reading(table)}.",
            where=table.name, hint="look with `listmerge inspect`, and pin each with --map FIELD=COLUMN.")
    mapping = replace(table.mapping, confidence=1.0, columns=tuple(
        replace(column, reason=YOU_SAID_SO, confidence=1.0) for column in table.mapping.columns))
    issues = tuple(issue for issue in table.issues if issue.code != "unsure-mapping")
    return replace(table, mapping=mapping, issues=issues)


def _reading(table: RawTable) -> str:
    columns = [f"'{column.header or column.index + 1}' as {column.field}" for column in table.mapping.columns]
    return ", ".join(columns[:6]) + (" …" if len(columns) > 6 else "")
