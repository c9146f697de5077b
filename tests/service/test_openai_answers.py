"""How the ``openai`` engine finds out what its server can do, and takes answers of every shape."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service import upstream as play
from tests.service.rig import ask, ask_one, client, engine, question, request
from tests.service.upstream import Upstream


async def test_a_server_that_obeys_schemas_is_asked_for_json(upstream: Upstream) -> None:
    record = await ask_one(upstream)
    assert record["verdict"] == "ok"
    assert record["item"] == question(
        question="第0題：下列哪個詞語表示顏色？",
        A="紅色的書",
        B="說話的聲音",
        C="電腦的網絡",
        D="圖書館",
    )
    (body,) = upstream.bodies
    schema = body["response_format"]["json_schema"]["schema"]
    options = [f"option_{letter}" for letter in "ABCD"]
    assert list(schema["properties"]) == ["question", *options]
    assert schema["additionalProperties"] is False
    assert "|format:json|" in record["provenance"]["signature"]


async def test_a_server_that_ignores_schemas_is_asked_for_sections(upstream: Upstream) -> None:
    upstream.obeys_schema = False
    record = await ask_one(upstream)
    assert record["verdict"] == "ok"
    assert "response_format" not in upstream.bodies[0]
    assert "|format:sections|" in record["provenance"]["signature"]


async def test_a_server_that_refuses_schemas_is_asked_for_sections(upstream: Upstream) -> None:
    upstream.probe = play.status(400, {"error": {"message": "response_format is not supported"}})
    record = await ask_one(upstream)
    assert record["verdict"] == "ok"
    assert "|format:sections|" in record["provenance"]["signature"]


async def test_a_server_that_fails_at_the_probe_is_not_taken_for_one_without_schemas(
    upstream: Upstream,
) -> None:
    """An outage at start-up must not decide the answer format of the whole run."""
    upstream.probe = play.status(503)
    async with client(m=engine(upstream)) as http:
        down = await http.post("/translate/benchmark", json=request(question(), engine="m"))
        upstream.probe = None
        up = await http.post("/translate/benchmark", json=request(question(), engine="m"))
    assert down.status_code == 503
    assert "|format:json|" in up.json()["run"]["signature"]


async def test_the_probe_is_made_once_for_many_requests_at_once(upstream: Upstream) -> None:
    items = [question(number) for number in range(20)]
    await ask(upstream, request(*items))
    assert upstream.probes == 1
    assert upstream.paths.count("/v1/models") == 1


UNUSABLE = {
    "null": play.contents(None),
    "empty": play.contents(""),
    "prose": play.contents("Sure! Here is the translation."),
    "a field missing": play.contents('{"question": "題"}'),
    "a field too many": play.candidates(lambda texts: {**texts, "note": "x"}),
    "an empty field": play.candidates(lambda texts: {**texts, next(iter(texts)): " "}),
    "a number in a field": play.candidates(lambda texts: {**texts, next(iter(texts)): 3}),  # type: ignore[dict-item]
    "broken JSON": play.contents('{"question": "題'),
    "nested without end": play.contents("{" + '"a":{' * 50_000),
    "half a surrogate pair": play.candidates(lambda texts: {**texts, next(iter(texts)): "\ud800"}),
}


@pytest.mark.parametrize("step", UNUSABLE.values(), ids=UNUSABLE)
async def test_an_answer_that_cannot_be_read_is_a_failed_item(
    upstream: Upstream, step: play.Step
) -> None:
    """And never a source text passed off as its translation."""
    record = await ask_one(upstream, step)
    assert record["verdict"] == "failed"
    assert record["item"] is None
    assert record["error"]["code"] == "answer_unusable"
    assert record["error"]["remedy"]
    assert record["provenance"]["calls"] == 1
    assert record["provenance"]["completion_tokens"] == 10


STRANGE = {
    "no choices": lambda body: {**body, "choices": []},
    "choices null": lambda body: {**body, "choices": None},
    "choices a string": lambda body: {**body, "choices": "none"},
    "no choices key": lambda body: {"object": "chat.completion"},
    "message null": lambda body: {**body, "choices": [{"message": None}]},
    "content a list of parts": lambda body: {
        **body,
        "choices": [{"message": {"content": [{"type": "text", "text": "題"}]}}],
    },
    "content a number": lambda body: {**body, "choices": [{"message": {"content": 7}}]},
    "an error of a proxy": lambda body: {"error": {"message": "no such thing", "code": 502}},
    "not an object": lambda body: [body],
    "null": lambda body: None,
    "a string": lambda body: "ok",
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
async def test_an_answer_of_a_strange_shape_is_a_failed_item(
    upstream: Upstream, change: Any
) -> None:
    record = await ask_one(upstream, play.altered(change))
    assert record["verdict"] == "failed"
    assert record["error"]["code"] in ("engine_rejected", "answer_unusable")
    assert len(upstream.bodies) == 1


@pytest.mark.parametrize("usage", [None, [], "many", {"prompt_tokens": "x"}, {}], ids=repr)
async def test_a_strange_count_of_tokens_spoils_nothing(upstream: Upstream, usage: Any) -> None:
    record = await ask_one(upstream, play.altered(lambda body: {**body, "usage": usage}))
    assert record["verdict"] == "ok"
    assert record["provenance"]["prompt_tokens"] is None


@pytest.mark.parametrize("reason", ["length", "content_filter", "abort"])
@pytest.mark.parametrize("profile", [None, "translategemma"])
async def test_an_answer_that_did_not_come_to_its_end_is_never_ok(
    upstream: Upstream, reason: str, profile: str | None
) -> None:
    async def stopped(up: Upstream, asked: Any, body: dict[str, Any]) -> Any:
        step = play.contents(play.translated(up, body), reasons=[reason])
        return await step(up, asked, body)

    record = await ask_one(upstream, *[stopped] * 9, settings={"profile": profile})
    assert record["verdict"] == "failed"
    expected = "answer_truncated" if reason == "length" else "answer_unusable"
    assert record["error"]["code"] == expected


async def test_of_several_candidates_one_that_ends_is_taken(upstream: Upstream) -> None:
    async def step(up: Upstream, asked: Any, body: dict[str, Any]) -> Any:
        texts = [play.translated(up, body)] * 3
        return await play.contents(*texts, reasons=["length", "length", "stop"])(up, asked, body)

    record = await ask_one(upstream, step, candidates=3)
    assert record["verdict"] == "ok"
    assert record["provenance"] | {"candidates": 3, "chosen": 2} == record["provenance"]


async def test_of_several_candidates_the_one_with_fewest_findings_is_taken(
    upstream: Upstream,
) -> None:
    def all_options_equal(texts: dict[str, str]) -> dict[str, str]:
        return {key: texts[key] if key == "question" else "一樣" for key in texts}

    def number_moved(texts: dict[str, str]) -> dict[str, str]:
        return {key: text.replace("0", "8") for key, text in texts.items()}

    def as_it_is(texts: dict[str, str]) -> dict[str, str]:
        return texts

    step = play.candidates(all_options_equal, "unreadable", number_moved, as_it_is)
    record = await ask_one(upstream, step, candidates=4)
    assert record["verdict"] == "ok"
    assert {finding["check"] for finding in record["findings"]} <= {"wording"}
    assert record["provenance"]["candidates"] == 4
    assert record["provenance"]["chosen"] == 3
    assert upstream.bodies[0]["n"] == 4


async def test_of_several_bad_candidates_the_least_bad_is_taken_and_flagged(
    upstream: Upstream,
) -> None:
    def all_options_equal(texts: dict[str, str]) -> dict[str, str]:
        return {key: texts[key] if key == "question" else "一樣" for key in texts}

    def two_options_equal(texts: dict[str, str]) -> dict[str, str]:
        *_, last, one_more = texts
        return {**texts, last: texts[one_more]}

    step = play.candidates("unreadable", all_options_equal, two_options_equal)
    record = await ask_one(upstream, step, candidates=3, effort="draft")
    assert record["verdict"] == "flagged"
    assert record["provenance"]["chosen"] == 2
    assert record["item"]["A"] == "紅色的書"


async def test_when_no_candidate_can_be_read_the_item_fails(upstream: Upstream) -> None:
    record = await ask_one(upstream, play.candidates("one", None, "three"), candidates=3)
    assert record["error"]["code"] == "answer_unusable"


async def test_where_there_are_fewer_candidates_the_others_are_asked_for(
    upstream: Upstream,
) -> None:
    record = await ask_one(upstream, play.candidates(lambda texts: texts), candidates=4)
    assert record["verdict"] == "ok"
    assert record["provenance"]["candidates"] == 4
    assert [body["n"] for body in upstream.bodies] == [4, 3]
