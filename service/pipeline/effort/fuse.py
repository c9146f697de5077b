"""One translation made of the best parts of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eval.run_log import Step
from service.engines.errors import EngineError
from service.pipeline.effort.stages import Work
from service.pipeline.effort.verify import loss
from service.pipeline.judged import Judged

_FUSED = 5
"""As many as in the method of this kind that is best known (USI, ritranslation.insait.ai)."""


async def fused(work: Work, order: Sequence[Judged]) -> Judged:
    """The merger of the best candidates, unless it is worse than the best of them.

    Args:
        work: the item.
        order: candidates with different texts, the best first.
    """
    best, *others = order
    if not others:
        return best
    with work.step(Step.FUSE, best) as stage:
        given = [candidate.translations for candidate in order[:_FUSED]]
        asked = replace(work.request, candidates=1, given=given, leave=work.for_the_edit(best))
        answer = await work.plan.engine.translate(asked)
        merged = answer.candidates[0]
        if isinstance(merged, EngineError):
            raise merged
        after = await work.judged(merged)
        same = "nothing was changed" if after.texts == best.texts else ""
        best = stage.verdict(after, same or await loss(work, best, after, others))
    return best
