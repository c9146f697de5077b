"""``POST /score`` with references and metrics, and ``GET /scoring-metrics``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from eval.metrics.base import Row
from eval.metrics.lexical import chrf
from service.settings import Settings
from tests.service.rig import client, shown
from tests.service.scripted_metric import SETTINGS, playing

CAT = {"source": "A cat sleeps here.", "target": "고양이가 여기서 잔다."}
GOLD = {**CAT, "reference": "여기 고양이가 자고 있다."}
BACK = {**CAT, "back_translation": "A cat is sleeping here."}
EMPTY: dict[str, Any] = {}


async def send(
    *texts: dict[str, Any], metrics: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    """The answer about texts, with a scripted metric called ``m`` configured."""
    named = EMPTY if metrics is None else {"metrics": metrics}
    body = {"source": "en", "target": "ko", "texts": list(texts), **named, **more}
    async with client(Settings(metrics={"m": SETTINGS})) as http:
        got = await http.post("/score", json=body)
    assert got.status_code == 200, got.text
    return shown(got)


def scores(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [record["segments"][0]["scores"] for record in answer["results"]]


async def test_without_metrics_and_references_there_are_only_checks() -> None:
    answer = await send(CAT)
    assert scores(answer) == [{}]
    assert answer["run"]["metrics"] == {}


async def test_chrf_scores_whatever_has_a_reference() -> None:
    answer = await send(GOLD, CAT)
    gold, none = (each["reference.chrf"] for each in scores(answer))
    assert 0 < gold["value"] < 100
    assert none == {"value": None, "reason": "no reference"}
    assert answer["results"][0]["segments"][0]["reference"] == GOLD["reference"]
    assert "nw:" in answer["run"]["metrics"]["reference.chrf"]["signature"]


async def test_a_text_without_a_word_has_a_reason_in_place_of_a_score() -> None:
    answer = await send({"source": "42", "target": "42", "reference": "42"}, GOLD)
    without, gold = answer["results"]
    assert (without["segments"], gold["scores"]) == ([], {})
    reason = {"value": None, "reason": "nothing to translate"}
    assert without["scores"] == {"reference.chrf": reason}


async def test_the_way_back_is_scored_against_the_source_in_its_language() -> None:
    answer = await send(BACK)
    (score,) = (each["round_trip.chrf"] for each in scores(answer))
    plain = chrf(BACK["back_translation"], BACK["source"])
    assert score["value"] == pytest.approx(plain, abs=15)
    assert score["value"] != pytest.approx(plain), "English words count"
    assert answer["run"]["metrics"]["round_trip.chrf"]["signature"].endswith("|back:given")


async def test_named_metrics_score_each_text_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [{**GOLD, "target": "가" * length} for length in range(1, 9)]
    with playing(monkeypatch):
        answer = await send(*texts, metrics=["m", "bleu"])
    assert [each["reference.m"]["value"] for each in scores(answer)] == list(range(1, 9))
    assert scores(answer)[0].keys() == {"reference.m", "reference.bleu", "reference.chrf"}
    assert answer["run"]["metrics"]["reference.m"]["family"] == "scripted"


async def test_a_metric_without_references_is_said_to_have_done_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with playing(monkeypatch):
        answer = await send(CAT, metrics=["m"])
    assert scores(answer) == [{}]
    assert any("Nothing was scored with m" in caveat for caveat in answer["run"]["caveats"])


async def test_a_metric_that_needs_none_scores_the_target_by_its_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with playing(monkeypatch, needs_reference=False) as script:
        answer = await send(CAT, metrics=["m"])
    assert scores(answer) == [{"source.m": {"value": float(len(CAT["target"])), "reason": ""}}]
    assert [row.reference for row in script.asked[0]] == [None]


async def test_a_scorer_that_crashes_costs_scores_and_no_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crashes(row: Row) -> bool:
        return row.hypothesis == "물 35"

    lost = {**GOLD, "source": "Water 35.", "target": "물 35"}
    with playing(monkeypatch, crashes=crashes):
        answer = await send(GOLD, lost, GOLD, metrics=["m"])
    values = [each["reference.m"]["value"] for each in scores(answer)]
    assert [value is None for value in values] == [False, True, False]
    assert "killed" in scores(answer)[1]["reference.m"]["reason"]
    assert scores(answer)[1]["reference.chrf"]["value"] is not None
    assert [each["verdict"] for each in answer["results"]] == ["ok", "ok", "ok"]


async def test_a_fault_of_a_metric_costs_no_verdict_either(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(row: Row) -> float:
        raise ZeroDivisionError

    with playing(monkeypatch, value=fault):
        answer = await send(GOLD, metrics=["m"])
    assert [each["verdict"] for each in answer["results"]] == ["ok"]
    (found,) = scores(answer)
    assert found["reference.m"]["reason"] == "unexpected ZeroDivisionError: see the log"
    assert found["reference.chrf"]["value"] is not None
    assert "ZeroDivisionError" in caplog.text


ITEM = {"question": "Which is red?", "choices": ["Blood", "Grass"], "answer": 0}
KO = {"question": "빨간 것은?", "choices": ["피", "풀"], "answer": 0}
OURS = {"question": "다음 중 빨간 것은?", "choices": ["피", "잔디"], "answer": 0}


async def items(*entries: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    body = {"benchmark": "mmlu", "target": "ko", "items": list(entries), **more}
    headers = {"Content-Type": "application/json"}
    async with client() as http:
        got = await http.post("/score", content=json.dumps(body).encode(), headers=headers)
    assert got.status_code == 200, got.text
    return list(shown(got)["results"])


async def test_references_of_items_have_their_shape() -> None:
    (record,) = await items({"source": ITEM, "target": KO, "reference": OURS})
    found = {each["id"]: each["scores"]["reference.chrf"]["value"] for each in record["segments"]}
    assert found["choices[0]"] == 100
    assert found["question"] < 100
    assert record["item"] == KO


@pytest.mark.parametrize(
    ("reference", "scored"),
    [
        ({"question": OURS["question"]}, {"question"}),
        ({**OURS, "answer": 1, "choices": ["피"]}, {"question", "choices[0]"}),
        ("no item", set()),
        ([], set()),
    ],
    ids=str,
)
async def test_of_a_reference_in_another_shape_counts_what_fits(
    reference: Any, scored: set[str]
) -> None:
    (record,) = await items({"source": ITEM, "target": KO, "reference": reference})
    found = {each["id"]: each["scores"]["reference.chrf"] for each in record["segments"]}
    assert {id_ for id_, score in found.items() if score["value"] is not None} == scored
    assert {score["reason"] for score in found.values()} - {""} <= {"no reference"}
    assert record["verdict"] == "ok", "a reference is not what is judged"


async def test_a_bad_reference_fails_alone() -> None:
    bad = {**OURS, "question": "\ud800"}
    results = await items(
        {"source": ITEM, "target": KO, "reference": bad},
        {"source": ITEM, "target": KO, "reference": {**OURS, "question": "가" * 999_999}},
        {"source": ITEM, "target": KO, "reference": OURS},
    )
    codes = [each["error"] and each["error"]["code"] for each in results]
    assert codes == ["bad_text", "item_too_large", None]


async def test_a_way_back_of_items_has_their_shape_too() -> None:
    (record,) = await items({"source": ITEM, "target": KO, "back_translation": ITEM})
    values = [each["scores"]["round_trip.chrf"]["value"] for each in record["segments"]]
    assert values == [100, 100, 100]


@pytest.mark.parametrize(
    ("metrics", "script", "status", "type_", "remedy"),
    [
        (["blue"], {}, 404, "unknown_metric", "bleu"),
        (["m"], {"unavailable": "there is no model"}, 503, "metric_unavailable", "make setup"),
        (["a"] * 21, {}, 422, "invalid_request", "GET /docs"),
    ],
)
async def test_a_request_that_cannot_be_scored_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
    metrics: list[str],
    script: dict[str, Any],
    status: int,
    type_: str,
    remedy: str,
) -> None:
    body = {"source": "en", "target": "ko", "texts": [GOLD], "metrics": metrics}
    with playing(monkeypatch, **script):
        async with client(Settings(metrics={"m": SETTINGS})) as http:
            got = await http.post("/score", json=body)
    problem = got.json()
    assert (got.status_code, problem["type"]) == (status, f"urn:isogloss:problem:{type_}")
    assert remedy in problem["remedy"]


async def test_the_metrics_are_listed_with_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    with playing(monkeypatch, unavailable="there is no model"):
        async with client(Settings(metrics={"m": SETTINGS})) as http:
            listed = {each["name"]: each for each in (await http.get("/scoring-metrics")).json()}
    assert [listed[name]["ready"] for name in ("bleu", "chrf", "m")] == [True, True, False]
    assert listed["bleu"]["family"] == "lexical"
    assert listed["bleu"]["caveats"]
    assert "there is no model" in listed["m"]["error"]
    assert "make setup" in listed["m"]["error"]
