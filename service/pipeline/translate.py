"""One item's way: read by its recipe, translated, checked, judged, rebuilt."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eval.benchmarks.item import BenchmarkItem, item_id, read_item
from eval.benchmarks.protect import protected_spans
from eval.benchmarks.recipe import Recipe
from eval.checks.base import Finding, Severity
from eval.checks.suite import check_item
from eval.errors import DuplicateId, EvalError, ItemTooLarge
from eval.run_log import ItemError, ItemRecord, Provenance, SegmentRecord, Verdict
from glossary.language import Pair
from prompts.errors import PromptError
from service.engines.base import Engine, EngineAnswer, TranslationRequest, Usage
from service.errors import EngineError, ServiceError

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
        id_ = printable(item_id(data, self._plan.recipe, index))
        started = time.monotonic()
        usage = Usage()
        try:
            item = self._read(index, id_, data)
            request = self._request(item)
            answer = await self._answer(request)
            usage = answer.usage
            chosen, translations, findings = self._choose(item, answer)
        except (EvalError, PromptError, ServiceError) as error:
            return self._failed(index, id_, data, error, usage, started)
        return ItemRecord(
            index=index,
            id=id_,
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
            provenance=self._provenance(data, usage, started, len(answer.candidates), chosen),
        )

    def preview(self, index: int, data: Any) -> tuple[BenchmarkItem, TranslationRequest]:
        """The item as it was read and the request that would be made of it."""
        item = self._read(index, item_id(data, self._plan.recipe, index), data)
        return item, self._request(item)

    def _read(self, index: int, id_: str, data: Any) -> BenchmarkItem:
        item = read_item(data, self._plan.recipe, index)
        first = self._ids.setdefault(id_, index)
        if first != index:
            raise DuplicateId(id_, first)
        if item.characters > self._plan.max_item_characters:
            raise ItemTooLarge(item.characters, self._plan.max_item_characters)
        return item

    def _request(self, item: BenchmarkItem) -> TranslationRequest:
        plan = self._plan
        seed = None if plan.seed is None else plan.seed + item.index
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
        self,
        index: int,
        id_: str,
        data: Any,
        error: EvalError | PromptError | ServiceError,
        usage: Usage,
        started: float,
    ) -> ItemRecord:
        return ItemRecord(
            index=index,
            id=id_,
            verdict=Verdict.FAILED,
            error=ItemError(
                code=error.code,
                detail=printable(str(error)),
                remedy=getattr(error, "remedy", "") or "Choose another engine or profile.",
            ),
            provenance=self._provenance(data, usage, started, 0, 0),
        )

    def _provenance(
        self, data: Any, usage: Usage, started: float, candidates: int, chosen: int
    ) -> Provenance:
        return Provenance(
            signature=self._plan.signature,
            source_sha256=fingerprint(data),
            calls=usage.calls,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            seconds=round(time.monotonic() - started, 4),
            candidates=candidates,
            chosen=chosen,
        )


def penalty_of(findings: Sequence[Finding]) -> int:
    """Sum of severities; a hard finding outweighs any number of soft ones."""
    return sum(_WEIGHT[finding.severity] + 1000 * finding.hard for finding in findings)


def fingerprint(data: Any) -> str:
    """SHA-256 of a JSON value in canonical form, as hex."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def printable(text: str) -> str:
    """``text`` with lone surrogates and NULs as escapes, so that it can be sent and stored."""
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return safe.replace("\x00", "\\x00")


def protected_preview(item: BenchmarkItem) -> list[dict[str, Any]]:
    """Segments with what is protected in them, for a dry run."""
    return [
        {
            "id": segment.id,
            "kind": segment.kind,
            "source": segment.text,
            "protected": [
                {"start": span.start, "end": span.end, "kind": span.kind, "text": span.text}
                for span in protected_spans(segment.text, segment.literals)
            ],
        }
        for segment in item.segments
    ]
