"""``isogloss round-trip``: a finished run is measured without being translated again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import opencc
import pytest

from service.round_trip.finished_run import FinishedRun
from tests.service import upstream as play
from tests.service.conftest import Outcome
from tests.service.rig import question
from tests.service.test_files import jsonl, manifest, read_jsonl
from tests.service.upstream import Upstream

Isogloss = Callable[..., Outcome]
BACK = opencc.OpenCC("t2s").convert
NUMBERED = "拿破仑于1804年称帝，当时他的卫队有多少人？"


@pytest.fixture
def run(isogloss: Isogloss, tmp_path: Path) -> Path:
    """The folder of a run of four items, one of which could not be read."""
    items = [question(number, question=f"{NUMBERED}（{number}）") for number in range(3)]
    file = jsonl(tmp_path / "mine.jsonl", *items, {"id": "broken"})
    folder = tmp_path / "run"
    shown = isogloss(
        *("translate", file, "-b", "cmmlu", "--to", "zh-TW"),
        *("--engine", "opencc", "--out", folder),
    )
    assert shown.code == 0, shown.err
    return folder


@pytest.fixture
def back(threaded_upstream: Upstream) -> Upstream:
    """A model that translates back, and answers with A."""

    def reply(body: dict[str, Any]) -> play.Step | None:
        if "sit an examination" not in json.dumps(body):
            return None
        return play.contents(*[json.dumps({"reasoning": "", "answer": "A"})] * body["n"])

    threaded_upstream.models = [{"id": "gemma-3-12b-it"}]
    threaded_upstream.translate, threaded_upstream.reply = BACK, reply
    return threaded_upstream


def records(folder: Path) -> list[dict[str, Any]]:
    return read_jsonl(folder / "records.jsonl")


def test_back_translations_and_scores_are_added_and_the_translations_stay(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    before, items = records(run), (run / "items.jsonl").read_bytes()
    shown = isogloss("round-trip", run, "--base-url", back.url)
    assert shown.code == 0, shown.err
    assert len(back.bodies) == 3
    after = records(run)
    assert [each["item"] for each in after] == [each["item"] for each in before]
    assert (run / "items.jsonl").read_bytes() == items
    assert [each["verdict"] for each in after] == ["ok", "ok", "ok", "failed"]
    for record in after[:3]:
        for segment in record["segments"]:
            assert segment["back_translation"] == segment["source"]
            assert segment["scores"]["round_trip.chrf"]["value"] == pytest.approx(100)
    info = manifest(run)
    assert info["finished"]
    assert "gemma-3-12b-it" in info["back_translator"]
    assert "gemma-3-12b-it" in info["metrics"]["round_trip.chrf"]["signature"]
    assert "round_trip.chrf" in shown.told
    assert "gemma" in (run / "report.html").read_text("utf-8")


def test_what_is_there_is_not_asked_again_and_another_engine_begins_anew(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    back.play(play.status(400))
    isogloss("round-trip", run, "--base-url", back.url)
    assert sum(each["provenance"]["calls"] for each in records(run)) == 3
    back.bodies.clear()
    isogloss("round-trip", run, "--base-url", back.url)
    assert len(back.bodies) == 1  # the one that had failed
    back.bodies.clear()
    back.models = [{"id": "another-model"}]
    isogloss("round-trip", run, "--base-url", back.url)
    assert len(back.bodies) == 3
    assert "another-model" in manifest(run)["back_translator"]


def test_a_run_that_was_killed_goes_on_where_it_stopped(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    isogloss("round-trip", run, "--base-url", back.url)
    log = run / "records.jsonl"
    first, *rest = records(run)
    without = [{**each, "back_translation": None} for each in first["segments"]]
    lines = [json.dumps(each) for each in ({**first, "segments": without}, *rest, first)]
    log.write_text("\n".join(lines) + '\n{"cut', "utf-8")  # the log as a kill leaves it
    back.bodies.clear()
    shown = isogloss("round-trip", run, "--base-url", back.url)
    assert shown.code == 0, shown.err
    assert back.bodies == []
    assert [each["id"] for each in records(run)] == ["q0", "q1", "q2", "broken"]


def test_what_another_engine_made_is_gone_before_the_manifest_names_the_new_one(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    isogloss("round-trip", run, "--base-url", back.url)
    with FinishedRun(run).open() as begun:
        begun.info.back_translator = "another"
        first = begun.records[0]
        begun.records[0] = first.model_copy(update={"segments": []})
        begun.start()  # and it is killed at once
    with FinishedRun(run).open() as again:
        assert again.info.back_translator == "another"
        assert again.records[0].segments == []


def test_scores_of_another_way_back_are_gone_with_it(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    isogloss("round-trip", run, "--base-url", back.url, "--metric", "bleu")
    assert "round_trip.bleu" in manifest(run)["metrics"]
    back.models = [{"id": "another-model"}]
    isogloss("round-trip", run, "--base-url", back.url)
    assert list(manifest(run)["metrics"]) == ["round_trip.chrf"]
    for record in records(run):
        assert all(list(each["scores"]) == ["round_trip.chrf"] for each in record["segments"])


def test_translating_again_keeps_what_was_measured(
    isogloss: Isogloss, run: Path, tmp_path: Path, back: Upstream
) -> None:
    isogloss("round-trip", run, "--base-url", back.url, "--probes", 1)
    before, known = manifest(run), records(run)
    back.bodies.clear()
    again = ("translate", tmp_path / "mine.jsonl", "-b", "cmmlu", "--to", "zh-TW")
    assert isogloss(*again, "--engine", "opencc", "--out", run).code == 0
    assert records(run)[:3] == known[:3]
    for name in ("back_translator", "metrics", "probes", "caveats"):
        assert manifest(run)[name] == before[name] != ""
    isogloss("round-trip", run, "--base-url", back.url)
    assert back.bodies == [], "the way back is there"
    assert isogloss(*again, "--engine", "opencc", "--out", run, "--restart").code == 0
    assert (manifest(run)["back_translator"], manifest(run)["metrics"]) == ("", {})


def test_probes_are_named_and_shown(isogloss: Isogloss, run: Path, back: Upstream) -> None:
    shown = isogloss("round-trip", run, "--base-url", back.url, "--probes", 2)
    assert len(back.bodies) == 5
    probed = [each["id"] for each in records(run) if each["probe"]]
    assert len(probed) == 2
    assert sorted(manifest(run)["probes"]["followed"]) == sorted(probed)
    assert "Changed numbers, followed: 2" in shown.told
    isogloss("round-trip", run, "--base-url", back.url, "--probes", 2)
    assert len(back.bodies) == 5


def test_probes_that_are_there_count_wherever_they_stand(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    """A run probes what is ready first, this command what comes first by its hash."""
    isogloss("round-trip", run, "--base-url", back.url, "--probes", 1)
    lines = {line["id"]: line for line in records(run)}
    (probed,) = (id_ for id_, line in lines.items() if line["probe"])
    hashes = {id_: line["provenance"]["source_sha256"] for id_, line in lines.items()}
    last = max((id_ for id_ in lines if lines[id_]["item"]), key=lambda id_: hashes[id_])
    assert last != probed
    lines[last]["probe"], lines[probed]["probe"] = lines[probed]["probe"], None
    jsonl(run / "records.jsonl", *lines.values())
    isogloss("round-trip", run, "--base-url", back.url, "--probes", 1)
    assert [line["id"] for line in records(run) if line["probe"]] == [last]


def test_a_back_translator_that_knows_the_benchmark_by_heart_is_not_believed(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    back.translate = lambda text: re.sub(r"1\d\d\d年", "1804年", BACK(text))
    for _ in range(2):
        shown = isogloss("round-trip", run, "--base-url", back.url, "--probes", 1)
    assert "of 1 changed numbers 1 came back as the source has them" in shown.told
    caveats = manifest(run)["caveats"]
    assert len([each for each in caveats if "by heart" in each]) == 1


def test_who_only_solves_is_warned_once_of_an_earlier_back_translator(
    isogloss: Isogloss, run: Path, back: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    back.translate = lambda text: re.sub(r"1\d\d\d年", "1804年", BACK(text))
    isogloss("round-trip", run, "--base-url", back.url, "--probes", 1)
    monkeypatch.setenv("ISOGLOSS_ENGINES__SOLVES__KIND", "openai")
    monkeypatch.setenv("ISOGLOSS_ENGINES__SOLVES__BASE_URL", back.url)
    again = ("translate", run.parent / "mine.jsonl", "-b", "cmmlu", "--to", "zh-TW")
    shown = isogloss(*again, "--engine", "opencc", "--out", run, "--solver", "solves")
    assert shown.code == 0, shown.told
    caveats = manifest(run)["caveats"]
    assert len([each for each in caveats if "by heart" in each]) == 1
    assert any(each.startswith("The solver") for each in caveats)


def flips_the_second(upstream: Upstream) -> None:
    """Let the model answer the translation of q1 with D, and all else as before."""
    answering = upstream.reply

    def reply(body: dict[str, Any]) -> play.Step | None:
        shown = json.dumps(body, ensure_ascii=False)
        if "sit an examination" in shown and "稱帝，當時他的衛隊有多少人？（1）" in shown:
            return play.contents(*[json.dumps({"reasoning": "", "answer": "D"})] * body["n"])
        return answering(body)

    upstream.reply = reply


def test_flipped_items_are_flagged_listed_and_shown(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    flips_the_second(back)
    shown = isogloss("round-trip", run, "--base-url", back.url, "--solver", "cli")
    assert shown.code == 0, shown.err
    assert [each["verdict"] for each in records(run)] == ["ok", "flagged", "ok", "failed"]
    assert manifest(run)["counts"]["flagged"] == 1
    (entry,) = read_jsonl(run / "triage.jsonl")
    assert entry["id"] == "q1"
    assert entry["key"] == ["A"]
    assert entry["source"]["answers"] == {"A": 3}
    assert entry["target"]["answers"] == {"D": 3}
    assert entry["source"]["options"]["B"] == "说话的声音"
    assert entry["target"]["options"]["B"] == "說話的聲音"
    page = (run / "triage.md").read_text("utf-8")
    assert "| B | 说话的声音 | 說話的聲音 | 说话的声音 |" in page
    assert "| answers | A ×3 | D ×3 | A ×3 |" in page
    assert "Flipped: q1" in shown.told
    assert "Answers on both sides: 2 same, 1 flipped, 0 undecided, 0 not asked" in shown.told


def test_another_solver_takes_back_what_the_first_has_flagged(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    agreeing = back.reply
    flips_the_second(back)
    arguments = ("round-trip", run, "--base-url", back.url, "--solver", "cli")
    isogloss(*arguments)
    back.bodies.clear()
    isogloss(*arguments)
    assert back.bodies == []
    back.reply = agreeing
    isogloss(*arguments, "--solve-times", 5)
    assert [each["verdict"] for each in records(run)] == ["ok", "ok", "ok", "failed"]
    assert read_jsonl(run / "triage.jsonl") == []
    caveats = manifest(run)["caveats"]
    assert len([each for each in caveats if each.startswith("The solver")]) == 1


def test_answers_to_the_way_back_of_another_engine_are_forgotten(
    isogloss: Isogloss, run: Path, back: Upstream
) -> None:
    arguments = ("round-trip", run, "--base-url", back.url)
    isogloss(*arguments, "--solver", "cli")
    assert [each["solved"]["back"] for each in records(run)[:3]] == [{"A": 3}] * 3
    known, back.models = manifest(run)["solver"], [{"id": "another-model"}]
    isogloss(*arguments)
    assert manifest(run)["solver"] == known
    for record in records(run)[:3]:
        assert record["solved"]["source"] == {"A": 3}
        assert record["solved"]["back"] is None


def test_without_another_engine_a_copy_is_told_from_a_translation(
    isogloss: Isogloss, tmp_path: Path
) -> None:
    file = jsonl(tmp_path / "mine.jsonl", question(0))
    folder = tmp_path / "run"
    isogloss(
        *("translate", file, "-b", "cmmlu", "--to", "zh-TW"),
        *("--engine", "identity", "--out", folder),
    )
    shown = isogloss("round-trip", folder, "--engine", "identity")
    assert shown.code == 0, shown.err
    assert "same family" in shown.told
    (record,) = records(folder)
    scores = [segment["scores"]["round_trip.chrf"] for segment in record["segments"]]
    assert [score["value"] for score in scores] == [None] * len(scores)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--engine", "gemini"), "Unknown engine"),
        (("--solver", "opencc"), "no model that answers"),
        (("--recipe", "other.yaml"), "read by the recipe"),
        (("--metric", "comat"), "comat"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_run_stays(
    isogloss: Isogloss, run: Path, tmp_path: Path, arguments: tuple[str, str], told: str
) -> None:
    recipe = tmp_path / "other.yaml"
    recipe.write_text("{name: cmmlu, fields: {question: text}}", "utf-8")
    given = [str(recipe) if each == "other.yaml" else each for each in arguments]
    before = (run / "records.jsonl").read_bytes()
    shown = isogloss("round-trip", run, *given)
    assert shown.code == 2
    assert told in shown.told
    assert (run / "records.jsonl").read_bytes() == before


def test_a_folder_without_a_run_is_told(isogloss: Isogloss, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        shown = isogloss("round-trip", folder)
        assert shown.code == 2
        assert str(folder) in shown.told.replace(" ", "")
