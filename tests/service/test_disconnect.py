"""A client that leaves: over real sockets, the model server sees it go within a second."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from service.settings import EngineSettings, Settings
from tests.service import upstream as play
from tests.service.rig import engine, question, request, served
from tests.service.upstream import Upstream

JSON, NDJSON = "application/json", "application/x-ndjson"


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.005)


async def leave(
    settings: EngineSettings, accept: str, busy: Callable[[], bool], body: dict[str, Any]
) -> float:
    """Send a request, leave as soon as the server is busy, and tell when."""
    async with aiohttp.ClientSession() as session:
        with served(Settings(engines={"m": settings})) as address:
            asked = asyncio.ensure_future(
                session.post(
                    f"{address}/translate/benchmark", json=body, headers={"Accept": accept}
                )
            )
            await until(busy)
            left = time.monotonic()
            if asked.done():
                (await asked).close()
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            await asyncio.sleep(0.35)
            metrics = await (await session.get(f"{address}/metrics")).text()
            assert "isogloss_runs_in_work 0.0" in metrics
            health = await session.get(f"{address}/healthz")
            assert health.status == 200
    return left


@pytest.mark.parametrize(
    ("accept", "profile", "stream"),
    [
        (JSON, None, False),
        (NDJSON, None, True),
        (JSON, "translategemma", True),
        (NDJSON, "translategemma", False),
    ],
)
async def test_requests_under_way_are_cancelled_and_no_other_is_sent(
    upstream: Upstream, accept: str, profile: str | None, stream: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    upstream.delay = 30
    if stream:
        upstream.reply = lambda body: play.streamed(pause=0.5)
    settings = engine(upstream, max_concurrency=3, profile=profile, stream=stream)
    body = request(*[question(number) for number in range(20)], engine="m")
    left = await leave(settings, accept, lambda: upstream.running == 3, body)
    assert upstream.running == 0
    assert upstream.cancelled == 3
    assert upstream.closed_at - left < 0.35
    assert len(upstream.bodies) == 3
    errors = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
    assert errors == []


@pytest.mark.parametrize("accept", [JSON, NDJSON])
async def test_leaving_during_a_wait_between_tries_ends_the_tries(
    upstream: Upstream, accept: str
) -> None:
    upstream.reply = lambda body: play.status(429, headers={"Retry-After": "0.4"})
    settings = engine(upstream, max_concurrency=2, attempts=9)
    body = request(*[question(number) for number in range(6)], engine="m")
    left = await leave(settings, accept, lambda: len(upstream.bodies) == 2, body)
    assert left
    await asyncio.sleep(0.3)
    assert len(upstream.bodies) == 2


@pytest.mark.parametrize("accept", [JSON, NDJSON])
async def test_leaving_while_an_open_circuit_is_waited_for_ends_it(
    upstream: Upstream, accept: str
) -> None:
    upstream.reply = lambda body: play.dropped
    settings = engine(upstream, attempts=9, breaker_failures=2, breaker_reset_s=0.5)
    body = request(*[question(number) for number in range(2)], engine="m")
    await leave(settings, accept, lambda: len(upstream.bodies) >= 2, body)
    asked = len(upstream.bodies)
    await asyncio.sleep(0.4)
    assert len(upstream.bodies) == asked == 2


@pytest.mark.parametrize("accept", [JSON, NDJSON])
async def test_leaving_while_the_server_is_asked_what_it_serves_ends_nothing_else(
    upstream: Upstream, accept: str
) -> None:
    upstream.probe = play.slow(0.6)
    settings = engine(upstream)
    with served(Settings(engines={"m": settings})) as address:
        async with aiohttp.ClientSession() as session:
            body = request(question(), engine="m")
            url, headers = f"{address}/translate/benchmark", {"Accept": accept}
            first = asyncio.ensure_future(session.post(url, json=body, headers=headers))
            second = asyncio.ensure_future(session.post(url, json=body, headers=headers))
            await asyncio.sleep(0.3)
            first.cancel()
            answer = await second
            assert answer.status == 200
            assert '"verdict":"ok"' in await answer.text()


async def test_leaving_in_the_middle_of_a_stream_ends_the_rest(upstream: Upstream) -> None:
    upstream.delay = 0.1
    settings = engine(upstream, max_concurrency=2)
    body = request(*[question(number) for number in range(100)], engine="m")
    with served(Settings(engines={"m": settings})) as address:
        async with aiohttp.ClientSession() as session:
            answer = await session.post(
                f"{address}/translate/benchmark", json=body, headers={"Accept": NDJSON}
            )
            for _ in range(5):
                await answer.content.readline()
            answer.close()
            left = time.monotonic()
            await until(lambda: upstream.running == 0 and time.monotonic() > left + 0.3)
            asked = len(upstream.bodies)
            await asyncio.sleep(0.5)
    assert len(upstream.bodies) == asked < 40


async def test_a_client_that_does_not_read_holds_up_the_work_and_may_leave(
    upstream: Upstream,
) -> None:
    """Nobody takes the results: they must not pile up in the service's memory."""
    padding = "n" * 200_000
    settings = engine(upstream, max_concurrency=2)
    body = request(*[question(number, note=padding) for number in range(200)], engine="m")
    headers = {"Accept": NDJSON, "Content-Type": JSON}
    with served(Settings(engines={"m": settings})) as address:
        async with aiohttp.ClientSession(read_bufsize=2**16) as session:
            sent = io.BytesIO(json.dumps(body).encode())
            answer = await session.post(
                f"{address}/translate/benchmark", data=sent, headers=headers
            )
            await until(lambda: len(upstream.bodies) > 10)
            await asyncio.sleep(0.7)
            asked = len(upstream.bodies)
            await asyncio.sleep(0.5)
            assert len(upstream.bodies) == asked < 150
            answer.close()
            await asyncio.sleep(0.5)
            metrics = await (await session.get(f"{address}/metrics")).text()
    assert len(upstream.bodies) == asked
    assert "isogloss_runs_in_work 0.0" in metrics


async def test_results_are_streamed_while_others_are_still_in_work(upstream: Upstream) -> None:
    def reply(body: dict[str, Any]) -> play.Step | None:
        return play.slow(2.0) if "第3题" in str(body["messages"]) else None

    upstream.reply = reply
    body = request(*[question(number) for number in range(4)], engine="m")
    with served(Settings(engines={"m": engine(upstream)})) as address:
        async with aiohttp.ClientSession() as session:
            answer = await session.post(
                f"{address}/translate/benchmark", json=body, headers={"Accept": NDJSON}
            )
            assert answer.content_type == NDJSON
            first = await answer.content.readline()
            assert upstream.running > 0
            assert b'"index":0' in first
            rest = (await answer.text()).splitlines()
    assert len(rest) == 4


async def test_a_body_over_the_limit_is_told_over_a_real_socket() -> None:
    """The answer must reach a client that is still sending."""

    async def chunks() -> Any:
        for _ in range(400):
            yield b" " * 50_000

    with served(Settings(max_body_bytes=1_000_000)) as address:
        url = f"{address}/translate/benchmark"
        headers = {"Content-Type": JSON}
        async with aiohttp.ClientSession() as session:
            for data in (io.BytesIO(b" " * 20_000_000), chunks()):
                async with session.post(url, data=data, headers=headers) as answer:
                    assert answer.status == 413
                    assert "1,000,000" in (await answer.json())["detail"]
