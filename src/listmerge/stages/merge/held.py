"""Who is held back from a mailing though nothing refuses them: the possible duplicates of people who did refuse."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.merge.groups import concatenated, pick, text


def held_back(masters: pa.Table, near_pairs: pa.Table, clusters: pa.Table, identities: pa.Table) -> pa.Array:
    """The ids, sorted, of masters without a refusal that may be the same person as a master with one.

    `near_pairs` are the pairs of contacts that were not merged; `clusters` and `identities` say whose they are."""
    ids = _master_of(near_pairs, clusters, identities)
    refused = text(masters.filter(pc.not_equal(masters["refusal"], "")), "master_id")
    left_no, right_no = (pc.is_in(side, refused) for side in ids)
    held = concatenated(ids[0].filter(pc.and_not(right_no, left_no)), ids[1].filter(pc.and_not(left_no, right_no)))
    unique = pc.unique(held)
    return unique.take(pc.array_sort_indices(unique))


def _master_of(pairs: pa.Table, clusters: pa.Table, identities: pa.Table) -> list[pa.Array]:
    cluster = {name: clusters[name].combine_chunks() for name in ("contact", "cluster")}
    master = text(identities, "master_id")
    sides = []
    for side in ("left", "right"):
        row = pc.index_in(pairs[side].combine_chunks(), cluster["contact"])
        identity = pc.index_in(cluster["cluster"].take(row), identities["cluster"].combine_chunks())
        sides.append(pick(master, pc.fill_null(identity, -1).to_numpy()))
    return sides
