"""Who refused: since the last run, and altogether, as the list of addresses that a mailing system must not write to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import REFUSALS, STANDING_REFUSALS, arrow_schema
from listmerge.stages.merge.permission import EVERY_CHANNEL
from listmerge.workspace import refusals
from listmerge.workspace.catalogue import Catalogue
from listmerge.workspace.parts import Parts
from listmerge.workspace.runs import Run

_ADDRESS = [("channel", "string"), ("address_key", "string")]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """How many addresses a suppression list has, and how many refusals hold for addresses that no list shows."""

    written: int
    unseen: int

    def __str__(self) -> str:
        lines = [f"{self.written:,} addresses written"]
        if self.unseen:
            lines.append(f"  {self.unseen:,} more refused that no list shows: only keyed hashes are kept of them")
        return "\n".join(lines)


def any_since(catalogue: Catalogue, run: Run) -> bool:
    """Whether anything was refused after `run`."""
    later = "SELECT count(*) FROM refusals WHERE op > (SELECT op FROM runs WHERE id = :run)"
    return bool(catalogue.value(later, run=run.id))


def since(catalogue: Catalogue, parts: Parts, run: Run, master_ids: pa.Array) -> dict[str, str]:
    """Master id -> what was refused, for addresses of its contacts, after `run`; `master_ids` has each contact's."""
    shown = pa.concat_tables([_shown(run.table(parts, "emails"), "email", "email_key"),
                              _shown(run.table(parts, "phones"), "phone", "phone_key")])
    known = {tuple(row.values()) for row in run.table(parts, "standing_refusals").to_pylist()}
    standing = refusals.standing(catalogue, shown.select([name for name, _ in _ADDRESS]))
    fresh = [row for row in standing.to_pylist() if tuple(row.values()) not in known and _stops_mail(row)]
    strictest: dict[tuple[str, str], str] = {}
    for row in fresh:
        address = (row["channel"], row["address_key"])
        strictest[address] = min(row["refusal"], strictest.get(address, ""), key=REFUSALS.index)
    keys = pa.array(sorted({key for _, key in strictest}), pa.string())
    refused: dict[str, str] = {}
    for row in shown.filter(pc.is_in(shown["address_key"], value_set=keys)).to_pylist():
        said, master = strictest.get((row["channel"], row["address_key"]), ""), master_ids[row["contact"]].as_py()
        if said:
            refused[master] = min(said, refused.get(master, ""), key=REFUSALS.index)
    return refused


def addresses(catalogue: Catalogue, parts: Parts, run: Run) -> tuple[pa.Array, int]:
    """All e-mail addresses that must not be written to, sorted, and how many more refused whose address is not known.

    Those that the run judged, where a later opt-in may have lifted a refusal; those that refused since; and those that
    only records show that are gone.
    """
    judged = run.table(parts, "permission_rows")
    judged = judged.filter(pc.equal(judged["channel"], "email"))
    keys = pc.utf8_lower(judged["address"])
    refused = set(keys.filter(pc.not_equal(judged["refusal"], "")).to_pylist())
    shown = _ever_shown(catalogue, parts, run)
    standing = refusals.standing(catalogue, shown).filter(pc.field("channel") == "email")
    known = {tuple(row.values()) for row in run.table(parts, "standing_refusals").to_pylist()}
    lifted = set(keys.to_pylist()) - refused
    refused |= {row["address_key"] for row in standing.to_pylist()
                if row["address_key"] not in lifted or tuple(row.values()) not in known}
    total = int(catalogue.value("SELECT count(DISTINCT address) FROM refusals WHERE channel = 'email'"))
    return pa.array(sorted(refused - {""}), pa.string()), total - len(set(standing["address_key"].to_pylist()))


def suppression_list(keys: pa.Array, plain: bool) -> pa.Table:
    """One column: the SHA-256 hashes of the lower-case addresses, sorted, or with `plain` the addresses."""
    if plain:
        return pa.table({"email": keys})
    hashes = sorted(hashlib.sha256(key.encode()).hexdigest() for key in keys.to_pylist())
    return pa.table({"email_sha256": pa.array(hashes, pa.string())})


def _ever_shown(catalogue: Catalogue, parts: Parts, run: Run) -> pa.Table:
    """Every (channel, address_key) of the e-mails in the run and in all records that were ever cleaned."""
    emails, statements = "emails", "statements"
    tables = [_shown(run.table(parts, emails), "email", "email_key"), run.table(parts, statements)]
    for row in catalogue.rows("SELECT DISTINCT name, part FROM cleaned WHERE name IN ('emails', 'statements')"):
        table = parts.read(row["part"])
        tables.append(_shown(table, "email", "email_key") if row["name"] == emails else table)
    schema = pa.schema(arrow_schema(STANDING_REFUSALS).field(name) for name, _ in _ADDRESS)
    return pa.concat_tables([table.select(schema.names).cast(schema) for table in tables])


def _shown(table: pa.Table, channel: str, key: str) -> pa.Table:
    return pa.table({"contact": table["contact"], "channel": pa.array([channel] * table.num_rows, pa.string()),
                     "address_key": table[key]})


def _stops_mail(row: dict[str, str]) -> bool:
    return row["channel"] == "email" or (row["refusal"], "*") in EVERY_CHANNEL
