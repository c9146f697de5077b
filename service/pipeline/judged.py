"""A translation and what the checks say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eval.benchmarks.item import BenchmarkItem
from eval.checks.base import Finding, ItemPair, pair_up
from eval.checks.suite import check_item
from eval.checks.terms import is_binding, outcomes
from eval.run_log import penalty_of
from glossary.adherence import Outcome, TermOutcome
from glossary.concept import Strength
from service.pipeline.plan import RunPlan
from service.pipeline.terms import Told


@dataclass(frozen=True, slots=True)
class Judged:
    """A translation and what the checks found in it.

    ``adherence`` is the share of the glossary's terms that it keeps, without those that are mere
    hints or have a condition; ``None`` where there are none.
    """

    translations: Mapping[str, str]
    findings: list[Finding]
    adherence: float | None = None

    @property
    def hard(self) -> int:
        """How many findings veto it."""
        return sum(finding.hard for finding in self.findings)

    @property
    def penalty(self) -> int:
        """Weight of all findings."""
        return penalty_of(self.findings)

    @property
    def texts(self) -> list[str]:
        """In the order of the item's segments."""
        return list(self.translations.values())


def judged(plan: RunPlan, item: BenchmarkItem, translations: Mapping[str, str]) -> Judged:
    """Check a translation as the run checks all of them."""
    in_order = {segment.id: translations[segment.id] for segment in item.segments}
    findings = check_item(item, in_order, plan.pair, plan.recipe.category, plan.rules)
    if plan.rules.terminology is None:
        return Judged(in_order, findings)
    told = (outcome for _, outcome in outcomes(beside(plan, item, in_order)))
    return Judged(in_order, findings, _kept(told))


def beside(plan: RunPlan, item: BenchmarkItem, translations: Mapping[str, str]) -> ItemPair:
    """The item beside a translation of it."""
    return pair_up(item, translations, plan.pair, plan.recipe.category, plan.rules)


def missed(plan: RunPlan, item: BenchmarkItem, draft: Judged, told: Told) -> Told:
    """Of the terms that were told, those that bind and were not obeyed, by segment."""
    if not told:
        return {}
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


def _kept(told: Iterable[TermOutcome]) -> float | None:
    settled = [
        outcome.outcome is Outcome.APPLIED
        for outcome in told
        if outcome.strength is not Strength.HINT and not outcome.condition
    ]
    return sum(settled) / len(settled) if settled else None
