"""Why an address may not be used, in one sentence out of a fixed set."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import DELIVERABILITIES, PERMISSIONS, REFUSALS
from listmerge.stages.merge.batch import Batch
from listmerge.stages.merge.groups import Numbers, filled, pick, words
from listmerge.stages.merge.permission import HARD_BOUNCE, NO_REFUSAL, Listed, Rights

NO_ADDRESS: Final = "no e-mail address"
REFERENCE: Final = "only on a reference list"
EXPIRED: Final = "the list may no longer be used"

REFUSED: Final = {"erased": "erased", "do-not-contact": "do not contact", "complaint": "complained",
                  "unsubscribed": "unsubscribed", "": ""}
UNDELIVERABLE: Final = {"ok": "", "unknown": "", "soft-bounce": "", "hard-bounce": "hard bounce",
                        "invalid": "invalid address"}
NOT_PERMITTED: Final = {"confirmed": "", "express": "", "inferred": "permission only inferred",
                        "pending": "opt-in not confirmed", "none": "no permission", "unknown": "no permission"}


#: All of them but refusals, of which each names its day and source; the last is none.
_SENTENCES: Final = (*map(NOT_PERMITTED.__getitem__, PERMISSIONS), *map(UNDELIVERABLE.__getitem__, DELIVERABILITIES),
                     EXPIRED, REFERENCE, NO_ADDRESS, "")
_EXPIRED, _REFERENCE, _NO_ADDRESS, _NONE = range(len(PERMISSIONS) + len(DELIVERABILITIES), len(_SENTENCES))


def why_not(batch: Batch, listed: Listed, rights: Rights) -> pa.Array:
    """'' where the address is usable, else the gravest reason: 'unsubscribed on 2026-03-04 (crm)', 'hard bounce'."""
    reason = rights.permission
    for holds, graver in (
        (rights.deliverability >= HARD_BOUNCE, len(PERMISSIONS) + rights.deliverability),
        (~listed.live, _EXPIRED),
        (batch.reference_masters[listed.group], _REFERENCE),
        (~filled(listed.key), _NO_ADDRESS),
        (rights.usable, _NONE),
    ):
        reason = np.where(holds, graver, reason)
    sentence, refused = words(reason, _SENTENCES), rights.refusal != NO_REFUSAL
    return pc.replace_with_mask(sentence, pa.array(refused), refusal_sentence(rights, np.flatnonzero(refused)))


def refusal_sentence(rights: Rights, rows: Numbers) -> pa.Array:
    """What was refused, when and where, of addresses that were."""
    said = words(rights.refusal[rows], [REFUSED[word] for word in REFUSALS])
    day, source = pc.utf8_slice_codeunits(pick(rights.refusal_date, rows), 0, 10), pick(rights.refusal_source, rows)
    when = pc.if_else(pc.equal(day, ""), "", _between(" on ", day, ""))
    who = pc.if_else(pc.equal(source, ""), "", _between(" (", source, ")"))
    other = pc.if_else(pa.array(rights.elsewhere[rows]), ", at another address", "")
    return pc.binary_join_element_wise(said, when, who, other, "")


def _between(before: str, values: pa.Array, after: str) -> pa.Array:
    return pc.binary_join_element_wise(before, values, after, "")
