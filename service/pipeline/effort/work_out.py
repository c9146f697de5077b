"""An item's translation, as far as the run's effort goes: draft, select, critique, edit, verify."""

from __future__ import annotations

from collections.abc import Sequence

from eval.run_log import Step
from prompts.problem import Problem
from service.engines.base import Asking
from service.errors import BudgetSpent
from service.pipeline.effort.critique import CRITIQUE_AND_EDIT, criticised
from service.pipeline.effort.edit import asked_for_terms, edited
from service.pipeline.effort.fuse import fused
from service.pipeline.effort.pool import Pool, drafted, grown
from service.pipeline.effort.problems import problems_of
from service.pipeline.effort.rank import judged_best
from service.pipeline.effort.stages import Work
from service.pipeline.effort.substitute import put_right
from service.pipeline.judged import Judged, missed
from service.pipeline.levels import Effort, Method


async def worked_out(work: Work, pool: Pool) -> Judged:
    """The best translation of an item; ``pool`` and ``work`` tell how it came about.

    Raises:
        EngineError: there is no draft.
        BudgetSpent: the budget does not suffice for a draft.
    """
    way = work.plan.way
    best = await drafted(work, pool)
    if way.thorough and not pool.settled:
        await grown(work, pool)
        best = await _by_method(work, pool)
    if way.effort is Effort.DRAFT or pool.settled or not work.purse.paid:
        return best  # what no model has worded stays as it was given
    best = await _mended(work, best, [each for each in pool.readable if each is not best])
    return put_right(work, best)


async def _by_method(work: Work, pool: Pool) -> Judged:
    """What the run's method makes of the candidates; their best where no model can be asked."""
    judge, method = work.plan.judge, work.plan.way.method
    if judge is not None and method is Method.FUSE:
        return await fused(work, pool.order)
    if judge is not None and method is Method.RANK:
        return pool.pick(await judged_best(work, judge, pool.order))
    return pool.picked


async def _mended(work: Work, best: Judged, others: Sequence[Judged]) -> Judged:
    """One edit, where there is something that it can be told of and could win with."""
    if not best.findings:
        return best
    terms = missed(work.plan, work.item, best, work.request.terms)
    judge = work.plan.judge
    if judge is None:
        wanted = best.hard and terms and work.plan.takes_terms
        return await asked_for_terms(work, best, others, terms) if wanted else best
    problems = problems_of(work, best, terms, soft=False) if best.hard else []
    if work.plan.way.thorough:
        noticed = problems_of(work, best, terms, soft=True)
        errors = await _criticised(work, judge, best, noticed) if noticed else []
        problems = list(dict.fromkeys(problems + errors))
    return await edited(work, best, others, problems) if problems else best


async def _criticised(
    work: Work, judge: Asking, best: Judged, noticed: Sequence[Problem]
) -> list[Problem]:
    """What a critique names, if a call is left then: without an edit it would be of no use."""
    if work.purse.calls_left >= CRITIQUE_AND_EDIT:
        return await criticised(work, judge, best, noticed)
    with work.step(Step.CRITIQUE, best):
        left, most = work.purse.calls_left, work.plan.way.budget.calls
        raise BudgetSpent("calls", CRITIQUE_AND_EDIT, left, most)
    return []
