"""A real vLLM behind ``/translate/benchmark``: all that the openai engine does, done for real.

The model is noise, so nothing is said about its translations: requests, schemas, candidates,
limits, streams, faults and cancellation are what is tested.
"""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import pytest

from service.api.app import create_app
from service.settings import EngineKind, EngineSettings, Settings
from tests.live.faults import Faults, faulty_proxy
from tests.live.served import served

ITEM = {
    "question": "Which of these is a prime number?",
    "A": "nine apples",
    "B": "seven apples",
    "C": "eight apples",
    "D": "ten apples",
    "answer": "B",
}
SHORT = {"fields": {"text": "text"}, "source_language": "en"}


def engine(url: str, **more: Any) -> EngineSettings:
    return EngineSettings(kind=EngineKind.OPENAI, base_url=url, retry_wait_s=0.05, **more)


@asynccontextmanager
async def client(**engines: EngineSettings) -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app(Settings(engines=engines))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://t", timeout=300) as http:
        try:
            yield http
        finally:
            await app.state.parts.engines.close()


async def post(http: httpx2.AsyncClient, **body: Any) -> dict[str, Any]:
    """Drafts: what is done about noise afterwards is tested in test_effort.py."""
    whole = {"target": "ko", "effort": "draft", **body}
    answer = await http.post("/translate/benchmark", json=whole)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def error_codes(answer: dict[str, Any]) -> set[str]:
    return {record["error"]["code"] for record in answer["results"] if record["error"]}


async def test_the_server_is_found_to_obey_json_schemas(vllm_url: str) -> None:
    async with client(tiny=engine(vllm_url)) as http:
        engines = {each["name"]: each for each in (await http.get("/engines")).json()}
    assert engines["tiny"]["ready"], engines["tiny"]["error"]
    assert engines["tiny"]["answer_format"] == "json"
    assert engines["tiny"]["revision"].startswith("vllm-")


async def test_chat_with_a_schema_fills_every_field_of_an_item(vllm_url: str) -> None:
    """Noise may run on or stay empty; what is readable must have all fields and the old shape."""
    items = [{**ITEM, "question": f"{ITEM['question']} ({number})"} for number in range(12)]
    async with client(tiny=engine(vllm_url)) as http:
        answer = await post(http, benchmark="mmlu", items=items, engine="tiny", candidates=4)
    assert answer["run"]["counts"]["items"] == 12
    assert error_codes(answer) <= {"answer_truncated", "answer_unusable"}
    usable = [record for record in answer["results"] if record["item"]]
    assert len(usable) >= 8
    for record in usable:
        assert record["item"].keys() == ITEM.keys()
        assert record["item"]["answer"] == "B"
        assert len(record["segments"]) == 5
        assert all(segment["target"].strip() for segment in record["segments"])


async def test_four_candidates_cost_one_call(vllm_url: str) -> None:
    before = requests_served(vllm_url)
    async with client(tiny=engine(vllm_url)) as http:
        await http.get("/readyz")
        probes = requests_served(vllm_url) - before
        answer = await post(http, benchmark="mmlu", items=[ITEM], engine="tiny", candidates=4)
    provenance = answer["results"][0]["provenance"]
    assert provenance["calls"] == 1
    assert provenance["candidates"] == 4
    assert provenance["prompt_tokens"] > 1000
    assert provenance["completion_tokens"] > 4
    assert requests_served(vllm_url) - before - probes == 4  # vLLM counts each sequence


async def test_the_same_seed_gives_the_same_translation(vllm_url: str) -> None:
    """Sampling with two candidates: only the seed makes it repeatable."""
    async with client(tiny=engine(vllm_url)) as http:
        body = {"recipe": SHORT, "items": [{"text": "Two plus two is four."}], "engine": "tiny"}
        seeded = [await post(http, **body, seed=7, candidates=2) for _ in range(2)]
        other = await post(http, **body, seed=8, candidates=2)
    texts = [answer["results"][0]["segments"] for answer in seeded]
    assert texts[0] == texts[1]
    assert texts[0] != other["results"][0]["segments"]


