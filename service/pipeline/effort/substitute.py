"""Forbidden words put right in place, without a model."""

from __future__ import annotations

from collections.abc import Mapping

from eval.checks.terms import is_binding, outcomes
from eval.run_log import Step
from glossary.adherence import Outcome
from glossary.language import Language
from glossary.matching.particles import substituted
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged, beside, judged


def put_right(work: Work, best: Judged) -> Judged:
    """The glossary's word in place of each forbidden one, if that leaves fewer hard findings."""
    texts = _texts(work, best)
    if texts == best.translations:
        return best
    with work.step(Step.SUBSTITUTE, best) as stage:
        after = judged(work.plan, work.item, texts)
        rose = "" if after.hard < best.hard else f"hard findings: {after.hard} after {best.hard}"
        best = stage.verdict(after, rose)
    return best


def _texts(work: Work, best: Judged) -> Mapping[str, str]:
    """A Korean particle behind a word that was put in fits it.

    Not into English, where the word would have to be inflected.
    """
    texts = dict(best.translations)
    if work.plan.pair.target is Language.EN:
        return texts
    for segment, outcome in outcomes(beside(work.plan, work.item, best.translations)):
        if outcome.outcome is Outcome.VIOLATED and is_binding(outcome) and outcome.expected:
            id_ = segment.segment.id
            if texts[id_] != segment.target:
                continue  # places have moved; one term at a time is enough
            for start, end in sorted(outcome.target_spans, reverse=True):
                texts[id_] = substituted(texts[id_], start, end, outcome.expected[0])
    return texts
