"""Effort, method and budget in requests, on the command line, in signatures and resumed runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.service import upstream as play
from tests.service.conftest import Outcome
from tests.service.effort_rig import PARAPHRASE, good, kinds, same_options, with_question
from tests.service.rig import ask, client, engine, post, question, request, served
from tests.service.test_files import jsonl, manifest
from tests.service.upstream import Upstream

Isogloss = Callable[..., Outcome]


async def signature(**more: Any) -> str:
    answer = await post(request(question(), engine="opencc", **more))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["run"]["signature"])


async def test_the_signature_says_what_was_done() -> None:
    assert "|effort:checked|n:1|" in await signature()
    assert "|effort:draft|n:3|" in await signature(effort="draft", candidates=3)
    thorough = await signature(effort="thorough", method="rank", budget={"calls": 9, "seconds": 1})
    assert "|effort:thorough|method:rank|n:8|budget:calls=9,seconds=1|" in thorough
    assert "|effort:thorough|method:best_of_n|n:8|" in await signature(effort="thorough")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"effort": "hard"}, ("effort", "draft", "checked", "thorough")),
        ({"effort": "thorough", "method": "vote"}, ("method", "best_of_n", "fuse", "rank")),
        ({"method": "fuse"}, ("method", "thorough")),
        ({"effort": "draft", "method": "best_of_n"}, ("method", "thorough")),
        ({"budget": {"calls": 0}}, ("budget", "calls", "greater than or equal to 1")),
        ({"budget": {"calls": 1.5}}, ("calls", "integer")),
        ({"budget": {"calls": "2"}}, ("calls", "integer")),
        ({"budget": {"seconds": 0}}, ("seconds", "greater than 0")),
        ({"budget": {"tokens": -1}}, ("tokens",)),
        ({"budget": {"money": 3}}, ("money",)),
        ({"budget": 3}, ("budget",)),
        ({"candidates": 99, "effort": "thorough"}, ("99", "16")),
    ],
    ids=str,
)
async def test_what_cannot_be_meant_is_told(wrong: dict[str, Any], words: tuple[str, ...]) -> None:
    answer = await post(request(question(), **wrong))
    assert answer.status_code == 422
    for word in words:
        assert word in answer.text


async def test_without_a_number_the_limit_of_the_service_holds(upstream: Upstream) -> None:
    upstream.play(play.candidates(good, with_question(PARAPHRASE)))
    settings = Settings(engines={"m": engine(upstream)}, max_candidates=3)
    async with client(settings) as http:
        body = request(question(), engine="m", effort="thorough")
        answer = await http.post("/translate/benchmark", json=body)
    assert answer.status_code == 200, answer.text
    assert [body.get("n", 1) for body in upstream.bodies[:2]] == [2, 1]
    assert "|n:3|" in answer.json()["run"]["signature"]


async def test_texts_have_levels_too(upstream: Upstream) -> None:
    async with client(m=engine(upstream)) as http:
        body = {"text": "红色", "source": "zh-CN", "target": "zh-TW", "engine": "m"}
        answer = await http.post(
            "/translate", json={**body, "effort": "thorough", "budget": {"calls": 2}}
        )
    (result,) = answer.json()["results"]
    assert result["provenance"]["effort"] == "thorough/best_of_n"
    assert [stage["step"] for stage in result["provenance"]["stages"]] == ["draft"]


async def test_an_engine_without_a_model_is_asked_for_nothing_but_translations() -> None:
    body = request(question(), engine="identity", effort="thorough", method="fuse")
    answer = (await post(body)).json()
    (record,) = answer["results"]
    assert record["verdict"] == "flagged"
    assert record["provenance"]["calls"] == 0
    assert [stage["step"] for stage in record["provenance"]["stages"]] == ["draft"]
    assert answer["run"]["caveats"] == []


@pytest.mark.parametrize("method", ["fuse", "rank", "best_of_n"])
async def test_a_model_with_its_makers_prompts_chooses_and_says_so(
    upstream: Upstream, method: str
) -> None:
    wording = iter(["红色", "说话", "电脑", "书"] * 20)
    upstream.reply = lambda body: play.contents(*[next(wording) for _ in range(body.get("n", 1))])
    body = request(question(), effort="thorough", method=method)
    answer = await ask(upstream, body, profile="seed-x")
    (record,) = answer["results"]
    assert any("makers' prompts" in caveat for caveat in answer["run"]["caveats"])
    steps = {stage["step"] for stage in record["provenance"]["stages"]}
    assert steps == {"draft", "grow"}
    assert record["provenance"]["calls"] == len(upstream.bodies) == 10


async def test_a_draft_of_such_a_model_needs_no_caveat(upstream: Upstream) -> None:
    answer = await ask(upstream, request(question(), effort="draft"), profile="seed-x")
    assert not any("makers' prompts" in caveat for caveat in answer["run"]["caveats"])


async def test_a_dry_run_shows_the_first_request(upstream: Upstream) -> None:
    answer = await ask(upstream, request(question(), effort="thorough", dry_run=True))
    (shown,) = answer["results"]
    assert shown["prompts"][0]["sampling"]["temperature"] > 0
    assert upstream.bodies == []


def translate(file: Path, upstream: Upstream, *more: Any) -> tuple[Any, ...]:
    return ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--base-url", upstream.url, *more)


def test_a_command_has_the_same_options(
    isogloss: Isogloss, threaded_upstream: Upstream, tmp_path: Path
) -> None:
    threaded_upstream.play(play.candidates(good, same_options))
    file = jsonl(tmp_path / "cmmlu.jsonl", question(0))
    options = ("--effort", "thorough", "--method", "fuse", "-n", "5", "--budget-calls", "2")
    more = ("--budget-tokens", "5000", "--budget-seconds", "60", "--out", tmp_path / "run")
    shown = isogloss(*translate(file, threaded_upstream, *options, *more))
    assert shown.code == 0, shown.told
    assert kinds(threaded_upstream) == ["translate", "translate"]
    assert [body["n"] for body in threaded_upstream.bodies] == [2, 3]
    made = manifest(tmp_path / "run")["signature"]
    budget = "budget:calls=2,tokens=5000,seconds=60"
    assert f"|effort:thorough|method:fuse|n:5|{budget}|" in made


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--method", "fuse"), ("--method", "thorough")),
        (("--effort", "much"), ("draft", "checked", "thorough")),
        (("--budget-calls", "0"), ("--budget-calls",)),
        (("-n", "17"), ("17", "16")),
    ],
    ids=str,
)
def test_a_command_tells_what_cannot_be_meant(
    isogloss: Isogloss,
    threaded_upstream: Upstream,
    tmp_path: Path,
    options: tuple[str, ...],
    words: tuple[str, ...],
) -> None:
    file = jsonl(tmp_path / "cmmlu.jsonl", question(0))
    shown = isogloss(*translate(file, threaded_upstream, *options))
    assert shown.code == 2
    for word in words:
        assert word in shown.told


def test_a_run_is_not_resumed_with_another_effort(
    isogloss: Isogloss, threaded_upstream: Upstream, tmp_path: Path
) -> None:
    file = jsonl(tmp_path / "cmmlu.jsonl", question(0))
    command = translate(file, threaded_upstream, "--out", tmp_path / "run")
    assert isogloss(*command, "--effort", "draft").code == 0
    for other in (("--effort", "checked"), ("--effort", "draft", "--budget-calls", "3")):
        shown = isogloss(*command, *other)
        assert shown.code == 2
        assert "holds another run" in shown.told
    assert isogloss(*command, "--effort", "draft").code == 0
    assert len(threaded_upstream.bodies) == 1


def test_a_service_is_told_the_same(isogloss: Isogloss, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "cmmlu.jsonl", question(0))
    with served(Settings()) as address:
        shown = isogloss(
            *("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--server", address),
            *("--effort", "thorough", "--method", "rank", "--budget-seconds", "9.5"),
            *("--engine", "opencc", "--out", tmp_path / "run"),
        )
    assert shown.code == 0, shown.told
    made = manifest(tmp_path / "run")["signature"]
    assert "|effort:thorough|method:rank|n:8|budget:seconds=9.5|" in made
