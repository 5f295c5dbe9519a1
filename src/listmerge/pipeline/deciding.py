"""decide, suppress, undo: what a person says, and taking the last step back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from listmerge import review
from listmerge.pipeline.place import Place, placed
from listmerge.workspace import decisions, history, refusals, runs


def decide(verdict: str, left: str, right: str, place: Place | str | Path | None = None) -> list[tuple[str, str]]:
    """Remembers for ever that `left` and `right` are `same` or `different`; gives the pairs of contact keys.

    They are record ids, contact keys, master ids, `source_file:source_row`, e-mail addresses or full names. Counts in
    the next run. Raises OptionError for another verdict, or when one of them is nobody or several people.
    """
    review.check_verdict(verdict)
    with placed(place) as here:
        with here.workspace.reading() as catalogue:
            run = runs.needed(catalogue)
        pairs = review.pairs_meant(partial(run.table, here.workspace.parts), verdict, left, right)
        with here.workspace.adding("decide", here.now) as change:
            decisions.add(change.catalogue, change.at, verdict, pairs)
            change.commit({"verdict": verdict, "pairs": [list(pair) for pair in pairs]})
    return pairs


def export_decisions(place: Place | str | Path | None = None) -> str:
    """All decisions as text that sorts and merges: one line each, `verdict left right`, sorted by the contacts."""
    with placed(place) as here, here.workspace.reading() as catalogue:
        rows = decisions.table(catalogue).to_pylist()
    return review.decisions_text((row["verdict"], row["left_key"], row["right_key"]) for row in rows)


def import_decisions(text: str, place: Place | str | Path | None = None) -> int:
    """Remembers the decisions of a text that `export_decisions` wrote, that are not known yet; says how many.

    Raises OptionError for a line that is no decision; then none is remembered.
    """
    wanted = review.decisions_of(text)
    with placed(place) as here:
        with here.workspace.reading() as catalogue:
            known = {tuple(row.values()) for row in decisions.table(catalogue).to_pylist()}
        new = [(verdict, left, right) for verdict, left, right in wanted if (left, right, verdict) not in known]
        with here.workspace.adding("decide", here.now) as change:
            for verdict in review.VERDICTS:
                decisions.add(change.catalogue, change.at, verdict, [pair[1:] for pair in new if pair[0] == verdict])
            change.commit({"imported": len(new), "pairs": [list(pair[1:]) for pair in new]}, changed=bool(new))
    return len(new)


def suppress(
    addresses: list[str], place: Place | str | Path | None = None, *, reason: str = "do-not-contact", channel: str = "",
) -> list[dict[str, Any]]:
    """Refuses addresses by hand, for ever; gives (address, channel, refusal) of each.

    `reason` is one of the refusals; any other text is kept as the reason of a do-not-contact. Raises OptionError for
    what is neither an e-mail address nor a phone number.
    """
    with placed(place) as here:
        wanted = [review.refusal(address, reason, channel, here.now.date().isoformat(), here.config.region)
                  for address in addresses]
        with here.workspace.adding("suppress", here.now) as change:
            refusals.add_rows(change.catalogue, wanted)
            change.commit({"refusals": len(wanted), "refusal": sorted({row["refusal"] for row in wanted})})
    return [{key: row[key] for key in ("address_key", "channel", "refusal")} for row in wanted]


def undo(place: Place | str | Path | None = None) -> dict[str, Any]:
    """Takes the last import, dedupe, decide or run back; says which. Refusals stay, exported files too.

    Raises OptionError when there is nothing to undo.
    """
    with placed(place) as here:
        with here.workspace.reading():
            pass
        with here.workspace.writing("undo", here.now) as change:
            taken = history.undo(change.catalogue)
            change.commit(taken)
    return taken
