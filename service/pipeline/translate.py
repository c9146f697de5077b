"""One item's way: read by its recipe, translated, checked, judged, rebuilt."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Any

from eval.benchmarks.item import BenchmarkItem
from eval.errors import EvalError
from eval.run_log import (
    ItemRecord,
    Provenance,
    SegmentRecord,
    StageRecord,
    Verdict,
    penalty_of,
    verdict_of,
)
from prompts.errors import PromptError
from service.engines.base import EngineAnswer, TranslationRequest, Usage
from service.errors import EngineError, InternalError, ServiceError
from service.pipeline.plan import RunPlan
from service.pipeline.reader import ItemReader
from service.pipeline.record import fingerprint, item_error
from service.pipeline.repair import Judged, judged, repaired
from service.pipeline.terms import fingerprint_of, term_records, terms_of

_LOG = logging.getLogger("isogloss.pipeline")


class ItemTranslator:
    """Translates the items of one run; an item that fails never takes another with it."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self.reader = ItemReader(plan.recipe, plan.max_item_characters)

    async def translate(self, index: int, data: Any) -> ItemRecord:
        """The record of one item; failures are records too."""
        done = _Done(index, self.reader.id_of(index, data), time.monotonic())
        try:
            return await self._translated(done, data)
        except (EvalError, PromptError, ServiceError) as error:
            return self._failed(done, data, error)
        except Exception as error:
            # A fault of ours at one item must not cost the others, nor hide.
            _LOG.exception("unexpected error at item %s", done.id)
            return self._failed(done, data, InternalError(error))

    async def _translated(self, done: _Done, data: Any) -> ItemRecord:
        plan = self._plan
        item = self.reader.read(done.index, data)
        request = self._request(item)
        done.terms = fingerprint_of(request.terms)
        answer = await self._answer(request)
        done.usage = answer.usage
        done.candidates = len(answer.candidates)
        done.chosen, draft = self._choose(item, answer)
        best = draft
        if answer.usage.calls:  # what no model has worded stays as it was given
            best, done.stages = await repaired(plan, request, item, draft)
            for stage in done.stages:
                done.usage += Usage(stage.calls, stage.prompt_tokens, stage.completion_tokens)
        return ItemRecord(
            index=done.index,
            id=done.id,
            verdict=verdict_of(best.findings, repaired=any(stage.mended for stage in done.stages)),
            item=item.rebuild(best.translations),
            segments=[
                SegmentRecord(
                    id=segment.id,
                    kind=segment.kind,
                    source=segment.text,
                    target=best.translations[segment.id],
                )
                for segment in item.segments
            ],
            findings=best.findings,
            terms=term_records(item, best.translations, plan.pair, plan.rules),
            provenance=self._provenance(done, data),
        )

    def preview(self, index: int, data: Any) -> TranslationRequest:
        """The request that would be made of an item.

        Raises:
            EvalError: the item cannot be used.
        """
        return self._request(self.reader.read(index, data))

    def told(self, data: Any) -> str | None:
        """Fingerprint of the terms that an item would be told; ``None`` if it cannot be read."""
        try:
            item = ItemReader(self._plan.recipe, self._plan.max_item_characters).read(0, data)
        except EvalError:
            return None
        return fingerprint_of(terms_of(item, self._plan.rules.terminology))

    def _request(self, item: BenchmarkItem) -> TranslationRequest:
        plan = self._plan
        return TranslationRequest(
            plan.pair,
            item.segments,
            plan.recipe.category,
            plan.candidates,
            None if plan.seed is None else seed_of(plan.seed, item.data),
            terms_of(item, plan.rules.terminology),
        )

    async def _answer(self, request: TranslationRequest) -> EngineAnswer:
        """An item without a word to translate is its own translation."""
        if not request.segments:
            return EngineAnswer(({},))
        return await self._plan.engine.translate(request)

    def _choose(self, item: BenchmarkItem, answer: EngineAnswer) -> tuple[int, Judged]:
        """The candidate with the least severe findings; the first of equals.

        Raises:
            EngineError: no candidate could be read.
        """
        best: tuple[int, int, Judged] | None = None
        last_error: EngineError | None = None
        for number, candidate in enumerate(answer.candidates):
            if isinstance(candidate, EngineError):
                last_error = candidate
                continue
            found = judged(self._plan, item, dict(candidate))
            penalty = penalty_of(found.findings)
            if best is None or penalty < best[0]:
                best = (penalty, number, found)
            if penalty == 0:
                break
        if best is None:
            raise last_error or EngineError("The engine gave no candidate.")
        return best[1], best[2]

    def _failed(
        self, done: _Done, data: Any, error: EvalError | PromptError | ServiceError
    ) -> ItemRecord:
        return ItemRecord(
            index=done.index,
            id=done.id,
            verdict=Verdict.FAILED,
            error=item_error(error),
            provenance=self._provenance(done, data),
        )

    def _provenance(self, done: _Done, data: Any) -> Provenance:
        return Provenance(
            signature=self._plan.signature,
            source_sha256=fingerprint(data),
            calls=done.usage.calls,
            prompt_tokens=done.usage.prompt_tokens,
            completion_tokens=done.usage.completion_tokens,
            seconds=round(time.monotonic() - done.started, 4),
            candidates=done.candidates,
            chosen=done.chosen,
            terms=done.terms,
            stages=done.stages,
        )


@dataclass(slots=True)
class _Done:
    """What is known of an item while it is worked on, also when it fails then."""

    index: int
    id: str
    started: float
    usage: Usage = field(default_factory=Usage)
    candidates: int = 0
    chosen: int = 0
    terms: str = ""
    stages: list[StageRecord] = field(default_factory=list)


def seed_of(seed: int, data: Any) -> int:
    """An item's own seed in 31 bits: the same in every batch, order and resumed run."""
    return int(fingerprint([seed, data])[:8], 16) >> 1
