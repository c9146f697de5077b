"""One item's way, step by step: what each cost and brought. A step that fails costs only itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from eval.benchmarks.item import BenchmarkItem
from eval.run_log import StageOutcome, StageRecord, Step
from glossary.terminology import TermEntry
from prompts.errors import PromptError
from service.engines.base import TranslationRequest
from service.engines.errors import EngineError
from service.engines.purse import Purse, Usage
from service.errors import BudgetSpent
from service.pipeline.judged import Judged, judged
from service.pipeline.plan import RunPlan
from service.pipeline.record import printable

_LOG = logging.getLogger("isogloss.pipeline")


@dataclass(slots=True)
class Stage:
    """A step under way: whoever does it says how it ended."""

    before: Judged | None
    after: Judged | None
    outcome: StageOutcome = StageOutcome.DONE
    note: str = ""

    def verdict(self, after: Judged, fault: str) -> Judged:
        """Accept what was made unless it has a fault; gives the better of both."""
        if fault:
            self.outcome, self.note = StageOutcome.REFUSED, fault
            assert self.before is not None
            return self.before
        self.outcome, self.after = StageOutcome.ACCEPTED, after
        return after


class Work:
    """One item that is worked on: what is asked, who pays, and what was done so far.

    Attributes:
        unscored: how often the run's metric gave no score where it was asked for its say.
    """

    def __init__(self, plan: RunPlan, item: BenchmarkItem, request: TranslationRequest) -> None:
        self.plan, self.item, self.request = plan, item, request
        self.purse: Purse = request.purse
        self.stages: list[StageRecord] = []
        self.unscored = 0

    @property
    def terms(self) -> list[TermEntry]:
        """The glossary's terms that occur in the item, each once."""
        told = self.request.terms.values()
        return list(dict.fromkeys(entry for entries in told for entry in entries))

    async def judged(self, translations: Mapping[str, str]) -> Judged:
        """A translation and what the checks say of it.

        Checks never wait. So they are made one at a time, with a turn for all others in between:
        answers that have come are read, and requests that wait for their slots go out, first.
        """
        async with self.plan.judging:
            await asyncio.sleep(0)
            return judged(self.plan, self.item, translations)

    def for_the_edit(self, best: Judged) -> int:
        """Calls to leave: one where there are hard findings to mend."""
        return int(best.hard > 0)

    @contextmanager
    def step(self, step: Step, before: Judged) -> Iterator[Stage]:
        """Do one step: what goes wrong in it is told in its record and goes no further."""
        with self._recorded(step, before) as stage:
            try:
                yield stage
            except BudgetSpent as error:
                stage.outcome, stage.note = StageOutcome.SKIPPED, str(error)
            except Exception as error:
                stage.outcome, stage.note = StageOutcome.FAILED, _why(error)
                if not isinstance(error, EngineError | PromptError):
                    # A fault of ours in a later step must not cost what the earlier ones made.
                    _LOG.exception("unexpected error in step %s", step)

    @contextmanager
    def draft(self) -> Iterator[Stage]:
        """Do the first step, without which there is nothing: what goes wrong in it is raised."""
        with self._recorded(Step.DRAFT, None) as stage:
            try:
                yield stage
            except Exception as error:
                stage.outcome, stage.note = StageOutcome.FAILED, _why(error)
                raise

    @contextmanager
    def _recorded(self, step: Step, before: Judged | None) -> Iterator[Stage]:
        stage = Stage(before, before)
        started, paid, unscored = time.monotonic(), len(self.purse.paid), self.unscored
        try:
            yield stage
        finally:
            cost = sum(self.purse.paid[paid:], Usage())
            without = "the metric gave no score" if self.unscored > unscored else ""
            self.stages.append(
                StageRecord(
                    step=step,
                    outcome=stage.outcome,
                    calls=cost.calls,
                    prompt_tokens=cost.prompt_tokens,
                    completion_tokens=cost.completion_tokens,
                    seconds=round(time.monotonic() - started, 4),
                    hard_before=stage.before.hard if stage.before else None,
                    hard_after=stage.after.hard if stage.after else None,
                    note=printable("; ".join(filter(None, (stage.note, without)))),
                )
            )


def _why(error: Exception) -> str:
    if isinstance(error, EngineError | PromptError | BudgetSpent):
        return f"{error.code}: {error}"
    return type(error).__name__
