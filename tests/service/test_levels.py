"""Levels of checks: in a recipe, in a request, on the command line; word lists of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from eval.benchmarks.library import load_recipe
from service.settings import Settings
from tests.service.conftest import Outcome
from tests.service.rig import client, post, question, request, served
from tests.service.test_files import jsonl, manifest, read_jsonl

Isogloss = Callable[..., Outcome]
COPY = {"engine": "identity"}
"""Copies Simplified characters into zh-TW, which is found."""


async def answer(body: dict[str, Any]) -> dict[str, Any]:
    got = await post(body)
    assert got.status_code == 200, got.text
    return dict(got.json())


async def found_checks() -> list[str]:
    (record,) = (await answer(request(question(), **COPY)))["results"]
    assert record["verdict"] == "flagged"
    return sorted({finding["check"] for finding in record["findings"]})


def inline(**more: Any) -> dict[str, Any]:
    """CMMLU as a recipe of one's own."""
    body = request(question(), **COPY)
    recipe = load_recipe(body.pop("benchmark")).model_dump(mode="json", exclude_unset=True)
    return {**body, "recipe": recipe | more}


@pytest.mark.parametrize("in_recipe", [True, False])
@pytest.mark.parametrize(("level", "verdict"), [("hard", "flagged"), ("soft", "ok"), ("off", "ok")])
async def test_a_level_decides_what_findings_do(in_recipe: bool, level: str, verdict: str) -> None:
    levels = dict.fromkeys(await found_checks(), level)
    body = inline(checks=levels) if in_recipe else request(question(), checks=levels, **COPY)
    (record,) = (await answer(body))["results"]
    assert record["verdict"] == verdict
    assert {finding["hard"] for finding in record["findings"]} == (
        set() if level == "off" else {level == "hard"}
    )


async def test_a_request_goes_before_its_recipe() -> None:
    names = await found_checks()
    body = inline(checks=dict.fromkeys(names, "off")) | {"checks": {names[0]: "hard"}}
    (record,) = (await answer(body))["results"]
    assert {finding["check"] for finding in record["findings"]} == {names[0]}
    assert record["verdict"] == "flagged"


async def test_levels_are_part_of_the_signature() -> None:
    plain = await answer(request(question(), engine="opencc"))
    levels = {"numbers": "hard", "consistency": "off"}
    judged = await answer(request(question(), engine="opencc", checks=levels))
    assert "checks:" not in plain["run"]["signature"]
    assert "|checks:consistency=off,numbers=hard|" in judged["run"]["signature"]


@pytest.mark.parametrize("in_recipe", [True, False])
@pytest.mark.parametrize(
    "accept", ["application/json", "application/x-ndjson"], ids=["json", "ndjson"]
)
async def test_an_unknown_check_answers_with_the_nearest_known(
    in_recipe: bool, accept: str
) -> None:
    levels = {"number": "hard"}
    body = inline(checks=levels) if in_recipe else request(question(), checks=levels)
    got = await post(body, Accept=accept)
    assert (got.status_code, got.json()["type"]) == (422, "urn:isogloss:problem:unknown_check")
    assert "Did you mean numbers?" in got.json()["remedy"]


async def test_an_unknown_level_is_refused() -> None:
    got = await post(request(question(), checks={"numbers": "strict"}))
    assert got.status_code == 422
    assert got.json()["errors"][0]["field"] == "checks.numbers"
    got = await post(inline(checks={"numbers": "strict"}))
    assert (got.status_code, got.json()["type"]) == (422, "urn:isogloss:problem:bad_recipe")


async def test_texts_have_levels_too() -> None:
    body = {"text": "电脑", "source": "zh-CN", "target": "zh-TW", **COPY}
    levels = dict.fromkeys(await found_checks(), "off")
    async with client() as http:
        (strict,) = (await http.post("/translate", json=body)).json()["results"]
        (mild,) = (await http.post("/translate", json={**body, "checks": levels})).json()["results"]
    assert (strict["verdict"], mild["verdict"]) == ("flagged", "ok")


# The command line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "cmmlu.jsonl", question())


def translate(isogloss: Isogloss, file: Path, *more: Any) -> Outcome:
    out = file.parent / "out"
    base = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--engine", "identity")
    return isogloss(*base, "--out", out, *more)


def test_levels_on_the_command_line(isogloss: Isogloss, file: Path) -> None:
    assert translate(isogloss, file).code == 0
    (record,) = read_jsonl(file.parent / "out" / "records.jsonl")
    names = {finding["check"] for finding in record["findings"]}
    assert record["verdict"] == "flagged"
    softer = [each for name in sorted(names) for each in ("--check", f"{name}=soft")]
    refused = translate(isogloss, file, *softer)
    assert refused.code == 2
    assert "checks:" in refused.told, "a resumed run is judged by the same levels"
    assert translate(isogloss, file, *softer, "--restart").code == 0
    assert manifest(file.parent / "out")["counts"]["ok"] == 1


def test_levels_reach_another_service(isogloss: Isogloss, file: Path) -> None:
    with served(Settings()) as address:
        shown = translate(isogloss, file, "--server", address, "--check", "script=off")
        assert shown.code == 0, shown.told
    assert "checks:script=off" in manifest(file.parent / "out")["signature"]


def test_a_bare_off_in_yaml_is_a_level(isogloss: Isogloss, file: Path) -> None:
    """YAML reads it as false."""
    recipe = load_recipe("cmmlu").model_dump(mode="json", exclude_unset=True)
    text = yaml.safe_dump(recipe, allow_unicode=True) + "checks: {script: off, numbers: hard}\n"
    (file.parent / "mine.yaml").write_text(text, "utf-8")
    base = ("translate", file, "--recipe", file.parent / "mine.yaml", "--to", "zh-TW")
    shown = isogloss(*base, "--engine", "identity", "--out", file.parent / "out")
    assert shown.code == 0, shown.told
    signature = manifest(file.parent / "out")["signature"]
    assert "|checks:numbers=hard,script=off|" in signature


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("number=hard", "Did you mean numbers?"),
        ("numbers", "NAME=LEVEL"),
        ("numbers=strict", "one of hard, soft, off"),
    ],
)
def test_a_wrong_level_is_explained(isogloss: Isogloss, file: Path, given: str, told: str) -> None:
    shown = translate(isogloss, file, "--check", given)
    assert shown.code == 2
    assert told in shown.told.replace("│ ", "").replace(" │", "")


# Word lists


def test_word_lists_of_ones_own_make_another_run(
    isogloss: Isogloss, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert translate(isogloss, file).code == 0
    lists = file.parent / "lists"
    lists.mkdir()
    entry = {"zh-TW": [{"avoid": "图书馆", "prefer": "圖書館"}]}
    (lists / "wording.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True), "utf-8")
    monkeypatch.setenv("ISOGLOSS_WORD_LISTS", str(lists))
    refused = translate(isogloss, file)
    assert refused.code == 2
    assert "lists:" in refused.told
    assert translate(isogloss, file, "--restart").code == 0
    assert "|lists:" in json.dumps(manifest(file.parent / "out"))


def test_word_lists_that_are_not_there_are_an_error(
    isogloss: Isogloss, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_WORD_LISTS", str(file.parent / "nowhere"))
    shown = translate(isogloss, file)
    assert shown.code == 2
    assert "nowhere" in shown.told
