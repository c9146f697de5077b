"""What a run would send, without sending it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from eval.benchmarks.protect import protected_spans
from eval.errors import EvalError
from eval.run_log import ItemError
from eval.segment import Segment
from prompts.errors import PromptError
from service.errors import ServiceError
from service.pipeline.record import item_error
from service.pipeline.run import Run


class ItemPreview(BaseModel):
    """What would be sent for one item."""

    index: int
    id: str
    segments: list[dict[str, Any]] = []
    prompts: list[dict[str, Any]] = []
    error: ItemError | None = None


async def previews(run: Run, items: Iterable[tuple[int, Any]]) -> list[ItemPreview]:
    """The segments of items with what is protected in them, and the prompts made of them."""
    made = []
    for index, data in items:
        made.append(await _preview(run, index, data))
        await asyncio.sleep(0)  # nothing above waits, and others want the event loop too
    return made


async def _preview(run: Run, index: int, data: Any) -> ItemPreview:
    id_ = run.translator.reader.id_of(index, data)
    try:
        request = run.translator.preview(index, data)
        prompts = await run.plan.engine.preview(request) if request.segments else []
    except (EvalError, PromptError, ServiceError) as error:
        return ItemPreview(index=index, id=id_, error=item_error(error))
    segments = [_shown(segment) for segment in request.segments]
    return ItemPreview(index=index, id=id_, segments=segments, prompts=prompts)


def _shown(segment: Segment) -> dict[str, Any]:
    return {
        "id": segment.id,
        "kind": segment.kind,
        "source": segment.text,
        "protected": [
            {"start": span.start, "end": span.end, "kind": span.kind, "text": span.text}
            for span in protected_spans(segment.text, segment.literals)
        ],
    }
