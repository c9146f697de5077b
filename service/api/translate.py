"""``POST /translate`` and ``POST /translate/benchmark``."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import Recipe, read_recipe
from eval.checks.consistency import CONSISTENCY, Consistency
from eval.run_log import Counts, ItemRecord, Verdict, judged_together, verdict_of
from glossary.language import Pair
from service.api.bodies import (
    BenchmarkAnswer,
    BenchmarkRequest,
    DryRunAnswer,
    Order,
    StreamEnd,
    TranslateAnswer,
    TranslatedText,
    TranslateRequest,
)
from service.api.disconnect import json_answer, unless_disconnected
from service.api.parts import Parts, parts_of
from service.engines.base import EngineInfo
from service.engines.purse import UNLIMITED
from service.errors import TooManyItems
from service.pipeline.levels import Method, candidates_for
from service.pipeline.preview import previews
from service.pipeline.record import printable
from service.pipeline.run import Run, RunOptions, pair_of, prepare_run
from service.round_trip.work import Work, work_of
from service.scoring.metrics import ALWAYS
from service.scoring.selecting import MetricScorer, families_that_select, scorer_of

router = APIRouter(tags=["translation"])
NDJSON = "application/x-ndjson"
_TEXT_RECIPE = read_recipe({"name": "text", "fields": {"text": "text"}})


@router.post("/translate", response_model=TranslateAnswer)
async def translate(body: TranslateRequest, request: Request) -> Response:
    """Translate one text or a list of texts, each with its verdict."""
    parts = parts_of(request)
    if len(body.text) > parts.settings.max_texts:
        raise TooManyItems(len(body.text), parts.settings.max_texts, "texts")

    async def work() -> TranslateAnswer:
        run = await _prepare(parts, body, _TEXT_RECIPE)
        items = [{"text": text} for text in body.text]
        records = await _all(parts, run, items)
        results = [_text_of(record, text) for record, text in zip(records, body.text, strict=True)]
        return TranslateAnswer(run=run.info, results=results)

    return await json_answer(request, work())


@router.post(
    "/translate/benchmark",
    response_model=BenchmarkAnswer | DryRunAnswer,
    responses={
        200: {
            "description": "JSON, or with `Accept: application/x-ndjson` one line "
            "per finished item (`type: item` and the record) and a last one (`type: end, run`).",
            "content": {NDJSON: {"schema": {"type": "string"}}},
        }
    },
)
async def translate_benchmark(body: BenchmarkRequest, request: Request) -> Response:
    """Translate the items of one benchmark; every item comes back with a verdict.

    An item that cannot be translated fails alone, with a code, a detail and a remedy.
    """
    parts = parts_of(request)
    if len(body.items) > parts.settings.max_items:
        raise TooManyItems(len(body.items), parts.settings.max_items)
    recipe = load_recipe(body.benchmark) if body.benchmark else read_recipe(body.recipe)
    if NDJSON in request.headers.get("accept", "") and not body.dry_run:
        run = await unless_disconnected(request, _prepare(parts, body, recipe))
        return StreamingResponse(_lines(parts, run, body.items), media_type=NDJSON)

    async def work() -> BaseModel:
        run = await _prepare(parts, body, recipe)
        if body.dry_run:
            return DryRunAnswer(run=run.info, results=await previews(run, enumerate(body.items)))
        records = await _all(parts, run, body.items)
        return BenchmarkAnswer(run=run.info, results=records)

    return await json_answer(request, work())


async def _prepare(parts: Parts, body: TranslateRequest | BenchmarkRequest, recipe: Recipe) -> Run:
    settings = parts.settings
    pair = pair_of(recipe, body.source, body.target)
    engine = parts.engines.choose(body.engine, pair)
    scorer = await scorer_of(parts.scoring.get(body.select_by)) if body.select_by else None
    work = await _measuring(parts, body, recipe, pair, await engine.info(), scorer)
    options = RunOptions(
        effort=body.effort,
        method=body.method or Method.BEST_OF_N,
        candidates=candidates_for(body.effort, body.candidates, settings.max_candidates),
        budget=body.budget.limits if body.budget else UNLIMITED,
        seed=body.seed,
        in_input_order=getattr(body, "order", Order.INPUT) is Order.INPUT,
        max_item_characters=settings.max_item_characters,
        checks=body.checks,
        lists=parts.lists,
        terminology=await parts.terms.terminology(body.glossaries, pair, recipe.name),
        scorer=scorer,
        back=work.back,
        measures=work.measures,
    )
    run = await prepare_run(engine, recipe, pair, options)
    work.named_in(run.info)
    return run


async def _measuring(
    parts: Parts,
    body: TranslateRequest | BenchmarkRequest,
    recipe: Recipe,
    pair: Pair,
    forward: EngineInfo,
    scorer: MetricScorer | None,
) -> Work:
    """What is to be found out about each item."""
    names = [*body.metrics, ALWAYS] if body.round_trip else body.metrics
    return await work_of(
        parts.engines,
        recipe,
        pair,
        forward,
        body.round_trip,
        body.solve if isinstance(body, BenchmarkRequest) else None,
        parts.scoring.chosen(names),
        families_that_select(body.effort, scorer),
    )


async def _counted(parts: Parts, run: Run, items: list[Any]) -> AsyncGenerator[ItemRecord, None]:
    with parts.metrics.runs.track_inprogress():
        async with aclosing(run.records(enumerate(items))) as records:
            async for record in records:
                parts.metrics.count(run.info, record)
                yield record


async def _all(parts: Parts, run: Run, items: list[Any]) -> list[ItemRecord]:
    records = [record async for record in _counted(parts, run, items)]
    records = judged_together(records, run.plan.rules)
    found = (finding for record in records for finding in record.findings)
    parts.metrics.count_findings(each for each in found if each.check == CONSISTENCY)
    run.info.counts = Counts.of(records)
    return records


async def _lines(parts: Parts, run: Run, items: list[Any]) -> AsyncGenerator[str, None]:
    together = Consistency(run.plan.rules)
    usable: dict[int, Verdict] = {}
    async with aclosing(_counted(parts, run, items)) as records:
        async for record in records:
            together.add(record.index, record.segments)
            if record.verdict in (Verdict.OK, Verdict.REPAIRED):
                usable[record.index] = record.verdict
            yield stream_line(record)
    findings = together.findings()
    parts.metrics.count_findings(chain.from_iterable(findings.values()))
    hard = {index for index, found in findings.items() if verdict_of(found) is Verdict.FLAGGED}
    run.info.counts.flag(usable[index] for index in sorted(usable.keys() & hard))
    yield StreamEnd(run=run.info, findings=findings).model_dump_json() + "\n"


def stream_line(record: ItemRecord) -> str:
    """The record's own fields, with ``type`` before them."""
    return f'{{"type":"item",{record.model_dump_json()[1:]}\n'


def _text_of(record: ItemRecord, text: str) -> TranslatedText:
    # A text is one segment; one without a word to translate has none.
    segment = next(iter(record.segments), None)
    return TranslatedText(
        text=printable(text),
        hypothesis=record.item["text"] if record.item else None,
        verdict=record.verdict,
        findings=record.findings,
        terms=record.terms,
        back_translation=segment.back_translation if segment else None,
        scores=segment.scores if segment else record.scores,
        probe=record.probe,
        error=record.error,
        provenance=record.provenance,
    )
