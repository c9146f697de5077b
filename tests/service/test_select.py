"""``isogloss select``: recordings of several systems, chosen among by every method."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.conftest import Outcome
from tests.service.test_files import jsonl

Isogloss = Callable[..., Outcome]
SOURCES = [
    "The reactor was shut down in 1986.",
    "Seven bridges cross the river.",
    "Nobody knew the answer.",
    "Plants need light and water.",
]
GOOD = ["该反应堆于1986年关闭。", "河上有七座桥。", "没有人知道答案。", "植物需要光和水。"]
LIKE = ["反应堆在1986年关闭了。", "这条河上有七座桥。", "没人知道答案。", "植物需要光照和水。"]
BROKEN = ["该反应堆于1968年关闭。", "당신은 모른다", SOURCES[2], "植物需要光和水。" * 9]


def recording(source: str, *hypotheses: str, **more: Any) -> dict[str, Any]:
    return {"pair": "en>zh-CN", "source": source, "hypotheses": list(hypotheses), **more}


def system(folder: Path, name: str, texts: list[str], score: float | None = None) -> Path:
    """A file of one system, which its name tells, each output with the same score."""
    more = {} if score is None else {"scores": [score]}
    rows = [recording(a, b, **more) for a, b in zip(SOURCES, texts, strict=True)]
    return jsonl(folder / f"{name}.jsonl", *rows)


@pytest.fixture
def select(
    isogloss: Isogloss, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """The command in a folder of its own, with room for its tables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: isogloss("select", *map(str, arguments))


def found(folder: Path) -> dict[str, Any]:
    (pair,) = json.loads((folder / "selection.json").read_text("utf-8"))["pairs"]
    return dict(pair)


