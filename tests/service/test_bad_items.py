"""Bad items: each fails alone with a code, a detail and a remedy; the good ones come through."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.service.rig import client, post, question, request, shown

GOOD = [question(1), question(2)]


async def failing(item: Any, code: str, *words: str, **more: Any) -> dict[str, Any]:
    """The record of a bad item between two good ones, which must both come through."""
    answer = await post(request(GOOD[0], item, GOOD[1], **more))
    assert answer.status_code == 200, answer.text
    body = shown(answer)
    first, bad, last = body["results"]
    assert [first["verdict"], last["verdict"]] == ["ok", "ok"]
    counts = {"items": 3, "ok": 2, "repaired": 0, "flagged": 0, "failed": 1}
    assert body["run"]["counts"] == counts
    assert bad["verdict"] == "failed"
    assert bad["item"] is None
    assert bad["index"] == 1
    assert bad["error"]["code"] == code, bad["error"]
    assert bad["error"]["remedy"]
    for word in words:
        assert word in bad["error"]["detail"] + bad["error"]["remedy"]
    return dict(bad)


@pytest.mark.parametrize("item", ["text", None, 7, 1.5, True, [], [1], {}], ids=repr)
async def test_an_item_that_is_no_item_fails_alone(item: Any) -> None:
    answer = await post(request(GOOD[0], item, GOOD[1]))
    first, bad, last = shown(answer)["results"]
    assert [first["verdict"], bad["verdict"], last["verdict"]] == ["ok", "failed", "ok"]
    assert bad["error"]["code"] in ("wrong_type", "missing_fields")
    assert bad["id"] == "1"


async def test_an_item_without_a_field_fails_alone_with_its_name() -> None:
    item = question(9)
    del item["B"]
    bad = await failing(item, "missing_fields", "B", "cmmlu", "question")
    assert bad["id"] == "q9"


@pytest.mark.parametrize("value", [None, 7, ["x"], {"x": 1}, False], ids=repr)
async def test_a_field_of_another_type_fails_alone(value: Any) -> None:
    await failing(question(9, question=value), "wrong_type", "question", "string")


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"], ids=repr)
async def test_a_text_without_a_word_fails_alone(text: str) -> None:
    await failing(question(9, question=text), "empty_text", "question")


async def test_an_id_that_is_taken_fails_alone() -> None:
    bad = await failing(question(1, question="另一个问题？"), "duplicate_id", "'q1'", "item 0")
    assert bad["id"] == "q1"


@pytest.mark.parametrize("order", ["input", "finished"])
async def test_of_many_items_with_one_id_the_first_is_taken(order: str) -> None:
    items = [question(0, question=f"第{number}个：什么颜色？") for number in range(30)]
    records = shown(await post(request(*items, order=order)))["results"]
    good = [record["index"] for record in records if record["verdict"] == "ok"]
    assert good == [0]


async def test_a_bad_item_does_not_take_an_id_from_a_good_one() -> None:
    """The first one with the id has no translation, so the second is no duplicate of anything."""
    items = [question(5, question=""), question(5)]
    records = shown(await post(request(*items)))["results"]
    assert [record["verdict"] for record in records] == ["failed", "ok"]


@pytest.mark.parametrize(("bad", "what"), [("\ud800", "surrogate"), ("\x00", "NUL")], ids=ascii)
async def test_characters_that_no_text_has_fail_alone(bad: str, what: str) -> None:
    record = await failing(question(9, A=f"红{bad}色"), "bad_text", "A", what, "character 1")
    assert record["id"] == "q9"


async def test_a_lone_surrogate_in_an_id_fails_alone() -> None:
    record = await failing(question(9, id="q\ud800"), "bad_text", "id", "surrogate")
    assert record["id"] == "q\\ud800"


async def test_a_lone_surrogate_in_a_kept_field_fails_alone() -> None:
    """It is not translated, but it could not be sent back."""
    await failing(question(9, note={"by": ["a", "b\udfff"]}), "bad_text", "note.by[1]", "surrogate")


async def test_a_lone_surrogate_in_a_key_fails_alone() -> None:
    await failing({**question(9), "k\ud800": 1}, "bad_text", "surrogate")


async def test_a_nul_in_an_id_or_key_or_kept_field_comes_back_as_it_was() -> None:
    item = {**question(9), "id": "q\x00", "k\x00": "v\x00"}
    answer = await post(request(item))
    (record,) = shown(answer)["results"]
    assert record["verdict"] == "ok"
    assert record["id"] == "q\\x00"
    assert {key: record["item"][key] for key in ("id", "k\x00")} == {
        "id": "q\x00",
        "k\x00": "v\x00",
    }


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_json_does_not_know_fails_alone(number: str) -> None:
    """Python writes such JSON. An answer with it would not be JSON, and ``null`` another value."""
    body = json.dumps(request(GOOD[0], question(9, score="HERE"), GOOD[1]))
    answer = await post(body.replace('"HERE"', number).encode())
    first, bad, last = shown(answer)["results"]
    assert [first["verdict"], bad["verdict"], last["verdict"]] == ["ok", "failed", "ok"]
    assert bad["error"]["code"] == "wrong_type"
    assert "score" in bad["error"]["detail"]


async def test_odd_numbers_of_kept_fields_come_back_as_they_were() -> None:
    numbers = [0.1, -0.0, 1e22, 2**70, 10**400, 1.0, 5e-324]
    (record,) = shown(await post(request(question(9, numbers=numbers))))["results"]
    assert repr(record["item"]["numbers"]) == repr(numbers)


@pytest.mark.parametrize("depth", [150, 300, 800])
async def test_an_item_that_is_nested_too_deeply_fails_alone(depth: int) -> None:
    nested: Any = "x"
    for _ in range(depth):
        nested = [nested]
    await failing(question(9, note=nested), "wrong_type", "note", "levels deep")


async def test_nesting_that_data_has_is_taken() -> None:
    nested: Any = "x"
    for _ in range(60):
        nested = {"a": [nested]}
    (record,) = shown(await post(request(question(9, note=nested["a"]))))["results"]
    assert record["verdict"] == "failed" or record["item"]["note"] == nested["a"]


async def test_a_huge_item_fails_alone_and_quickly() -> None:
    started = time.monotonic()
    await failing(question(9, question="颜色" * 5_000_000), "item_too_large", "40,000", "ISOGLOSS_")
    assert time.monotonic() - started < 5


HUGE = {
    "letters": "a" * 10_000_000,
    "dollars": "$" * 1_000_000,
    "backslashes": "\\" * 1_000_000,
    "brackets": "[" * 1_000_000,
    "blanks": "_" * 1_000_000,
    "spaces inside": "书" + " " * 1_000_000 + "书",
    "lines": "书\n" * 500_000,
    "digits": "1" * 1_000_000,
    "options": "(A) 书 " * 200_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
async def test_a_huge_item_of_any_kind_does_not_hold_up_the_others(text: str) -> None:
    started = time.monotonic()
    answer = await post(request(GOOD[0], question(9, question=text), GOOD[1]))
    first, bad, last = shown(answer)["results"]
    assert [first["verdict"], last["verdict"]] == ["ok", "ok"]
    assert time.monotonic() - started < 3
    assert bad["verdict"] in ("failed", "ok")  # a text without a word is kept as it is


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
async def test_an_item_at_the_limit_of_any_kind_takes_no_second(text: str) -> None:
    """Reading, protected spans and checks: all are linear in the text."""
    started = time.monotonic()
    items = [question(1, question=f"书{text[:39_900]}")]
    for engine in ("opencc", "identity"):
        answer = await post(request(*items, engine=engine))
        assert shown(answer)["results"][0]["verdict"] in ("ok", "flagged")
    assert time.monotonic() - started < 2


async def test_a_huge_kept_field_is_no_obstacle() -> None:
    (record,) = shown(await post(request(question(9, note="n" * 2_000_000))))["results"]
    assert record["verdict"] == "ok"


async def test_bad_items_are_told_in_a_dry_run_by_their_ids() -> None:
    items = [question(1), question(2, question=""), question(3, id="\ud800"), 7]
    answer = await post(request(*items, dry_run=True))
    results = shown(answer)["results"]
    assert [result["error"] and result["error"]["code"] for result in results] == [
        None,
        "empty_text",
        "bad_text",
        "wrong_type",
    ]
    assert [result["id"] for result in results] == ["q1", "q2", "\\ud800", "3"]


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
async def test_a_mixture_of_everything_comes_back_whole(accept: str) -> None:
    deep: Any = 0
    for _ in range(500):
        deep = [deep]
    bad = [
        None,
        "x",
        question(10, question=""),
        question(11, question=7),
        question(12, note="\ud800"),
        question(13, note=deep),
        question(14, question="书" * 50_000),
        question(1),
        {"\ud800": 1},
    ]
    items = [
        each for pair in zip([question(n) for n in range(9)], bad, strict=True) for each in pair
    ]
    answer = await post(request(*items), Accept=accept)
    if accept.endswith("json") and "nd" not in accept:
        records = shown(answer)["results"]
    else:
        *records, end = [json.loads(line) for line in answer.content.decode().splitlines()]
        assert end["type"] == "end"
    assert [record["index"] for record in records] == list(range(18))
    assert [record["verdict"] for record in records[::2]] == ["ok"] * 9
    assert {record["verdict"] for record in records[1::2]} == {"failed"}


async def translate(text: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    body = {"text": text, "source": "zh-CN", "target": "zh-TW", **more}
    async with client() as http:
        answer = await http.post(
            "/translate",
            content=json.dumps(body),
            headers={"Content-Type": "application/json"},
        )
    return answer.status_code, shown(answer)


async def test_one_bad_text_fails_alone() -> None:
    texts = ["颜色", "", "红\ud800色", "红\x00色", "书" * 50_000, "图书馆"]
    status, body = await translate(texts)
    assert status == 200
    codes = [result["error"] and result["error"]["code"] for result in body["results"]]
    assert codes == [None, "empty_text", "bad_text", "bad_text", "item_too_large", None]
    assert body["results"][0]["hypothesis"] == "顏色"
    assert body["results"][2]["text"] == "红\\ud800色"
    assert body["results"][5]["hypothesis"] == "圖書館"


@pytest.mark.parametrize("text", [None, 7, {"a": 1}, ["a", 7], ["a", None]], ids=repr)
async def test_texts_that_are_none_are_named(text: Any) -> None:
    status, body = await translate(text)
    assert status == 422
    (error,) = body["errors"]
    assert error["field"] == "text"
    assert "list of strings" in error["message"]
    if isinstance(text, list):
        assert "entry 1" in error["message"]


async def test_no_texts_are_no_request() -> None:
    status, body = await translate([])
    assert status == 422
    assert "text" in body["detail"]
