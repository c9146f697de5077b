"""The ``openai`` engine when its server fails: one retry loop, its limits, and what is told."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.service import upstream as play
from tests.service.rig import client, engine, question, request
from tests.service.upstream import Upstream


async def one(upstream: Upstream, *steps: play.Step, **settings: Any) -> dict[str, Any]:
    """The record of one item whose requests are answered by ``steps``."""
    upstream.play(*steps)
    async with client(m=engine(upstream, **settings)) as http:
        answer = await http.post("/translate/benchmark", json=request(question(), engine="m"))
    assert answer.status_code == 200, answer.text
    (record,) = answer.json()["results"]
    return dict(record)


FAULTS = {
    "500": play.status(500),
    "502 of a proxy": play.status(502, text="<html>Bad Gateway</html>"),
    "503": play.status(503),
    "429": play.status(429),
    "reset": play.dropped,
    "broken off": play.cut_short(),
    "not JSON": play.raw(b'{"choices": [{"message": {"cont'),
    "not UTF-8": play.raw(b'{"choices": [{"message": {"content": "\xff\xfe"}}]}'),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_passing_fault_costs_tries_and_no_item(
    upstream: Upstream, fault: play.Step
) -> None:
    record = await one(upstream, fault, fault)
    assert record["verdict"] == "ok"
    assert len(upstream.bodies) == 3


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("attempts", [1, 4])
async def test_a_fault_that_stays_is_tried_exactly_as_often_as_configured(
    upstream: Upstream, fault: play.Step, attempts: int
) -> None:
    record = await one(upstream, *[fault] * 9, attempts=attempts)
    assert record["verdict"] == "failed"
    assert record["item"] is None
    assert record["error"]["code"] in ("engine_unavailable", "engine_overloaded")
    assert record["error"]["remedy"]
    assert len(upstream.bodies) == attempts


async def test_the_error_tells_how_often_it_was_tried(upstream: Upstream) -> None:
    record = await one(upstream, *[play.status(503)] * 9, attempts=2)
    assert "tried 2 times and answered 503" in record["error"]["detail"]


REFUSALS = {
    "401": play.status(401, {"error": {"message": "Unauthorized"}}),
    "403 as text": play.status(403, text="forbidden"),
    "404": play.status(404, {"message": "The model does not exist.", "code": 404}),
    "422 of FastAPI": play.status(422, {"detail": [{"msg": "bad", "loc": ["body"]}]}),
    "400 as a list": play.status(400, ["no"]),
    "400 with null": play.status(400, {"error": None}),
    "empty 400": play.status(400, text=""),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_a_refusal_is_not_tried_again(upstream: Upstream, refusal: play.Step) -> None:
    record = await one(upstream, refusal)
    assert record["error"]["code"] == "engine_rejected"
    assert len(upstream.bodies) == 1


async def test_redirects_are_not_followed(upstream: Upstream) -> None:
    """A POST that is sent on would arrive as a GET, or somewhere nobody configured."""
    target = {"Location": "http://127.0.0.1:9/v1/chat/completions"}
    record = await one(upstream, play.status(307, headers=target))
    assert record["error"]["code"] == "engine_rejected"
    assert "307" in record["error"]["detail"]


CONTEXT = {
    "vLLM": play.status(
        400,
        {
            "error": {
                "message": "This model's maximum context length is 4096 tokens. However, you "
                "requested 5000 tokens in the messages.",
                "type": "BadRequestError",
                "code": 400,
            }
        },
    ),
    "vLLM flat": play.status(400, {"object": "error", "message": "longer than max_model_len"}),
    "OpenAI code": play.status(
        400, {"error": {"message": "Please reduce it.", "code": "context_length_exceeded"}}
    ),
    "llama.cpp": play.status(
        400,
        {
            "error": {
                "code": 400,
                "message": "the request exceeds the available context size",
                "type": "exceed_context_size_error",
            }
        },
    ),
    "SGLang": play.status(
        400, {"message": "The input (9000 tokens) is longer than the model's context length."}
    ),
    "TGI": play.status(
        422, {"error": "`inputs` tokens + `max_new_tokens` must be <= 4096", "error_type": "v"}
    ),
    "413": play.status(413, {"error": {"message": "prompt is too long: 9000 tokens"}}),
}


@pytest.mark.parametrize("refusal", CONTEXT.values(), ids=CONTEXT)
async def test_an_item_too_long_for_the_model_is_told_as_that(
    upstream: Upstream, refusal: play.Step
) -> None:
    record = await one(upstream, refusal)
    assert record["error"]["code"] == "context_exceeded"
    assert len(upstream.bodies) == 1


async def test_retry_after_in_seconds_is_waited_for(upstream: Upstream) -> None:
    record = await one(upstream, play.status(429, headers={"Retry-After": "1"}))
    first, second = upstream.times
    assert record["verdict"] == "ok"
    assert 1.0 <= second - first < 1.6


async def test_retry_after_as_a_date_is_waited_for(upstream: Upstream) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    record = await one(upstream, play.status(503, headers={"Retry-After": at}))
    first, second = upstream.times
    assert record["verdict"] == "ok"
    assert 0.7 <= second - first < 2.6


LATE = "Fri, 31 Dec 9999 23:59:59 -2359"  # no date of ours reaches that far


@pytest.mark.parametrize("value", ["0", "-3", "nan", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", LATE])
async def test_a_retry_after_without_sense_does_not_stop_the_tries(
    upstream: Upstream, value: str
) -> None:
    record = await one(upstream, *[play.status(429, headers={"Retry-After": value})] * 2)
    assert record["verdict"] == "ok"
    assert upstream.times[-1] - upstream.times[0] < 1


@pytest.mark.parametrize("value", ["86400", "1e400", "Wed, 21 Oct 2099 07:28:00 GMT"])
async def test_an_absurdly_long_retry_after_fails_the_item_at_once(
    upstream: Upstream, value: str
) -> None:
    started = time.monotonic()
    record = await one(upstream, play.status(429, headers={"Retry-After": value}))
    assert record["error"]["code"] == "engine_overloaded"
    assert "429" in record["error"]["detail"]
    assert len(upstream.bodies) == 1
    assert time.monotonic() - started < 2


async def test_the_log_names_engine_and_cause_of_every_failed_try(
    upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    await one(upstream, play.status(500), play.status(429), play.dropped, attempts=4)
    told = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert len(told) == 2  # being busy is nothing to warn of
    assert all(message.startswith("Engine m ") for message in told)
    assert "500" in told[0]


async def test_waits_between_tries_grow(upstream: Upstream) -> None:
    await one(upstream, *[play.status(500)] * 3, attempts=4, retry_wait_s=0.1)
    waits = [late - early for early, late in zip(upstream.times, upstream.times[1:], strict=False)]
    assert 0.1 <= waits[0] < 0.35
    assert 0.2 <= waits[1] < 0.5
    assert 0.4 <= waits[2] < 0.75


async def test_a_server_that_hangs_is_given_up_after_the_timeout(upstream: Upstream) -> None:
    started = time.monotonic()
    record = await one(upstream, *[play.slow(30)] * 2, attempts=2, timeout_s=0.3)
    assert record["error"]["code"] == "engine_timeout"
    assert "0.3 s" in record["error"]["detail"]
    assert len(upstream.bodies) == 2
    assert time.monotonic() - started < 2
    assert upstream.cancelled == 2


async def test_a_body_that_stalls_is_given_up_after_the_timeout(upstream: Upstream) -> None:
    record = await one(upstream, play.cut_short(30), timeout_s=0.3)
    assert record["verdict"] == "ok"  # the second try
    assert upstream.cancelled == 1


async def test_a_stream_that_stalls_is_given_up_after_the_idle_timeout(upstream: Upstream) -> None:
    started = time.monotonic()
    settings = {"stream": True, "idle_timeout_s": 0.3, "attempts": 1}
    record = await one(upstream, play.streamed(pause=30), **settings)
    assert record["error"]["code"] == "engine_timeout"
    assert "0.3 s" in record["error"]["detail"]
    assert "idle_timeout_s" in record["error"]["remedy"]
    assert time.monotonic() - started < 2


async def test_a_server_that_is_not_there_is_told_at_once(upstream: Upstream) -> None:
    settings = engine(upstream).model_copy(update={"base_url": "http://127.0.0.1:9"})
    async with client(m=settings) as http:
        answer = await http.post("/translate/benchmark", json=request(question(), engine="m"))
    assert answer.status_code == 503
    assert answer.json()["type"].endswith(":engine_unavailable")
    assert "127.0.0.1" in answer.json()["detail"]


async def test_the_model_that_is_not_served_is_told_with_those_that_are(
    upstream: Upstream,
) -> None:
    async with client(m=engine(upstream, model="qwen")) as http:
        answer = await http.post("/translate/benchmark", json=request(question(), engine="m"))
    assert answer.status_code == 502
    assert answer.json()["type"].endswith(":engine_rejected")
    assert "'qwen'" in answer.json()["detail"]
    assert play.MODEL in answer.json()["detail"]


@pytest.mark.parametrize("models", [[], None, "scripted", [None], [{"name": "x"}]], ids=repr)
async def test_a_list_of_models_that_makes_no_sense_is_told(
    upstream: Upstream, models: Any
) -> None:
    upstream.models = models
    async with client(m=engine(upstream)) as http:
        answer = await http.post("/translate/benchmark", json=request(question(), engine="m"))
    assert answer.status_code == 502
    assert answer.json()["type"].endswith(":engine_rejected")


async def test_a_fault_at_one_item_leaves_the_others_alone(upstream: Upstream) -> None:
    def reply(body: dict[str, Any]) -> play.Step | None:
        return play.status(400) if "第3题" in str(body["messages"]) else None

    upstream.reply = reply
    items = [question(number) for number in range(6)]
    async with client(m=engine(upstream)) as http:
        answer = await http.post("/translate/benchmark", json=request(*items, engine="m"))
    verdicts = [record["verdict"] for record in answer.json()["results"]]
    assert verdicts == ["ok", "ok", "ok", "failed", "ok", "ok"]
