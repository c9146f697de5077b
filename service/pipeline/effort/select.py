"""Choosing among candidates: by the checks, by the terms, by one another, by a metric."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from math import isfinite

from eval.selection.consensus import consensus
from eval.selection.ranks import mean_rank
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged
from service.pipeline.scorer import CandidateScorer

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
    """The run's metric of each candidate; nothing but ``None`` where the run has no metric.

    Where it has one that gives no score at all, ``work`` knows.
    """
    unknown: list[float | None] = [None] * len(candidates)
    if work.plan.way.scorer is None or len(candidates) < 2:
        return unknown
    scores = await _scores(work, work.plan.way.scorer, candidates) or unknown
    work.unscored += scores == unknown
    return scores


async def _scores(
    work: Work, scorer: CandidateScorer, candidates: Sequence[Judged]
) -> list[float | None] | None:
    """What the metric says, ``None`` if it failed."""
    try:
        scores = await scorer.scores(work.request, [each.translations for each in candidates])
    except Exception:
        # A fault of the metric costs its say, never the translation.
        _LOG.exception("the metric %s cannot score candidates", scorer.family)
        return None
    if len(scores) != len(candidates):
        given = len(scores), len(candidates)
        _LOG.error("the metric %s gave %d scores for %d candidates", scorer.family, *given)
        return None
    return [score if score is not None and isfinite(score) else None for score in scores]