async def test_completions_for_a_model_without_chat(vllm_url: str) -> None:
    """Seed-X takes one raw text per request: an item of five segments is five calls."""
    async with client(tiny=engine(vllm_url, profile="seed-x")) as http:
        preview = await post(http, benchmark="mmlu", items=[ITEM], engine="tiny", dry_run=True)
        answer = await post(http, benchmark="mmlu", items=[ITEM] * 3, engine="tiny")
    prompts = preview["results"][0]["prompts"]
    assert [prompt["endpoint"] for prompt in prompts] == ["completions"] * 5
    assert prompts[0]["prompt"].endswith("<ko>")
    assert error_codes(answer) <= {"answer_truncated", "answer_unusable"}
    calls = [record["provenance"]["calls"] for record in answer["results"] if record["item"]]
    assert set(calls) <= {5}


async def test_streamed_answers_are_the_same_as_whole_ones(vllm_url: str) -> None:
    body = {"recipe": SHORT, "items": [{"text": "The sky is blue."}], "seed": 3}
    async with client(whole=engine(vllm_url), streamed=engine(vllm_url, stream=True)) as http:
        whole = await post(http, **body, engine="whole")
        streamed = await post(http, **body, engine="streamed")
    one, other = whole["results"][0], streamed["results"][0]
    assert one["segments"] == other["segments"]
    assert one["provenance"]["completion_tokens"] == other["provenance"]["completion_tokens"]


async def test_an_answer_that_runs_on_is_never_ok(endless_vllm_url: str) -> None:
    settings = engine(endless_vllm_url, profile="generic", max_answer_tokens=32)
    async with client(endless=settings) as http:
        answer = await post(http, recipe=SHORT, items=[{"text": "Go on."}], engine="endless")
    assert error_codes(answer) == {"answer_truncated"}
    assert answer["results"][0]["item"] is None


async def test_an_item_longer_than_the_context_fails_alone(vllm_url: str) -> None:
    items = [{"text": "A short text."}, {"text": "word " * 7_000}]
    async with client(tiny=engine(vllm_url)) as http:
        answer = await post(http, recipe=SHORT, items=items, engine="tiny", candidates=4)
    assert answer["results"][1]["error"]["code"] == "context_exceeded"
    assert "context" in answer["results"][1]["error"]["remedy"]
    assert (answer["results"][0]["error"] or {}).get("code") != "context_exceeded"


async def test_faults_before_the_real_server_are_outlived(vllm_url: str) -> None:
    """429 with Retry-After, 500 and 503 in front of every answer; none of them costs an item."""
    faults = Faults(script=(429, 500, 503), retry_after="0.3")
    async with faulty_proxy(vllm_url, faults) as proxy, client(tiny=engine(proxy)) as http:
        started = time.monotonic()
        answer = await post(
            http, recipe=SHORT, items=[{"text": "One and one is two."}], engine="tiny", candidates=4
        )
        seconds = time.monotonic() - started
    assert error_codes(answer) <= {"answer_truncated", "answer_unusable"}
    assert faults.answered[429] >= 1
    assert faults.answered[500] >= 1
    assert faults.answered[503] >= 1
    assert seconds >= 0.3


async def test_faults_that_stay_are_told_with_a_remedy(vllm_url: str) -> None:
    faults = Faults(script=(503,) * 99, skip=1)  # the probe at the start gets through
    async with (
        faulty_proxy(vllm_url, faults) as proxy,
        client(tiny=engine(proxy, attempts=2)) as http,
    ):
        await http.get("/readyz")
        answer = await post(http, recipe=SHORT, items=[{"text": "Hello."}], engine="tiny")
    assert error_codes(answer) == {"engine_overloaded"}
    assert faults.answered[503] == 2


