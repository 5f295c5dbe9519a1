"""Households and employers: what can be said of a master only beside all others."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.engine import Engine
from listmerge.model import OUTLINES, Columns
from listmerge.stages.identify import ids_of
from listmerge.stages.merge.groups import numbers, pick, text

#: More families than this behind one door: an office or a home, no household.
MOST_FAMILIES: Final = 6
#: More people of one name than this behind one door: no household either.
MOST_PEOPLE: Final = 12

HOMES: Final[Columns] = (("family_key", "string"), ("address_key", "string"), ("household_id", "string"))

_AT_HOME = """
    SELECT cluster, family_key, address_key FROM merge_outlines
    WHERE kind = 'person' AND family_key <> '' AND address_key <> ''
"""
_SHARED = f"""
    SELECT h.family_key, h.address_key FROM merge_at_home h
    JOIN (SELECT address_key FROM merge_at_home GROUP BY address_key
          HAVING count(DISTINCT family_key) <= {MOST_FAMILIES}) few ON h.address_key = few.address_key
    GROUP BY h.family_key, h.address_key HAVING count(*) BETWEEN 2 AND {MOST_PEOPLE}
"""
_ORGANISATIONS = """
    SELECT company_key, min(master_id) AS organisation_id FROM merge_outlines
    WHERE kind = 'organisation' AND company_key <> '' GROUP BY company_key HAVING count(*) = 1
"""
_LINKS = """
    SELECT h.cluster, k.household_id, '' AS organisation_id
    FROM merge_at_home h JOIN merge_households k ON h.family_key = k.family_key AND h.address_key = k.address_key
    UNION ALL
    SELECT d.cluster, '' AS household_id, o.organisation_id
    FROM merge_outlines d JOIN merge_organisations o ON d.company_key = o.company_key WHERE d.kind = 'person'
"""


def link(engine: Engine) -> None:
    """Makes `outlines` from `merge_outlines`: people of one family name at one address are a household, people of a
    company that exactly one master is belong to that organisation."""
    engine.sql("merge_at_home", _AT_HOME)
    engine.sql("merge_shared", _SHARED)
    engine.map({"merge_households": HOMES}, ["merge_shared"], _named)
    engine.sql("merge_organisations", _ORGANISATIONS)
    engine.sql("merge_links", _LINKS)
    engine.map({"outlines": OUTLINES}, ["merge_outlines", "merge_links"], _linked, together="cluster")
    engine.drop("merge_at_home", "merge_shared", "merge_households", "merge_organisations", "merge_links")


def _named(shared: pa.Table) -> list[pa.Table]:
    """A household's id is made from its name and address."""
    key = pc.binary_join_element_wise(text(shared, "family_key"), text(shared, "address_key"), "|")
    return [shared.select(["family_key", "address_key"]).append_column("household_id", ids_of("H", key))]


def _linked(outlines: pa.Table, links: pa.Table) -> list[pa.Table]:
    row = np.searchsorted(numbers(outlines, "cluster"), numbers(links, "cluster"))
    for name in ("household_id", "organisation_id"):
        column = text(links, name)
        has = pc.not_equal(column, "").to_numpy(zero_copy_only=False)
        of_master = np.full(outlines.num_rows, -1, np.int64)
        of_master[row[has]] = np.flatnonzero(has)
        outlines = outlines.set_column(outlines.column_names.index(name), name, pick(column, of_master))
    return [outlines]
