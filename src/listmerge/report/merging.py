"""What was merged and what was not: the groups that a person should look at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.report.faces import Face, agreeing, faces, marked
from listmerge.report.material import Material, distinct, numbers, once, picked, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

#: Sizes of clusters as charts count them: (label, from, to).
SIZES: Final = (("1", 1, 1), ("2", 2, 2), ("3", 3, 3), ("4", 4, 4), ("5–9", 5, 9), ("10–19", 10, 19),
                ("20 or more", 20, 1 << 30))
_LOOKED_AT: Final = 40      # members of one cluster that are compared with each other


@dataclass(frozen=True)
class Group:
    """A merged cluster: who came out, how sure its weakest member is, and its members with the cells that differ."""

    master_id: str
    name: str
    probability: float
    size: int
    agree: list[str]
    members: list[tuple[Face, frozenset[str]]]

    @property
    def more(self) -> int:
        """Members that are not shown."""
        return self.size - len(self.members)


@dataclass(frozen=True)
class Twins:
    """Two contacts that were not merged: the probability that they are the same, and why they were kept apart."""

    left: Face
    right: Face
    left_id: str
    right_id: str
    probability: float
    reason: str
    refused: str
    marks: tuple[frozenset[str], frozenset[str]]
    agree: list[str]

    @property
    def names(self) -> tuple[str, str]:
        """What to call the two."""
        return self.left.title, self.right.title


@dataclass(frozen=True)
class Clusters:
    """Every cluster of the run by its smallest contact: `members` lists contacts cluster by cluster from `starts`."""

    members: Ints
    starts: Ints
    sizes: Ints
    weakest: NDArray[np.float64]
    names_differ: NDArray[np.bool_]

    def of(self, cluster: int) -> Ints:
        """The contacts of the cluster-th cluster, in order."""
        return self.members[self.starts[cluster] : self.starts[cluster] + self.sizes[cluster]]


@once
def clusters(material: Material) -> Clusters:
    """Sorts the contacts by cluster and measures each."""
    table = material.clusters
    contact, cluster = (numbers(table[name]).astype(np.int64) for name in ("contact", "cluster"))
    order = np.argsort(cluster * max(len(cluster), 1) + contact)
    starts = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    probability = numbers(table["probability"]).astype(np.float64)[order]
    weakest = np.minimum.reduceat(probability, starts) if len(starts) else np.zeros(0)
    members = contact[order]
    return Clusters(members, starts, sizes, weakest, _names_differ(material, members, sizes))


def weakest(found: Clusters, limit: int) -> list[int]:
    """The merged clusters whose weakest member is least sure, the least sure first."""
    merged = np.flatnonzero(found.sizes > 1)
    return _ints(merged[np.lexsort((merged, found.weakest[merged]))][:limit])


def biggest(found: Clusters, limit: int) -> list[int]:
    """The clusters with most members; those of two are not worth a look for their size."""
    merged = np.flatnonzero(found.sizes > 2)
    return _ints(merged[np.lexsort((merged, found.weakest[merged], -found.sizes[merged]))][:limit])


def names_differ(found: Clusters, limit: int) -> list[int]:
    """The clusters whose members have different given names, the least sure first."""
    merged = np.flatnonzero(found.names_differ)
    return _ints(merged[np.lexsort((merged, found.weakest[merged]))][:limit])


def groups(material: Material, found: Clusters, wanted: list[int], shown: int = 6) -> list[Group]:
    """The clusters as people see them: at most `shown` members each, of a large one those that differ most."""
    members = {cluster: found.of(cluster)[:max(shown, _LOOKED_AT)] for cluster in wanted}
    seen = faces(material, (contact for contacts in members.values() for contact in contacts.tolist()))
    rows = [int(material.master_rows[found.of(cluster)[0]]) for cluster in wanted]
    ids = picked(material.masters.select(["master_id"]), rows)["master_id"].to_pylist()
    return [_group(found, cluster, titles, [seen[contact] for contact in members[cluster].tolist()], shown)
            for cluster, titles in zip(wanted, zip(ids, material.names(rows), strict=True), strict=True)]


def size_counts(found: Clusters) -> list[tuple[str, int]]:
    """How many clusters have how many members."""
    counts = [(label, int(((found.sizes >= low) & (found.sizes <= high)).sum())) for label, low, high in SIZES]
    return [(label, count) for label, count in counts if count]


@once
def near_order(material: Material) -> Ints:
    """The rows of `near_pairs`, those with a person who refused first, then the most probable."""
    left, right = _sides(material)
    return np.lexsort((right, left, -numbers(material.near_pairs["probability"]), ~_touchy(material)))


@once
def near_people(material: Material) -> Ints:
    """Of the rows in that order, the first for every two masters: people answer once for two people."""
    order = near_order(material)
    left, right = (material.master_rows[side[order]].astype(np.int64) for side in _sides(material))
    pairs = np.minimum(left, right) * max(material.masters.num_rows, 1) + np.maximum(left, right)
    return order[np.sort(np.unique(pairs, return_index=True)[1])]


def refused_twins(material: Material) -> Ints:
    """The masters that did not refuse and may be the same as one that did: they are held back from mailings."""
    left, right = (material.master_rows[side] for side in _sides(material))
    refused = _refused(material)
    twins = np.concatenate([left[refused[right]], right[refused[left]]])
    return distinct(twins[~refused[twins]].astype(np.int64))


def twins(material: Material, rows: Ints) -> list[Twins]:
    """The possible duplicates in these rows of `near_pairs`."""
    pairs = picked(material.near_pairs, rows).to_pylist()
    seen = faces(material, (pair[side] for pair in pairs for side in ("left", "right")))
    refusals = whole(material.masters["refusal"])
    return [_twins(material, pair, seen, refusals) for pair in pairs]


def _twins(material: Material, pair: dict[str, object], seen: dict[int, Face], refusals: pa.Array) -> Twins:
    left, right = seen[int(str(pair["left"]))], seen[int(str(pair["right"]))]
    refused = [refusals[int(material.master_rows[face.contact])].as_py() for face in (left, right)]
    first, second = marked([left, right])
    ids = [material.master_ids[face.contact].as_py() for face in (left, right)]
    return Twins(left, right, ids[0], ids[1], float(str(pair["probability"])), str(pair["reason"]),
                 next(filter(None, refused), ""), (first, second), agreeing([left, right]))


def _sides(material: Material) -> tuple[Ints, Ints]:
    left, right = (numbers(material.near_pairs[side]).astype(np.int64) for side in ("left", "right"))
    return left, right


def _touchy(material: Material) -> NDArray[np.bool_]:
    """The near pairs of which one refused."""
    left, right = (material.master_rows[side] for side in _sides(material))
    refused = _refused(material)
    return refused[left] | refused[right]


def _refused(material: Material) -> NDArray[np.bool_]:
    return numbers(pc.not_equal(material.masters["refusal"], "")).astype(bool)


def _group(found: Clusters, cluster: int, titles: tuple[str, str], members: list[Face], shown: int) -> Group:
    """`titles` are the id and the name of the master; both are looked up for all groups at once."""
    pairs = list(zip(members, marked(members), strict=True))
    most = sorted(range(len(pairs)), key=lambda index: (-len(pairs[index][1]), index))[:shown]
    return Group(*titles, float(found.weakest[cluster]), int(found.sizes[cluster]), agreeing(members),
                 [pairs[index] for index in sorted(most)])


def _names_differ(material: Material, members: Ints, sizes: Ints) -> NDArray[np.bool_]:
    """Clusters with two different given names, neither a mere initial."""
    merged = np.repeat(sizes > 1, sizes)
    of = np.repeat(np.arange(len(sizes)), sizes)[merged]
    encoded = pc.dictionary_encode(whole(material.contacts["given_key"]).take(pa.array(members[merged])))
    is_name = numbers(pc.greater(pc.utf8_length(encoded.dictionary), 1)).astype(bool)
    codes = np.asarray(encoded.indices, dtype=np.int64)
    named = is_name[codes]
    pairs = distinct(of[named] * max(len(is_name), 1) + codes[named])
    return np.bincount(pairs // max(len(is_name), 1), minlength=len(sizes)) > 1


def _ints(values: Ints) -> list[int]:
    return [int(value) for value in values]
