"""Scores of items: from records to rows of text, and back with a number or the reason for none."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Iterator, Mapping, Sequence

from eval.errors import EvalError
from eval.metrics.base import Metric, MetricInfo, Row, Score, Use
from eval.round_trip.guards import is_copied
from eval.run_log import ItemRecord, SegmentRecord
from glossary.language import Pair

_LOG = logging.getLogger("isogloss.scoring")
NO_TRANSLATION = "no translation"
NO_REFERENCE = "no reference"
NO_BACK_TRANSLATION = "no back-translation"
NOTHING_TO_TRANSLATE = "nothing to translate"
COPIED = "the target is a copy of the source"
NOT_FINITE = "the metric gave no finite number"
SELECTED = "The candidates were selected by a metric of the family that alone judges them"
"""How the caveat of ``judging`` begins."""
SETTLED = frozenset(
    {NO_TRANSLATION, NO_REFERENCE, NO_BACK_TRANSLATION, NOTHING_TO_TRANSLATE, COPIED}
)
"""Reasons that lie in the item: no metric was asked, and asking again would change nothing."""
_UNTRANSLATED = "untranslated"
"""The check that tells a copy from a text that is the same in both languages."""


def score_key(use: Use, metric: str) -> str:
    """Where a score is kept: ``round_trip.comet``."""
    return f"{use}.{metric}"


def uses_of(info: MetricInfo, uses: Collection[Use]) -> list[Use]:
    """For which of these uses a metric is made: with a reference, or with the source alone."""
    without = {Use.SOURCE}
    return [use for use in Use if use in uses and (use in without) is not info.needs_reference]


def row_of(record: ItemRecord, segment: SegmentRecord, use: Use, pair: Pair) -> Row | Score:
    """What a metric is to be shown of a segment, or the score that says why nothing.

    A copy of the source is not scored where it would score best: against its source and on the way
    back. A text that is the same on all sides ("42") says nothing about the translation.
    """
    source, target = segment.source, segment.target
    if not target.strip():
        return _none(NO_TRANSLATION)
    if use is Use.REFERENCE:
        if not (segment.reference or "").strip():
            return _none(NO_REFERENCE)
        if source == target == segment.reference:
            return _none(NOTHING_TO_TRANSLATE)
        return Row(source, target, segment.reference, pair.target)
    if pair.source != pair.target and (reason := _copy(record, segment, pair)):
        return _none(reason)
    if use is Use.SOURCE:
        return Row(source, target, None, pair.target)
    back = segment.back_translation or ""
    return Row(target, back, source, pair.source) if back.strip() else _none(NO_BACK_TRANSLATION)


def _copy(record: ItemRecord, segment: SegmentRecord, pair: Pair) -> str:
    """Why a text that is like its source has no score; empty for every other."""
    if segment.source != segment.target:
        return COPIED if is_copied(segment.source, segment.target, pair) else ""
    found = (finding.segment for finding in record.findings if finding.check == _UNTRANSLATED)
    return COPIED if segment.id in found else NOTHING_TO_TRANSLATE


def _none(reason: str) -> Score:
    return Score(value=None, reason=reason)


async def scored(
    record: ItemRecord,
    metrics: Sequence[tuple[Metric, Sequence[Use]]],
    pair: Pair,
    *,
    missing_only: bool = False,
) -> ItemRecord:
    """The record with the scores of its segments, each under its use and metric.

    A metric is asked once per item. One that fails costs its own scores: they have no value, and
    the reason says what happened.

    Args:
        record: an item with or without a translation.
        metrics: each metric with what it is used for (``uses_of``).
        pair: source and target of the record.
        missing_only: keep the values that are there, and ask for the others.
    """
    if not record.segments:
        keys = [score_key(use, metric.name) for metric, uses in metrics for use in uses]
        reasons = dict.fromkeys(keys, _none(NOTHING_TO_TRANSLATE))
        return record.model_copy(update={"scores": record.scores | reasons})
    found: dict[str, dict[str, Score]] = {segment.id: {} for segment in record.segments}
    for metric, uses in metrics:
        places, rows = [], []
        for segment, use in _wanted(record, metric, uses, missing_only):
            row, key = row_of(record, segment, use, pair), score_key(use, metric.name)
            if isinstance(row, Score):
                found[segment.id][key] = row
            else:
                places.append((segment.id, key))
                rows.append(row)
        for (id_, key), score in zip(places, await _asked(metric, rows), strict=True):
            found[id_][key] = score
    segments = [
        segment.model_copy(update={"scores": segment.scores | found[segment.id]})
        for segment in record.segments
    ]
    return record.model_copy(update={"segments": segments})


def _wanted(
    record: ItemRecord, metric: Metric, uses: Sequence[Use], missing_only: bool
) -> Iterator[tuple[SegmentRecord, Use]]:
    for use in uses:
        key = score_key(use, metric.name)
        for segment in record.segments:
            known = segment.scores.get(key)
            if not (missing_only and known and known.value is not None):
                yield segment, use


async def _asked(metric: Metric, rows: Sequence[Row]) -> list[Score]:
    if not rows:
        return []
    try:
        scores = await metric.score(rows)
    except EvalError as error:
        return [_none(str(error))] * len(rows)
    except Exception as error:
        # A fault in one metric must not cost the others' scores, nor hide.
        _LOG.exception("unexpected error of metric %s", metric.name)
        return [_none(f"unexpected {type(error).__name__}: see the log")] * len(rows)
    if len(scores) != len(rows):
        _LOG.error("metric %s gave %d scores for %d rows", metric.name, len(scores), len(rows))
        return [_none("the metric gave more or fewer scores than rows")] * len(rows)
    return [_finite(score) for score in scores]


def _finite(score: Score) -> Score:
    return score if score.value is None or math.isfinite(score.value) else _none(NOT_FINITE)


def judging(metrics: Mapping[str, MetricInfo], selected_by: Collection[str]) -> str | None:
    """What to say where nothing but the family that selected the candidates judges the result.

    Args:
        metrics: how the scores were made, by use and metric.
        selected_by: families of the metrics that selected among candidates.
    """
    families = {info.family for info in metrics.values()}
    if not families or not families <= set(selected_by):
        return None
    names = " and ".join(sorted(families))
    return (
        f"{SELECTED} ({names}): "
        "these scores are too high to be believed. Score with a metric of another family too."
    )
