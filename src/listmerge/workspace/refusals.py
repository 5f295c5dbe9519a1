"""Who said no, for ever: addresses as keyed hashes, so that the catalogue shows no address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import REFUSALS, STANDING_REFUSALS, arrow_schema, empty_table
from listmerge.workspace.catalogue import Catalogue

ADDRESS = ("channel", "address_key")


def address_hash(catalogue: Catalogue, channel: str, address_key: str) -> str:
    """The keyed hash of an address as the catalogue stores it."""
    return _hashes(catalogue.secret("address_key"), channel, [address_key])[0]


def add(catalogue: Catalogue, refusals: pa.Table) -> int:
    """Adds the rows of a STANDING_REFUSALS table that are not known yet; gives how many were new."""
    return add_rows(catalogue, [{**row, "reason": ""} for row in refusals.to_pylist()])


def add_rows(catalogue: Catalogue, rows: Iterable[Mapping[str, Any]]) -> int:
    """The same for rows of STANDING_REFUSALS with a `reason` in words."""
    before, secret = _count(catalogue), catalogue.secret("address_key")
    catalogue.change(
        "INSERT OR IGNORE INTO refusals (channel, address, refusal, date, source, by_hand, reason, op)"
        " VALUES (:channel, :address, :refusal, :date, :source, :by_hand, :reason, :op)",
        [_row(secret, row) for row in rows if row["address_key"] and row["refusal"] in REFUSALS[:-1]],
    )
    return _count(catalogue) - before


def _row(secret: bytes, row: Mapping[str, Any]) -> dict[str, Any]:
    address = _hashes(secret, row["channel"], [row["address_key"]])[0]
    return {"channel": row["channel"], "address": address, "refusal": row["refusal"], "date": row["date"],
            "source": row["source"], "by_hand": int(row["by_hand"]), "reason": row["reason"]}


def standing(catalogue: Catalogue, addresses: pa.Table) -> pa.Table:
    """The refusals that concern these addresses (columns channel, address_key), as STANDING_REFUSALS.

    The others stay in force; they wait for the day on which a list shows their address again.
    """
    stored = catalogue.rows("SELECT * FROM refusals ORDER BY channel, address, refusal, date, source, by_hand")
    if not stored:
        return empty_table(STANDING_REFUSALS)
    plain = _plain(catalogue.secret("address_key"), addresses, {row["channel"] for row in stored})
    rows = [
        {"channel": row["channel"], "address_key": plain[row["channel"], row["address"]], "refusal": row["refusal"],
         "date": row["date"], "source": row["source"], "by_hand": bool(row["by_hand"])}
        for row in stored if (row["channel"], row["address"]) in plain
    ]
    rows.sort(key=lambda row: tuple(map(str, row.values())))
    return pa.Table.from_pylist(rows, schema=arrow_schema(STANDING_REFUSALS))


def by_source(catalogue: Catalogue) -> dict[str, dict[str, int]]:
    """Source -> refusal -> number of addresses that refused there; '' is what was suppressed by hand."""
    counts: dict[str, dict[str, int]] = {}
    for row in catalogue.rows(
        "SELECT CASE by_hand WHEN 1 THEN '' ELSE source END AS source, refusal, count(DISTINCT channel || address) AS n"
        " FROM refusals GROUP BY 1, 2 ORDER BY 1, 2"
    ):
        counts.setdefault(row["source"], {})[row["refusal"]] = row["n"]
    return counts


def _plain(secret: bytes, addresses: pa.Table, channels: Iterable[str]) -> dict[tuple[str, str], str]:
    """(channel, hash) -> plain address, of the given addresses."""
    plain = {}
    for channel in sorted(channels):
        keys = addresses.filter(pc.equal(addresses["channel"], channel))["address_key"].unique().to_pylist()
        for key, hashed in zip(keys, _hashes(secret, channel, keys), strict=True):
            plain[channel, hashed] = key
    return plain


def _hashes(secret: bytes, channel: str, keys: Iterable[str]) -> list[str]:
    base = hashlib.blake2b(channel.encode() + b"\0", digest_size=20, key=secret)
    hashes = []
    for key in keys:
        one = base.copy()
        one.update(key.encode())
        hashes.append(one.hexdigest())
    return hashes


def _count(catalogue: Catalogue) -> int:
    return int(catalogue.value("SELECT count(*) FROM refusals"))
