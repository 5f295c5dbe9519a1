"""Sources: what a list is called, and what is known of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.config import SourceFacts
from listmerge.model import SOURCES, Mapping, RawTable, arrow_schema
from listmerge.workspace import identity, snapshots
from listmerge.workspace.catalogue import Catalogue
from listmerge.workspace.parts import Parts

HALF: Final = 0.5                # of its records make a new file the next snapshot of a source

_DATE = r"(?:19|20)\d\d[-_. ]?(?:0[1-9]|1[0-2])[-_. ]?(?:0[1-9]|[12]\d|3[01])"
_DATE_LAST = r"(?:0[1-9]|[12]\d|3[01])[-_. ](?:0[1-9]|1[0-2])[-_. ](?:19|20)\d\d"
_TIME = r"(?:[-_T ]+[0-2]\d[-_.:h]?[0-5]\d(?:[-_.:m]?[0-5]\d)?s?Z?)?"
_MONTH = r"(?:19|20)\d\d[-_.](?:0[1-9]|1[0-2])"
_COPY = (r"\(\d{1,3}\)|[-_ ]+(?:copy|copia|copie|kopie|kopia|kopi|kopie von)(?:[-_ ]*\(?\d{1,3}\)?)?")

#: What is cut off a file's stem, as often as it is found at the end (or a date at the beginning).
_ADDITIONS: Final = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
    rf"[-_. ]*(?<!\d)(?:{_DATE}|{_DATE_LAST}){_TIME}$", rf"[-_. ]+(?:{_MONTH})$",
    rf"^(?:{_DATE}|{_DATE_LAST}){_TIME}[-_. ]+", rf"[-_ ]*(?:{_COPY})$",
))


def name_of_stem(path: str) -> str:
    """The name of a source from its file: the stem without dates and copy numbers ('lists/crm-2026-05-01 (2).csv')."""
    stem = PurePosixPath(path.split("!")[0]).stem.strip()
    while True:
        shorter = stem
        for addition in _ADDITIONS:
            shorter = addition.sub("", shorter).strip() or shorter
        if shorter == stem:
            return stem or "list"
        stem = shorter


def recognised(catalogue: Catalogue, parts: Parts, path: str, sha256: str, tables: Sequence[RawTable]) -> str:
    """The source of a file for which no name was given.

    It is the one that holds this very file; else the one of the same layout that holds at least half of its records
    (the most, then the first by name); else the file's stem, without the word that tells the files of one list apart
    ('subscribed_members_export.csv' and 'cleaned_members_export.csv' of Mailchimp are one).
    """
    known = _holder_of_file(catalogue, sha256) or _holder_of_records(catalogue, parts, tables)
    return known or _without_state(name_of_stem(path), {word for table in tables for word in table.mapping.state_words})


def _without_state(stem: str, words: set[str]) -> str:
    first, mark, rest = stem.partition("_")
    return rest if mark and rest and first.casefold() in words else stem


def _holder_of_file(catalogue: Catalogue, sha256: str) -> str:
    return catalogue.value(
        "SELECT source FROM files WHERE sha256 = :sha256 ORDER BY snapshot DESC, source LIMIT 1", sha256=sha256) or ""


def _holder_of_records(catalogue: Catalogue, parts: Parts, tables: Sequence[RawTable]) -> str:
    if any(column.field == "source" for table in tables for column in table.mapping.columns):
        return ""               # its rows say themselves where they belong
    layouts = {table.mapping.layout for table in tables}
    best, name = 0, ""
    for source, layout in snapshots.layouts(catalogue):
        if layout not in layouts:
            continue
        held = pc.unique(pa.chunked_array(
            [snapshots.without_number(ids) for ids in snapshots.record_ids(catalogue, parts, source)], pa.string()))
        known, total = 0, 0
        for table in tables:
            ids = identity.base_ids(source, table)
            known += pc.sum(pc.is_in(ids, value_set=held)).as_py() or 0
            total += len(ids)
        if total and known >= total * HALF and known > best:
            best, name = known, source
    return name


def register(catalogue: Catalogue, rows: MappingOf[str, SourceFacts]) -> None:
    """Remembers what a list register says of each source."""
    catalogue.change(
        "INSERT INTO registered (op, source, facts) VALUES (:op, :source, :facts)",
        [{"source": source, "facts": facts.model_dump_json(exclude_unset=True)} for source, facts in rows.items()])


def registered(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """Source -> what the list registers said of it, the last word first."""
    facts: dict[str, dict[str, Any]] = {}
    for row in catalogue.rows("SELECT source, facts FROM registered ORDER BY op, rowid"):
        facts.setdefault(row["source"], {}).update(json.loads(row["facts"]))
    return facts


def table(catalogue: Catalogue, configured: MappingOf[str, SourceFacts]) -> pa.Table:
    """The table SOURCES: the configuration's word before the register's before the layout's."""
    said = registered(catalogue)
    rows = []
    for source, first_imported in catalogue.rows("SELECT name, first_imported FROM sources ORDER BY name"):
        mappings = snapshots.mappings(catalogue, source)
        if mappings:
            given = configured.get(source, SourceFacts()).model_dump(mode="json", exclude_unset=True)
            facts = {**_of_layout(mappings), **said.get(source, {}), **given}
            rows.append(_row(source, first_imported, snapshots.date(catalogue, source), facts))
    return pa.Table.from_pylist(rows, schema=arrow_schema(SOURCES))


def _of_layout(mappings: Sequence[Mapping]) -> dict[str, Any]:
    """What the layouts of a source agree on; a permission only where all its files say so."""
    relationships = {mapping.relationship for mapping in mappings}
    permissions = {mapping.permission for mapping in mappings}
    facts: dict[str, Any] = {
        "relationship": relationships.pop() if len(relationships) == 1 else "",
        "permission": permissions.pop() if len(permissions) == 1 else "",
    }
    return facts | ({"reference_only": True} if any(mapping.reference_only for mapping in mappings) else {})


def _row(source: str, first_imported: str, date: str, facts: MappingOf[str, Any]) -> dict[str, Any]:
    hired = facts.get("relationship", "") == "hired"
    return {
        "source": source, "owner": facts.get("owner", ""), "relationship": facts.get("relationship", ""),
        "permission": facts.get("permission", ""), "trust": facts.get("trust", 0),
        "use_until": facts.get("use_until") or "", "reference_only": facts.get("reference_only", hired),
        "snapshot_date": date, "first_imported": first_imported,
    }
