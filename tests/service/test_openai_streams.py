"""Streamed answers: put together, and never taken for whole when they broke off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.service import upstream as play
from tests.service.rig import ask_one
from tests.service.upstream import Upstream


async def test_streamed_answers_are_put_together_with_their_tokens(upstream: Upstream) -> None:
    record = await ask_one(upstream, settings={"stream": True})
    assert record["verdict"] == "ok"
    assert record["provenance"]["prompt_tokens"] == 7
    assert upstream.bodies[0]["stream_options"] == {"include_usage": True}


async def test_a_stream_without_token_counts_is_read_too(upstream: Upstream) -> None:
    record = await ask_one(upstream, play.streamed(usage=False), settings={"stream": True})
    assert record["verdict"] == "ok"
    assert record["provenance"]["prompt_tokens"] is None


async def test_streamed_single_texts(upstream: Upstream) -> None:
    record = await ask_one(upstream, settings={"stream": True, "profile": "translategemma"})
    assert record["verdict"] == "ok"


async def test_a_server_that_does_not_stream_when_asked_is_understood(upstream: Upstream) -> None:
    plain = play.altered(lambda body: body)
    record = await ask_one(upstream, plain, settings={"stream": True, "attempts": 1})
    assert record["verdict"] == "ok"


BROKEN = {
    "without an end mark": play.streamed(upto=2, done=False),
    "without a finish reason": play.streamed(reason=None),
    "with an error in it": play.streamed(upto=2, error={"error": {"message": "engine died"}}),
    "with something else than JSON": play.streamed(error="{oops"),
    "with something else than objects": play.streamed(error=[1, 2]),
    "before it began": play.streamed(upto=0, done=False, usage=False),
}


@pytest.mark.parametrize("step", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("profile", [None, "translategemma"])
async def test_a_broken_stream_is_tried_again_and_never_taken_as_it_is(
    upstream: Upstream, step: play.Step, profile: str | None
) -> None:
    settings = {"stream": True, "attempts": 2, "profile": profile}
    record = await ask_one(upstream, step, settings=settings)
    assert record["verdict"] == "ok"
    assert len(upstream.bodies) == (2 if profile is None else 6)


async def test_a_streamed_answer_that_ran_on_is_never_ok(upstream: Upstream) -> None:
    record = await ask_one(upstream, play.streamed(reason="length"), settings={"stream": True})
    assert record["error"]["code"] == "answer_truncated"


async def test_a_very_long_streamed_piece_is_read(upstream: Upstream) -> None:
    async def step(up: Upstream, asked: Any, body: dict[str, Any]) -> Any:
        whole = json.dumps(
            {
                "padding": "x" * 400_000,
                "choices": [
                    {"delta": {"content": play.translated(up, body)}, "finish_reason": "stop"}
                ],
            }
        )
        payload = f"data: {whole}\n\ndata: [DONE]\n\n".encode()
        return await play.raw(payload, "text/event-stream")(up, asked, body)

    record = await ask_one(upstream, step, settings={"stream": True, "attempts": 1})
    assert record["verdict"] == "ok"
