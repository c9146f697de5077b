"""Choosing among candidates: by the checks, by the terms, by one another, by a metric."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from eval.selection.consensus import consensus
from eval.selection.ranks import mean_rank
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged

_LOG = logging.getLogger("isogloss.pipeline")


async def in_order(work: Work, candidates: Sequence[Judged]) -> list[Judged]:
    """Candidates, the best first; in a thorough run each text once.

    By the checks alone. In a thorough run by the number of hard findings, then by the mean of their
    ranks over findings, terms, consensus (minimum Bayes risk with chrF) and the run's metric, if it
    has one. Candidates with more hard findings have a say in what is usual: without them the choice
    was worse (docs/selection.md).
    """
    if not work.plan.way.thorough:
        return sorted(candidates, key=lambda candidate: candidate.penalty)
    ranks = mean_rank(
        [
            [-candidate.penalty for candidate in candidates],
            [candidate.adherence for candidate in candidates],
            await asyncio.to_thread(consensus, [candidate.texts for candidate in candidates]),
            await scores_of(work, candidates),
        ]
    )
    ranked = sorted(zip(candidates, ranks, strict=True), key=lambda each: (each[0].hard, each[1]))
    distinct: dict[tuple[str, ...], Judged] = {}
    for candidate, _ in ranked:
        distinct.setdefault(tuple(candidate.texts), candidate)
    return list(distinct.values())


async def scores_of(work: Work, candidates: Sequence[Judged]) -> list[float | None]:
    """The run's metric of each candidate; nothing but ``None`` where the run has no metric."""
    scorer = work.plan.way.scorer
    unknown: list[float | None] = [None] * len(candidates)
    if scorer is None or len(candidates) < 2:
        return unknown
    try:
        return await scorer.scores(work.request, [each.translations for each in candidates])
    except Exception:
        # A fault of the metric costs its say, never the translation.
        _LOG.exception("the metric %s cannot score candidates", scorer.family)
        return unknown
