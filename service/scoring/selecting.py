"""A metric as what helps to choose among candidates (a ``CandidateScorer``)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from statistics import fmean

from eval.metrics.base import Metric, MetricInfo, Row
from eval.metrics.lexical import LEXICAL
from eval.run_log import Provenance, StageOutcome, Step
from service.engines.base import TranslationRequest
from service.pipeline.levels import Effort
from service.pipeline.scorer import CandidateScorer

_FEWEST_TO_COUNT = 3


async def scorer_of(metric: Metric) -> MetricScorer:
    """Make a metric ready to choose.

    Raises:
        MetricError: it cannot be made ready.
    """
    return MetricScorer(metric, await metric.info())


def families_that_select(effort: Effort, scorer: CandidateScorer | None) -> set[str]:
    """Families of the metrics that choose among candidates.

    In a thorough run the candidates' consensus always does, which is one of strings.
    """
    if effort is not Effort.THOROUGH:
        return set()
    return {LEXICAL, scorer.family} if scorer else {LEXICAL}


def families_named(signature: str) -> set[str]:
    """The same, of a run that was made; its signature tells."""
    parts = dict(part.partition(":")[::2] for part in signature.split("|"))
    if parts.get("effort") != Effort.THOROUGH:
        return set()
    return {LEXICAL, *([parts["scorer"].partition("/")[0]] if "scorer" in parts else [])}


def families_that_chose(made: Provenance, families: Collection[str]) -> set[str]:
    """Those of a run's ``families`` that had a say about one item.

    Where there was a single candidate, strings had nothing to be compared with; a metric may still
    have judged an edit of it.
    """
    if made.candidates > 1:
        return set(families)
    judged = any(
        stage.step in (Step.EDIT, Step.TERMS)
        and stage.outcome in (StageOutcome.ACCEPTED, StageOutcome.REFUSED)
        for stage in made.stages
    )
    return set(families) - {LEXICAL} if judged else set()


class MetricScorer:
    """Scores candidates by a metric without a reference, or by one another.

    Where the metric needs a reference, every other candidate stands for it in turn, and the mean of
    these scores is the candidate's: minimum Bayes risk decoding (Kumar and Byrne 2004,
    https://aclanthology.org/N04-1022; with neural metrics Freitag et al. 2022, arXiv 2111.09388).
    """

    def __init__(self, metric: Metric, info: MetricInfo) -> None:
        self._metric, self._info = metric, info
        self.family = info.family

    @property
    def signature(self) -> str:
        """Its family, and a fingerprint of how its numbers are made."""
        return f"{self.family}/{hashlib.sha256(self._info.signature.encode()).hexdigest()[:12]}"

    async def scores(
        self, request: TranslationRequest, candidates: Sequence[Mapping[str, str]]
    ) -> list[float | None]:
        """Mean over the segments of which all candidates have a score, higher being better.

        ``None`` for all where there is no such segment, and of two for a metric that counts what
        they share: of each other the shorter one has less.
        """
        by_count = self._info.needs_reference and self.family == LEXICAL
        if by_count and len(candidates) < _FEWEST_TO_COUNT:
            return [None] * len(candidates)
        rows = list(self._rows(request, candidates))
        scored = await self._metric.score([row for _, _, row in rows])
        values: dict[str, list[list[float | None]]] = {}
        for (segment, number, _), score in zip(rows, scored, strict=True):
            values.setdefault(segment, [[] for _ in candidates])[number].append(score.value)
        whole = [
            [fmean(value for value in each if value is not None) for each in by_candidate]
            for by_candidate in values.values()
            if all(None not in each for each in by_candidate)
        ]
        sign = 1 if self._info.higher_is_better else -1
        return [sign * fmean(column) for column in zip(*whole, strict=True)] or [None] * len(
            candidates
        )

    def _rows(
        self, request: TranslationRequest, candidates: Sequence[Mapping[str, str]]
    ) -> Iterator[tuple[str, int, Row]]:
        """Each segment and candidate (by number) with a row for every reference, if need be."""
        language = request.pair.target
        for segment in request.segments:
            for number, candidate in enumerate(candidates):
                references = (
                    [None]
                    if not self._info.needs_reference
                    else [
                        other[segment.id]
                        for place, other in enumerate(candidates)
                        if place != number
                    ]
                )
                for reference in references:
                    row = Row(segment.text, candidate[segment.id], reference, language)
                    yield segment.id, number, row
