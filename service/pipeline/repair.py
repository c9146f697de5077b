"""Asking once more for terms that a translation missed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from eval.benchmarks.item import BenchmarkItem
from eval.checks.base import Finding, ItemPair, pair_up
from eval.checks.suite import check_item
from eval.checks.terms import is_binding, outcomes
from eval.run_log import StageOutcome, StageRecord, Step, penalty_of
from glossary.adherence import Outcome
from glossary.language import Language
from glossary.matching.particles import substituted
from service.engines.base import Candidate, TranslationRequest, Usage
from service.errors import EngineError
from service.pipeline.plan import RunPlan
from service.pipeline.terms import Told


@dataclass(frozen=True, slots=True)
class Judged:
    """A translation and what the checks found in it."""

    translations: Mapping[str, str]
    findings: list[Finding]

    @property
    def hard(self) -> int:
        """How many findings veto it."""
        return sum(finding.hard for finding in self.findings)


def beside(plan: RunPlan, item: BenchmarkItem, translations: Mapping[str, str]) -> ItemPair:
    """The item beside a translation of it."""
    return pair_up(item, translations, plan.pair, plan.recipe.category, plan.rules)


def judged(plan: RunPlan, item: BenchmarkItem, translations: Mapping[str, str]) -> Judged:
    """Check a translation as the run checks all of them."""
    category = plan.recipe.category
    return Judged(translations, check_item(item, translations, plan.pair, category, plan.rules))


def missed(plan: RunPlan, item: BenchmarkItem, draft: Judged, told: Told) -> Told:
    """Of the terms that were told, those that bind and were not obeyed, by segment."""
    wanted = {
        (segment.segment.id, outcome.source)
        for segment, outcome in outcomes(beside(plan, item, draft.translations))
        if is_binding(outcome)
    }
    left = {
        id_: [entry for entry in entries if (id_, entry.source) in wanted]
        for id_, entries in told.items()
    }
    return {id_: entries for id_, entries in left.items() if entries}


async def repaired(
    plan: RunPlan, request: TranslationRequest, item: BenchmarkItem, draft: Judged
) -> tuple[Judged, list[StageRecord]]:
    """One more call that names only the missed terms; the better of both translations.

    Forbidden words that are left then are put right in place.
    """
    terms = missed(plan, item, draft, request.terms)
    if not terms:
        return draft, []
    best, stages = draft, []
    if plan.takes_terms:
        started = time.monotonic()
        again = replace(request, candidates=1, terms=terms, draft=draft.translations)
        best, outcome, cost = await _asked_again(plan, again, item, draft)
        stages.append(_stage(Step.TERMS, outcome, draft, best, cost, started))
    put_right = judged(plan, item, _substituted(plan, item, best))
    if _better(put_right, best):
        stages.append(_stage(Step.SUBSTITUTE, StageOutcome.ACCEPTED, best, put_right))
        return put_right, stages
    return best, stages


def _stage(
    step: Step,
    outcome: StageOutcome,
    before: Judged,
    after: Judged,
    cost: Usage | None = None,
    started: float | None = None,
) -> StageRecord:
    cost = cost or Usage()
    return StageRecord(
        step=step,
        outcome=outcome,
        calls=cost.calls,
        prompt_tokens=cost.prompt_tokens,
        completion_tokens=cost.completion_tokens,
        seconds=0.0 if started is None else round(time.monotonic() - started, 4),
        hard_before=before.hard,
        hard_after=after.hard,
    )


async def _asked_again(
    plan: RunPlan, request: TranslationRequest, item: BenchmarkItem, draft: Judged
) -> tuple[Judged, StageOutcome, Usage]:
    try:
        answer = await plan.engine.translate(request)
    except EngineError:
        return draft, StageOutcome.FAILED, Usage(1)
    first: Candidate = answer.candidates[0]
    if isinstance(first, EngineError):
        return draft, StageOutcome.FAILED, answer.usage
    mended = judged(plan, item, dict(first))
    if _better(mended, draft):
        return mended, StageOutcome.ACCEPTED, answer.usage
    return draft, StageOutcome.REFUSED, answer.usage


def _better(mended: Judged, draft: Judged) -> bool:
    """It obeys more and breaks nothing else."""
    return mended.hard < draft.hard and penalty_of(mended.findings) < penalty_of(draft.findings)


def _substituted(plan: RunPlan, item: BenchmarkItem, draft: Judged) -> Mapping[str, str]:
    """The glossary's word in place of each forbidden one; a Korean particle behind it fits it.

    Not into English, where the word would have to be inflected.
    """
    texts = dict(draft.translations)
    if plan.pair.target is Language.EN:
        return texts
    for segment, outcome in outcomes(beside(plan, item, draft.translations)):
        if outcome.outcome is Outcome.VIOLATED and is_binding(outcome) and outcome.expected:
            id_ = segment.segment.id
            if texts[id_] != segment.target:
                continue  # places have moved; one term at a time is enough
            for start, end in sorted(outcome.target_spans, reverse=True):
                texts[id_] = substituted(texts[id_], start, end, outcome.expected[0])
    return texts
