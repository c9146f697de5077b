"""Whatever comes in, what goes out is one record per item, in JSON that everybody can read."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.engines.errors import EngineRejected
from service.engines.wire import read_generation, refusal, retry_after_s, served_models
from tests.service.rig import client, question, request, shown, strict_json

TEXT = st.text(st.characters(codec=None), max_size=12)
"""Any text, lone surrogates and NULs too."""

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("id", "question", "A", "B", "C", "D", "answer", "note")
ITEMS = VALUES | st.fixed_dictionaries(
    {}, optional={name: VALUES | st.just("颜色：红？") for name in FIELDS}
)


async def post(http: Any, path: str, body: Any, **headers: str) -> Any:
    headers = {"Content-Type": "application/json", **headers}
    return await http.post(path, content=json.dumps(body).encode(), headers=headers)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(items=st.lists(ITEMS, min_size=1, max_size=5), dry_run=st.booleans())
async def test_any_items_come_back_as_one_record_each(items: list[Any], dry_run: bool) -> None:
    good = question(777_777)
    async with client() as http:
        body = request(*items, good, dry_run=dry_run)
        answer = await post(http, "/translate/benchmark", body)
    assert answer.status_code == 200
    results = shown(answer)["results"]
    assert [record["index"] for record in results] == list(range(len(items) + 1))
    for record, item in zip(results, [*items, good], strict=True):
        if dry_run:
            continue
        assert (record["verdict"] == "failed") == (record["item"] is None) == bool(record["error"])
        if record["item"] is not None:
            assert record["item"].keys() == item.keys()
            assert record["item"].get("answer") == item.get("answer")
            assert record["item"].get("note") == item.get("note")
        else:
            assert record["error"]["code"] != "internal_error", record["error"]
            assert record["error"]["remedy"]
    if not dry_run:
        assert results[-1]["verdict"] == "ok"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=VALUES
    | st.fixed_dictionaries(
        {},
        optional={
            "benchmark": VALUES | st.just("cmmlu"),
            "recipe": VALUES | st.fixed_dictionaries({"fields": VALUES}),
            "target": VALUES | st.just("zh-TW"),
            "source": VALUES | st.just("zh-CN"),
            "engine": VALUES | st.just("opencc"),
            "items": VALUES | st.just([question()]),
            "text": VALUES,
            "candidates": VALUES,
            "seed": VALUES,
            "order": VALUES,
        },
    ),
    path=st.sampled_from(["/translate", "/translate/benchmark"]),
    accept=st.sampled_from(["application/json", "application/x-ndjson"]),
)
async def test_any_body_is_answered_in_json(body: Any, path: str, accept: str) -> None:
    async with client() as http:
        answer = await post(http, path, body, Accept=accept)
    assert answer.status_code in (200, 400, 404, 413, 422)
    for line in answer.content.split(b"\n"):
        assert not line or strict_json(line)
    if answer.status_code != 200:
        assert shown(answer)["detail"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.binary(max_size=80))
async def test_any_bytes_are_answered_in_json(text: bytes) -> None:
    async with client() as http:
        headers = {"Content-Type": "application/json"}
        answer = await http.post("/translate/benchmark", content=text, headers=headers)
    assert answer.status_code in (400, 422)
    assert shown(answer)["remedy"]


@settings(max_examples=300, deadline=None)
@given(
    answer=st.dictionaries(
        st.sampled_from(["choices", "usage", "error", "data"]),
        VALUES
        | st.lists(
            st.fixed_dictionaries(
                {}, optional=dict.fromkeys(("message", "text", "finish_reason", "index"), VALUES)
            ),
            max_size=3,
        ),
    ),
    chat=st.booleans(),
)
def test_any_answer_of_a_server_is_read_or_refused(answer: dict[str, Any], chat: bool) -> None:
    path = "/v1/chat/completions" if chat else "/v1/completions"
    try:
        generation = read_generation(answer, path, "m")
    except EngineRejected:
        pass
    else:
        assert generation.completions
        assert all(isinstance(each.text, str) for each in generation.completions)
    assert all(isinstance(model["id"], str) for model in served_models(answer))
    assert isinstance(refusal(json.dumps(answer)), str)


@given(header=st.none() | st.text(max_size=40))
def test_any_retry_after_is_a_wait_or_none(header: str | None) -> None:
    wait = retry_after_s(header)
    assert wait is None or wait >= 0
