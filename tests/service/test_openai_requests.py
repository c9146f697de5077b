"""What the ``openai`` engine sends: sampling, seeds, limits, fields, its key."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import pytest

from tests.service import upstream as play
from tests.service.rig import ask, ask_one, client, engine, question, request
from tests.service.upstream import Upstream


async def test_one_draft_is_greedy_and_several_differ(upstream: Upstream) -> None:
    await ask_one(upstream)
    await ask_one(upstream, candidates=3)
    assert upstream.bodies[0]["temperature"] == 0
    assert "n" not in upstream.bodies[0]
    assert upstream.bodies[1]["temperature"] > 0


async def test_a_configured_temperature_is_sent_and_is_in_the_signature(
    upstream: Upstream,
) -> None:
    record = await ask_one(upstream, settings={"temperature": 0.3})
    assert upstream.bodies[0]["temperature"] == 0.3
    assert "temperature=0.3" in record["provenance"]["signature"]


async def test_several_candidates_are_never_asked_for_greedily(upstream: Upstream) -> None:
    """They would be equal, and vLLM refuses such a request."""
    await ask_one(upstream, candidates=2, settings={"temperature": 0.0})
    assert upstream.bodies[0]["temperature"] > 0


async def test_fields_of_any_name_are_named_to_the_model(upstream: Upstream) -> None:
    names = ["题目", "x" * 200, "a b", "a-b", "a.b", "text", "_", "message"]
    fields = {f"['{name}']": "text" for name in names if name != "message"}
    recipe = {"fields": {**fields, "message": "messages"}, "source_language": "zh-CN"}
    item: dict[str, Any] = {name: f"第{place}个颜色" for place, name in enumerate(names)}
    item["message"] = [{"role": "user", "content": f"第{place}页书"} for place in range(40)]
    body = {"recipe": recipe, "items": [item], "target": "zh-TW"}
    (record,) = (await ask(upstream, body))["results"]
    assert record["verdict"] == "ok"
    assert record["item"]["题目"] == "第0個顏色"
    assert [turn["content"] for turn in record["item"]["message"]][39] == "第39頁書"
    keys = upstream.bodies[0]["response_format"]["json_schema"]["schema"]["required"]
    assert len(set(keys)) == 47


async def test_thousands_of_fields_of_one_name_take_no_seconds(upstream: Upstream) -> None:
    recipe = {"fields": {"m": "messages"}, "source_language": "zh-CN"}
    item = {"m": [{"role": "user", "content": f"书{place}"} for place in range(5_000)]}
    started = time.monotonic()
    (record,) = (await ask(upstream, {"recipe": recipe, "items": [item], "target": "zh-TW"}))[
        "results"
    ]
    assert record["verdict"] == "ok"
    assert time.monotonic() - started < 8


async def test_an_items_seed_depends_on_the_item_alone(upstream: Upstream) -> None:
    """So the same item gets the same seed in another batch, in a resumed run, and in any order."""
    items = [question(number) for number in range(4)]
    await ask(upstream, request(*items, seed=7))
    await ask(upstream, request(*reversed(items), seed=7, order="finished"))
    await ask(upstream, request(items[2], seed=7))
    await ask(upstream, request(items[2], seed=8))
    seeds = [
        (asked, body["seed"]) for asked, body in zip(upstream.asked, upstream.bodies, strict=True)
    ]
    by_text: dict[str, set[int]] = {}
    for text, seed in seeds[:-1]:
        by_text.setdefault(text, set()).add(seed)
    assert all(len(found) == 1 for found in by_text.values())
    assert len(set.union(*by_text.values())) == 4
    assert seeds[-1][1] not in by_text[seeds[-1][0]]
    assert all(0 <= seed < 2**63 for _, seed in seeds)


async def test_without_a_seed_none_is_sent(upstream: Upstream) -> None:
    await ask_one(upstream)
    assert "seed" not in upstream.bodies[0]


async def test_the_answers_limit_follows_the_source(upstream: Upstream) -> None:
    items = [question(), question(1, question="颜色的书" * 200), question(2, question="书" * 9_000)]
    await ask(upstream, request(*items), max_answer_tokens=3000)
    short, long, longest = sorted(body["max_tokens"] for body in upstream.bodies)
    assert 100 < short < 500
    assert 2_000 < long < 4_000
    assert longest == 3_000


async def test_the_answers_limit_leaves_room_in_a_small_context(upstream: Upstream) -> None:
    upstream.models = [{"id": play.MODEL, "max_model_len": 1024}]
    await ask_one(upstream, item=question(question="颜色的书" * 200))
    assert upstream.bodies[0]["max_tokens"] == 512


async def test_single_text_models_get_one_call_per_segment(upstream: Upstream) -> None:
    record = await ask_one(upstream, settings={"profile": "translategemma"})
    assert record["verdict"] == "ok"
    assert record["item"]["D"] == "圖書館"
    assert record["provenance"]["calls"] == 5
    assert record["provenance"]["prompt_tokens"] == 500
    assert [path for path in upstream.paths if "complet" in path] == ["/v1/completions"] * 5
    assert set(upstream.asked) == {question()[name] for name in ("question", "A", "B", "C", "D")}
    assert upstream.probes == 0


async def test_candidates_of_single_text_models_are_put_together_by_number(
    upstream: Upstream,
) -> None:
    def second_is_good(body: dict[str, Any]) -> play.Step:
        return play.candidates(lambda texts: {"text": "錯"}, lambda texts: texts)

    upstream.reply = second_is_good
    record = await ask_one(upstream, candidates=2, settings={"profile": "translategemma"})
    assert record["verdict"] == "ok"
    assert record["provenance"]["chosen"] == 1
    assert record["item"]["B"] == "說話的聲音"


async def test_when_one_segment_fails_the_calls_for_the_others_end(upstream: Upstream) -> None:
    """Nobody will read them: the model should not go on working."""

    def reply(body: dict[str, Any]) -> play.Step:
        return play.status(400) if "图书馆" in body["prompt"] else play.slow(20)

    upstream.reply = reply
    record = await ask_one(upstream, settings={"profile": "translategemma"})
    assert record["error"]["code"] == "engine_rejected"
    assert upstream.cancelled == 4


async def test_white_space_around_a_text_comes_back(upstream: Upstream) -> None:
    record = await ask_one(upstream, item=question(question="  第0题：下列哪个词语表示颜色？\n"))
    assert record["item"]["question"] == "  第0題：下列哪個詞語表示顏色？\n"


async def test_the_key_is_sent_as_a_header_and_told_to_nobody(
    upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    key = "sk-scripted-0123456789"
    echo = {"error": {"message": f"Incorrect API key provided: {key}."}}
    upstream.play(play.status(401, echo), play.status(429, echo), play.status(500, text=key))
    items = [question(number) for number in range(3)]
    settings = engine(upstream, api_key=key, attempts=1, max_concurrency=1)
    shown = []
    caplog.set_level(logging.DEBUG)
    async with client(m=settings) as http:
        for _ in range(2):
            answer = await http.post("/translate/benchmark", json=request(*items, engine="m"))
            shown.append(answer.text)
        for path in ("/engines", "/readyz", "/metrics", "/openapi.json"):
            shown.append((await http.get(path)).text)
    assert "Incorrect API key" in shown[0]
    assert {each["Authorization"] for each in upstream.headers} == {f"Bearer {key}"}
    assert key not in json.dumps(upstream.bodies)
    assert key not in "".join(shown)
    assert key not in caplog.text
    assert key not in repr(settings)
    assert key not in "".join(str(record.__dict__) for record in caplog.records)


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
async def test_the_address_may_end_in_v1(upstream: Upstream, suffix: str) -> None:
    record = await ask_one(upstream, settings={"base_url": upstream.url + suffix})
    assert record["verdict"] == "ok"
