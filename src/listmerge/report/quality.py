"""Conflicts by severity, invalid and suspicious values, overlap between sources, and the balance of the books."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import FATES, REPAIRS, SEVERITIES
from listmerge.report.material import Material, counted, once, picked, whole
from listmerge.report.sending import places, sources_and_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Severity -> what it asks of the reader.
SEVERITY_WORDS: Final = {
    "must-decide": "A person must decide", "worth-a-look": "Worth a look", "information": "For information",
}
_SOURCES: Final = 12        # that are compared with each other
_ABSENT: Final = 8          # people who are named of those that another source does not have
_SEVERAL: Final = re.compile(r"(?<!\\); ")
_OTHER: Final = re.compile(r"(?P<value>.*?)(?: \((?P<place>[^()]*(?:\([^()]*\)[^()]*)*)\))?", re.S)


@dataclass(frozen=True)
class Said:
    """A value and the place that says so: a file with its row, or a source."""

    value: str
    where: str


@dataclass(frozen=True)
class Conflict:
    """A value on which the members of a master disagree, and where the members stand."""

    name: str
    master_id: str
    field: str
    winner: Said
    rule: str
    others: list[Said]
    where: list[str]


@dataclass(frozen=True)
class Severity:
    """All conflicts of one severity: how many, by field, and the first of them."""

    severity: str
    words: str
    count: int
    fields: dict[str, int]
    shown: list[Conflict]


@dataclass(frozen=True)
class Flaw:
    """One kind of issue: how often, what it means, and examples with their places."""

    code: str
    count: int
    message: str
    examples: list[dict[str, str]]


@dataclass(frozen=True)
class Overlap:
    """How many people of the row's source are also in the column's; `missing` names some who are not."""

    sources: list[str]
    shared: list[list[int]]
    missing: list[Missing]


@dataclass(frozen=True)
class Missing:
    """People of `source` that `other`, the source it shares most people with, does not have."""

    source: str
    other: str
    count: int
    examples: list[dict[str, str]]


@dataclass(frozen=True)
class Account:
    """One side of the books: what was read, and what became of it."""

    what: str
    read: int
    parts: list[tuple[str, int]]

    @property
    def balanced(self) -> bool:
        """Everything read has one fate."""
        return self.read == sum(count for _, count in self.parts)


def conflicts(material: Material, shown: int) -> list[Severity]:
    """The conflicts by severity, those that a person must decide first; mere information is only counted."""
    found = []
    for severity in SEVERITIES:
        rows = material.conflicts.filter(pc.equal(material.conflicts["severity"], severity))
        if rows.num_rows:
            limit = 0 if severity == "information" else shown
            found.append(Severity(severity, SEVERITY_WORDS[severity], rows.num_rows, counted(rows["field"]),
                                  listed(material, rows.slice(0, limit))))
    return found


def listed(material: Material, table: pa.Table) -> list[Conflict]:
    """The few conflicts of `table` with the names and places of their members."""
    rows = table.to_pylist()
    places_of = material.rows_of_masters(whole(table["master_id"]))
    members = sources_and_places(material, places_of)
    return [_conflict(material, row, name, members[place])
            for row, place, name in zip(rows, places_of, material.names(places_of), strict=True)]


def _conflict(material: Material, row: dict[str, str], name: str, members: list[tuple[str, str]]) -> Conflict:
    winner = Said(row["winner"], _place(material, row["winner_source"], members))
    return Conflict(name, row["master_id"], row["field"], winner, row["rule"], said(material, row["others"], members),
                    [place for _, place in members])


def said(material: Material, others: str, members: list[tuple[str, str]]) -> list[Said]:
    """The cell `others` of a conflict taken apart: 'Bob (crm.csv:3); Rob (xero.csv:1)'."""
    parts = [_OTHER.fullmatch(part.replace("\\;", ";")) for part in _SEVERAL.split(others) if part]
    return [Said(part["value"], _place(material, part["place"] or "", members)) for part in parts if part]


def _place(material: Material, text: str, members: list[tuple[str, str]]) -> str:
    """'lists/crm.csv:3' -> 'crm.csv row 3'; of a source, the rows that the master has of it."""
    file, _, row = text.rpartition(":")
    if row.isdigit() and file in material.short_names:
        return material.where(file, int(row))
    return ", ".join(place for source, place in members if source == text) or text


def flaws(material: Material, examples: int = 3) -> list[Flaw]:
    """What is wrong with values, by code, most frequent first."""
    return [flaw for flaw in _by_code(material, examples) if flaw.code not in REPAIRS]


def repairs(material: Material) -> list[Flaw]:
    """What was put right and asks for nothing, by code, most frequent first; with one example each."""
    return [flaw for flaw in _by_code(material, 1) if flaw.code in REPAIRS]


def _by_code(material: Material, examples: int) -> list[Flaw]:
    codes = whole(material.issues["code"])
    return [_flaw(material, code, count, np.flatnonzero(np.asarray(pc.equal(codes, code)))[:examples])
            for code, count in counted(codes).items()]


@once
def overlap(material: Material) -> Overlap:
    """The people that sources share, for the largest sources."""
    present = material.presence
    sizes = np.bincount(present.source, minlength=len(present.sources)).tolist()
    largest = sorted(range(len(sizes)), key=lambda code: (-sizes[code], present.sources[code]))[:_SOURCES]
    held = {present.sources[code]: _mask(material, code) for code in largest}
    shared = [[int((one & other).sum()) for other in held.values()] for one in held.values()]
    missing = [_missing(material, held, shared, index) for index in range(len(held))]
    return Overlap(list(held), shared, [entry for entry in missing if entry])


def balance(material: Material) -> list[Account]:
    """The books of rows and of cells as run.json has them."""
    books: dict[str, dict[str, int]] = material.run.get("balance", {})
    fates = {"rows": ("kept", "rejected", "structure"), "cells": FATES}
    return [Account(what, books[what].get("read", 0),
                    [(fate, books[what].get(fate, 0)) for fate in order if books[what].get(fate)])
            for what, order in fates.items() if what in books]


def _flaw(material: Material, code: str, count: int, rows: NDArray[np.int64]) -> Flaw:
    found = picked(material.issues, rows).to_pylist()
    shown = [{"value": row["value"], "suggestion": row["suggestion"], "message": row["message"],
              "where": material.where(row["source_file"], row["source_row"], row["source_line"])} for row in found]
    return Flaw(code, count, found[0]["message"], shown)


def _mask(material: Material, code: int) -> NDArray[np.bool_]:
    """Which masters the source has."""
    mask = np.zeros(material.masters.num_rows, dtype=bool)
    mask[material.presence.master[material.presence.source == code]] = True
    return mask


def _missing(
    material: Material, held: dict[str, NDArray[np.bool_]], shared: list[list[int]], index: int
) -> Missing | None:
    """Who is in the source and not in the one that it shares most people with."""
    names = list(held)
    others = [other for other in range(len(names)) if other != index and shared[index][other]]
    if not others:
        return None
    other = max(others, key=lambda other: (shared[index][other], -other))
    absent = np.flatnonzero(held[names[index]] & ~held[names[other]])
    if not len(absent):
        return None
    rows = [int(row) for row in absent[:_ABSENT]]
    where = places(material, rows)
    people = [{"name": name, "where": "; ".join(where[row][:2])}
              for row, name in zip(rows, material.names(rows), strict=True)]
    return Missing(names[index], names[other], len(absent), people)
