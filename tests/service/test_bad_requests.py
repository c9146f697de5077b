"""Bad requests: a typed problem that names the thing and the remedy, and nothing is done."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from service.settings import Settings
from tests.service.rig import client, post, question, request, shown

GOOD = [question(1), question(2)]


async def refused(body: Any, status: int, code: str, *words: str, **more: Any) -> dict[str, Any]:
    """The problem with which a request is refused as a whole."""
    answer = await post(body, **more)
    problem = shown(answer)
    assert answer.status_code == status, problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:isogloss:problem:{code}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["remedy"]
    told = f"{problem['detail']} {problem['remedy']} {problem['errors']}"
    for word in words:
        assert word in told, told
    return problem


async def test_an_unknown_benchmark_names_the_nearest() -> None:
    await refused(request(*GOOD, benchmark="cmmul"), 404, "unknown_benchmark", "'cmmul'", "cmmlu")


async def test_an_unknown_benchmark_like_none_names_all() -> None:
    await refused(request(*GOOD, benchmark="zzz"), 404, "unknown_benchmark", "gsm8k", "humaneval")


async def test_the_benchmark_of_a_path_is_found_or_told() -> None:
    async with client() as http:
        found = await http.get("/benchmarks/cmmlu")
        missing = await http.get("/benchmarks/cmmul")
        climbing = await http.get("/benchmarks/..%2F..%2Fsecrets")
    assert found.json()["name"] == "cmmlu"
    assert missing.status_code == 404
    assert "cmmlu" in missing.json()["remedy"]
    assert climbing.status_code == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"effort": "high"}, "effort"),
        ({"Target": "ko"}, "Target"),
        ({"items": {"a": 1}}, "items"),
        ({"items": None}, "items"),
        ({"items": []}, "items"),
        ({"items": "abc"}, "items"),
        ({"benchmark": 7}, "benchmark"),
        ({"benchmark": None}, "recipe"),
        ({"recipe": {"fields": {"a": "text"}}}, "recipe"),
        ({"benchmark": None, "recipe": {"fields": {"\ud800": "text"}}}, "recipe"),
        ({"benchmark": None, "recipe": {"fields": {"a": "text"}, "name": "\ud800"}}, "recipe"),
        ({"benchmark": None, "recipe": "x"}, "recipe"),
        ({"target": 5}, "target"),
        ({"target": ["ko"]}, "target"),
        ({"target": None}, "target"),
        ({"target": "tlh"}, "tlh"),
        ({"target": "zh"}, "zh-TW"),
        ({"source": "zh"}, "zh-CN"),
        ({"source": "\ud800"}, "source"),
        ({"engine": 3}, "engine"),
        ({"engine": "a\x00b"}, "NUL"),
        ({"candidates": 0}, "candidates"),
        ({"candidates": "two"}, "candidates"),
        ({"candidates": 1.5}, "candidates"),
        ({"candidates": "2"}, "candidates"),
        ({"candidates": True}, "candidates"),
        ({"seed": "7"}, "seed"),
        ({"dry_run": "true"}, "dry_run"),
        ({"dry_run": 1}, "dry_run"),
        ({"seed": -1}, "seed"),
        ({"seed": 10**30}, "seed"),
        ({"order": "random"}, "order"),
        ({"dry_run": "perhaps"}, "dry_run"),
        ({"benchmark": "\ud800"}, "benchmark"),
        ({"\ud800": 1}, "\\ud800"),
        ({"x\x00": 1}, "x"),
    ],
    ids=str,
)
async def test_a_field_that_is_wrong_is_named(more: dict[str, Any], field: str) -> None:
    await refused(request(*GOOD, **more), 422, "invalid_request", field)


async def test_a_missing_target_is_named() -> None:
    await refused({"benchmark": "cmmlu", "items": GOOD}, 422, "invalid_request", "target")


async def test_bare_zh_is_told_with_both_choices() -> None:
    problem = await refused(request(*GOOD, target="zh"), 422, "invalid_request", "zh-TW", "zh-CN")
    assert problem["errors"][0]["field"] == "target"


@pytest.mark.parametrize("body", [[], "x", 7, None, True], ids=repr)
async def test_a_body_that_is_no_object_is_told(body: Any) -> None:
    await refused(body, 422, "invalid_request", "body")


async def test_an_empty_body_is_told() -> None:
    await refused(b"", 422, "invalid_request", "body")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"benchmark": "cmmlu", "items": [', ("character 33",)),
        (b"benchmark=cmmlu", ("character 0",)),
        (b'{"target": "ko"} {}', ("character 17",)),
        (b'{"target": "\xff\xfe"}', ("UTF-8", "byte 12")),
        ('{"target": "한국어"}'.encode("cp949"), ("UTF-8",)),
        (b"[" * 100_000, ("nested",)),
        (b'{"seed": ' + b"9" * 10_000 + b"}", ("digits",)),
    ],
    ids=["cut", "form", "two", "ff", "cp949", "deep", "digits"],
)
async def test_a_body_that_is_no_json_is_told(body: bytes, words: tuple[str, ...]) -> None:
    await refused(body, 400, "invalid_json", *words)


async def test_a_body_of_another_media_type_is_told() -> None:
    async with client() as http:
        answer = await http.post(
            "/translate/benchmark",
            content=json.dumps(request(*GOOD)),
            headers={"Content-Type": "text/plain"},
        )
    assert answer.status_code == 415
    assert answer.json()["type"].endswith(":unsupported_media_type")
    assert "application/json" in answer.json()["remedy"]


async def test_an_unknown_engine_names_the_nearest() -> None:
    await refused(request(*GOOD, engine="openc"), 404, "unknown_engine", "'openc'", "opencc")


async def test_an_engine_that_does_not_serve_the_pair_names_those_that_do() -> None:
    await refused(
        request(*GOOD, engine="opencc", target="ko"), 422, "pair_not_served", "zh-CN>ko", "openai"
    )


async def test_a_pair_that_no_engine_serves_is_told() -> None:
    await refused(request(*GOOD, target="ko"), 422, "pair_not_served", "zh-CN>ko", "vLLM")


async def test_the_same_language_on_both_sides_is_for_the_control_run_only() -> None:
    await refused(request(*GOOD, target="zh-CN"), 422, "pair_not_served", "zh-CN>zh-CN")
    answer = await post(request(*GOOD, target="zh-CN", engine="identity"))
    assert [record["item"] for record in answer.json()["results"]] == GOOD


async def test_without_a_source_language_it_must_be_named() -> None:
    recipe = {"fields": {"text": "text"}}
    body = {"recipe": recipe, "target": "zh-TW", "items": [{"text": "书"}]}
    await refused(body, 422, "source_language_missing", "source")
    assert (await post({**body, "source": "zh-CN"})).json()["results"][0]["verdict"] == "ok"


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ({"fields": {"a..b": "text"}}, ("a..b",)),
        ({"fields": {"a[": "text"}}, ("a[",)),
        ({"fields": {"": "text"}}, ("path",)),
        ({"fields": {"a": "txt"}}, ("fields.a", "'text'")),
        ({"fields": {"a": {"kind": "answer_span"}}}, ("answer_span", "context")),
        ({"fields": {"a": {"kind": "text_list"}}}, ("separator",)),
        ({"fields": {"a": {"kind": "text_list", "separator": ""}}}, ("separator",)),
        ({"fields": {"a": {"kind": "text", "typo": 1}}}, ("typo",)),
        ({"fields": {"a": 7}}, ("fields.a",)),
        ({"fields": {}}, ("fields",)),
        ({"fields": "question"}, ("fields",)),
        ({}, ("layouts",)),
        ({"fields": {"a": "text"}, "id": "a["}, ("id",)),
        ({"fields": {"a": "text"}, "colour": 1}, ("colour",)),
        ({"fields": {"a": "text"}, "source_language": "zh"}, ("source_language",)),
        ({"fields": {"a": "text"}, "category": "fun"}, ("category",)),
    ],
    ids=str,
)
async def test_a_recipe_that_cannot_be_used_is_told(
    recipe: dict[str, Any], words: tuple[str, ...]
) -> None:
    body = {"recipe": recipe, "source": "zh-CN", "target": "zh-TW", "items": GOOD}
    await refused(body, 422, "bad_recipe", *words)


async def test_too_many_candidates_name_the_limit() -> None:
    await refused(request(*GOOD, candidates=17), 422, "too_many_candidates", "17", "16")


async def test_too_many_items_name_the_limit_quickly() -> None:
    body = json.dumps(request(*[question()] * 100_000)).encode()
    started = time.monotonic()
    await refused(body, 413, "too_many_items", "100,000", "20,000", "ISOGLOSS_MAX_ITEMS")
    assert time.monotonic() - started < 3


async def test_too_many_texts_name_the_limit() -> None:
    async with client() as http:
        body = {"text": ["书"] * 1_001, "source": "zh-CN", "target": "zh-TW"}
        answer = await http.post("/translate", json=body)
    assert answer.status_code == 413
    assert "1,000" in answer.json()["remedy"]


async def test_a_body_over_the_limit_is_refused_by_its_announced_length() -> None:
    settings = Settings(max_body_bytes=2048)
    await refused(
        request(*[question()] * 50),
        413,
        "body_too_large",
        "2,048",
        "ISOGLOSS_MAX_BODY_BYTES",
        settings=settings,
    )


async def test_a_body_over_the_limit_is_refused_without_an_announced_length() -> None:
    async def chunks() -> Any:
        for _ in range(50):
            yield b" " * 100

    async with client(Settings(max_body_bytes=2048)) as http:
        answer = await http.post("/translate/benchmark", content=chunks())
    assert answer.status_code == 413
    assert shown(answer)["type"].endswith(":body_too_large")


async def test_a_body_at_the_limit_is_taken() -> None:
    body = json.dumps(request(*GOOD)).encode()
    body += b" " * (2048 - len(body))
    assert (await post(body, Settings(max_body_bytes=2048))).status_code == 200


async def test_unknown_routes_and_methods_are_problems_too() -> None:
    async with client() as http:
        unknown = await http.get("/translations")
        method = await http.get("/translate")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:isogloss:problem:not_found")
    assert method.status_code == 405
    assert method.headers["allow"] == "POST"
    assert method.json()["type"].endswith(":method_not_allowed")
