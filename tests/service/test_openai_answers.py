"""What the ``openai`` engine sends, and how it takes answers of every shape."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tests.service import upstream as play
from tests.service.rig import client, engine, question, request
from tests.service.upstream import Upstream


async def post(upstream: Upstream, body: dict[str, Any], **settings: Any) -> dict[str, Any]:
    async with client(m=engine(upstream, **settings)) as http:
        answer = await http.post("/translate/benchmark", json={"engine": "m", **body})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def one(
    upstream: Upstream, *steps: play.Step, item: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """The record of one item whose requests are answered by ``steps``."""
    upstream.play(*steps)
    settings = more.pop("settings", {})
    answer = await post(upstream, request(item or question(), **more), **settings)
    return dict(answer["results"][0])


async def test_a_server_that_obeys_schemas_is_asked_for_json(upstream: Upstream) -> None:
    record = await one(upstream)
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
    assert list(schema["properties"]) == [
        "question",
        "option_A",
        "option_B",
        "option_C",
        "option_D",
    ] or (len(schema["properties"]) == 5)
    assert "|format:json|" in record["provenance"]["signature"]


async def test_a_server_that_ignores_schemas_is_asked_for_sections(upstream: Upstream) -> None:
    upstream.obeys_schema = False
    record = await one(upstream)
    assert record["verdict"] == "ok"
    assert "response_format" not in upstream.bodies[0]
    assert "|format:sections|" in record["provenance"]["signature"]


async def test_a_server_that_refuses_schemas_is_asked_for_sections(upstream: Upstream) -> None:
    upstream.probe = play.status(400, {"error": {"message": "response_format is not supported"}})
    record = await one(upstream)
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
    await post(upstream, request(*items))
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
    record = await one(upstream, step)
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
    record = await one(upstream, play.altered(change))
    assert record["verdict"] == "failed"
    assert record["error"]["code"] in ("engine_rejected", "answer_unusable")
    assert len(upstream.bodies) == 1


@pytest.mark.parametrize("usage", [None, [], "many", {"prompt_tokens": "x"}, {}], ids=repr)
async def test_a_strange_count_of_tokens_spoils_nothing(upstream: Upstream, usage: Any) -> None:
    record = await one(upstream, play.altered(lambda body: {**body, "usage": usage}))
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

    record = await one(upstream, *[stopped] * 9, settings={"profile": profile})
    assert record["verdict"] == "failed"
    expected = "answer_truncated" if reason == "length" else "answer_unusable"
    assert record["error"]["code"] == expected


async def test_of_several_candidates_one_that_ends_is_taken(upstream: Upstream) -> None:
    async def step(up: Upstream, asked: Any, body: dict[str, Any]) -> Any:
        texts = [play.translated(up, body)] * 3
        return await play.contents(*texts, reasons=["length", "length", "stop"])(up, asked, body)

    record = await one(upstream, step, candidates=3)
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
    record = await one(upstream, step, candidates=4)
    assert record["verdict"] == "ok"
    assert record["findings"] == []
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
    record = await one(upstream, step, candidates=3)
    assert record["verdict"] == "flagged"
    assert record["provenance"]["chosen"] == 2
    assert record["item"]["A"] == "紅色的書"


async def test_when_no_candidate_can_be_read_the_item_fails(upstream: Upstream) -> None:
    record = await one(upstream, play.candidates("one", None, "three"), candidates=3)
    assert record["error"]["code"] == "answer_unusable"


async def test_fewer_candidates_than_asked_for_are_taken_as_they_are(upstream: Upstream) -> None:
    record = await one(upstream, play.candidates(lambda texts: texts), candidates=4)
    assert record["verdict"] == "ok"
    assert record["provenance"]["candidates"] == 1


async def test_one_draft_is_greedy_and_several_differ(upstream: Upstream) -> None:
    await one(upstream)
    await one(upstream, candidates=3)
    assert upstream.bodies[0]["temperature"] == 0
    assert "n" not in upstream.bodies[0]
    assert upstream.bodies[1]["temperature"] > 0


async def test_a_configured_temperature_is_sent_and_is_in_the_signature(
    upstream: Upstream,
) -> None:
    record = await one(upstream, settings={"temperature": 0.3})
    assert upstream.bodies[0]["temperature"] == 0.3
    assert "temperature=0.3" in record["provenance"]["signature"]


async def test_an_items_seed_depends_on_the_item_alone(upstream: Upstream) -> None:
    """So the same item gets the same seed in another batch, in a resumed run, and in any order."""
    items = [question(number) for number in range(4)]
    await post(upstream, request(*items, seed=7))
    await post(upstream, request(*reversed(items), seed=7, order="finished"))
    await post(upstream, request(items[2], seed=7))
    await post(upstream, request(items[2], seed=8))
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
    await one(upstream)
    assert "seed" not in upstream.bodies[0]


async def test_the_answers_limit_follows_the_source(upstream: Upstream) -> None:
    items = [question(), question(1, question="颜色的书" * 200), question(2, question="书" * 9_000)]
    await post(upstream, request(*items), max_answer_tokens=3000)
    short, long, longest = sorted(body["max_tokens"] for body in upstream.bodies)
    assert 100 < short < 500
    assert 2_000 < long < 4_000
    assert longest == 3_000


async def test_the_answers_limit_leaves_room_in_a_small_context(upstream: Upstream) -> None:
    upstream.models = [{"id": play.MODEL, "max_model_len": 1024}]
    await one(upstream, item=question(question="颜色的书" * 200))
    assert upstream.bodies[0]["max_tokens"] == 512


async def test_single_text_models_get_one_call_per_segment(upstream: Upstream) -> None:
    record = await one(upstream, settings={"profile": "translategemma"})
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
    record = await one(upstream, candidates=2, settings={"profile": "translategemma"})
    assert record["verdict"] == "ok"
    assert record["provenance"]["chosen"] == 1
    assert record["item"]["B"] == "說話的聲音"


async def test_when_one_segment_fails_the_calls_for_the_others_end(upstream: Upstream) -> None:
    """Nobody will read them: the model should not go on working."""

    def reply(body: dict[str, Any]) -> play.Step:
        return play.status(400) if "图书馆" in body["prompt"] else play.slow(20)

    upstream.reply = reply
    record = await one(upstream, settings={"profile": "translategemma"})
    assert record["error"]["code"] == "engine_rejected"
    assert upstream.cancelled == 4


async def test_streamed_answers_are_put_together_with_their_tokens(upstream: Upstream) -> None:
    record = await one(upstream, settings={"stream": True})
    assert record["verdict"] == "ok"
    assert record["provenance"]["prompt_tokens"] == 7
    assert upstream.bodies[0]["stream_options"] == {"include_usage": True}


async def test_a_stream_without_token_counts_is_read_too(upstream: Upstream) -> None:
    record = await one(upstream, play.streamed(usage=False), settings={"stream": True})
    assert record["verdict"] == "ok"
    assert record["provenance"]["prompt_tokens"] is None


async def test_streamed_single_texts(upstream: Upstream) -> None:
    record = await one(upstream, settings={"stream": True, "profile": "translategemma"})
    assert record["verdict"] == "ok"


async def test_a_server_that_does_not_stream_when_asked_is_understood(upstream: Upstream) -> None:
    plain = play.altered(lambda body: body)
    record = await one(upstream, plain, settings={"stream": True, "attempts": 1})
    assert record["verdict"] == "ok"


BROKEN = {
    "without an end mark": play.streamed(upto=2, done=False),
    "without a finish reason": play.streamed(reason=None),
    "with an error in it": play.streamed(upto=2, error={"error": {"message": "engine died"}}),
    "with something else than JSON": play.streamed(error="{oops"),
    "with something else than objects": play.streamed(error=[1, 2]),
    "before it began": play.streamed(upto=0, done=False, usage=False),
}


@pytest.mark.parametrize("step", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("profile", [None, "translategemma"])
async def test_a_broken_stream_is_tried_again_and_never_taken_as_it_is(
    upstream: Upstream, step: play.Step, profile: str | None
) -> None:
    settings = {"stream": True, "attempts": 2, "profile": profile}
    record = await one(upstream, step, settings=settings)
    assert record["verdict"] == "ok"
    assert len(upstream.bodies) == (2 if profile is None else 6)


async def test_a_streamed_answer_that_ran_on_is_never_ok(upstream: Upstream) -> None:
    record = await one(upstream, play.streamed(reason="length"), settings={"stream": True})
    assert record["error"]["code"] == "answer_truncated"


async def test_a_very_long_streamed_piece_is_read(upstream: Upstream) -> None:
    async def step(up: Upstream, asked: Any, body: dict[str, Any]) -> Any:
        whole = json.dumps(
            {
                "padding": "x" * 400_000,
                "choices": [
                    {"delta": {"content": play.translated(up, body)}, "finish_reason": "stop"}
                ],
            }
        )
        payload = f"data: {whole}\n\ndata: [DONE]\n\n".encode()
        return await play.raw(payload, "text/event-stream")(up, asked, body)

    record = await one(upstream, step, settings={"stream": True, "attempts": 1})
    assert record["verdict"] == "ok"


async def test_white_space_around_a_text_comes_back(upstream: Upstream) -> None:
    record = await one(upstream, item=question(question="  第0题：下列哪个词语表示颜色？\n"))
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
    record = await one(upstream, settings={"base_url": upstream.url + suffix})
    assert record["verdict"] == "ok"
