"""Every level of effort and every method with a real vLLM, through ``/translate/benchmark``.

The model is noise: its candidates never agree, its judgements cannot be read, its edits do not
help. So every step is taken, and what is tested is that none of them loses an item, that each is
recorded with what it cost, and that a budget is kept at the server itself.
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from eval.checks.suite import CHECKS
from tests.live.test_translate import (
    ITEM,
    SHORT,
    client,
    engine,
    post,
    requests_served,
    running,
    until,
)

ITEMS = [{**ITEM, "question": f"{ITEM['question']} ({number})"} for number in range(6)]
READABLE = {"answer_truncated", "answer_unusable", None}


async def translated(url: str, items: list[Any] = ITEMS, **more: Any) -> list[dict[str, Any]]:
    """Records of items, after what must be true of each of them."""
    settings = more.pop("settings", {})
    async with client(tiny=engine(url, **settings)) as http:
        body = {"benchmark": "mmlu", "engine": "tiny", "seed": 7, **more}
        answer = await post(http, items=items, **body)
    records: list[dict[str, Any]] = answer["results"]
    for record in records:
        made = record["provenance"]
        assert (record["error"] or {}).get("code") in READABLE
        for name in ("calls", "prompt_tokens", "completion_tokens"):
            assert sum(stage[name] or 0 for stage in made["stages"]) == (made[name] or 0)
        assert made["stages"][0]["step"] == "draft"
    if len(records) == len(ITEMS):
        assert any(record["item"] for record in records)
    return records


def steps(records: list[dict[str, Any]]) -> set[str]:
    return {stage["step"] for record in records for stage in record["provenance"]["stages"]}


def outcomes(records: list[dict[str, Any]], step: str) -> set[str]:
    stages = (stage for record in records for stage in record["provenance"]["stages"])
    return {stage["outcome"] for stage in stages if stage["step"] == step}


async def test_a_draft_is_one_call(vllm_url: str) -> None:
    records = await translated(vllm_url, effort="draft")
    assert {record["provenance"]["calls"] for record in records} == {1}
    assert steps(records) == {"draft"}


async def test_checked_edits_what_was_found_once(vllm_url: str) -> None:
    records = await translated(vllm_url, effort="checked")
    assert {record["provenance"]["calls"] for record in records} <= {1, 2}
    assert steps(records) == {"draft", "edit"}
    assert outcomes(records, "edit") <= {"accepted", "refused", "failed"}
    for record in records:
        if record["item"]:
            assert record["item"].keys() == ITEM.keys()


@pytest.mark.parametrize("method", ["best_of_n", "fuse", "rank"])
async def test_thorough_grows_and_goes_on(vllm_url: str, method: str) -> None:
    soft = dict.fromkeys(CHECKS, "soft")  # else hardly two of them have equally few hard findings
    more = {"checks": soft} if method == "rank" else {}
    records = await translated(vllm_url, effort="thorough", method=method, candidates=6, **more)
    assert {"draft", "grow", "critique"} <= steps(records)
    assert {record["provenance"]["effort"] for record in records} == {f"thorough/{method}"}
    if method != "best_of_n":
        assert method in steps(records)
    grown = [record for record in records if record["provenance"]["candidates"] == 6]
    assert grown
    for record in grown:
        draft, *rest = record["provenance"]["stages"]
        assert draft["calls"] + sum(s["calls"] for s in rest if s["step"] == "grow") == 2


@pytest.mark.parametrize("method", ["fuse", "rank"])
@pytest.mark.parametrize("calls", [1, 3, 5])
async def test_a_budget_of_calls_is_kept(vllm_url: str, method: str, calls: int) -> None:
    records = await translated(
        vllm_url, effort="thorough", method=method, candidates=4, budget={"calls": calls}
    )
    assert max(record["provenance"]["calls"] for record in records) <= calls


async def test_a_budget_of_tokens_is_kept_by_the_server_itself(vllm_url: str) -> None:
    records = await translated(vllm_url, effort="thorough", candidates=8, budget={"tokens": 500})
    written = [record["provenance"]["completion_tokens"] for record in records]
    assert max(written) <= 500


async def test_a_budget_of_one_call_is_one_call_at_the_server(vllm_url: str) -> None:
    await until(lambda: running(vllm_url) == 0, 30)  # what other tests broke off is counted by then
    before = requests_served(vllm_url)
    records = await translated(
        vllm_url, ITEMS[:1], effort="thorough", candidates=4, budget={"calls": 1}
    )
    assert records[0]["provenance"]["calls"] == 1
    served = requests_served(vllm_url) - before
    assert served <= 2 + 1  # vLLM counts each sequence, and the probe at the start


async def test_at_the_deadline_the_server_stops(endless_vllm_url: str) -> None:
    settings = engine(endless_vllm_url, profile="generic", max_answer_tokens=4096)
    async with client(endless=settings) as http:
        await http.get("/readyz")
        started = time.monotonic()
        answer = await post(
            http,
            recipe=SHORT,
            items=[{"text": "word " * 400}],
            engine="endless",
            budget={"seconds": 2},
        )
    assert time.monotonic() - started < 20  # unbounded it takes minutes
    (record,) = answer["results"]
    assert record["error"]["code"] == "budget_spent"
    assert "2 seconds" in record["error"]["detail"]
    assert record["provenance"]["calls"] == 1


async def test_a_model_with_its_makers_prompts_is_only_asked_to_translate(vllm_url: str) -> None:
    records = await translated(
        vllm_url,
        ITEMS[:2],
        effort="thorough",
        method="rank",
        candidates=4,
        settings={"profile": "seed-x"},
    )
    assert steps(records) <= {"draft", "grow"}
