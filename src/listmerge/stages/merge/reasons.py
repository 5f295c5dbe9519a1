"""Why an address may not be used, in one sentence out of a fixed set."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import DELIVERABILITIES, PERMISSIONS, REFUSALS
from listmerge.stages.merge.batch import Batch
from listmerge.stages.merge.groups import Numbers, words
from listmerge.stages.merge.permission import HARD_BOUNCE, Listed, Rights

NO_ADDRESS: Final = "no e-mail address"
REFERENCE: Final = "only on a reference list"
EXPIRED: Final = "the list may no longer be used"

REFUSED: Final = {"erased": "erased", "do-not-contact": "do not contact", "complaint": "complained",
                  "unsubscribed": "unsubscribed", "": ""}
UNDELIVERABLE: Final = {"ok": "", "unknown": "", "soft-bounce": "", "hard-bounce": "hard bounce",
                        "invalid": "invalid address"}
NOT_PERMITTED: Final = {"confirmed": "", "express": "", "inferred": "permission only inferred",
                        "pending": "opt-in not confirmed", "none": "no permission", "unknown": "no permission"}


def why_not(batch: Batch, listed: Listed, rights: Rights) -> pa.Array:
    """'' where the address is usable, else the gravest reason: 'unsubscribed on 2026-03-04 (crm)', 'hard bounce'."""
    refused = refusal_sentence(rights)
    undeliverable = words(rights.deliverability, [UNDELIVERABLE[word] for word in DELIVERABILITIES])
    denied = words(rights.permission, [NOT_PERMITTED[word] for word in PERMISSIONS])
    sentence = denied
    for holds, reason in (
        (rights.deliverability >= HARD_BOUNCE, undeliverable),
        (~listed.live, EXPIRED),
        (batch.reference_masters[listed.group], REFERENCE),
        (_blank(listed), NO_ADDRESS),
        (pc.not_equal(refused, ""), refused),
    ):
        sentence = pc.if_else(holds if isinstance(holds, pa.Array) else pa.array(holds), reason, sentence)
    return pc.if_else(pa.array(rights.usable), "", sentence)


def _blank(listed: Listed) -> Numbers:
    return np.asarray(pc.equal(listed.key, "").to_numpy(zero_copy_only=False))


def refusal_sentence(rights: Rights) -> pa.Array:
    """What was refused, when and where: '' where nothing is."""
    said = words(rights.refusal, [REFUSED[word] for word in REFUSALS])
    day = pc.utf8_slice_codeunits(rights.refusal_date, 0, 10)
    when = pc.if_else(pc.equal(day, ""), "", _between(" on ", day, ""))
    who = pc.if_else(pc.equal(rights.refusal_source, ""), "", _between(" (", rights.refusal_source, ")"))
    other = pc.if_else(pa.array(rights.elsewhere), ", at another address", "")
    return pc.if_else(pc.equal(said, ""), "", pc.binary_join_element_wise(said, when, who, other, ""))


def _between(before: str, values: pa.Array, after: str) -> pa.Array:
    return pc.binary_join_element_wise(before, values, after, "")
