"""``isogloss translate FILE``: what the folder holds, made in process and through a service."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.service import upstream as play
from tests.service.conftest import Outcome
from tests.service.rig import question, served
from tests.service.upstream import Upstream

Isogloss = Callable[..., Outcome]


def jsonl(path: Path, *items: Any) -> Path:
    """A JSON Lines file; strings are written as they are."""
    lines = [
        each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in items
    ]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def manifest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text("utf-8")))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "cmmlu.jsonl", *[question(number) for number in range(6)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture(params=["in process", "through a service"])
def where(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Arguments that choose where the translating is done."""
    if request.param == "in process":
        yield []
    else:
        with served(Settings()) as address:
            yield ["--server", address]


def test_a_file_is_translated_into_a_folder(
    isogloss: Isogloss, file: Path, folder: Path, where: list[str]
) -> None:
    done = isogloss("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder, *where)
    assert done.code == 0
    items = read_jsonl(folder / "items.jsonl")
    assert [item["id"] for item in items] == [f"q{number}" for number in range(6)]
    assert items[3]["question"] == "第3題：下列哪個詞語表示顏色？"
    assert items[3].keys() == question().keys()
    assert read_jsonl(folder / "failures.jsonl") == []
    about = manifest(folder)
    assert about["finished"] is True
    assert about["file"] == "cmmlu.jsonl"
    assert about["counts"] == {"items": 6, "ok": 6, "repaired": 0, "flagged": 0, "failed": 0}
    assert about["seconds"] > 0
    assert "engine:opencc" in about["signature"]
    report = (folder / "report.html").read_text("utf-8")
    assert "第3題" in report
    assert "of 6 items ready to use" in (folder / "report.md").read_text("utf-8")
    assert not list(folder.glob(".*")), "nothing half-written is left"
    assert "6 ok" in done.told
    assert "report.html" in done.told
    assert "non-commercial" in done.told


def test_the_default_folder_names_file_and_language(
    isogloss: Isogloss, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert isogloss("translate", file, "-b", "cmmlu", "--to", "zh-TW").code == 0
    assert (tmp_path / "runs" / "cmmlu.zh-TW" / "items.jsonl").exists()


def test_broken_lines_and_bad_items_are_in_the_failures_and_cost_no_other(
    isogloss: Isogloss, tmp_path: Path, folder: Path, where: list[str]
) -> None:
    file = jsonl(
        tmp_path / "f.jsonl",
        question(0),
        '{"id": "q1", "question": ',
        question(2, question=""),
        question(3),
        question(3, question="又一个？"),
        "7",
        question(6),
        json.dumps(question(7, note="\ud800")),
        question(8),
    )
    done = isogloss("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder, *where)
    assert done.code == 0
    items = read_jsonl(folder / "items.jsonl")
    assert [item["id"] for item in items] == ["q0", "q3", "q6", "q8"]
    failures = {each["index"]: each for each in read_jsonl(folder / "failures.jsonl")}
    assert {index: each["error"]["code"] for index, each in failures.items()} == {
        1: "bad_file",
        2: "empty_text",
        4: "duplicate_id",
        5: "wrong_type",
        7: "bad_text",
    }
    assert "line 2" in failures[1]["error"]["detail"]
    assert failures[4]["id"] == "q3"
    assert "item 3" in failures[4]["error"]["detail"]
    assert all(each["error"]["remedy"] for each in failures.values())
    assert manifest(folder)["counts"] == {
        "items": 9,
        "ok": 4,
        "repaired": 0,
        "flagged": 0,
        "failed": 5,
    }
    assert "5 failed" in done.told


def test_what_is_not_translated_stays_byte_for_byte(
    isogloss: Isogloss, tmp_path: Path, folder: Path, where: list[str]
) -> None:
    line = (
        '{ "id":"x",  "question": "颜色\\u003f", "A":"书","B":"话", "C":"网","D":"图" ,'
        '\t"answer":"A", "n":1.50, "big":123456789012345678901234567890, "e":1E2, '
        '"esc":"\\/\\u00e9" }'
    )
    file = jsonl(tmp_path / "f.jsonl", line)
    for engine, expected in (
        ("identity", line),
        (
            "opencc",
            line.replace('"颜色\\u003f"', '"顏色?"')
            .replace("书", "書").replace("话", "話").replace("网", "網").replace("图", "圖"),
        ),
    ):  # fmt: skip
        out = folder / engine
        args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--engine", engine)
        assert isogloss(*args, "--out", out, *where).code == 0
        assert (out / "items.jsonl").read_text("utf-8") == expected + "\n"


def test_a_json_array_comes_back_as_a_json_array(
    isogloss: Isogloss, tmp_path: Path, folder: Path
) -> None:
    items = [question(0), question(1, question=""), question(2)]
    file = tmp_path / "f.json"
    file.write_text(json.dumps(items, ensure_ascii=False, indent=3), encoding="utf-8")
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    assert isogloss(*args).code == 0
    text = (folder / "items.json").read_text("utf-8")
    assert [item["id"] for item in json.loads(text)] == ["q0", "q2"]
    assert '\n      "id": "q0"' in text


def test_csv_comes_back_as_csv(isogloss: Isogloss, tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_bytes(
        '\ufeffQuestion,A,B,C,D,Answer\r\n"哪个是""颜色"",说",书,话,网,图,A\r\n两行,书\r\n'
        '"下列\n哪个",书,话,网,图,B\r\n'.encode()
    )
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    assert isogloss(*args).code == 0
    text = (folder / "items.csv").read_bytes().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["Question", "A", "B", "C", "D", "Answer"],
        ['哪個是"顏色",說', "書", "話", "網", "圖", "A"],
        ["下列\n哪個", "書", "話", "網", "圖", "B"],
    ]
    (failure,) = read_jsonl(folder / "failures.jsonl")
    assert "2 cells" in failure["error"]["detail"]


def test_only_the_first_items_when_limited_and_the_rest_later(
    isogloss: Isogloss, file: Path, folder: Path
) -> None:
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    assert isogloss(*args, "--limit", 2).code == 0
    assert len(read_jsonl(folder / "items.jsonl")) == 2
    assert isogloss(*args).code == 0
    assert len(read_jsonl(folder / "items.jsonl")) == 6


def test_flagged_items_are_kept_or_dropped_as_asked(
    isogloss: Isogloss, tmp_path: Path, folder: Path
) -> None:
    file = jsonl(tmp_path / "f.jsonl", question(0), question(1, A="硬盘", B="硬碟"), question(2))
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--engine", "opencc-words")
    args = (*args, "--out", folder)
    assert isogloss(*args).code == 0
    flagged = manifest(folder)["counts"]["flagged"]
    assert flagged == 1
    assert len(read_jsonl(folder / "items.jsonl")) == 3
    assert isogloss(*args, "--drop-flagged").code == 0
    assert [item["id"] for item in read_jsonl(folder / "items.jsonl")] == ["q0", "q2"]
    assert manifest(folder)["counts"]["flagged"] == 1


def test_another_run_in_the_same_folder_is_refused_and_says_what_differs(
    isogloss: Isogloss, file: Path, folder: Path
) -> None:
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    isogloss(*args)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    other = isogloss(*args, "--engine", "identity")
    assert other.code == 2
    assert "engine:opencc" in other.told
    assert "engine:identity" in other.told
    assert "--restart" in other.told
    changed = jsonl(file, question(9))
    assert "file_sha256" in isogloss(*args).told
    assert changed == file
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_starting_over_replaces_the_run(isogloss: Isogloss, file: Path, folder: Path) -> None:
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    isogloss(*args)
    assert isogloss(*args, "--engine", "identity", "--restart").code == 0
    assert read_jsonl(folder / "items.jsonl") == [question(number) for number in range(6)]
    assert "engine:identity" in manifest(folder)["signature"]


def test_records_without_a_manifest_are_not_overwritten(
    isogloss: Isogloss, file: Path, folder: Path
) -> None:
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    isogloss(*args)
    for text in (None, "{oops"):
        (folder / "manifest.json").unlink()
        if text:
            (folder / "manifest.json").write_text(text)
        refused = isogloss(*args)
        assert refused.code == 2
        assert "manifest.json" in refused.told
        assert len(read_jsonl(folder / "records.jsonl")) == 6
        (folder / "manifest.json").write_text("{}")


@pytest.mark.parametrize("make", ["file", "unwritable"])
def test_a_folder_that_cannot_be_written_is_told(
    isogloss: Isogloss, file: Path, tmp_path: Path, make: str
) -> None:
    folder = tmp_path / "taken"
    folder.write_text("a file")
    out = folder if make == "file" else folder / "deeper"
    refused = isogloss("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", out)
    assert refused.code == 2
    assert "taken" in refused.told
    assert "--out" in refused.told


def test_a_dry_run_prints_the_prompts_and_sends_no_item(
    isogloss: Isogloss, tmp_path: Path, folder: Path, threaded_upstream: Upstream
) -> None:
    file = jsonl(tmp_path / "f.jsonl", question(0), "{oops", question(2, question=""), question(3))
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    done = isogloss(*args, "--base-url", threaded_upstream.url, "--dry-run", "--limit", 4)
    assert done.code == 0
    shown = []
    rest = done.out
    while rest.strip():
        value, end = json.JSONDecoder().raw_decode(rest.lstrip())
        shown.append(value)
        rest = rest.lstrip()[end:]
    codes = [each["error"] and each["error"]["code"] for each in shown]
    assert codes == [None, "bad_file", "empty_text", None]
    assert "下列哪个词语表示颜色" in shown[0]["prompts"][0]["messages"][-1]["content"]
    assert threaded_upstream.bodies == []
    assert not folder.exists()


def test_a_dry_run_through_a_service_shows_what_the_service_would_send(
    isogloss: Isogloss, file: Path, folder: Path, threaded_upstream: Upstream
) -> None:
    from service.settings import EngineKind, EngineSettings

    there = EngineSettings(kind=EngineKind.OPENAI, base_url=threaded_upstream.url)
    with served(Settings(engines={"there": there})) as address:
        args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
        done = isogloss(*args, "--server", address, "--engine", "there", "--dry-run")
    assert done.code == 0
    assert done.out.count('"messages"') == 3
    assert threaded_upstream.bodies == []


def test_a_file_larger_than_a_service_takes_is_sent_in_portions(
    isogloss: Isogloss, tmp_path: Path, folder: Path
) -> None:
    items = [question(number) for number in range(40)]
    items[17]["note"] = "n" * 20_000
    items[30]["id"] = "q3"
    file = jsonl(tmp_path / "f.jsonl", *items)
    with served(Settings(max_items=7, max_body_bytes=10_000)) as address:
        args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
        assert isogloss(*args, "--server", address).code == 0
    failures = {each["index"]: each for each in read_jsonl(folder / "failures.jsonl")}
    assert failures.keys() == {17, 30}
    assert "10,000 bytes" in failures[17]["error"]["detail"]
    assert failures[30]["error"]["code"] == "duplicate_id"
    assert len(read_jsonl(folder / "items.jsonl")) == 38


def test_seeds_and_results_are_the_same_here_and_there(
    isogloss: Isogloss, file: Path, tmp_path: Path, threaded_upstream: Upstream
) -> None:
    from service.settings import EngineKind, EngineSettings

    url = threaded_upstream.url
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--seed", 3)
    assert isogloss(*args, "--out", tmp_path / "here", "--base-url", url).code == 0
    there = EngineSettings(kind=EngineKind.OPENAI, base_url=url)
    with served(Settings(engines={"there": there})) as address:
        service = ("--server", address, "--engine", "there")
        assert isogloss(*args, "--out", tmp_path / "there", *service).code == 0
    seeds = [(body["messages"][-1]["content"], body["seed"]) for body in threaded_upstream.bodies]
    assert sorted(seeds[:6]) == sorted(seeds[6:])
    for name in ("items.jsonl", "failures.jsonl"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()
    assert manifest(tmp_path / "here")["signature"] == manifest(tmp_path / "there")["signature"]


def test_failed_items_are_tried_again_by_the_next_run(
    isogloss: Isogloss, file: Path, folder: Path, threaded_upstream: Upstream
) -> None:
    threaded_upstream.reply = lambda body: (
        play.status(400) if "第2题" in str(body["messages"]) else None
    )
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    args = (*args, "--base-url", threaded_upstream.url)
    assert isogloss(*args).code == 0
    assert [each["id"] for each in read_jsonl(folder / "failures.jsonl")] == ["q2"]
    threaded_upstream.reply = lambda body: None
    asked = len(threaded_upstream.bodies)
    assert isogloss(*args).code == 0
    assert len(threaded_upstream.bodies) == asked + 1
    assert read_jsonl(folder / "failures.jsonl") == []
    assert len(read_jsonl(folder / "items.jsonl")) == 6
    assert len(read_jsonl(folder / "records.jsonl")) == 6


def test_a_finished_run_is_not_done_again(
    isogloss: Isogloss, file: Path, folder: Path, threaded_upstream: Upstream
) -> None:
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", folder)
    args = (*args, "--base-url", threaded_upstream.url)
    isogloss(*args)
    before = (folder / "items.jsonl").read_bytes()
    assert isogloss(*args).code == 0
    assert len(threaded_upstream.bodies) == 6
    assert (folder / "items.jsonl").read_bytes() == before
