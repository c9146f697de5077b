"""Translations that are measured by the request that asks for them: way back, scores, solver."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import opencc
import pytest

from service.settings import EngineKind, EngineSettings, Settings
from tests.service import upstream as play
from tests.service.rig import client, engine, question, request, shown
from tests.service.scripted_metric import SETTINGS, playing
from tests.service.upstream import Upstream, running

BACK = opencc.OpenCC("t2s").convert
NUMBERED = "拿破仑于1804年称帝，当时他的卫队有多少人？"
TEXT = {"text": "电脑的网络有颜色", "source": "zh-CN", "target": "zh-TW"}
BENCHMARK = "/translate/benchmark"


@pytest.fixture
async def gemma() -> AsyncIterator[Upstream]:
    """A model that translates back well, and answers every question with A."""

    def reply(body: dict[str, Any]) -> play.Step | None:
        if "sit an examination" not in json.dumps(body):
            return None
        return play.contents(*[json.dumps({"reasoning": "", "answer": "A"})] * body["n"])

    made = Upstream(models=[{"id": "gemma-3-12b-it"}], translate=BACK, reply=reply)
    async with running(made) as server:
        yield server


def settings(gemma: Upstream) -> Settings:
    engines = {"opencc": EngineSettings(kind=EngineKind.OPENCC), "gemma": engine(gemma)}
    return Settings(engines=engines, metrics={"m": SETTINGS})


async def send(gemma: Upstream, path: str, body: dict[str, Any], **headers: str) -> Any:
    async with client(settings(gemma)) as http:
        return await http.post(path, json={"engine": "opencc", **body}, headers=headers)


async def answered(gemma: Upstream, path: str, body: dict[str, Any]) -> dict[str, Any]:
    got = await send(gemma, path, body)
    assert got.status_code == 200, got.text
    return shown(got)


WAY_BACK = {"round_trip": {"engine": "gemma"}}


async def test_items_come_with_way_back_and_scores_and_the_run_says_how(gemma: Upstream) -> None:
    answer = await answered(gemma, BENCHMARK, request(question(), **WAY_BACK))
    (record,) = answer["results"]
    for segment in record["segments"]:
        assert segment["back_translation"] == segment["source"]
        assert segment["scores"]["round_trip.chrf"]["value"] == pytest.approx(100)
    run = answer["run"]
    assert "gemma-3-12b-it" in run["back_translator"]
    assert run["back_translator"] in run["metrics"]["round_trip.chrf"]["signature"]
    assert len(gemma.bodies) == 1


async def test_a_stream_ends_with_what_the_scores_must_be_quoted_with(gemma: Upstream) -> None:
    body = request(question(question=NUMBERED), round_trip={"engine": "gemma", "probes": 1})
    got = await send(gemma, BENCHMARK, body, Accept="application/x-ndjson")
    item, end = (json.loads(line) for line in got.text.splitlines())
    assert item["segments"][0]["scores"]["round_trip.chrf"]["value"] == pytest.approx(100)
    assert item["probe"]["result"] == "followed"
    assert end["run"]["probes"] == {"followed": ["q0"]}
    assert "gemma-3-12b-it" in end["run"]["back_translator"]
    assert "round_trip.chrf" in end["run"]["metrics"]


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
async def test_who_writes_numbers_from_memory_is_not_believed(gemma: Upstream, accept: str) -> None:
    gemma.translate = lambda text: NUMBERED if "年" in text else BACK(text)
    body = request(question(question=NUMBERED), round_trip={"engine": "gemma", "probes": 1})
    got = await send(gemma, BENCHMARK, body, Accept=accept)
    run = json.loads(got.text.splitlines()[-1])["run"]
    assert run["probes"] == {"from_memory": ["q0"]}
    assert any("by heart" in caveat for caveat in run["caveats"])


async def test_a_related_back_translator_is_said(gemma: Upstream) -> None:
    body = request(question(), engine="gemma", **WAY_BACK)
    answer = await answered(gemma, BENCHMARK, body)
    assert answer["run"]["back_translator"].endswith("same-family")
    assert any("same family" in caveat for caveat in answer["run"]["caveats"])


async def test_texts_are_measured_like_items(
    gemma: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    with playing(monkeypatch, needs_reference=False):
        answer = await answered(gemma, "/translate", {**TEXT, **WAY_BACK, "metrics": ["m"]})
    (text,) = answer["results"]
    assert text["back_translation"] == TEXT["text"]
    assert text["scores"]["round_trip.chrf"]["value"] == pytest.approx(100)
    assert text["scores"]["source.m"]["value"] == len(text["hypothesis"])


async def test_a_text_without_a_word_has_a_reason_in_place_of_a_score(gemma: Upstream) -> None:
    answer = await answered(gemma, "/translate", {**TEXT, "text": "3.14", **WAY_BACK})
    reason = {"value": None, "reason": "nothing to translate"}
    assert answer["results"][0]["scores"] == {"round_trip.chrf": reason}


async def test_one_candidate_was_selected_by_nothing(gemma: Upstream) -> None:
    """The engine gives one, however thorough one is."""
    body = request(question(), **WAY_BACK, effort="thorough")
    assert (await answered(gemma, BENCHMARK, body))["run"]["caveats"] == []


async def test_what_was_not_asked_for_is_not_measured(gemma: Upstream) -> None:
    answer = await answered(gemma, "/translate", TEXT)
    assert answer["results"][0]["scores"] == {}
    assert answer["results"][0]["back_translation"] is None
    assert answer["run"]["back_translator"] == ""
    assert gemma.bodies == []


async def test_a_solver_answers_both_sides(gemma: Upstream) -> None:
    answer = await answered(gemma, BENCHMARK, request(question(), solve={"engine": "gemma"}))
    solved = answer["results"][0]["solved"]
    assert (solved["outcome"], solved["source"], solved["target"]) == ("same", {"A": 3}, {"A": 3})
    assert "gemma-3-12b-it" in answer["run"]["solver"]


async def test_the_metric_that_selects_does_not_judge_alone(
    gemma: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    gemma.translate = Upstream().translate
    body = request(
        question(), engine="gemma", effort="thorough", select_by="m", metrics=["m"], candidates=2
    )
    with playing(monkeypatch, needs_reference=False) as script:
        answer = await answered(gemma, BENCHMARK, body)
    assert "scorer:scripted/" in answer["run"]["signature"]
    assert any("selected by a metric" in caveat for caveat in answer["run"]["caveats"])
    assert answer["results"][0]["segments"][0]["scores"]["source.m"]["value"] is not None
    assert script.asked


@pytest.mark.parametrize(
    ("more", "code", "near"),
    [
        ({"metrics": ["bleuu"]}, "unknown_metric", "bleu"),
        ({"effort": "thorough", "select_by": "chrff"}, "unknown_metric", "chrf"),
        ({"round_trip": {"engine": "gemmma"}}, "unknown_engine", "gemma"),
        ({"solve": {"engine": "gemmma"}}, "unknown_engine", "gemma"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
async def test_an_unknown_name_costs_no_work(
    gemma: Upstream, more: dict[str, Any], code: str, near: str, accept: str
) -> None:
    got = await send(gemma, BENCHMARK, request(question(), **more), Accept=accept)
    assert got.status_code == 404
    assert got.json()["type"].endswith(f":{code}")
    assert near in got.text
    assert gemma.bodies == []


async def test_a_dry_run_shows_and_sends_nothing(gemma: Upstream) -> None:
    body = request(question(), dry_run=True, solve={"engine": "gemma"}, **WAY_BACK)
    answer = await answered(gemma, BENCHMARK, body)
    assert answer["dry_run"]
    assert "gemma-3-12b-it" in answer["run"]["back_translator"]
    assert gemma.bodies == []
