"""The way through the house: STAGES, in order. Each table is made once, by one stage, before it is read."""

from __future__ import annotations

from typing import Final

from listmerge.stages import Stage
from listmerge.stages.block import BLOCK
from listmerge.stages.compare import COMPARE
from listmerge.stages.identify import IDENTIFY
from listmerge.stages.link import LINK
from listmerge.stages.merge import MERGE
from listmerge.stages.train import TRAIN

STAGES: Final[tuple[Stage, ...]] = (
    BLOCK,          # contacts -> pairs that are worth comparing
    TRAIN,          # pairs -> what agreement and disagreement of each field is worth
    COMPARE,        # pairs -> scores
    LINK,           # scores, decisions -> clusters, and pairs that a person should see
    IDENTIFY,       # clusters -> master ids that stay the same
    MERGE,          # clusters -> masters, permissions, conflicts, and what became of every value
)
