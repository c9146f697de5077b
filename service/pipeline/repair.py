"""Asking once more for terms that a translation missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from eval.benchmarks.item import BenchmarkItem
from eval.checks.base import Finding, ItemPair, pair_up
from eval.checks.suite import check_item
from eval.checks.terms import is_binding, outcomes
from eval.run_log import Repair, penalty_of
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
) -> tuple[Judged, Repair | None, Usage]:
    """One more call that names only the missed terms; the better of both translations.

    The new one is accepted when it misses fewer terms and breaks nothing else: its hard findings
    are fewer, and its findings together not worse.
    """
    terms = missed(plan, item, draft, request.terms) if plan.takes_terms else {}
    if not terms:
        return draft, None, Usage()
    again = replace(request, candidates=1, terms=terms, draft=draft.translations)
    try:
        answer = await plan.engine.translate(again)
    except EngineError:
        return draft, Repair.FAILED, Usage(1)
    first: Candidate = answer.candidates[0]
    if isinstance(first, EngineError):
        return draft, Repair.FAILED, answer.usage
    mended = judged(plan, item, dict(first))
    better = mended.hard < draft.hard and penalty_of(mended.findings) < penalty_of(draft.findings)
    if better:
        return mended, Repair.ACCEPTED, answer.usage
    return draft, Repair.REFUSED, answer.usage
