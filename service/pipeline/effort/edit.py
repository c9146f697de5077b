"""One bounded edit of a translation: what it is told of is concrete, and it must win."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from eval.run_log import Step
from prompts.problem import Problem
from service.engines.base import TranslationRequest
from service.engines.errors import EngineError
from service.pipeline.effort.stages import Work
from service.pipeline.effort.verify import loss
from service.pipeline.judged import Judged
from service.pipeline.terms import Told


async def edited(
    work: Work, best: Judged, others: Sequence[Judged], problems: Sequence[Problem]
) -> Judged:
    """The translation with its problems solved, if there are fewer hard findings then.

    Where there were none, all findings together must weigh less. In either case nothing else may
    be worse (``loss``).

    Args:
        work: the item.
        best: the translation.
        others: further candidates of the item.
        problems: what is wrong with it, the keys being segment ids.
    """
    # Missed terms are among the problems, and no others are to be named.
    asked = replace(
        work.request, candidates=1, terms={}, draft=best.translations, problems=problems
    )
    return await _asked(work, Step.EDIT, best, others, asked)


async def asked_for_terms(
    work: Work, best: Judged, others: Sequence[Judged], terms: Told
) -> Judged:
    """The translation once more by a model that can be told nothing but terms."""
    asked = replace(work.request, candidates=1, terms=terms, draft=best.translations)
    return await _asked(work, Step.TERMS, best, others, asked)


async def _asked(
    work: Work, step: Step, best: Judged, others: Sequence[Judged], asked: TranslationRequest
) -> Judged:
    with work.step(step, best) as stage:
        answer = await work.plan.engine.translate(asked)
        made = answer.candidates[0]
        if isinstance(made, EngineError):
            raise made
        after = await work.judged(made)
        named = _alike(best, {problem.key for problem in asked.problems} | set(asked.terms))
        fault = _nothing_mended(best, after) or await loss(work, best, after, others, named)
        best = stage.verdict(after, fault)
    return best


def _alike(before: Judged, ids: Collection[str]) -> set[str]:
    """These segments, and those with the same text.

    Of two options that became one a finding names the second, and the first may be the wrong one.
    """
    texts = {before.translations[id_] for id_ in ids}
    return {id_ for id_, text in before.translations.items() if text in texts}


def _nothing_mended(before: Judged, after: Judged) -> str:
    if after.texts == before.texts:
        return "nothing was changed"
    if after.hard < before.hard or (not after.hard and after.penalty < before.penalty):
        return ""
    if after.hard or before.hard:
        return f"hard findings: {after.hard} after {before.hard}"
    return f"weight of the findings: {after.penalty} after {before.penalty}"
