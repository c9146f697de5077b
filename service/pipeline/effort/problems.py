"""What an edit is told: findings that another wording can mend, and missed terms."""

from __future__ import annotations

from collections.abc import Iterable

from eval.checks.base import Finding, Severity
from eval.checks.consistency import CONSISTENCY
from prompts.problem import Problem, missed_term
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged
from service.pipeline.terms import Told

_NOT_OF_WORDING = frozenset(("comparable", CONSISTENCY))
"""Checks whose findings are about the benchmark, or about other items."""
_TERMS = "terms"


def problems_of(work: Work, draft: Judged, terms: Told, *, soft: bool) -> list[Problem]:
    """The hard findings, ``soft`` ones too if wanted, and the missed ``terms``; keys are segments.

    Findings without a place in a text that is translated are left out.
    """
    ids = {segment.id for segment in work.item.segments}
    told = [
        _problem(finding, work, draft)
        for finding in _mendable(draft.findings, soft=soft)
        if finding.segment in ids and not (finding.check == _TERMS and finding.hard and terms)
    ]
    named = [missed_term(entry, id_) for id_, entries in terms.items() for entry in entries]
    return list(dict.fromkeys(told + named))


def _mendable(findings: Iterable[Finding], *, soft: bool) -> list[Finding]:
    return [
        finding
        for finding in findings
        if finding.check not in _NOT_OF_WORDING
        and (finding.hard or (soft and finding.severity is not Severity.NEUTRAL))
    ]


def _problem(finding: Finding, work: Work, draft: Judged) -> Problem:
    source = next(each.text for each in work.item.segments if each.id == finding.segment)
    target = draft.translations[finding.segment]
    return Problem(
        finding.segment,
        finding.severity,
        finding.message,
        source[slice(*finding.source_span)] if finding.source_span else "",
        target[slice(*finding.target_span)] if finding.target_span else "",
        finding.expected or "",
    )
