"""``isogloss check``: translations made elsewhere, from a parallel file or two benchmark files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.conftest import Outcome
from tests.service.test_files import jsonl, read_jsonl

Isogloss = Callable[..., Outcome]
GOOD = [("Cats drink water.", "고양이는 물을 마신다."), ("Dogs sleep a lot.", "개는 많이 잔다.")]
LOST = ("The moon is far away.", "")


@pytest.fixture
def check(
    isogloss: Isogloss, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """The command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: isogloss("check", *arguments)


def table(path: Path, pairs: list[tuple[str, str]], head: tuple[str, str]) -> Path:
    """A parallel file in the format that its name says."""
    if path.suffix == ".jsonl":
        return jsonl(path, *[dict(zip(head, pair, strict=True)) for pair in pairs])
    if path.suffix == ".json":
        path.write_text(json.dumps([dict(zip(head, pair, strict=True)) for pair in pairs]), "utf-8")
        return path
    separator = "\t" if path.suffix == ".tsv" else ","
    path.write_text("".join(separator.join(row) + "\n" for row in [head, *pairs]), "utf-8")
    return path


@pytest.mark.parametrize("suffix", ["tsv", "csv", "jsonl", "json"])
@pytest.mark.parametrize(
    ("head", "more"),
    [
        (("source", "target"), ["--from", "en", "--to", "ko"]),
        (("en", "ko"), []),
        (("en", "ko"), ["--from", "en"]),
        (("src", "hyp"), ["--source-column", "src", "--target-column", "hyp"]),
    ],
)
def test_a_parallel_file_of_good_translations(
    check: Isogloss, tmp_path: Path, suffix: str, head: tuple[str, str], more: list[str]
) -> None:
    languages = ["--from", "en", "--to", "ko"] if head[0] == "src" else []
    shown = check(table(tmp_path / f"p.{suffix}", GOOD, head), *more, *languages)
    assert shown.code == 0, shown.told
    assert "en>ko" in shown.told
    folder = tmp_path / "runs" / f"p.{suffix}.check"
    assert (folder / "findings.jsonl").exists()
    assert "<!doctype html>" in (folder / "report.html").read_text("utf-8").lower()


def test_a_quote_at_the_beginning_of_a_sentence_holds_no_cell(
    check: Isogloss, tmp_path: Path
) -> None:
    pairs = [('"Cats" drink water.', '"고양이"는 물을 마신다.'), ('Dogs "sleep"', '개는 "잔다"')]
    file = table(tmp_path / "p.tsv", pairs, ("en", "ko"))
    shown = check(file)
    assert "2/2" in shown.told, shown.told
    assert shown.code == 0


def test_languages_are_found_in_any_order(check: Isogloss, tmp_path: Path) -> None:
    file = table(tmp_path / "p.tsv", GOOD, ("en", "ko"))
    assert "ko>en" in check(file, "--from", "ko").told
    assert "ko>en" in check(file, "--to", "en").told


def test_a_fault_is_shown_at_its_place_and_written_down(check: Isogloss, tmp_path: Path) -> None:
    rows = [{"id": "a7", "en": "It has 35 legs.", "zh-TW": "它有 53 隻腳。"}]
    file = jsonl(tmp_path / "p.jsonl", *rows, {"id": "b", "en": "Why not?", "zh-TW": "為什麼不？"})
    shown = check(file, "--check", "numbers=hard", "--out", tmp_path / "o")
    assert shown.code == 1
    for piece in ("a7", "numbers (hard", "It has ⟦35⟧ legs.", "它有 ⟦53⟧ 隻腳。"):
        assert piece in shown.told, shown.err
    lines = [each for each in read_jsonl(tmp_path / "o" / "findings.jsonl") if each["hard"]]
    assert {(each["index"], each["id"], each["check"]) for each in lines} == {(0, "a7", "numbers")}
    assert lines[0]["source_span"] == [7, 9]


def test_the_item_and_the_field_of_a_fault_are_named(check: Isogloss, tmp_path: Path) -> None:
    item = {"question": "What has 4 legs?", "choices": ["a cat", "a fly"], "answer": 0}
    given = {"question": "다리가 4개인 것은?", "choices": ["고양이", "고양이"], "answer": 0}
    files = jsonl(tmp_path / "en.jsonl", item), jsonl(tmp_path / "ko.jsonl", given)
    shown = check(*files, "-b", "mmlu", "--to", "ko")
    assert "item 0 (the first is 0)" in shown.told
    assert "options (hard, critical) choices[1]: Two options" in shown.told


def test_what_is_in_a_file_does_not_move_the_cursor(check: Isogloss, tmp_path: Path) -> None:
    pair = {"id": "\x1b[2J", "en": "Red \x1b[31m 5 [bold]x[/]", "ko": "\x1b[2J 7"}
    shown = check(jsonl(tmp_path / "p.jsonl", pair), "--check", "numbers=hard")
    assert shown.code == 1
    assert "\x1b[2J" not in shown.err
    assert "[bold]x[/]" in shown.err


