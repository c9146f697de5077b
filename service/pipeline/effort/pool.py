"""The candidates of an item: asked for as long as they differ, judged, chosen from."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from eval.run_log import Step
from service.engines.errors import EngineError
from service.errors import BudgetSpent
from service.pipeline.effort.agree import agreed
from service.pipeline.effort.select import in_order
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged, judged


class Pool:
    """Candidates in the order in which the engine gave them; some could not be read.

    Attributes:
        given: all of them.
        order: those that could be read, the best first (``in_order``).
        settled: the run is thorough, and more of them would tell nothing new.
    """

    def __init__(self) -> None:
        self.given: list[Judged | EngineError] = []
        self.order: list[Judged] = []
        self.settled = False

    @property
    def readable(self) -> list[Judged]:
        """Those that have a translation."""
        return [each for each in self.given if isinstance(each, Judged)]

    @property
    def picked(self) -> Judged:
        """The one that was chosen."""
        return self.order[0]

    @property
    def chosen(self) -> int:
        """Its place among all; 0 as long as none is chosen."""
        best = self.order[:1]
        return next((n for n, each in enumerate(self.given) if [each] == best), 0)

    def pick(self, candidate: Judged) -> Judged:
        """Choose another one than the first in order."""
        self.order.remove(candidate)
        self.order.insert(0, candidate)
        return candidate

    async def ask(self, work: Work, count: int) -> None:
        """Add so many candidates: one request, whatever their number.

        Raises:
            EngineError: the engine gave no candidate at all.
            BudgetSpent: not even one can be paid.
        """
        seed = work.request.seed
        if seed is not None and self.given:
            seed = (seed + len(self.given)) % 2**31  # with the same one they would come again
        asked = replace(work.request, candidates=count, seed=seed)
        answer = await work.plan.engine.translate(asked)
        for candidate in answer.candidates:
            self.given.append(
                candidate
                if isinstance(candidate, EngineError)
                else judged(work.plan, work.item, candidate)
            )
            await asyncio.sleep(0)  # judging never waits, and others want the event loop too


async def drafted(work: Work, pool: Pool) -> Judged:
    """The best of the first candidates.

    Raises:
        EngineError: there is none that can be read.
        BudgetSpent: the budget does not suffice for a draft.
    """
    way = work.plan.way
    with work.draft() as stage:
        await pool.ask(work, way.first if work.plan.asks_model else way.candidates)
        missing = way.candidates - len(pool.given)
        if not pool.readable and way.thorough and missing > 0:
            with suppress(BudgetSpent):
                await pool.ask(work, missing)
        if not pool.readable:
            raise next(each for each in pool.given if isinstance(each, EngineError))
        pool.order = await in_order(work, pool.readable)
        stage.after = pool.picked
        if way.thorough:
            pool.settled = await asyncio.to_thread(agreed, work, pool.given)
            number = "1 candidate" if len(pool.given) == 1 else f"{len(pool.given)} candidates"
            stage.note = f"{number}, {'' if pool.settled else 'not '}agreed"
    return pool.picked


async def grown(work: Work, pool: Pool) -> None:
    """Add candidates up to as many as the run allows, and put all in order."""
    missing = work.plan.way.candidates - len(pool.given)
    if missing < 1 or not work.plan.asks_model:
        return
    with work.step(Step.GROW, pool.picked) as stage:
        await pool.ask(work, missing)
        pool.order = await in_order(work, pool.readable)
        stage.after = pool.picked
        stage.note = f"number {pool.chosen + 1} of {len(pool.given)} candidates"
