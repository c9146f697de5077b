"""What shows only when all items of a run are at hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.settings import EngineKind, EngineSettings, Settings
from tests.service.conftest import Outcome
from tests.service.rig import client, served
from tests.service.test_files import jsonl, manifest, read_jsonl

Isogloss = Callable[..., Outcome]
RECIPE = {"name": "mine", "source_language": "en", "fields": {"a": "option", "b": "option"}}
ITEMS = [
    {"a": "red", "b": "None of the above"},
    {"a": "green", "b": "None of the above."},
    {"a": "blue", "b": "None of the above"},
]
TARGETS = {
    "red": "紅色",
    "green": "綠色",
    "blue": "藍色",
    "None of the above": "以上皆非",
    "None of the above.": "以上都不對。",
}
HARD = {"consistency": "hard"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An engine that renders the same option in two ways."""
    lines = [
        json.dumps({"pair": "en>zh-TW", "source": source, "hypotheses": [target]})
        for source, target in TARGETS.items()
    ]
    path = tmp_path / "recordings.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return Settings(engines={"r": EngineSettings(kind=EngineKind.REPLAY, recordings=path)})


def body(**more: Any) -> dict[str, Any]:
    return {"recipe": RECIPE, "target": "zh-TW", "engine": "r", "items": ITEMS, **more}


def inconsistent(records: list[dict[str, Any]]) -> list[int]:
    return [
        record["index"]
        for record in records
        if any(finding["check"] == "consistency" for finding in record["findings"])
    ]


@pytest.mark.parametrize("order", ["input", "finished"])
async def test_a_json_answer_has_it_in_its_records(settings: Settings, order: str) -> None:
    async with client(settings) as http:
        soft = (await http.post("/translate/benchmark", json=body(order=order))).json()
        hard = (await http.post("/translate/benchmark", json=body(checks=HARD))).json()
    assert inconsistent(soft["results"]) == [1]
    assert soft["run"]["counts"]["ok"] == 3
    assert [record["verdict"] for record in hard["results"]] == ["ok", "flagged", "ok"]
    assert hard["run"]["counts"] == {"items": 3, "ok": 2, "repaired": 0, "flagged": 1, "failed": 0}


async def test_texts_have_it_too(settings: Settings) -> None:
    texts = [item["b"] for item in ITEMS]
    request = {"source": "en", "target": "zh-TW", "engine": "r", "text": texts}
    async with client(settings) as http:
        answer = (await http.post("/translate", json=request)).json()
    found = [[each["check"] for each in result["findings"]] for result in answer["results"]]
    assert ["consistency" in checks for checks in found] == [False, True, False]


async def test_the_last_line_of_a_stream_has_it(settings: Settings) -> None:
    headers = {"Accept": "application/x-ndjson"}
    async with client(settings) as http:
        for checks, flagged in ((HARD, 1), ({}, 0), ({"consistency": "off"}, 0)):
            request = body(checks=checks)
            answer = await http.post("/translate/benchmark", json=request, headers=headers)
            *items, end = map(json.loads, answer.text.splitlines())
            assert inconsistent(items) == []
            assert end["run"]["counts"]["flagged"] == flagged
            if checks == {"consistency": "off"}:
                assert end["findings"] == {}
            else:
                ((index, (finding,)),) = end["findings"].items()
                assert (index, finding["found"]) == ("1", "以上都不對")
        metrics = (await http.get("/metrics")).text
    assert 'isogloss_findings_total{check="consistency",level="hard"} 1.0' in metrics
    assert 'isogloss_findings_total{check="consistency",level="soft"} 1.0' in metrics


@pytest.mark.parametrize("remote", [False, True])
def test_a_file_has_it_in_everything_that_is_written(
    isogloss: Isogloss,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    remote: bool,
) -> None:
    monkeypatch.setenv("ISOGLOSS_ENGINES__R__KIND", "replay")
    monkeypatch.setenv("ISOGLOSS_ENGINES__R__RECORDINGS", str(tmp_path / "recordings.jsonl"))
    (tmp_path / "mine.yaml").write_text(json.dumps(RECIPE), "utf-8")
    file, out = jsonl(tmp_path / "mine.jsonl", *ITEMS), tmp_path / "out"
    base = ["translate", file, "--recipe", tmp_path / "mine.yaml", "--to", "zh-TW"]
    base += ["--engine", "r", "--out", out, "--check", "consistency=hard"]
    with served(settings) as address:
        for _ in range(2):  # the second time everything is taken up
            shown = isogloss(*base, *(["--server", address] if remote else []))
            assert shown.code == 0, shown.told
            records = read_jsonl(out / "records.jsonl")
            assert [record["verdict"] for record in records] == ["ok", "flagged", "ok"]
            assert [len(record["findings"]) for record in records] == [0, 1, 0]
            assert manifest(out)["counts"]["flagged"] == 1
            assert "consistency" in (out / "report.html").read_text("utf-8")
            assert "consistency" in shown.told
