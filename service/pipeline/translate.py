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
    verdict_of,
)
from prompts.errors import PromptError
from service.engines.base import TranslationRequest
from service.engines.purse import Purse, Usage
from service.errors import InternalError, ServiceError
from service.pipeline.effort.pool import Pool
from service.pipeline.effort.stages import Work
from service.pipeline.effort.work_out import worked_out
from service.pipeline.judged import judged
from service.pipeline.plan import RunPlan
from service.pipeline.reader import ItemReader
from service.pipeline.record import fingerprint, item_error
from service.pipeline.terms import fingerprint_of, term_records, terms_of

_LOG = logging.getLogger("isogloss.pipeline")
ONE_BY_ONE = (
    "The server gives fewer candidates in one request than it is asked for (`n`): the others were "
    "asked for in requests of their own, each a call, as far as the budget allowed."
)
"""Caveat of a run with such a server."""
UNSCORED = (
    "The metric that helps to choose gave no score for some items: they were chosen without it, as "
    "their steps say."
)
"""Caveat of a run in which a metric that its signature names had no say about an item."""


class ItemTranslator:
    """Translates the items of one run; an item that fails never takes another with it."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._shown: dict[str, None] = {}
        self.reader = ItemReader(plan.recipe, plan.max_item_characters)

    @property
    def caveats(self) -> list[str]:
        """What has shown of the server while items were translated."""
        return list(self._shown)

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
        finally:
            self._shown |= dict.fromkeys(done.caveats)

    async def _translated(self, done: _Done, data: Any) -> ItemRecord:
        plan = self._plan
        item = self.reader.read(done.index, data)
        request = self._request(item)
        done.terms = fingerprint_of(request.terms)
        if not item.segments:  # without a word to translate it is its own translation
            best = judged(plan, item, {})
        else:
            done.work = Work(plan, item, request)
            best = await worked_out(done.work, done.pool)
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
            plan.way.first,
            None if plan.seed is None else seed_of(plan.seed, item.data),
            terms_of(item, plan.rules.terminology),
            purse=Purse(plan.way.budget),
        )

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
        cost = sum(done.work.purse.paid, Usage()) if done.work else Usage()
        return Provenance(
            signature=self._plan.signature,
            source_sha256=fingerprint(data),
            calls=cost.calls,
            prompt_tokens=cost.prompt_tokens,
            completion_tokens=cost.completion_tokens,
            seconds=round(time.monotonic() - done.started, 4),
            candidates=len(done.pool.given),
            chosen=done.pool.chosen,
            terms=done.terms,
            effort=str(self._plan.way) if done.work else "",
            stages=done.stages,
        )


@dataclass(slots=True)
class _Done:
    """What is known of an item while it is worked on, also when it fails then."""

    index: int
    id: str
    started: float
    terms: str = ""
    pool: Pool = field(default_factory=Pool)
    work: Work | None = None

    @property
    def stages(self) -> list[StageRecord]:
        return self.work.stages if self.work else []

    @property
    def caveats(self) -> list[str]:
        unscored = self.work is not None and self.work.unscored
        return [ONE_BY_ONE] * self.pool.fewer + ([UNSCORED] if unscored else [])


def seed_of(seed: int, data: Any) -> int:
    """An item's own seed in 31 bits: the same in every batch, order and resumed run."""
    return int(fingerprint([seed, data])[:8], 16) >> 1
