"""``POST /score``: translations that were made elsewhere, and the metrics that score them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import Response

from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import Recipe, read_recipe
from eval.checks.suite import rules_for
from eval.errors import MetricError
from eval.metrics.base import Metric, Use
from eval.run_log import ItemRecord, RunInfo
from glossary.language import Pair
from service.api.bodies import BenchmarkAnswer
from service.api.disconnect import json_answer
from service.api.parts import Parts, parts_of
from service.api.score_bodies import GivenText, MetricStatus, ScoreRequest
from service.errors import TooManyItems
from service.pipeline.judge import Beside, Judge
from service.pipeline.measure import made_ready
from service.pipeline.run import pair_of
from service.scoring.measure import ScoringMeasure
from service.scoring.metrics import ScoringMetrics
from service.scoring.work import as_scored, metrics_for

router = APIRouter(tags=["scoring"])
_KINDS = get_args(GivenText.model_fields["kind"].annotation)
_TEXT_RECIPE = read_recipe(
    {"name": "text", "layouts": [{"name": kind, "fields": {kind: kind}} for kind in _KINDS]}
)
"""A text is an item whose only field is called after its kind."""

Entries = list[tuple[Any, Any, Beside]]
"""Source, target, and what else is known."""
_GIVEN = "given"
"""Stands for the engine that translated back."""


@router.post("/score", response_model=BenchmarkAnswer)
async def score(body: ScoreRequest, request: Request) -> Response:
    """Judge translations made elsewhere: a verdict, segments, findings and scores for each.

    Everything that is not text is compared too: keys, options, answer key, ids, offsets.
    """
    parts = parts_of(request)
    parts.scoring.chosen(body.metrics)  # a name that nobody knows costs no work
    recipe, entries = _given(body, parts)
    uses = _uses(entries)
    pair = pair_of(recipe, body.source, body.target)
    terminology = await parts.terms.terminology(body.glossaries, pair, recipe.name)
    rules = rules_for(recipe, body.checks, parts.lists, terminology)
    judge = Judge(recipe, pair, rules, parts.settings.max_item_characters)

    async def work() -> BenchmarkAnswer:
        records = []
        with parts.metrics.runs.track_inprogress():
            for index, entry in enumerate(entries):
                records.append(judge.record(index, *entry))
                await asyncio.sleep(0)  # nothing above waits, and others want the event loop too
            metrics = metrics_for(body.metrics, uses, parts.scoring)
            records = await _scored(records, metrics, pair, uses, judge.info)
        records = judge.all_together(records)
        for record in records:
            parts.metrics.count(judge.info, record)
        return BenchmarkAnswer(run=judge.info, results=records)

    return await json_answer(request, work())


async def _scored(
    records: list[ItemRecord],
    metrics: Sequence[Metric],
    pair: Pair,
    uses: set[Use],
    info: RunInfo,
) -> list[ItemRecord]:
    """The records with their scores, in their order."""
    if not metrics:
        return records
    measure = ScoringMeasure(metrics, pair, uses, back_translator=_GIVEN)
    await made_ready([measure], info)
    async with aclosing(as_scored(records, measure, info)) as results:
        return sorted([each async for each in results], key=lambda each: each.index)


def _uses(entries: Entries) -> set[Use]:
    """What was given to compare with; of a reference in another shape each score says so."""
    uses = {Use.SOURCE}
    for *_, beside in entries:
        if beside.reference is not None:
            uses.add(Use.REFERENCE)
        if beside.back_translation is not None:
            uses.add(Use.ROUND_TRIP)
    return uses


def _given(body: ScoreRequest, parts: Parts) -> tuple[Recipe, Entries]:
    if body.texts is not None:
        if len(body.texts) > parts.settings.max_texts:
            raise TooManyItems(len(body.texts), parts.settings.max_texts, "texts")
        return _TEXT_RECIPE, [_entry(text) for text in body.texts]
    items = body.items or []
    if len(items) > parts.settings.max_items:
        raise TooManyItems(len(items), parts.settings.max_items)
    recipe = load_recipe(body.benchmark) if body.benchmark else read_recipe(body.recipe)
    return recipe, [
        (item.source, item.target, Beside(item.reference, item.back_translation)) for item in items
    ]


def _entry(text: GivenText) -> tuple[Any, Any, Beside]:
    def item(words: str | None) -> Any:
        return None if words is None else {text.kind: words}

    beside = Beside(item(text.reference), item(text.back_translation))
    return item(text.source), item(text.target), beside


@router.get("/scoring-metrics")
async def scoring_metrics(request: Request) -> list[MetricStatus]:
    """The configured metrics and whether they are ready; not what Prometheus reads."""
    scoring = parts_of(request).scoring
    return list(await asyncio.gather(*(_status(scoring, name) for name in scoring.names)))


async def _status(scoring: ScoringMetrics, name: str) -> MetricStatus:
    status = MetricStatus(name=name, kind=scoring.settings_of(name).kind, ready=False)
    try:
        info = await scoring.get(name).info()
    except MetricError as error:
        return status.model_copy(update={"error": f"{error} {error.remedy}".strip()})
    known = info.model_dump(include={"family", "needs_reference", "signature", "licence"})
    return status.model_copy(update={"ready": True, "caveats": list(info.caveats), **known})
