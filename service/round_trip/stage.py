"""What a step after the translation cost, added to an item's record."""

from __future__ import annotations

import time

from eval.run_log import ItemRecord, StageOutcome, StageRecord, Step
from service.engines.base import Usage
from service.pipeline.record import printable


def with_stage(
    record: ItemRecord,
    step: Step,
    started: float,
    usage: Usage,
    outcome: StageOutcome = StageOutcome.DONE,
    note: str = "",
) -> ItemRecord:
    """The record with one more stage, and its calls, tokens and seconds in the sums.

    ``started`` is the monotonic clock's.
    """
    seconds = round(time.monotonic() - started, 4)
    stage = StageRecord(
        step=step,
        outcome=outcome,
        calls=usage.calls,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        seconds=seconds,
        note=printable(note),
    )
    made = record.provenance
    total = Usage(made.calls, made.prompt_tokens, made.completion_tokens) + usage
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
