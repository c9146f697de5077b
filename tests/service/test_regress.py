"""``isogloss regress``: a run becomes a snapshot, two snapshots become an exit status."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from tests.service.conftest import Outcome
from tests.service.rig import question
from tests.service.test_files import jsonl

Isogloss = Callable[..., Outcome]
NUMBERS = ["round_trip.chrf", "share.failed", "share.unusable"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def take(tmp_path: Path, isogloss: Isogloss) -> Callable[..., Path]:
    """Make a snapshot of 25 items with the engine of that name."""
    items = [question(number) for number in range(25)]
    items[7] = question(7, A="出租车", B="计程车")  # only one engine changes words
    file = jsonl(tmp_path / "mine.jsonl", *items)

    def made(engine: str, out: str, *more: Any) -> Path:
        done = isogloss(
            *("regress", "run", file, "-b", "cmmlu", "--to", "zh-TW", "--engine", engine),
            *("--round-trip", "opencc-words", "--out", out, "--run", f"runs/{out}", *more),
        )
        assert done.code == 0, done.err
        return tmp_path / out

    return made


def test_two_runs_of_one_system_are_byte_for_byte_the_same_and_no_regression(
    take: Callable[..., Path], isogloss: Isogloss
) -> None:
    first, again = take("opencc", "a"), take("opencc", "b")
    assert {path.name for path in first.iterdir()} == {"snapshot.json", "records.jsonl"}
    for path in first.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()
    done = isogloss("regress", "compare", first, again, "--same-system")
    assert done.code == 0
    assert "25 of 25 translations are unchanged" in done.told
    assert all(number in done.out for number in NUMBERS)


def test_another_system_is_compared_and_the_broken_item_is_named(
    take: Callable[..., Path], isogloss: Isogloss, tmp_path: Path
) -> None:
    old, new = take("opencc", "a"), take("opencc-words", "b")
    xml, page = tmp_path / "reports" / "ko.xml", tmp_path / "reports" / "ko.md"
    done = isogloss("regress", "compare", old, new, "--junit", xml, "--markdown", page)
    assert done.code == 1
    assert "Other system: model was" in done.told
    assert "q7: hard finding" in done.told
    assert "計程車" in done.told
    failed = [case for case in Xml.parse(xml).iter("testcase") if case.find("failure") is not None]
    assert [case.attrib["name"] for case in failed] == ["q7"]
    assert "Items that got worse" in page.read_text("utf-8")
    assert isogloss("regress", "compare", old, new, "--tolerate", "0.04").code == 0
    refused = isogloss("regress", "compare", old, new, "--same-system")
    assert refused.code == 2
    assert "--same-system" in refused.told


def test_a_worse_system_is_worse_in_its_scores(
    take: Callable[..., Path], isogloss: Isogloss, tmp_path: Path
) -> None:
    old = take("opencc", "a")
    run = tmp_path / "runs" / "a"
    lines = [json.loads(line) for line in (run / "records.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        for segment in line["segments"]:
            segment["scores"]["round_trip.chrf"]["value"] = 50.0
    (run / "records.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    done = isogloss("regress", "compare", old, run)
    assert done.code == 1
    assert "round_trip.chrf is worse" in done.told
    assert isogloss("regress", "compare", old, run, "--metric", "round_trip.bleu").code == 2


def test_a_run_without_its_scores_does_not_pass(
    take: Callable[..., Path], isogloss: Isogloss, tmp_path: Path
) -> None:
    old, run = take("opencc", "a"), tmp_path / "runs" / "a"
    lines = (run / "records.jsonl").read_text("utf-8")
    (run / "records.jsonl").write_text(re.sub(r'"value":[\d.]+', '"value":null', lines), "utf-8")
    done = isogloss("regress", "compare", old, run, "--junit", "x.xml")
    assert done.code == 2
    assert "round_trip.chrf: too few segments are scored" in done.told
    assert "--resume" in done.told
    (error,) = Xml.parse("x.xml").iter("error")
    assert error.attrib["message"] == "round_trip.chrf: scores are missing"


def test_a_run_that_is_there_becomes_the_same_snapshot(
    take: Callable[..., Path], isogloss: Isogloss, tmp_path: Path
) -> None:
    taken = take("opencc", "a")
    done = isogloss("regress", "snapshot", tmp_path / "runs" / "a", "--out", tmp_path / "b")
    assert done.code == 0
    assert "25 items with round_trip.chrf" in done.told
    for path in taken.iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_scores_of_translations_made_elsewhere_become_a_snapshot(
    isogloss: Isogloss, tmp_path: Path
) -> None:
    source = jsonl(tmp_path / "source.jsonl", question(1), question(2))
    target = jsonl(tmp_path / "target.jsonl", *(question(n, question="幾？") for n in (1, 2)))
    scored = isogloss(
        *("score", source, target, "--reference", target, "-b", "cmmlu", "--to", "zh-TW"),
        *("--out", "scored"),
    )
    assert scored.code == 0, scored.err
    assert isogloss("regress", "snapshot", "scored", "--out", "a").code == 0
    assert isogloss("regress", "compare", "a", "scored").code == 0


def test_without_a_way_back_failures_and_findings_are_compared(
    isogloss: Isogloss, tmp_path: Path
) -> None:
    file = jsonl(tmp_path / "mine.jsonl", *[question(number) for number in range(3)])
    for engine in ("opencc", "identity"):
        args = ("-b", "cmmlu", "--to", "zh-TW", "--engine", engine, "--out", engine)
        assert isogloss("regress", "run", file, *args).code == 0
    done = isogloss("regress", "compare", "opencc", "identity")
    assert done.code == 1
    assert "3 of 3 items got worse" in done.told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--round-trip", "opncc"), "Unknown engine 'opncc'"),
        (("--round-trip", "opencc", "--metric", "comte"), "there is none of that name"),
        (("--metric", "chrf"), "say who translates"),
    ],
)
def test_a_wrong_name_is_told_before_anything_is_translated(
    arguments: tuple[str, ...], told: str, isogloss: Isogloss, tmp_path: Path
) -> None:
    file = jsonl(tmp_path / "mine.jsonl", question(1))
    args = ("-b", "cmmlu", "--to", "zh-TW", "--engine", "opencc", "--out", "a", *arguments)
    done = isogloss("regress", "run", file, *args)
    assert done.code == 2
    assert told in " ".join(done.told.replace("│", " ").split())
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a", "nowhere"], "neither snapshot.json nor the manifest.json"),
        (["a", "a", "--margin", "round_trip.chrf"], "Write KEY=VALUE"),
        (["a", "a", "--margin", "round_trip.chrf=-1"], "a value above 0"),
        (["a", "a", "--item-margin", "x=nan"], "a value above 0"),
        (["a", "a", "--margin", "round_trip.crhf=1"], "Did you mean round_trip.chrf"),
        (["a", "other"], "only in the old"),
        (["a", "unfinished"], "is not finished"),
        (["a", "short"], "has not the items"),
    ],
)
def test_what_cannot_be_compared_is_said_with_a_remedy(
    arguments: list[str], told: str, take: Callable[..., Path], isogloss: Isogloss
) -> None:
    take("opencc", "a")
    take("opencc", "other", "--limit", 5)
    for name in ("unfinished", "short"):
        shutil.copytree("runs/a", name)
    manifest = Path("unfinished/manifest.json")
    manifest.write_text(
        manifest.read_text("utf-8").replace('"finished": true', '"finished": false')
    )
    records = Path("short/records.jsonl")
    records.write_bytes(records.read_bytes().split(b"\n", 1)[1])
    done = isogloss("regress", "compare", *arguments)
    assert done.code == 2
    assert told in " ".join(done.told.replace("│", " ").split())


@pytest.mark.parametrize("out", ["runs/a", "mine.jsonl"])
def test_a_snapshot_writes_over_no_run_and_no_file(
    out: str, take: Callable[..., Path], isogloss: Isogloss, tmp_path: Path
) -> None:
    take("opencc", "a")
    log = (tmp_path / "runs" / "a" / "records.jsonl").read_bytes()
    done = isogloss("regress", "snapshot", "runs/a", "--out", out)
    assert done.code == 2
    assert "Choose another folder with --out" in done.told
    args = ("-b", "cmmlu", "--to", "zh-TW", "--engine", "opencc", "--out", out, "--run", "runs/a")
    assert isogloss("regress", "run", "mine.jsonl", *args).code == 2
    assert (tmp_path / "runs" / "a" / "records.jsonl").read_bytes() == log
    args = ("-b", "cmmlu", "--to", "zh-TW", "--engine", "opencc", "--out", "b", "--run", "b")
    assert isogloss("regress", "run", "mine.jsonl", *args).code == 2
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("where", "told"), [(".", "is a directory"), ("a/records.jsonl/x.xml", "name another file")]
)
def test_a_report_that_cannot_be_written_is_told(
    where: str, told: str, take: Callable[..., Path], isogloss: Isogloss
) -> None:
    take("opencc", "a")
    done = isogloss("regress", "compare", "a", "a", "--junit", where)
    assert done.code == 2
    assert told in " ".join(done.told.replace("│", " ").split())


def test_a_text_cannot_move_the_cursor(isogloss: Isogloss, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "mine.jsonl", question(1, id="x\x1b[2J", question="红\x1b[31m色？"))
    for engine in ("opencc", "identity"):
        args = ("-b", "cmmlu", "--to", "zh-TW", "--engine", engine, "--out", engine)
        isogloss("regress", "run", file, *args)
    done = isogloss("regress", "compare", "opencc", "identity", "--markdown", "x.md")
    assert done.code == 1
    assert "x·[2J" in done.told
    assert "\x1b[2J" not in done.out + done.err
    assert "\x1b[31m" not in done.out + done.err
