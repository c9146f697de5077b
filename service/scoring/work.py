"""Scoring many items that are there already."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing

from eval.metrics.base import Metric, Use
from eval.run_log import ItemRecord, RunInfo
from service.pipeline.measure import Measure, measured
from service.pipeline.schedule import as_finished
from service.scoring.metrics import ALWAYS, ScoringMetrics

_WORKERS = 64
"""Items in work at a time: a scorer puts texts of several into one batch."""


def uses_there(records: Iterable[ItemRecord]) -> set[Use]:
    """What there is to compare with: the source always, references and ways back if any."""
    uses = {Use.SOURCE}
    for record in records:
        for segment in record.segments:
            if segment.reference is not None:
                uses.add(Use.REFERENCE)
            if segment.back_translation is not None:
                uses.add(Use.ROUND_TRIP)
    return uses


def metrics_for(names: Sequence[str], uses: set[Use], metrics: ScoringMetrics) -> list[Metric]:
    """The metrics of these names, and chrF wherever it has something to compare with.

    Raises:
        UnknownMetric, MetricError: one of them is not there, or cannot be made.
    """
    return metrics.chosen(names if uses == {Use.SOURCE} else [*names, ALWAYS])


async def as_scored(
    records: Iterable[ItemRecord], measure: Measure, info: RunInfo
) -> AsyncGenerator[ItemRecord, None]:
    """The records with their scores, as they are finished."""

    async def work(record: ItemRecord) -> ItemRecord:
        return await measured(record, [measure], info)

    async with aclosing(as_finished(records, work, _WORKERS)) as results:
        async for _, record in results:
            yield record
