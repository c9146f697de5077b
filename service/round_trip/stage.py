"""What a step after the translation cost, added to an item's record."""

from __future__ import annotations

import time

from eval.run_log import ItemRecord, StageOutcome, StageRecord, Step
from service.engines.purse import Purse, Usage
from service.pipeline.record import printable


class Bill:
    """One step after the translation, from when this is made: its calls are paid from ``purse``.

    The item's budget does not bound it: a score that only cheap items have would mean nothing.
    """

    def __init__(self, step: Step) -> None:
        self.purse = Purse()
        self._step, self._started = step, time.monotonic()

    def added_to(
        self, record: ItemRecord, outcome: StageOutcome = StageOutcome.DONE, note: str = ""
    ) -> ItemRecord:
        """The record with one more stage, and its calls, tokens and seconds in the sums."""
        seconds = round(time.monotonic() - self._started, 4)
        cost = sum(self.purse.paid, Usage())
        stage = StageRecord(
            step=self._step,
            outcome=outcome,
            calls=cost.calls,
            prompt_tokens=cost.prompt_tokens,
            completion_tokens=cost.completion_tokens,
            seconds=seconds,
            note=printable(note),
        )
        made = record.provenance
        total = Usage(made.calls, made.prompt_tokens, made.completion_tokens) + cost
        provenance = made.model_copy(
            update={
                "calls": total.calls,
                "prompt_tokens": total.prompt_tokens,
                "completion_tokens": total.completion_tokens,
                "seconds": round(made.seconds + seconds, 4),
                "stages": [*made.stages, stage],
            }
        )
        return record.model_copy(update={"provenance": provenance})
