"""``POST /score``: translations that were made elsewhere."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from service.settings import Settings
from tests.service.rig import client, shown, strict_json

SOURCE: dict[str, Any] = {
    "question": "Which planet has 83 moons?",
    "choices": ["Saturn", "Jupiter", "Mars", "None of the above"],
    "answer": 0,
    "subject": "astronomy",
}
TARGET: dict[str, Any] = {
    "question": "哪一顆行星有 83 顆衛星？",
    "choices": ["土星", "木星", "火星", "以上皆非"],
    "answer": 0,
    "subject": "astronomy",
}


async def send(body: Any, settings: Settings | None = None) -> httpx2.Response:
    async with client(settings) as http:
        return await http.post("/score", json=body)  # type: ignore[no-any-return]


async def scored(*items: tuple[Any, Any], **more: Any) -> dict[str, Any]:
    entries = [{"source": source, "target": target} for source, target in items]
    got = await send({"benchmark": "mmlu", "target": "zh-TW", "items": entries, **more})
    assert got.status_code == 200, got.text
    return shown(got)


async def texts(*pairs: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    entries = [{"source": s, "target": t, "kind": kind} for kind, s, t in pairs]
    got = await send({"source": "en", "target": "zh-TW", "texts": entries, **more})
    assert got.status_code == 200, got.text
    return shown(got)


def hard(record: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["check"], each["segment"]) for each in record["findings"] if each["hard"]]


async def test_a_good_item_is_ok() -> None:
    answer = await scored((SOURCE, TARGET))
    (record,) = answer["results"]
    assert record["verdict"] == "ok"
    assert hard(record) == []
    assert record["item"] == TARGET
    assert {each["id"]: each["target"] for each in record["segments"]} == {
        "question": TARGET["question"],
        **{f"choices[{n}]": text for n, text in enumerate(TARGET["choices"])},
    }
    run = answer["run"]
    assert (run["engine"], run["pair"], run["benchmark"]) == ("given", "en>zh-TW", "mmlu")
    assert run["counts"] == {"items": 1, "ok": 1, "repaired": 0, "flagged": 0, "failed": 0}
    assert record["provenance"]["signature"] == run["signature"]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"answer": 1}, ("structure", "answer")),
        ({"subject": "天文學"}, ("structure", "subject")),
        ({"choices": ["土星", "木星", "火星"]}, ("structure", "choices")),
        ({"choices": ["土星", "木星", "木星", "以上皆非"]}, ("options", "choices[2]")),
        ({"question": "哪一顆行星有 38 顆衛星？"}, ("numbers", "question")),
        ({"question": ""}, ("structure", "question")),
    ],
)
async def test_a_fault_is_found_where_it_is(
    change: dict[str, Any], finding: tuple[str, str]
) -> None:
    answer = await scored((SOURCE, TARGET), (SOURCE, TARGET | change))
    good, bad = answer["results"]
    assert (good["verdict"], bad["verdict"]) == ("ok", "flagged")
    assert finding in hard(bad)
    assert answer["run"]["counts"]["flagged"] == 1


async def test_an_item_that_cannot_be_judged_fails_alone() -> None:
    answer = await scored(({}, TARGET), (SOURCE, TARGET), (SOURCE | {"question": ""}, TARGET))
    assert [each["verdict"] for each in answer["results"]] == ["failed", "ok", "failed"]
    codes = [each["error"] and each["error"]["code"] for each in answer["results"]]
    assert codes == ["missing_fields", None, "empty_text"]


@pytest.mark.parametrize("target", [None, 5, "text", [], {}, {"question": None}])
async def test_a_target_that_is_no_item_is_flagged(target: Any) -> None:
    (record,) = (await scored((SOURCE, target)))["results"]
    assert record["verdict"] == "flagged"
    assert {check for check, _ in hard(record)} == {"structure"}
    assert record["item"] == target


async def test_the_same_option_in_two_ways_shows_in_all_items_together() -> None:
    other = TARGET | {"choices": ["土星", "木星", "火星", "以上都不對"]}
    answer = await scored((SOURCE, TARGET), (SOURCE, other), (SOURCE, TARGET))
    found = [[each["check"] for each in record["findings"]] for record in answer["results"]]
    assert [("consistency" in checks) for checks in found] == [False, True, False]
    strict = await scored((SOURCE, TARGET), (SOURCE, other), checks={"consistency": "hard"})
    assert [each["verdict"] for each in strict["results"]] == ["ok", "flagged"]
    assert strict["run"]["counts"]["flagged"] == 1


async def test_texts_are_judged_by_their_kind() -> None:
    answer = await texts(
        ("text", "Saturn has rings.", "土星有環。"),
        ("option", "None of the above", "以上皆非"),
        ("solution", "He has 5 apples.\n#### 5", "他有 5 顆蘋果。\n#### 6"),
        ("inline_options", "Which is red? (A) blood (B) grass", "何者是紅色的？ (A) 血"),
    )
    found = [hard(record) for record in answer["results"]]
    assert [sorted({check for check, _ in each}) for each in found] == [
        [],
        [],
        ["structure"],
        ["structure"],
    ]
    assert [each["segments"][0]["kind"] for each in answer["results"]][:3] == [
        "text",
        "option",
        "solution",
    ]


async def test_a_bad_text_fails_alone() -> None:
    body = (
        b'{"source": "en", "target": "ko", "texts": [{"source": "a \\ud800", "target": "b"},'
        b' {"source": "Hello there", "target": "\\ud800"},'
        b' {"source": "Hello there", "target": "\xec\x95\x88\xeb\x85\x95"}]}'
    )
    async with client() as http:
        headers = {"Content-Type": "application/json"}
        got = await http.post("/score", content=body, headers=headers)
    assert got.status_code == 200, got.text
    results = strict_json(got.content)["results"]
    assert [each["error"] and each["error"]["code"] for each in results] == [
        "bad_text",
        "bad_text",
        None,
    ]


GIVEN = {"source": SOURCE, "target": TARGET}
PAIR = {"source": "Hello", "target": "안녕"}


@pytest.mark.parametrize(
    ("body", "status", "type_"),
    [
        ({"target": "ko"}, 422, "invalid_request"),
        ({"target": "ko", "source": "en", "texts": []}, 422, "invalid_request"),
        ({"target": "ko", "texts": [PAIR]}, 422, "source_language_missing"),
        ({"target": "ko", "texts": [PAIR], "benchmark": "mmlu"}, 422, "invalid_request"),
        ({"target": "ko", "texts": [PAIR], "items": [GIVEN]}, 422, "invalid_request"),
        ({"target": "ko", "items": [GIVEN]}, 422, "invalid_request"),
        ({"target": "ko", "items": [SOURCE], "benchmark": "mmlu"}, 422, "invalid_request"),
        ({"target": "ko", "items": [GIVEN], "benchmark": "mmlo"}, 404, "unknown_benchmark"),
        ({"target": "ko", "items": [GIVEN], "recipe": {}}, 422, "bad_recipe"),
        ({"target": "xx", "items": [GIVEN], "benchmark": "mmlu"}, 422, "invalid_request"),
        (
            {"target": "ko", "items": [GIVEN], "benchmark": "mmlu", "checks": {"x": "off"}},
            422,
            "unknown_check",
        ),
        (
            {"target": "ko", "source": "en", "texts": [PAIR | {"kind": "messages"}]},
            422,
            "invalid_request",
        ),
        ({"target": "ko", "items": [GIVEN] * 3, "benchmark": "mmlu"}, 413, "too_many_items"),
        ({"target": "ko", "source": "en", "texts": [PAIR] * 3}, 413, "too_many_items"),
    ],
)
async def test_a_request_that_does_not_fit(body: Any, status: int, type_: str) -> None:
    got = await send(body, Settings(max_items=2, max_texts=2))
    assert (got.status_code, got.json()["type"]) == (status, f"urn:isogloss:problem:{type_}")
    assert got.headers["content-type"] == "application/problem+json"


async def test_items_are_bounded_on_both_sides() -> None:
    body = {"source": "en", "target": "ko", "texts": [PAIR, {"source": "Hi", "target": "가" * 99}]}
    got = shown(await send(body, Settings(max_item_characters=20)))
    assert [each["verdict"] for each in got["results"]][1] == "failed"
    assert got["results"][1]["error"]["code"] == "item_too_large"


async def test_the_examples_of_the_description_are_true() -> None:
    async with client() as http:
        document = (await http.get("/openapi.json")).json()
        for example in document["components"]["schemas"]["ScoreRequest"]["examples"]:
            answer = await http.post("/score", json=example)
            assert answer.status_code == 200, answer.text


async def test_what_was_judged_is_counted() -> None:
    async with client() as http:
        await http.post(
            "/score", json={"source": "en", "target": "ko", "texts": [{**PAIR, "target": ""}]}
        )
        metrics = (await http.get("/metrics")).text
    assert 'isogloss_items_total{engine="given",pair="en>ko",verdict="flagged"} 1.0' in metrics
    assert 'isogloss_findings_total{check="structure",level="hard"} 1.0' in metrics
