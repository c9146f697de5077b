"""The candidates of an item: asked for as long as they differ, judged, chosen from."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from eval.run_log import Step
from service.engines.calls import another_seed
from service.engines.errors import EngineError
from service.errors import BudgetSpent
from service.pipeline.effort.agree import agreed
from service.pipeline.effort.select import in_order
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged
from service.pipeline.levels import Effort


class Pool:
    """Candidates in the order in which the engine gave them; some could not be read.

    Attributes:
        given: all of them.
        order: those that could be read, the best first (``in_order``).
        settled: the run is thorough, and more of them would tell nothing new.
        wanted: how many were asked for.
        fewer: the server gave fewer in a request than it was asked for.
    """

    def __init__(self) -> None:
        self.given: list[Judged | EngineError] = []
        self.order: list[Judged] = []
        self.settled = False
        self.wanted = 0
        self.fewer = False

    @property
    def number(self) -> str:
        """How many there are, as a person reads it, and how many were asked for if more."""
        given = len(self.given)
        if given < self.wanted:
            return f"{given} of {self.wanted} candidates"
        return "1 candidate" if given == 1 else f"{given} candidates"

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

        From a server that gives fewer at once the others are asked for in further requests, as far
        as the budget goes; the last call is left to the edit, if there may be one.

        Raises:
            EngineError: the engine gave no candidate at all.
            BudgetSpent: not even one can be paid.
        """
        self.wanted = len(self.given) + count
        fewer = await self._asked(work, count)
        self.fewer = self.fewer or fewer
        last = int(work.plan.way.effort is not Effort.DRAFT)
        while fewer and len(self.given) < self.wanted:
            missing = max(2, self.wanted - len(self.given))  # one alone would not be sampled
            try:
                await self._asked(work, missing, leave=last)
            except BudgetSpent:
                return
            except EngineError as error:
                self.given.append(error)
                return

    async def _asked(self, work: Work, count: int, leave: int = 0) -> bool:
        """Make one request; did the server give fewer candidates than it was asked for?"""
        seed = another_seed(work.request.seed, len(self.given))
        asked = replace(work.request, candidates=count, seed=seed, leave=leave)
        answer = await work.plan.engine.translate(asked)
        for candidate in answer.candidates[: self.wanted - len(self.given)]:
            self.given.append(
                candidate if isinstance(candidate, EngineError) else await work.judged(candidate)
            )
        return answer.fewer


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
            stage.note = f"{pool.number}, {'' if pool.settled else 'not '}agreed"
        elif work.plan.asks_model and len(pool.given) < pool.wanted:
            stage.note = pool.number
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
        if len(pool.given) < pool.wanted:
            stage.note += f"; {pool.wanted} were asked for"
