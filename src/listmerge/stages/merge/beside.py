"""What masters have only beside others: it is worked out for all of them, also for those that are taken over."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.stages.merge.groups import Numbers, pick, ranks, text


def last_seen(sources: pa.Table, source: Numbers, starts: Numbers) -> pa.Array:
    """The date of the latest list that each master stands in; `source` is the row in `sources` of each contact, those
    of a master begin at its `starts`."""
    dates = text(sources, "snapshot_date")
    rank = ranks(dates)
    by_rank = np.zeros(len(rank), np.int64)
    by_rank[rank] = np.arange(len(rank))
    return pick(dates, by_rank[np.maximum.reduceat(rank[source], starts)])


def shown_probability(probability: Numbers) -> pa.Array:
    """Probabilities as the crosswalk shows them: four digits, never 1, '' for one who is alone."""
    shown = pc.cast(pa.array(np.minimum(np.round(probability.astype(np.float64), 4), 0.9999)), pa.string())
    return pc.if_else(pa.array(probability > 0), shown, "")