@pytest.mark.parametrize(("share", "code"), [("0", 1), ("0.3", 1), ("0.34", 0), ("1", 0)])
def test_a_share_of_flagged_items_may_be_allowed(
    check: Isogloss, tmp_path: Path, share: str, code: int
) -> None:
    file = table(tmp_path / "p.tsv", [*GOOD, LOST], ("en", "ko"))
    assert check(file, "--allow-flagged", share).code == code


def test_a_row_that_cannot_be_read_fails_alone(check: Isogloss, tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    file.write_text('{"en": "Cats.", "ko": "고양이."}\n{"en": \n{"en": 3, "ko": "삼"}\n', "utf-8")
    shown = check(file)
    assert shown.code == 1
    assert "not JSON" in shown.told
    lines = read_jsonl(tmp_path / "runs" / "p.jsonl.check" / "findings.jsonl")
    errors = {each["index"]: each["error"]["code"] for each in lines if "error" in each}
    assert errors == {1: "bad_file", 2: "wrong_type"}


@pytest.mark.parametrize(
    ("head", "more", "told"),
    [
        (("a", "b"), [], "there are: a, b"),
        (("source", "target"), [], "--from and --to"),
        (("source", "target"), ["--from", "en", "--to", "xx"], "xx"),
        (("en", "ko"), ["--to", "zh-TW"], "no column 'target'"),
        (("en", "ko"), ["--target-column", "hyp"], "no column 'hyp'"),
        (("en", "ko"), ["-b", "mmlu"], "two files"),
        (("en", "ko"), ["--check", "nombers=off"], "Did you mean numbers"),
    ],
)
def test_what_is_missing_is_said(
    check: Isogloss, tmp_path: Path, head: tuple[str, str], more: list[str], told: str
) -> None:
    shown = check(table(tmp_path / "p.tsv", GOOD, head), *more)
    assert shown.code == 2
    assert told in shown.told.replace("│ ", "").replace(" │", "")


# Two files of a benchmark


def item(number: int, language: str, **more: Any) -> dict[str, Any]:
    texts = {
        "en": ["Which is red?", "Blood", "Grass", "Snow"],
        "ko": ["다음 중 빨간 것은?", "피", "풀", "눈"],
    }[language]
    return {
        "id": f"q{number}",
        "question": texts[0],
        **dict(zip("ABC", texts[1:], strict=True)),
        "D": str(number),
        "answer": "A",
        **more,
    }


def test_items_are_found_by_their_ids(check: Isogloss, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "mmlu.jsonl", *[item(number, "en") for number in range(4)])
    reordered = [item(number, "ko") for number in (3, 1, 0, 2)]
    target = jsonl(tmp_path / "mmlu.ko.jsonl", *reordered)
    shown = check(source, target, "-b", "mmlu", "--to", "ko")
    assert shown.code == 0, shown.told


def test_missing_and_surplus_items_are_named(check: Isogloss, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "a.jsonl", *[item(number, "en") for number in range(3)])
    target = jsonl(tmp_path / "b.jsonl", item(0, "ko"), item(2, "ko"), item(9, "ko"), item(2, "ko"))
    shown = check(source, target, "-b", "mmlu", "--to", "ko", "--out", tmp_path / "o")
    assert shown.code == 1
    assert "No translation of: q1" in shown.told
    assert "Surplus: q9, q2" in shown.told
    lines = [each for each in read_jsonl(tmp_path / "o" / "findings.jsonl") if "error" in each]
    assert [(each["id"], each["error"]["code"]) for each in lines] == [
        ("q1", "missing_translation"),
        ("q9", "surplus_translation"),
        ("q2", "surplus_translation"),
    ]


def test_items_without_ids_are_found_by_position(check: Isogloss, tmp_path: Path) -> None:
    source = {"question": "Tom has 5 apples. How many?", "answer": "He has 5.\n#### 5"}
    target = {"question": "톰은 사과가 5개 있다. 몇 개인가?", "answer": "5개 있다.\n#### 5"}
    files = [jsonl(tmp_path / "a.jsonl", source, source), jsonl(tmp_path / "b.jsonl", target)]
    shown = check(*files, "-b", "gsm8k", "--to", "ko")
    assert shown.code == 1
    assert "No translation of: 1" in shown.told
    assert "by their position" in shown.told


def test_a_changed_answer_key_is_found(check: Isogloss, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "a.jsonl", item(0, "en"), item(1, "en"))
    target = jsonl(tmp_path / "b.jsonl", item(0, "ko"), item(1, "ko", answer="B"))
    shown = check(source, target, "-b", "mmlu", "--to", "ko")
    assert shown.code == 1
    assert "answer: A → B" in shown.told


def test_two_files_need_a_recipe_and_a_language(check: Isogloss, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", item(0, "en"))
    assert "--to" in check(file, file, "-b", "mmlu").told
    assert "--benchmark NAME" in check(file, file, "--to", "ko").told
    assert check(file, tmp_path / "nothing.jsonl", "-b", "mmlu", "--to", "ko").code == 2