async def test_the_real_servers_full_queue_is_waited_for(endless_vllm_url: str) -> None:
    """32 at once at a server that takes 16: vLLM answers 503 to some, and all are served."""
    settings = engine(
        endless_vllm_url, profile="generic", max_answer_tokens=16, max_concurrency=32, attempts=12
    )
    items = [{"text": f"Text number {number}."} for number in range(32)]
    async with client(endless=settings) as http:
        answer = await post(http, recipe=SHORT, items=items, engine="endless")
    assert error_codes(answer) == {"answer_truncated"}  # served to the end of a tiny limit


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_that_leaves_ends_the_work_of_the_model(
    endless_vllm_url: str, accept: str, stream: bool
) -> None:
    settings = engine(endless_vllm_url, profile="generic", max_concurrency=8, stream=stream)
    body: dict[str, Any] = {
        "recipe": SHORT,
        "target": "ko",
        "engine": "endless",
        "items": [{"text": "word " * 400 + str(number)} for number in range(30)],
    }
    # The first steps of a new server compile their kernels for up to 10 s, and vLLM hears of an
    # abort between two steps: short answers first, so that the time below is not the compiler's.
    async with client(endless=settings.model_copy(update={"max_answer_tokens": 8})) as http:
        await post(http, **{**body, "items": body["items"][:8]})
    settings = settings.model_copy(update={"max_answer_tokens": 4096})
    async with served(Settings(engines={"endless": settings})) as address:
        async with aiohttp.ClientSession() as session:
            request = asyncio.ensure_future(
                session.post(
                    f"{address}/translate/benchmark", json=body, headers={"Accept": accept}
                )
            )
            await until(lambda: running(endless_vllm_url) >= 4, 30)
            if accept.endswith("ndjson"):
                (await request).close()
            request.cancel()
        started = time.monotonic()
        await until(lambda: running(endless_vllm_url) == 0, 10)
        assert time.monotonic() - started < 3


def metric(url: str, name: str) -> float:
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f"{name}{{"))


def running(url: str) -> float:
    return metric(url, "vllm:num_requests_running") + metric(url, "vllm:num_requests_waiting")


def requests_served(url: str) -> float:
    return metric(url, "vllm:request_success_total")


async def until(condition: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.05)


async def test_the_same_model_in_this_process(tiny_model_dir: Path) -> None:
    """The transformers engine: sections, candidates, and a second item that fails alone."""
    pytest.importorskip("torch")
    settings = EngineSettings(kind=EngineKind.TRANSFORMERS, model=str(tiny_model_dir))
    items = [{"text": "The sky is blue."}, {"text": "word " * 7_000}]
    async with client(local=settings) as http:
        engines = {each["name"]: each for each in (await http.get("/engines")).json()}
        answer = await post(http, recipe=SHORT, items=items, engine="local", candidates=2, seed=1)
        again = await post(
            http, recipe=SHORT, items=items[:1], engine="local", candidates=2, seed=1
        )
    assert engines["local"]["ready"], engines["local"]["error"]
    assert engines["local"]["answer_format"] == "sections"
    first, second = answer["results"]
    assert (first["error"] or {}).get("code") in (None, "answer_unusable", "answer_truncated")
    assert first["error"] == again["results"][0]["error"]
    assert second["error"]["code"] == "context_exceeded"


async def test_plain_answers_of_the_model_in_this_process(tiny_model_dir: Path) -> None:
    """Seed-X's profile takes any text for a translation, so even noise makes an item."""
    pytest.importorskip("torch")
    settings = EngineSettings(
        kind=EngineKind.TRANSFORMERS, model=str(tiny_model_dir), profile="seed-x"
    )
    items = [{"text": f"The sky over number {number} is blue."} for number in range(3)]
    body = {"recipe": SHORT, "items": items, "engine": "local", "candidates": 4, "seed": 1}
    async with client(local=settings) as http:
        answer, again = await post(http, **body), await post(http, **body)
    done = [record for record in answer["results"] if record["item"]]
    assert done, answer["results"]
    assert all(record["provenance"]["completion_tokens"] > 0 for record in done)
    assert [record["segments"] for record in answer["results"]] == [
        record["segments"] for record in again["results"]
    ]


async def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    settings = EngineSettings(kind=EngineKind.TRANSFORMERS, model=str(tmp_path / "nothing"))
    async with client(local=settings) as http:
        body = {"recipe": SHORT, "target": "ko", "engine": "local", "items": [{"text": "x y"}]}
        answer = await http.post("/translate/benchmark", json=body)
    assert answer.status_code in (501, 503)
    assert answer.json()["type"].endswith(("engine_unavailable", "missing_extra"))
    assert answer.json()["remedy"]
