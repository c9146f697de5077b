"""Whether what was made out of a translation may take its place."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from eval.selection.consensus import agreement
from service.pipeline.effort.select import scores_of
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged


async def loss(
    work: Work,
    before: Judged,
    after: Judged,
    others: Sequence[Judged],
    named: Collection[str] = (),
) -> str:
    """What got worse, in a few words; empty if nothing did.

    Args:
        work: the item.
        before: the best translation so far.
        after: what would take its place.
        others: further candidates, which both are compared with.
        named: ids of segments in which faults were named. There the other candidates count for
            nothing: they mostly have the same faults.
    """
    if after.hard > before.hard:
        return f"hard findings rose from {before.hard} to {after.hard}"
    if (after.adherence or 0) < (before.adherence or 0):
        return "terms that were kept are not kept"
    was, became = await asyncio.to_thread(_likeness, before, after, others, named)
    if became < was:
        return f"less like the other candidates: {became:.3f} after {was:.3f}"
    old, new = await scores_of(work, [before, after])
    if old is not None and (new is None or new < old):
        return f"the metric fell from {old:.3f} to {'nothing' if new is None else f'{new:.3f}'}"
    return ""


def _likeness(
    before: Judged, after: Judged, others: Sequence[Judged], named: Collection[str]
) -> tuple[float, float]:
    """Mean chrF of both with other candidates, over the segments in which nothing was named."""
    ids = [id_ for id_ in before.translations if id_ not in named]
    if not ids or not others:
        return 0.0, 0.0

    def texts(candidate: Judged) -> list[str]:
        return [candidate.translations[id_] for id_ in ids]

    was, became = (
        sum(agreement(texts(each), texts(other)) for other in others) / len(others)
        for each in (before, after)
    )
    return was, became
