"""Clusters become masters: units survive together, sets are kept whole, and no one is written to who said no.

    gather     the rows of some clusters, and what is known of their addresses
    batch      some ten thousand whole masters, sorted and numbered
    rules      which value of a unit wins, and why;  units: the table of units
    sets       e-mails, phones, postal addresses: all of them, the best first
    permission what may be used;  listing: which addresses;  reasons: the sentence why not
    conflicts  where records disagree;  severity: how grave that is
    fates      what became of every value
    unchanged  the masters that are as they were in the last run;  taken_over: how they come among the new ones;
               beside: what they have only beside others
    links      households and employers, over all masters
"""

from __future__ import annotations

from functools import partial
from typing import Final

from listmerge.engine import Engine
from listmerge.engine.memory import trim
from listmerge.model import CONFLICTS, CROSSWALK, PERMISSION_ROWS
from listmerge.stages import LAST, Findings, Settings, Stage

_SORTED = """
    SELECT * FROM merge_all_conflicts ORDER BY
    CASE severity WHEN 'must-decide' THEN 0 WHEN 'worth-a-look' THEN 1 ELSE 2 END,
    master_id, field, winner, others
"""


def run(engine: Engine, settings: Settings, findings: Findings) -> None:
    """Makes the tables of MERGE; counts masters and those who may be mailed. Raises OptionError for an unknown rule.

    `masters`, `crosswalk` and `permission_rows` have the rows of masters that are made anew. All others stand as they
    did in the last run: `…_places` say in which `row` of its table, with the new rows below it.
    """
    from listmerge.stages.merge import fates, taken_over
    from listmerge.stages.merge.drafts import DRAFTS, draft
    from listmerge.stages.merge.gather import Lists, gather_facts
    from listmerge.stages.merge.links import link
    from listmerge.stages.merge.unchanged import standing

    gather_facts(engine)
    lists = Lists.of(engine)
    stands = standing(engine, lists.name_count, (settings.today, settings.last_day))
    taken_over.only_new(engine, stands)
    fate_columns = fates.columns(lists.values)
    makes = {"merge_drafts": DRAFTS, "crosswalk": CROSSWALK, "permission_rows": PERMISSION_ROWS,
             "merge_conflicts": CONFLICTS, "merge_fates": fate_columns}
    merge = partial(draft, lists=lists, today=settings.today, allow_inferred=settings.allow_inferred,
                    rules=dict(settings.rules), fate_columns=fate_columns)
    engine.map(makes, ["merge_identities", "merge_clusters", "merge_facts"], merge, together="cluster")
    seen = taken_over.last_seen_of(lists, stands)
    taken_over.put_bearers(engine, lists)
    engine.drop("merge_identities", "merge_clusters", "merge_facts")
    del merge, lists
    trim()
    taken_over.put_outlines(engine, stands)
    link(engine)
    taken_over.put_together(engine, stands, seen)
    engine.sql("conflicts", _SORTED)
    engine.drop("merge_drafts", "merge_outlines", "merge_conflicts", "merge_all_conflicts", "merge_fates")
    count(engine, findings)


def count(engine: Engine, findings: Findings) -> None:
    """Puts the counts of the masters into the findings."""
    engine.sql("merge_counts", "SELECT may_email, count(*) AS masters FROM outlines GROUP BY may_email")
    by_word = {row["may_email"]: row["masters"] for row in engine.get("merge_counts").to_pylist()}
    findings.counts["masters"] = sum(by_word.values())
    findings.counts["may_email"] = by_word.get("yes", 0)
    engine.drop("merge_counts")


MERGE: Final = Stage(
    name="merge",
    reads=("contacts", "emails", "phones", "addresses", "identifiers", "statements", "sources", "standing_refusals",
           "clusters", "identities", "seen", "origins", *LAST),
    makes=("masters", "masters_places", "crosswalk", "crosswalk_places", "permission_rows", "permission_rows_places",
           "outlines", "said", "conflicts", "fates", "bearers"),
    run=run,
)
