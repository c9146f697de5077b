"""``isogloss score``: what it shows, what it leaves, and how it goes on after a failure."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.metrics.base import Row
from eval.run_log import ItemRecord, Provenance, RunInfo, SegmentRecord, Verdict
from tests.service.conftest import Outcome
from tests.service.scripted_metric import Script, length, playing
from tests.service.test_files import jsonl, read_jsonl

Isogloss = Callable[..., Outcome]
ROWS = [
    {"id": "a", "en": "A cat sleeps.", "ko": "고양이가 잔다.", "reference": "고양이가 자고 있다."},
    {"id": "b", "en": "A dog barks.", "ko": "개가 짖는다.", "reference": "개가 짖는다."},
    {"id": "c", "en": "A bird sings.", "ko": "새가 운다.", "reference": None},
]


@pytest.fixture
def score(
    isogloss: Isogloss, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """The command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: isogloss("score", *arguments)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """A metric called ``m`` that can be told to fail."""
    monkeypatch.setenv("ISOGLOSS_METRICS__M__KIND", "similarity")
    monkeypatch.setenv("ISOGLOSS_METRICS__M__CHECKPOINT", "model")
    with playing(monkeypatch) as played:
        yield played


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "p.jsonl", *ROWS)


def table(folder: Path) -> dict[tuple[str, str], str]:
    """Value, or else the reason, by item and score."""
    with (folder / "scores.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, dialect="excel-tab"))
    return {(row["id"], row["score"]): row["value"] or row["reason"] for row in rows}


def test_means_worst_items_and_reasons_are_shown(score: Isogloss, pairs: Path) -> None:
    shown = score(pairs, "--metric", "bleu")
    assert shown.code == 0, shown.told
    for piece in (
        "reference.chrf",
        "reference.bleu",
        "95% intervals",
        "not scored, 1: no reference",
    ):
        assert piece in shown.told
    assert shown.told.index("고양이가 자고 있다.") < shown.told.index("개가 짖는다."), "worst first"


def test_the_folder_holds_records_scores_and_a_report(
    score: Isogloss, pairs: Path, tmp_path: Path
) -> None:
    assert score(pairs, "--out", "o").code == 0
    found = table(tmp_path / "o")
    assert found["b", "reference.chrf"] == "100"
    assert 0 < float(found["a", "reference.chrf"]) < 100
    assert found["c", "reference.chrf"] == "no reference"
    records = read_jsonl(tmp_path / "o" / "records.jsonl")
    assert [record["id"] for record in records] == ["a", "b", "c"]
    manifest = json.loads((tmp_path / "o" / "manifest.json").read_text("utf-8"))
    assert "nw:" in manifest["metrics"]["reference.chrf"]["signature"]
    assert "<!doctype html>" in (tmp_path / "o" / "report.html").read_text("utf-8").lower()


def test_a_line_without_a_word_is_counted_and_told(score: Isogloss, tmp_path: Path) -> None:
    number = {"id": "n", "en": "42", "ko": "42", "reference": "42"}
    shown = score(jsonl(tmp_path / "p.jsonl", *ROWS, number), "--out", "o")
    assert shown.code == 0, shown.told
    assert table(tmp_path / "o")["n", "reference.chrf"] == "nothing to translate"
    assert "not scored, 1: nothing to translate" in shown.told
    assert "nothing to translate (1)" in (tmp_path / "o" / "report.md").read_text("utf-8")


@pytest.mark.parametrize("suffix", ["tsv", "csv"])
def test_references_may_stand_in_any_column(score: Isogloss, tmp_path: Path, suffix: str) -> None:
    separator = "\t" if suffix == "tsv" else ","
    head, row = ("source", "target", "gold"), ("A cat", "고양이", "고양이")
    file = tmp_path / f"p.{suffix}"
    file.write_text(separator.join(head) + "\n" + separator.join(row) + "\n", "utf-8")
    shown = score(file, "--from", "en", "--to", "ko", "--reference-column", "gold", "--out", "o")
    assert shown.code == 0, shown.told
    assert table(tmp_path / "o") == {("0", "reference.chrf"): "100"}


def item(number: int, question: str, *choices: str) -> dict[str, Any]:
    options = dict(zip("ABCD", choices, strict=True))
    return {"id": f"q{number}", "question": question, **options, "answer": "A"}


def test_references_of_a_benchmark_are_found_by_id(score: Isogloss, tmp_path: Path) -> None:
    words = ("Blood", "Grass", "Snow", "Coal"), ("피", "풀", "눈", "석탄")
    files = [
        jsonl(tmp_path / "en.jsonl", *[item(n, f"Which is red {n}?", *words[0]) for n in (1, 2)]),
        jsonl(tmp_path / "ko.jsonl", *[item(n, f"{n} 빨간 것은?", *words[1]) for n in (1, 2)]),
        jsonl(tmp_path / "gold.jsonl", item(2, "2 빨간 것은?", *words[1])),
    ]
    shown = score(*files[:2], "--reference", files[2], "-b", "mmlu", "--to", "ko", "--out", "o")
    assert shown.code == 0, shown.told
    records = read_jsonl(tmp_path / "o" / "records.jsonl")
    values = [
        {each["scores"]["reference.chrf"]["value"] for each in record["segments"]}
        for record in records
    ]
    assert values == [{None}, {100.0}]


# A scorer that fails


def test_a_crash_is_told_with_what_to_do_and_retry_scores_the_rest(
    score: Isogloss, script: Script, tmp_path: Path
) -> None:
    rows = [{"id": "x", "en": "Hi there.", "ko": "안녕.", "reference": "안녕하세요."}, *ROWS]
    file = jsonl(tmp_path / "p.jsonl", *rows)

    def crashes(row: Row) -> bool:
        return row.hypothesis.startswith(("개", "고양이"))

    script.crashes = crashes
    shown = score(file, "-m", "m", "--out", "o")
    assert shown.code == 1
    assert "Not scored with reference.m: a/en, b/en. Metric m: it was killed." in shown.told
    assert "isogloss score" in shown.told
    assert "--retry" in shown.told
    before = table(tmp_path / "o")
    assert before["x", "reference.m"] == "3"
    assert float(before["a", "reference.chrf"]) > 0, "other metrics are not concerned"

    script.crashes = lambda row: False
    script.asked.clear()
    again = score(file, "-m", "m", "--out", "o", "--retry")
    assert again.code == 0, again.told
    asked = sorted(row.hypothesis for rows in script.asked for row in rows)
    assert asked == ["개가 짖는다.", "고양이가 잔다."]
    assert table(tmp_path / "o") == {
        **before,
        ("a", "reference.m"): "8",
        ("b", "reference.m"): "7",
    }


def test_a_fault_of_a_metric_is_no_success(score: Isogloss, script: Script, pairs: Path) -> None:
    def fault(row: Row) -> float:
        raise ZeroDivisionError

    script.value = fault
    shown = score(pairs, "-m", "m", "--out", "o")
    assert shown.code == 1
    assert "Not scored with reference.m: a/en, b/en. unexpected ZeroDivisionError" in shown.told
    script.value = length
    assert score(pairs, "-m", "m", "--out", "o", "--retry").code == 0


def test_an_interrupted_run_is_taken_up(score: Isogloss, pairs: Path, tmp_path: Path) -> None:
    """As after ``kill -9``: some lines are there, the last of them cut short."""
    assert score(pairs, "--out", "o").code == 0
    log = tmp_path / "o" / "records.jsonl"
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    done = json.dumps(lines[0], ensure_ascii=False)
    for record in lines:
        record["segments"][0]["scores"] = {}
    started = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    log.write_text(started + done + "\n" + done[:80], "utf-8")
    whole = table(tmp_path / "o")
    (tmp_path / "o" / "scores.tsv").unlink()
    assert score(pairs, "--out", "o", "--retry").code == 0
    assert table(tmp_path / "o") == whole


def test_scores_of_two_kinds_are_never_mixed(score: Isogloss, script: Script, pairs: Path) -> None:
    assert score(pairs, "-m", "m", "--out", "o").code == 0
    script.signature = "scripted|v:2"
    refused = score(pairs, "-m", "m", "--out", "o", "--retry")
    assert refused.code == 2
    assert "made with scripted|v:1, now it is scripted|v:2" in refused.told
    assert score(pairs, "-m", "m", "--out", "o").code == 0


# Runs


def run_folder(folder: Path, signature: str = "s") -> Path:
    """What ``isogloss translate`` leaves where the way back was made."""
    segment = SegmentRecord(
        id="text", kind="text", source="A cat.", target="고양이.", back_translation="One cat."
    )
    record = ItemRecord(
        index=0,
        id="0",
        verdict=Verdict.OK,
        item={"text": "고양이."},
        segments=[segment],
        provenance=Provenance(signature="s", source_sha256="", candidates=2),
    )
    info = RunInfo(
        run_id="r",
        benchmark="mmlu",
        pair="en>ko",
        engine="qwen",
        signature=signature,
        started="2026-01-01T00:00:00+00:00",
        back_translator="gemma-3@1",
    )
    folder.mkdir(parents=True)
    manifest = {"file_sha256": "0", **info.model_dump(mode="json")}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (folder / "records.jsonl").write_text(record.model_dump_json() + "\n", "utf-8")
    return folder


def test_the_way_back_of_a_finished_run_is_scored_beside_it(
    score: Isogloss, tmp_path: Path
) -> None:
    folder = run_folder(tmp_path / "runs" / "mmlu.ko")
    before = (folder / "records.jsonl").read_bytes()
    shown = score(folder)
    assert shown.code == 0, shown.told
    out = tmp_path / "runs" / "mmlu.ko.score"
    assert 0 < float(table(out)["0", "round_trip.chrf"]) < 100
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["metrics"]["round_trip.chrf"]["signature"].endswith("|back:gemma-3@1")
    assert (folder / "records.jsonl").read_bytes() == before


def test_what_selected_the_candidates_of_a_run_does_not_judge_them_alone(
    score: Isogloss, script: Script, tmp_path: Path
) -> None:
    folder = run_folder(tmp_path / "run", "engine:openai|effort:thorough|pair:en>ko")
    assert "selected by a metric" in " ".join(score(folder).out.split()) + score(folder).told
    beside = score(folder, "--metric", "m", "--out", "other")
    assert "selected by a metric" not in " ".join(beside.out.split()) + beside.told
    shown = score(tmp_path / "runs" / "run.score", "--metric", "m", "--out", "third")
    assert "selected by a metric" not in " ".join(shown.out.split()) + shown.told


@pytest.mark.parametrize(
    "more", [["--check", "numbers=off"], ["--reference", "p.jsonl"], ["--to", "ko"], ["p.jsonl"]]
)
def test_what_a_run_s_folder_does_not_take_is_refused_and_not_ignored(
    score: Isogloss, tmp_path: Path, more: list[str]
) -> None:
    shown = score(run_folder(tmp_path / "run"), *more)
    assert shown.code == 2
    assert "a run was read and judged when it was made" in shown.told
    assert not (tmp_path / "runs").exists()


def test_a_run_that_has_not_ended_is_not_scored(score: Isogloss, tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run")
    begun = json.loads((folder / "manifest.json").read_text("utf-8")) | {"finished": False}
    (folder / "manifest.json").write_text(json.dumps(begun), "utf-8")
    shown = score(folder)
    assert shown.code == 2
    assert "its run has not ended" in shown.told
    assert "isogloss translate" in shown.told


def test_scores_of_before_are_gone_while_a_folder_is_scored_anew(
    score: Isogloss, script: Script, pairs: Path, tmp_path: Path
) -> None:
    """A table that is there says that the scoring has ended."""
    assert score(pairs, "-m", "m", "--out", "o").code == 0

    def seen(row: Row) -> float:
        assert not (tmp_path / "o" / "scores.tsv").exists()
        return 1.0

    script.value = seen
    assert score(pairs, "-m", "m", "--out", "o").code == 0


@pytest.mark.parametrize("more", [[], ["--retry"]], ids=["anew", "retry"])
def test_a_run_is_never_overwritten(score: Isogloss, tmp_path: Path, more: list[str]) -> None:
    folder = run_folder(tmp_path / "run")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    shown = score(folder, "--out", folder, *more)
    assert shown.code == 2
    assert "Choose another folder" in shown.told
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["p.jsonl", "--retry"], "runs/p.jsonl.score"),
        (["p.jsonl", "-m", "blue"], "Did you mean bleu"),
        (["p.jsonl", "--comet", "model"], "make setup-comet"),
        (["p.jsonl", "--reference", "p.jsonl"], "--reference-column"),
        (["p.jsonl", "--reference-column", "gold"], "no column 'gold'"),
        (["plain.jsonl"], "nothing to score with"),
        (["plain.jsonl", "-m", "bleu"], "nothing to score with bleu"),
        (["."], "manifest.json"),
    ],
    ids=str,
)
def test_what_is_missing_is_said(
    score: Isogloss, tmp_path: Path, pairs: Path, arguments: list[str], told: str
) -> None:
    jsonl(tmp_path / "plain.jsonl", {"en": "A cat.", "ko": "고양이."})
    shown = score(*arguments)
    assert shown.code == 2
    assert told in " ".join(shown.told.replace("│", " ").split())
