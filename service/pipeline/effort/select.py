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

    By the checks alone. In a thorough run those with the fewest hard findings come first, by the
    mean of their ranks over findings, terms, consensus (minimum Bayes risk with chrF) and the run's
    metric, if it has one.
    """
    by_checks = sorted(candidates, key=lambda candidate: candidate.penalty)
    if not work.plan.way.thorough:
        return by_checks
    least = min(candidate.hard for candidate in candidates)
    best = [candidate for candidate in candidates if candidate.hard == least]
    ranks = mean_rank(
        [
            [-candidate.penalty for candidate in best],
            [candidate.adherence for candidate in best],
            await asyncio.to_thread(consensus, [candidate.texts for candidate in best]),
            await scores_of(work, best),
        ]
    )
    first = [best[place] for place in sorted(range(len(best)), key=ranks.__getitem__)]
    rest = [candidate for candidate in by_checks if candidate.hard > least]
    distinct: dict[tuple[str, ...], Judged] = {}
    for candidate in (*first, *rest):
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
