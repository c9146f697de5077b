"""One item's way: read by its recipe, translated, checked, judged, rebuilt."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.benchmarks.item import BenchmarkItem, item_id, read_item
from eval.benchmarks.recipe import Recipe
from eval.checks.base import Finding, Severity
from eval.checks.suite import check_item
from eval.errors import DuplicateId, EvalError, ItemTooLarge
from eval.run_log import ItemError, ItemRecord, Provenance, SegmentRecord, Verdict
from glossary.language import Pair
from prompts.errors import PromptError
from service.engines.base import Engine, EngineAnswer, TranslationRequest, Usage
from service.errors import EngineError, InternalError, ServiceError
from service.pipeline.bounds import refuse_too_large, refuse_unknown_numbers

_LOG = logging.getLogger("isogloss.pipeline")
_WEIGHT = {
    Severity.NEUTRAL: 0,
    Severity.MINOR: 1,
    Severity.MAJOR: 5,
    Severity.CRITICAL: 25,
}
"""Penalty per finding as in MQM's scoring model (https://themqm.org)."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is the same for all items of a run."""

    engine: Engine
    recipe: Recipe
    pair: Pair
    signature: str
    candidates: int = 1
    seed: int | None = None
    max_item_characters: int = 40_000


class ItemTranslator:
    """Translates the items of one run; an item that fails never takes another with it."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._ids: dict[str, int] = {}

    async def translate(self, index: int, data: Any) -> ItemRecord:
        """The record of one item; failures are records too."""
        done = _Done(index, self.id_of(index, data), time.monotonic())
        try:
            return await self._translated(done, data)
        except (EvalError, PromptError, ServiceError) as error:
            return self._failed(done, data, error)
        except Exception as error:
            # A fault of ours at one item must not cost the others, nor hide.
            _LOG.exception("unexpected error at item %s", done.id)
            return self._failed(done, data, InternalError(error))

    async def _translated(self, done: _Done, data: Any) -> ItemRecord:
        item = self._read(done.index, done.id, data)
        answer = await self._answer(self._request(item))
        done.usage = answer.usage
        chosen, translations, findings = self._choose(item, answer)
        return ItemRecord(
            index=done.index,
            id=done.id,
            verdict=Verdict.FLAGGED if any(f.hard for f in findings) else Verdict.OK,
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
        return self._request(self._read(index, self.id_of(index, data), data))

    def take_ids(self, taken: Mapping[str, int]) -> None:
        """Know ids of items that an earlier part of the run has finished, with their positions."""
        self._ids |= taken

    def id_of(self, index: int, data: Any) -> str:
        """What records call the item: its own id, or its position where it has none."""
        return printable(item_id(data, self._plan.recipe, index))

    def _read(self, index: int, id_: str, data: Any) -> BenchmarkItem:
        limit = self._plan.max_item_characters
        refuse_too_large(data, self._plan.recipe, limit)
        item = read_item(data, self._plan.recipe, index)
        refuse_unknown_numbers(data)
        if item.characters > limit:
            raise ItemTooLarge(item.characters, limit)
        first = self._ids.setdefault(id_, index)
        if first != index:
            raise DuplicateId(id_, first)
        return item

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
            findings = check_item(item, translations, self._plan.pair, self._plan.recipe.category)
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


def item_error(error: EvalError | PromptError | ServiceError) -> ItemError:
    """What a record says about an error."""
    remedy = getattr(error, "remedy", "") or "Choose another engine or profile."
    return ItemError(code=error.code, detail=printable(str(error)), remedy=printable(remedy))


def failed_record(
    index: int, id_: str, data: Any, error: EvalError | ServiceError, signature: str
) -> ItemRecord:
    """The record of an item that never reached an engine."""
    return ItemRecord(
        index=index,
        id=id_,
        verdict=Verdict.FAILED,
        error=item_error(error),
        provenance=Provenance(signature=signature, source_sha256=fingerprint(data), candidates=0),
    )


def penalty_of(findings: Sequence[Finding]) -> int:
    """Sum of severities; a hard finding outweighs any number of soft ones."""
    return sum(_WEIGHT[finding.severity] + 1000 * finding.hard for finding in findings)


def fingerprint(data: Any) -> str:
    """SHA-256 of a JSON value in canonical form, as hex; empty if it is nested too deeply."""
    try:
        text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    except RecursionError:
        return ""
    return hashlib.sha256(text.encode()).hexdigest()


def seed_of(seed: int, data: Any) -> int:
    """An item's own seed in 31 bits: the same in every batch, order and resumed run."""
    return int(fingerprint([seed, data])[:8], 16) >> 1


def printable(text: str) -> str:
    """``text`` with lone surrogates and NULs as escapes, so that it can be sent and stored."""
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return safe.replace("\x00", "\\x00")
