"""What the HTTP API promises beside translations: shapes, orders, streams, catalogue, metrics."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from eval.benchmarks.library import recipe_names
from service.settings import EngineKind, EngineSettings, Settings
from tests.service import upstream as play
from tests.service.rig import client, engine, question, request
from tests.service.upstream import Upstream

NDJSON = {"Accept": "application/x-ndjson"}


def lines(text: str) -> list[dict[str, Any]]:
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def late(number: int) -> Any:
    """The item of that number takes longer than the others."""

    def reply(body: dict[str, Any]) -> play.Step | None:
        return play.slow(0.3) if f"第{number}题" in str(body["messages"]) else None

    return reply


async def test_results_come_in_input_order_by_default(upstream: Upstream) -> None:
    upstream.reply = late(0)
    body = request(*[question(number) for number in range(5)], engine="m")
    async with client(m=engine(upstream)) as http:
        answer = (await http.post("/translate/benchmark", json=body)).json()
        stream = lines((await http.post("/translate/benchmark", json=body, headers=NDJSON)).text)
    assert [record["id"] for record in answer["results"]] == ["q0", "q1", "q2", "q3", "q4"]
    assert [line["index"] for line in stream[:-1]] == [0, 1, 2, 3, 4]


async def test_results_come_as_they_finish_when_asked(upstream: Upstream) -> None:
    upstream.reply = late(0)
    items = [question(number) for number in range(5)]
    body = request(*items, engine="m", order="finished")
    async with client(m=engine(upstream)) as http:
        answer = (await http.post("/translate/benchmark", json=body)).json()
        stream = lines((await http.post("/translate/benchmark", json=body, headers=NDJSON)).text)
    assert answer["results"][-1]["index"] == 0
    assert sorted(record["index"] for record in answer["results"]) == [0, 1, 2, 3, 4]
    assert stream[-2]["index"] == 0


async def test_a_stream_has_a_line_per_item_and_an_end() -> None:
    items = [question(1), question(2, question=""), question(3, question="两行\u2028一\u0085段")]
    async with client() as http:
        answer = await http.post("/translate/benchmark", json=request(*items), headers=NDJSON)
        whole = (await http.post("/translate/benchmark", json=request(*items))).json()
    assert answer.headers["content-type"] == "application/x-ndjson"
    raw = answer.content.decode("utf-8").split("\n")
    assert raw.pop() == ""
    *records, end = [json.loads(line) for line in raw]
    assert [record.pop("type") for record in records] == ["item"] * 3
    assert end["type"] == "end"
    assert end["run"]["counts"] == {"items": 3, "ok": 2, "repaired": 0, "flagged": 0, "failed": 1}
    for record, same in zip(records, whole["results"], strict=True):
        for timed in (record, same):
            timed["provenance"]["seconds"] = 0
            for stage in timed["provenance"]["stages"]:
                stage["seconds"] = 0
        assert record == same


async def test_an_error_before_the_first_item_is_a_problem_in_a_stream_too(
    upstream: Upstream,
) -> None:
    upstream.up = False
    async with client(m=engine(upstream)) as http:
        body = request(question(), engine="m")
        answer = await http.post("/translate/benchmark", json=body, headers=NDJSON)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_item_comes_back_in_its_shape_with_unknown_fields_untouched() -> None:
    item = {
        **question(),
        "extra": {"nested": [1, 2.5, None, True, "颜色"]},
        "answer": "C",
        "": "empty key",
    }
    async with client() as http:
        answer = (await http.post("/translate/benchmark", json=request(item))).json()
    (record,) = answer["results"]
    assert list(record["item"]) == list(item)
    changed = {key for key in item if record["item"][key] != item[key]}
    assert changed == {"question", "A", "B", "C", "D"}


async def test_items_of_an_inline_recipe_are_translated(upstream: Upstream) -> None:
    recipe = {
        "name": "mine",
        "source_language": "zh-CN",
        "fields": {"q.text": "text", "opts[*]": "option", "gold": "answer_text"},
    }
    item = {"q": {"text": "哪个是颜色？"}, "opts": ["红色的书", "网络"], "gold": "网络", "n": 1}
    async with client() as http:
        body = {"recipe": recipe, "target": "zh-TW", "items": [item]}
        answer = (await http.post("/translate/benchmark", json=body)).json()
    assert answer["run"]["benchmark"] == "mine"
    assert answer["results"][0]["item"] == {
        "q": {"text": "哪個是顏色？"},
        "opts": ["紅色的書", "網絡"],
        "gold": "網絡",
        "n": 1,
    }


async def test_a_configured_engine_comes_before_the_embedded_one(upstream: Upstream) -> None:
    async with client(zzz=engine(upstream)) as http:
        chosen = (await http.post("/translate/benchmark", json=request(question()))).json()
    assert chosen["run"]["engine"] == "zzz"


async def test_an_engine_that_cannot_be_made_is_not_chosen_and_told_when_named() -> None:
    engines = {
        "aaa": EngineSettings(kind=EngineKind.REPLAY, recordings="/nowhere/at/all.jsonl"),
        "bbb": EngineSettings(kind=EngineKind.OPENAI, base_url="http://127.0.0.1:9", profile="qwn"),
    }
    async with client(**engines) as http:
        chosen = await http.post("/translate/benchmark", json=request(question()))
        states = {each["name"]: each for each in (await http.get("/engines")).json()}
        ready = await http.get("/readyz")
        for name, word in (("aaa", "all.jsonl"), ("bbb", "qwen")):
            named = await http.post("/translate/benchmark", json=request(question(), engine=name))
            assert named.status_code == 503
            assert named.json()["type"].endswith(":engine_misconfigured")
            assert word in named.json()["detail"]
            assert f"ISOGLOSS_ENGINES__{name.upper()}__" in named.json()["remedy"]
            assert word in states[name]["error"]
    assert chosen.json()["run"]["engine"] == "opencc"
    assert ready.status_code == 503


async def test_provenance_says_how_a_translation_came_about(upstream: Upstream) -> None:
    async with client(m=engine(upstream)) as http:
        body = request(question(1), engine="m", candidates=2, seed=5)
        first = (await http.post("/translate/benchmark", json=body)).json()
        again = (await http.post("/translate/benchmark", json=body)).json()
        other = (await http.post("/translate/benchmark", json={**body, "seed": 6})).json()
    provenance = first["results"][0]["provenance"]
    for part in (
        "bench:cmmlu@",
        "pair:zh-CN>zh-TW",
        "engine:openai",
        f"model:{play.MODEL}@vllm-0.0-scripted",
        "profile:generic",
        "format:json",
        "prompts:",
        "n:2",
        "seed:5",
        "version:",
    ):
        assert part in provenance["signature"]
    assert provenance["signature"] == first["run"]["signature"] == again["run"]["signature"]
    assert other["run"]["signature"] != first["run"]["signature"]
    assert re.fullmatch("[0-9a-f]{64}", provenance["source_sha256"])
    assert provenance["source_sha256"] == again["results"][0]["provenance"]["source_sha256"]
    assert (provenance["calls"], provenance["candidates"]) == (1, 2)
    assert provenance["seconds"] > 0


async def test_licence_notes_and_known_weaknesses_come_with_every_run(upstream: Upstream) -> None:
    upstream.models = [{"id": "tencent/Hunyuan-MT-7B"}]
    async with client(m=engine(upstream)) as http:
        body = request(question(), engine="m", dry_run=True)
        run = (await http.post("/translate/benchmark", json=body)).json()["run"]
    notes = " ".join(run["licence_notes"])
    assert "KR" in notes
    assert "non-commercial" in notes
    assert all("()" not in note for note in run["licence_notes"])


@pytest.mark.parametrize("profile", [None, "translategemma"])
async def test_a_dry_run_shows_all_and_sends_no_item(
    upstream: Upstream, profile: str | None
) -> None:
    item = question(question="哪个公式写作 $E=mc^2$？")
    async with client(m=engine(upstream, profile=profile)) as http:
        body = request(item, engine="m", candidates=2, dry_run=True)
        answer = (await http.post("/translate/benchmark", json=body, headers=NDJSON)).json()
    assert upstream.bodies == []
    assert answer["dry_run"] is True
    (preview,) = answer["results"]
    assert preview["id"] == "q0"
    assert next(each["source"] for each in preview["segments"]) == item["question"]
    (span,) = preview["segments"][0]["protected"]
    assert (span["kind"], span["text"]) == ("latex", "$E=mc^2$")
    sent = json.dumps(preview["prompts"], ensure_ascii=False)
    assert "哪个公式写作" in sent
    assert len(preview["prompts"]) == (1 if profile is None else 5)
    assert {prompt["max_tokens"] > 64 for prompt in preview["prompts"]} == {True}
    assert all(prompt["templates"] for prompt in preview["prompts"])


async def test_a_dry_run_shows_exactly_what_is_sent_later(upstream: Upstream) -> None:
    async with client(m=engine(upstream)) as http:
        body = request(question(), engine="m")
        dry = (await http.post("/translate/benchmark", json={**body, "dry_run": True})).json()
        await http.post("/translate/benchmark", json=body)
    (prompt,) = dry["results"][0]["prompts"]
    (sent,) = upstream.bodies
    assert prompt["messages"] == sent["messages"]
    assert prompt["max_tokens"] == sent["max_tokens"]
    assert prompt["schema"] == sent["response_format"]["json_schema"]["schema"]
    assert prompt["sampling"].items() <= sent.items()


async def test_a_dry_run_of_an_embedded_engine_has_no_prompts() -> None:
    async with client() as http:
        answer = await http.post("/translate/benchmark", json=request(question(), dry_run=True))
    assert answer.json()["results"][0]["prompts"] == []


async def test_a_large_dry_run_leaves_the_service_answering() -> None:
    async with client() as http:
        body = request(*[question(number) for number in range(3_000)], dry_run=True)
        dry = asyncio.ensure_future(http.post("/translate/benchmark", json=body))
        answered = 0
        while not dry.done():
            await http.get("/healthz")
            await asyncio.sleep(0)  # a client in this process lets nobody else run
            answered += 1
        assert len((await dry).json()["results"]) == 3_000
    assert answered > 20


async def test_texts_are_translated_one_by_one_in_order() -> None:
    async with client() as http:
        body = {"text": ["颜色 `颜色`", "图书馆"], "source": "zh-Hans", "target": "zh_hant"}
        answer = (await http.post("/translate", json=body)).json()
        single = (await http.post("/translate", json={**body, "text": "颜色"})).json()
    assert [each["hypothesis"] for each in answer["results"]] == ["顏色 `颜色`", "圖書館"]
    assert [each["text"] for each in answer["results"]] == ["颜色 `颜色`", "图书馆"]
    assert [each["hypothesis"] for each in single["results"]] == ["顏色"]


async def test_equal_texts_are_no_duplicates() -> None:
    async with client() as http:
        body = {"text": ["颜色"] * 3, "source": "zh-CN", "target": "zh-TW"}
        answer = (await http.post("/translate", json=body)).json()
    assert [each["hypothesis"] for each in answer["results"]] == ["顏色"] * 3


async def test_the_catalogue_names_languages_benchmarks_and_engines() -> None:
    async with client() as http:
        languages = (await http.get("/languages")).json()
        benchmarks = (await http.get("/benchmarks")).json()
        engines = {each["name"]: each for each in (await http.get("/engines")).json()}
        details = [(await http.get(f"/benchmarks/{name}")).json() for name in recipe_names()]
    assert [each["tag"] for each in languages] == ["en", "zh-TW", "zh-CN", "ko"]
    assert [each["name"] for each in benchmarks] == recipe_names()
    assert all(each["licence"] and each["layouts"] for each in benchmarks)
    assert all(recipe["traps"] and recipe["layouts"] for recipe in details)
    assert {"opencc", "identity"} <= engines.keys()
    assert set(engines["opencc"]["pairs"]) == {"zh-CN>zh-TW", "zh-TW>zh-CN"}
    assert len(engines["identity"]["pairs"]) == 16


async def test_a_recipe_that_was_fetched_can_be_sent_back_inline() -> None:
    async with client() as http:
        recipe = (await http.get("/benchmarks/cmmlu")).json()
        body = {"recipe": recipe, "target": "zh-TW", "items": [question()]}
        answer = await http.post("/translate/benchmark", json=body)
        named = await http.post("/translate/benchmark", json=request(question()))
    assert answer.json()["results"][0]["verdict"] == "ok"
    assert answer.json()["run"]["signature"] == named.json()["run"]["signature"]


def counts(text: str) -> dict[str, float]:
    samples = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in samples}


async def test_metrics_count_items_failures_findings_and_tokens(upstream: Upstream) -> None:
    upstream.reply = lambda body: (
        play.candidates(lambda texts: dict.fromkeys(texts, "一樣"))
        if "第2题" in str(body["messages"])
        else None
    )
    items = [question(0), question(1), question(2), question(3, question=""), question(0)]
    async with client(m=engine(upstream)) as http:
        body = request(*items, engine="m", effort="draft")
        await http.post("/translate/benchmark", json=body)
        await http.post("/translate/benchmark", json=request(question(9), dry_run=True))
        await http.post("/translate/benchmark", json=request(question(9), benchmark="no"))
        body = {"text": "颜色", "source": "zh-CN", "target": "zh-TW", "engine": "opencc"}
        await http.post("/translate", json=body)
        answer = await http.get("/metrics")
    found = counts(answer.text)
    of = 'isogloss_items_total{{engine="{}",pair="zh-CN>zh-TW",verdict="{}"}}'
    assert found[of.format("m", "ok")] == 2
    assert found[of.format("m", "flagged")] == 1
    assert found[of.format("m", "failed")] == 2
    assert found[of.format("opencc", "ok")] == 1
    assert found['isogloss_failures_total{code="empty_text"}'] == 1
    assert found['isogloss_failures_total{code="duplicate_id"}'] == 1
    assert found['isogloss_findings_total{check="options",level="hard"}'] >= 1
    assert found['isogloss_tokens_total{kind="prompt_tokens"}'] == 300
    assert found['isogloss_tokens_total{kind="completion_tokens"}'] == 30
    assert found['isogloss_item_seconds_count{engine="m"}'] == 5
    assert found["isogloss_runs_in_work"] == 0
    assert answer.headers["content-type"].startswith("text/plain")


async def test_metrics_of_two_apps_are_apart() -> None:
    async with client() as one, client() as other:
        await one.post("/translate/benchmark", json=request(question()))
        assert "zh-TW" not in (await other.get("/metrics")).text


async def test_a_fault_of_ours_is_a_problem_without_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("service.api.catalogue.all_recipes", broken)
    async with client() as http:
        answer = await http.get("/benchmarks")
    assert answer.status_code == 500
    assert answer.json()["type"].endswith(":internal_error")
    assert "secret" not in answer.text


async def test_a_fault_of_ours_at_one_item_fails_that_item_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import service.pipeline.judged as module

    real = module.check_item

    def sometimes_broken(item: Any, *rest: Any) -> Any:
        if item.id == "q1":
            raise RuntimeError("a secret of the house")
        return real(item, *rest)

    monkeypatch.setattr(module, "check_item", sometimes_broken)
    items = [question(number) for number in range(3)]
    async with client(Settings()) as http:
        answer = await http.post("/translate/benchmark", json=request(*items))
    records = answer.json()["results"]
    assert [record["verdict"] for record in records] == ["ok", "failed", "ok"]
    assert records[1]["error"]["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "a secret of the house" in caplog.text
