"""One item's way: read by its recipe, translated, checked, judged, rebuilt."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Any

from eval.benchmarks.item import BenchmarkItem
from eval.benchmarks.recipe import Recipe
from eval.checks.base import Finding
from eval.checks.rules import Rules
from eval.checks.suite import check_item
from eval.errors import EvalError
from eval.run_log import ItemRecord, Provenance, SegmentRecord, Verdict, penalty_of, verdict_of
from glossary.language import Pair
from prompts.errors import PromptError
from service.engines.base import Engine, EngineAnswer, TranslationRequest, Usage
from service.errors import EngineError, InternalError, ServiceError
from service.pipeline.reader import ItemReader
from service.pipeline.record import fingerprint, item_error

_LOG = logging.getLogger("isogloss.pipeline")


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is the same for all items of a run."""

    engine: Engine
    recipe: Recipe
    pair: Pair
    signature: str
    rules: Rules
    candidates: int = 1
    seed: int | None = None
    max_item_characters: int = 40_000


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
        item = self.reader.read(done.index, data)
        answer = await self._answer(self._request(item))
        done.usage = answer.usage
        chosen, translations, findings = self._choose(item, answer)
        return ItemRecord(
            index=done.index,
            id=done.id,
            verdict=verdict_of(findings),
            item=item.rebuild(translations),
            segments=[
                SegmentRecord(
                    id=segment.id,
                    kind=segment.kind,
                    source=segment.text,
                    target=translations[segment.id],
                )
                for segment in item.segments
            ],
            findings=findings,
            provenance=self._provenance(done, data, len(answer.candidates), chosen),
        )

    def preview(self, index: int, data: Any) -> TranslationRequest:
        """The request that would be made of an item.

        Raises:
            EvalError: the item cannot be used.
        """
        return self._request(self.reader.read(index, data))

    def _request(self, item: BenchmarkItem) -> TranslationRequest:
        plan = self._plan
        seed = None if plan.seed is None else seed_of(plan.seed, item.data)
        return TranslationRequest(
            plan.pair, item.segments, plan.recipe.category, plan.candidates, seed
        )

    async def _answer(self, request: TranslationRequest) -> EngineAnswer:
        """An item without a word to translate is its own translation."""
        if not request.segments:
            return EngineAnswer(({},))
        return await self._plan.engine.translate(request)

    def _choose(
        self, item: BenchmarkItem, answer: EngineAnswer
    ) -> tuple[int, dict[str, str], list[Finding]]:
        """The candidate with the least severe findings; the first of equals.

        Raises:
            EngineError: no candidate could be read.
        """
        best: tuple[int, int, dict[str, str], list[Finding]] | None = None
        last_error: EngineError | None = None
        for number, candidate in enumerate(answer.candidates):
            if isinstance(candidate, EngineError):
                last_error = candidate
                continue
            translations = dict(candidate)
            plan = self._plan
            category = plan.recipe.category
            findings = check_item(item, translations, plan.pair, category, plan.rules)
            penalty = penalty_of(findings)
            if best is None or penalty < best[0]:
                best = (penalty, number, translations, findings)
            if penalty == 0:
                break
        if best is None:
            raise last_error or EngineError("The engine gave no candidate.")
        return best[1], best[2], best[3]

    def _failed(
        self, done: _Done, data: Any, error: EvalError | PromptError | ServiceError
    ) -> ItemRecord:
        return ItemRecord(
            index=done.index,
            id=done.id,
            verdict=Verdict.FAILED,
            error=item_error(error),
            provenance=self._provenance(done, data, 0, 0),
        )

    def _provenance(self, done: _Done, data: Any, candidates: int, chosen: int) -> Provenance:
        return Provenance(
            signature=self._plan.signature,
            source_sha256=fingerprint(data),
            calls=done.usage.calls,
            prompt_tokens=done.usage.prompt_tokens,
            completion_tokens=done.usage.completion_tokens,
            seconds=round(time.monotonic() - done.started, 4),
            candidates=candidates,
            chosen=chosen,
        )


@dataclass(slots=True)
class _Done:
    """What is known of an item while it is worked on, also when it fails then."""

    index: int
    id: str
    started: float
    usage: Usage = field(default_factory=Usage)


def seed_of(seed: int, data: Any) -> int:
    """An item's own seed in 31 bits: the same in every batch, order and resumed run."""
    return int(fingerprint([seed, data])[:8], 16) >> 1
