"""The ``openai`` engine under load and through outages: its bounds, its circuit, its way back."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.service import upstream as play
from tests.service.rig import client, engine, question, request
from tests.service.upstream import Upstream


def questions(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [question(number) for number in range(start, start + count)]


async def test_no_more_requests_at_once_than_configured(upstream: Upstream) -> None:
    upstream.delay = 0.03
    async with client(m=engine(upstream, max_concurrency=4)) as http:
        answer = await http.post("/translate/benchmark", json=request(*questions(40), engine="m"))
    assert answer.json()["run"]["counts"]["ok"] == 40
    assert upstream.peak == 4


async def test_requests_of_several_clients_share_the_bound(upstream: Upstream) -> None:
    upstream.delay = 0.03
    async with client(m=engine(upstream, max_concurrency=5)) as http:
        answers = await asyncio.gather(
            *(
                http.post("/translate/benchmark", json=request(*questions(15, at), engine="m"))
                for at in (0, 100, 200)
            )
        )
    assert [answer.json()["run"]["counts"]["ok"] for answer in answers] == [15, 15, 15]
    assert upstream.peak == 5


async def test_a_small_request_does_not_wait_for_a_large_one_to_end(upstream: Upstream) -> None:
    upstream.delay = 0.02
    async with client(m=engine(upstream, max_concurrency=4)) as http:
        body = request(*questions(300), engine="m")
        large = asyncio.ensure_future(http.post("/translate/benchmark", json=body))
        await asyncio.sleep(0.2)
        await http.post("/translate/benchmark", json=request(question(999), engine="m"))
        assert not large.done()
        await large


async def test_segments_of_single_text_models_share_the_bound_too(upstream: Upstream) -> None:
    upstream.delay = 0.02
    settings = engine(upstream, max_concurrency=3, profile="translategemma")
    async with client(m=settings) as http:
        answer = await http.post("/translate/benchmark", json=request(*questions(6), engine="m"))
    assert answer.json()["run"]["counts"]["ok"] == 6
    assert upstream.peak == 3


async def test_an_outage_fails_later_items_fast(upstream: Upstream) -> None:
    """Each item would wait for its own tries otherwise: 300 of them for minutes."""
    settings = engine(upstream, max_concurrency=4, attempts=3, retry_wait_s=0.05)
    settings = settings.model_copy(update={"breaker_failures": 4, "breaker_reset_s": 30.0})
    async with client(m=settings.model_copy(update={"breaker_reset_s": 0.4})) as http:
        await http.get("/readyz")
        upstream.reply = lambda body: play.dropped
        started = time.monotonic()
        answer = await http.post("/translate/benchmark", json=request(*questions(300), engine="m"))
        seconds = time.monotonic() - started
    body = answer.json()
    assert body["run"]["counts"] == {
        "items": 300,
        "ok": 0,
        "repaired": 0,
        "flagged": 0,
        "failed": 300,
    }
    assert {record["error"]["code"] for record in body["results"]} == {"engine_unavailable"}
    assert any("failures in a row" in record["error"]["detail"] for record in body["results"])
    assert len(upstream.bodies) < 30
    assert seconds < 3


async def test_new_requests_during_an_outage_are_refused_at_once(upstream: Upstream) -> None:
    settings = engine(upstream, breaker_failures=2, breaker_reset_s=30, attempts=1)
    async with client(m=settings) as http:
        await http.get("/readyz")
        upstream.up = False
        first = await http.post("/translate/benchmark", json=request(*questions(5), engine="m"))
        asked = len(upstream.paths)
        second = await http.post("/translate/benchmark", json=request(*questions(5), engine="m"))
    assert first.json()["run"]["counts"]["failed"] == 5
    assert second.status_code == 503
    assert second.json()["type"].endswith(":engine_unavailable")
    assert len(upstream.paths) == asked


async def test_after_an_outage_the_service_comes_back_by_itself(upstream: Upstream) -> None:
    settings = engine(upstream, breaker_failures=2, breaker_reset_s=0.2, attempts=1)
    async with client(m=settings) as http:
        await http.get("/readyz")
        upstream.up = False
        await http.post("/translate/benchmark", json=request(*questions(5), engine="m"))
        assert (await http.get("/readyz")).status_code == 503
        upstream.up = True
        await asyncio.sleep(0.25)
        answer = await http.post("/translate/benchmark", json=request(*questions(5), engine="m"))
        assert (await http.get("/readyz")).status_code == 200
    assert answer.json()["run"]["counts"]["ok"] == 5


async def test_a_short_outage_costs_no_item(upstream: Upstream) -> None:
    """What is under way when the circuit opens waits for the trial."""
    settings = engine(upstream, max_concurrency=4, breaker_failures=3, breaker_reset_s=0.2)
    settings = settings.model_copy(update={"attempts": 6})
    upstream.delay = 0.01
    async with client(m=settings) as http:
        await http.get("/readyz")
        upstream.play(*[play.dropped] * 5)
        answer = await http.post("/translate/benchmark", json=request(*questions(40), engine="m"))
    assert answer.json()["run"]["counts"]["ok"] == 40


async def test_a_busy_server_does_not_open_the_circuit(upstream: Upstream) -> None:
    settings = engine(upstream, breaker_failures=2, attempts=2, max_concurrency=1)
    async with client(m=settings) as http:
        await http.get("/readyz")
        upstream.play(*[play.status(429)] * 12)
        answer = await http.post("/translate/benchmark", json=request(*questions(8), engine="m"))
    codes = [record["error"] and record["error"]["code"] for record in answer.json()["results"]]
    assert codes == ["engine_overloaded"] * 6 + [None] * 2


async def test_a_server_that_comes_back_with_another_model_is_asked_again(
    upstream: Upstream,
) -> None:
    """Or every later item would be refused, and its provenance would name the wrong model."""
    settings = engine(upstream, attempts=1)
    async with client(m=settings) as http:
        before = await http.post("/translate/benchmark", json=request(question(), engine="m"))
        upstream.models = [{"id": "another-8b"}]
        upstream.obeys_schema = False
        unknown = {"error": {"message": "The model scripted-7b does not exist."}}
        upstream.play(play.status(404, unknown))
        during = await http.post("/translate/benchmark", json=request(question(), engine="m"))
        after = await http.post("/translate/benchmark", json=request(question(), engine="m"))
    assert before.json()["run"]["model"] == play.MODEL
    assert during.json()["results"][0]["error"]["code"] == "engine_rejected"
    assert after.json()["run"]["model"] == "another-8b"
    assert "|format:sections|" in after.json()["run"]["signature"]
    assert after.json()["results"][0]["verdict"] == "ok"
    assert upstream.bodies[-1]["model"] == "another-8b"


async def test_readiness_follows_the_server(upstream: Upstream) -> None:
    async with client(m=engine(upstream)) as http:
        states = [(await http.get("/readyz")).status_code]
        upstream.up = False
        states.append((await http.get("/readyz")).status_code)
        told = (await http.get("/readyz")).json()
        upstream.up = True
        await asyncio.sleep(0.35)
        states.append((await http.get("/readyz")).status_code)
    assert states == [200, 503, 200]
    assert told["status"] == "not ready"
    assert told["engines"]["opencc"] == "ready"
    assert "not available" in told["engines"]["m"]


async def test_readiness_of_a_server_that_hangs_is_told_before_its_timeout(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.engines.openai._LOOK_S", 0.3)
    upstream.hangs = True
    async with client(m=engine(upstream)) as http:
        started = time.monotonic()
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert "0.3 s" in answer.json()["engines"]["m"]
    assert time.monotonic() - started < 2


async def test_health_is_the_processes_own(upstream: Upstream) -> None:
    upstream.up = False
    async with client(m=engine(upstream)) as http:
        assert (await http.get("/healthz")).json() == {"status": "ok"}


async def test_one_broken_engine_does_not_hide_the_others(upstream: Upstream) -> None:
    upstream.up = False
    async with client(m=engine(upstream)) as http:
        engines = {each["name"]: each for each in (await http.get("/engines")).json()}
        answer = await http.post("/translate/benchmark", json=request(question(), engine="opencc"))
    assert engines["opencc"]["ready"]
    assert not engines["m"]["ready"]
    assert engines["m"]["error"]
    assert answer.json()["results"][0]["verdict"] == "ok"
