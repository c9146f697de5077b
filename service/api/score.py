"""``POST /score``: translations that were made elsewhere."""

from __future__ import annotations

import asyncio
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import Response

from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import Recipe, read_recipe
from eval.checks.suite import rules_for
from service.api.bodies import BenchmarkAnswer, GivenText, ScoreRequest
from service.api.disconnect import json_answer
from service.api.parts import Parts, parts_of
from service.errors import TooManyItems
from service.pipeline.judge import Judge
from service.pipeline.run import pair_of

router = APIRouter(tags=["scoring"])
_KINDS = get_args(GivenText.model_fields["kind"].annotation)
_TEXT_RECIPE = read_recipe(
    {"name": "text", "layouts": [{"name": kind, "fields": {kind: kind}} for kind in _KINDS]}
)
"""A text is an item whose only field is called after its kind."""

Entries = list[tuple[Any, Any]]
"""Source and target."""


@router.post("/score", response_model=BenchmarkAnswer)
async def score(body: ScoreRequest, request: Request) -> Response:
    """Judge translations made elsewhere: a verdict, segments and findings for each.

    Everything that is not text is compared too: keys, options, answer key, ids, offsets.
    """
    parts = parts_of(request)
    recipe, entries = _given(body, parts)
    pair = pair_of(recipe, body.source, body.target)
    terminology = await parts.terms.terminology(body.glossaries, pair, recipe.name)
    rules = rules_for(recipe, body.checks, parts.lists, terminology)
    judge = Judge(recipe, pair, rules, parts.settings.max_item_characters)

    async def work() -> BenchmarkAnswer:
        records = []
        with parts.metrics.runs.track_inprogress():
            for index, (source, target) in enumerate(entries):
                records.append(judge.record(index, source, target))
                await asyncio.sleep(0)  # nothing above waits, and others want the event loop too
        records = judge.all_together(records)
        for record in records:
            parts.metrics.count(judge.info, record)
        return BenchmarkAnswer(run=judge.info, results=records)

    return await json_answer(request, work())


def _given(body: ScoreRequest, parts: Parts) -> tuple[Recipe, Entries]:
    if body.texts is not None:
        if len(body.texts) > parts.settings.max_texts:
            raise TooManyItems(len(body.texts), parts.settings.max_texts, "texts")
        texts = [({text.kind: text.source}, {text.kind: text.target}) for text in body.texts]
        return _TEXT_RECIPE, texts
    items = body.items or []
    if len(items) > parts.settings.max_items:
        raise TooManyItems(len(items), parts.settings.max_items)
    recipe = load_recipe(body.benchmark) if body.benchmark else read_recipe(body.recipe)
    return recipe, [(item.source, item.target) for item in items]
