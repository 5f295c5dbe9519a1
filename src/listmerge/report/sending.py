"""Can I send? From the rows of the lists to the people who may be written to, and why the others may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import REFUSALS
from listmerge.report.material import Material, counted, numbers, once, picked, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What a refusal is called towards people, strictest first; each is (one of REFUSALS, words).
REFUSED: Final = {
    "erased": "erased people", "do-not-contact": "do-not-contact marks", "complaint": "complaints",
    "unsubscribed": "unsubscribes",
}
NO_REASON: Final = "no reason given"
#: What a reason adds on one person: 'unsubscribed on 2026-03-04 (newsletter), at another address'.
_DETAILS: Final = r"(?: on [0-9-]{10}| \(.*\)).*$"


@dataclass(frozen=True)
class SourceLine:
    """What became of one source: `rows` and `rejected` as the file has them, the rest as the master list has them."""

    source: str
    rows: int
    rejected: int
    contacts: int
    masters: int
    elsewhere: int
    mailable: int
    reference_only: bool = False

    @property
    def merged(self) -> int:
        """Contacts of the source that were copies of others in it."""
        return self.contacts - self.masters


@dataclass(frozen=True)
class Refusal:
    """`known` addresses refused in this way by any list, and on how many of them nothing will be sent."""

    words: str
    known: int
    held: int


@dataclass(frozen=True)
class Reason:
    """Why masters may not be written to: how many, and a few of them with their places."""

    text: str
    count: int
    examples: list[dict[str, str]]


@dataclass(frozen=True)
class Sending:
    """The figures of the first two sections; `total` counts everyone once, though a person may be in many sources.
    `structure` are rows that are headers, titles, footers and the like; those of `total` and `sources` come beside."""

    total: SourceLine
    people: int
    organisations: int
    sources: list[SourceLine]
    reasons: list[Reason]
    refusals: list[Refusal]
    structure: int = 0

    @property
    def held(self) -> bool:
        """Nothing will be sent to anyone who said no."""
        return all(refusal.held == refusal.known for refusal in self.refusals)


@once
def sending(material: Material) -> Sending:
    """Counts what may be sent, in total and for each source, and why the rest may not."""
    lines = _source_lines(material)
    kinds = counted(material.masters["kind"])
    total = SourceLine(
        "all sources", sum(line.rows for line in lines), sum(line.rejected for line in lines),
        material.contacts.num_rows, material.masters.num_rows, int(material.presence.several.sum()),
        int(may_email(material).sum()),
    )
    return Sending(total, kinds.get("person", 0), kinds.get("organisation", 0), lines, _reasons(material),
                   _refusals(material), sum(entry.get("structure", 0) for entry in material.run.get("inputs", ())))


@once
def may_email(material: Material) -> NDArray[np.bool_]:
    """For each master, whether it may be written to."""
    return numbers(pc.equal(material.masters["may_email"], "yes")).astype(bool)


def places(material: Material, master_rows: Sequence[int]) -> dict[int, list[str]]:
    """Where the members of the few masters stand: 'crm.csv row 12'."""
    return {row: [place for _, place in of] for row, of in sources_and_places(material, master_rows).items()}


def sources_and_places(material: Material, master_rows: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """The source and the place of each member of the few masters."""
    found: dict[int, list[tuple[str, str]]] = {row: [] for row in master_rows}
    contacts = np.flatnonzero(np.isin(material.master_rows, np.array(master_rows, dtype=np.int32)))
    columns = ["source", "source_file", "source_row", "source_line"]
    rows = picked(material.contacts.select(columns), contacts).to_pylist()
    for contact, row in zip(contacts, rows, strict=True):
        source, *place = row.values()
        found[int(material.master_rows[contact])].append((source, material.where(*place)))
    return found


def _source_lines(material: Material) -> list[SourceLine]:
    read, present = _rows_read(material), material.presence
    reference = {row["source"] for row in material.sources.to_pylist() if row["reference_only"]}
    every = np.ones(material.masters.num_rows, dtype=bool)
    counts = zip(*(present.count(of).tolist() for of in (every, present.several, may_email(material))), strict=True)
    lines = []
    for source, contacts, (masters, elsewhere, mailable) in zip(present.sources, present.contacts.tolist(), counts,
                                                                strict=True):
        rows, rejected = read.get(source, (contacts, 0))
        lines.append(SourceLine(source, rows, rejected, contacts, masters, elsewhere, mailable, source in reference))
    lines += [SourceLine(source, *read[source], 0, 0, 0, 0, source in reference)
              for source in read.keys() - set(present.sources)]
    return sorted(lines, key=lambda line: (-line.rows, line.source))


def _rows_read(material: Material) -> dict[str, tuple[int, int]]:
    rows: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for entry in material.run.get("inputs", ()):
        rows[entry["source"]] += entry.get("kept", 0) + entry.get("rejected", 0)
        rejected[entry["source"]] += entry.get("rejected", 0)
    return {source: (rows[source], rejected[source]) for source in rows}


def _reasons(material: Material, examples: int = 3) -> list[Reason]:
    others = np.flatnonzero(~may_email(material))
    why = pc.replace_substring_regex(pc.take(whole(material.masters["why_not"]), pa.array(others)), _DETAILS, "")
    firsts = {text: others[np.asarray(pc.equal(why, text), dtype=bool)][:examples] for text in counted(why)}
    where = places(material, [int(row) for rows in firsts.values() for row in rows])
    return [Reason(text or NO_REASON, count, [_example(material, int(row), where) for row in firsts[text]])
            for text, count in counted(why).items()]


def _example(material: Material, row: int, where: dict[int, list[str]]) -> dict[str, str]:
    emails, why = (material.masters[name][row].as_py() for name in ("emails", "why_not"))
    return {"name": material.names([row])[0], "emails": emails, "why": why, "where": "; ".join(where[row][:3])}


def _refusals(material: Material) -> list[Refusal]:
    """Judged from what the lists say, not from what the merge made of it: the strictest refusal of each address, and
    whether a master that may be written to has the address as the one to use."""
    strictest = _strictest(material)
    sent_to = _sent_to(material)
    lines = []
    for refusal, words in REFUSED.items():
        known = {address for address, value in strictest.items() if value == refusal}
        if known:
            lines.append(Refusal(words, len(known), len(known - sent_to)))
    return lines


def _sent_to(material: Material) -> set[str]:
    """The keys of the addresses that a mailing would go to."""
    used = whole(material.masters.filter(pa.array(may_email(material)))["email"])
    keys = material.emails.filter(pc.is_in(material.emails["email"], value_set=used))["email_key"]
    return {*keys.to_pylist(), *pc.utf8_lower(used).to_pylist()}


def _strictest(material: Material) -> dict[str, str]:
    stated = material.statements.filter(pc.and_(pc.equal(material.statements["fact"], "refusal"),
                                                pc.equal(material.statements["channel"], "email")))
    standing = material.standing_refusals.filter(pc.equal(material.standing_refusals["channel"], "email"))
    found: dict[str, str] = {}
    for table, column in ((stated, "value"), (standing, "refusal")):
        for address, value in zip(table["address_key"].to_pylist(), table[column].to_pylist(), strict=True):
            if address and value:
                found[address] = min(value, found.get(address, ""), key=_rank)
    return found


def _rank(refusal: str) -> int:
    return REFUSALS.index(refusal) if refusal in REFUSALS else len(REFUSALS)