def chosen(folder: Path) -> list[dict[str, str]]:
    with (folder / "selection.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_what_the_tables_do_not_say_is_told(select: Isogloss, tmp_path: Path) -> None:
    files = [system(tmp_path, "a", GOOD, 90), system(tmp_path, "b", LIKE, 80)]
    alone = jsonl(tmp_path / "c.jsonl", recording("A text of its own.", "单独的文本。"))
    shown = select(*files, alone, "--out", "out")
    assert shown.code == 0, shown.told
    told = ["1 texts with one translation", "4 items have scores; with fewer than 20"]
    page = (tmp_path / "out" / "selection.md").read_text("utf-8")
    assert all(part in shown.told and part in page for part in told)


def test_files_of_one_name_are_two_systems(select: Isogloss, tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
    files = [
        system(tmp_path / "old", "out", GOOD).relative_to(tmp_path),
        system(tmp_path / "new", "out", LIKE).relative_to(tmp_path),
    ]
    shown = select(*files, "--out", "result")
    assert shown.code == 0, shown.told
    assert [each["name"] for each in found(tmp_path / "result")["systems"]] == [
        "old/out",
        "new/out",
    ]


def test_what_methods_gain_in_human_scores(select: Isogloss, tmp_path: Path) -> None:
    files = [
        system(tmp_path, "bad", BROKEN, 20),
        system(tmp_path, "good", GOOD, 90),
        system(tmp_path, "like", LIKE, 80),
    ]
    shown = select(*files)
    assert shown.code == 0, shown.told
    result = found(tmp_path / "runs" / "bad.jsonl.select")
    methods = {each["method"]: each for each in result["methods"]}
    assert methods["first"]["gain"]["mean"] == 20
    assert methods["checks"]["hard"] == 0
    assert methods["checks"]["gain"]["gain"] >= 60
    assert methods["checks"]["gain"]["interval"][0] > 0
    assert methods["(best)"]["gain"]["mean"] == 90
    assert methods["(best)"]["other"] is None
    assert {each["name"]: each["mean"] for each in result["systems"]} == {
        "bad": 20,
        "good": 90,
        "like": 80,
    }
    assert "+70.00" in shown.out


def test_the_folder_says_what_each_method_chose(select: Isogloss, tmp_path: Path) -> None:
    files = [system(tmp_path, "bad", BROKEN), system(tmp_path, "good", GOOD)]
    assert select(*files, "--method", "checks", "--out", tmp_path / "o").code == 0
    rows = chosen(tmp_path / "o")
    assert [row["source"] for row in rows] == SOURCES
    assert {row["first"] for row in rows} == {"bad"}
    assert {row["checks"] for row in rows} == {"good"}
    assert "| checks | 4 | 0 |" in (tmp_path / "o" / "selection.md").read_text("utf-8")


def test_the_name_of_a_system_is_no_markup(select: Isogloss, tmp_path: Path) -> None:
    files = [system(tmp_path, "a|<b>", BROKEN), system(tmp_path, "good", GOOD)]
    assert select(*files, "--out", tmp_path / "o").code == 0
    lines = (tmp_path / "o" / "selection.md").read_text("utf-8").splitlines()
    assert lines[3].startswith("| --- | ---: |")
    assert any(line.startswith("| a\\|&lt;b&gt; | 4 |") for line in lines)


def test_without_human_scores_nothing_is_said_of_them(select: Isogloss, tmp_path: Path) -> None:
    files = [system(tmp_path, "a", BROKEN), system(tmp_path, "b", GOOD)]
    assert select(*files, "--out", tmp_path / "o").code == 0
    result = found(tmp_path / "o")
    assert result["scored"] == 0
    assert {each["gain"] for each in result["methods"]} == {None}
    assert {each["mean"] for each in result["systems"]} == {None}


def test_texts_with_a_score_missing_are_left_out_of_the_gains(
    select: Isogloss, tmp_path: Path
) -> None:
    rows = [recording(SOURCES[0], GOOD[0], LIKE[0], scores=[50, 60])]
    rows += [recording(SOURCES[1], GOOD[1], LIKE[1], scores=[90, None])]
    assert select(jsonl(tmp_path / "r.jsonl", *rows), "--out", tmp_path / "o").code == 0
    result = found(tmp_path / "o")
    assert (result["texts"], result["scored"]) == (2, 1)
    (first, *_) = result["methods"]
    assert (first["gain"]["mean"], first["gain"]["interval"]) == (50, None)


def test_several_systems_and_hypotheses_in_one_file_have_names_of_their_own(
    select: Isogloss, tmp_path: Path
) -> None:
    rows = [
        recording(SOURCES[0], BROKEN[1], BROKEN[1], system="mt-1"),
        recording(SOURCES[0], GOOD[0], system="mt-2"),
    ]
    assert select(jsonl(tmp_path / "r.jsonl", *rows), "--out", tmp_path / "o").code == 0
    (row,) = chosen(tmp_path / "o")
    assert (row["first"], row["checks"]) == ("mt-1#1", "mt-2")


def test_pairs_are_kept_apart(select: Isogloss, tmp_path: Path) -> None:
    rows = [recording(SOURCES[0], GOOD[0], LIKE[0])]
    rows += [recording(SOURCES[0], "원자로는 1986년에 멈췄다.", "원자로 정지") | {"pair": "en>ko"}]
    assert select(jsonl(tmp_path / "r.jsonl", *rows), "--out", tmp_path / "o").code == 0
    document = json.loads((tmp_path / "o" / "selection.json").read_text("utf-8"))
    assert [each["pair"] for each in document["pairs"]] == ["en>ko", "en>zh-CN"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([recording(SOURCES[0], GOOD[0])], "two translations to choose from"),
        ([recording(SOURCES[0], GOOD[0], LIKE[0], scores=[1])], "1 scores for 2 hypotheses"),
        ([recording(" ", "甲", "乙")], "source ' '"),
        ([recording(SOURCES[0], GOOD[0], LIKE[0]) | {"pair": "en>fr"}], "line 1"),
    ],
)
def test_what_cannot_be_chosen_among_is_told(
    select: Isogloss, tmp_path: Path, rows: list[dict[str, Any]], told: str
) -> None:
    shown = select(jsonl(tmp_path / "r.jsonl", *rows))
    assert shown.code == 2
    assert told in shown.told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--method", "chekcs"], "checks"),
        (["--metric", "nobody"], "nobody"),
        (["--metric", "chrf"], "needs a reference"),
    ],
)
def test_methods_and_metrics_that_cannot_choose_are_told(
    select: Isogloss, tmp_path: Path, more: list[str], told: str
) -> None:
    files = [system(tmp_path, "a", BROKEN), system(tmp_path, "b", GOOD)]
    shown = select(*files, *more)
    assert shown.code == 2
    assert told in shown.told
