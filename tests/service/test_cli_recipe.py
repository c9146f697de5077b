"""``isogloss recipe``: listing, showing, guessing, and using what came out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from service.settings import Settings
from tests.service.conftest import Outcome
from tests.service.rig import question, served
from tests.service.test_files import jsonl, read_jsonl

Isogloss = Callable[..., Outcome]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "mine.jsonl", *[question(number) for number in range(3)])


def test_recipes_are_listed(isogloss: Isogloss, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = isogloss("recipe", "list")
    for word in ("cmmlu", "humaneval", "zh-CN", "multiple_choice", "CC BY-NC-SA 4.0"):
        assert word in shown.out


def test_on_a_narrow_terminal_each_recipe_has_one_line_and_its_name(
    isogloss: Isogloss, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = isogloss("recipe", "list").out.splitlines()
    named = [line for line in lines if line.startswith(" kobest_") and "multiple_choice" in line]
    assert len(named) >= 2
    assert len(lines) < 40


def test_a_recipe_is_shown_as_yaml_that_can_be_used_again(
    isogloss: Isogloss, file: Path, tmp_path: Path
) -> None:
    shown = isogloss("recipe", "show", "cmmlu")
    assert shown.code == 0
    mine = tmp_path / "mine.yaml"
    mine.write_text(shown.out, encoding="utf-8")
    out = tmp_path / "run"
    done = isogloss("translate", file, "--recipe", mine, "--to", "zh-TW", "--out", out)
    assert done.code == 0
    assert len(read_jsonl(out / "items.jsonl")) == 3


def test_an_unknown_recipe_names_the_nearest(isogloss: Isogloss) -> None:
    failed = isogloss("recipe", "show", "gsm9k")
    assert failed.code == 2
    assert "gsm8k" in failed.told


def test_a_recipe_is_guessed_from_a_file_and_can_be_used(
    isogloss: Isogloss, tmp_path: Path
) -> None:
    items = [
        {
            "uid": f"x{n}",
            "question": f"下面的句子里，第{n}个词语表示什么颜色？",
            "choices": ["红色的书", "网络"],
            "label": 0,
        }
        for n in range(5)
    ]
    file = jsonl(tmp_path / "mine.jsonl", *items, "{broken")
    shown = isogloss("recipe", "guess", file)
    assert shown.code == 0
    guessed = yaml.safe_load(shown.out)
    assert guessed["source_language"] == "zh-CN"
    mine = tmp_path / "mine.yaml"
    mine.write_text(shown.out, encoding="utf-8")
    out = tmp_path / "run"
    done = isogloss("translate", file, "--recipe", mine, "--to", "zh-TW", "--out", out)
    assert done.code == 0
    translated = read_jsonl(out / "items.jsonl")
    assert translated[2]["question"] == "下面的句子裡，第2個詞語表示什麼顏色？"
    assert translated[2]["choices"] == ["紅色的書", "網絡"]
    assert translated[2]["label"] == 0


def test_known_recipes_that_fit_are_named(isogloss: Isogloss, file: Path) -> None:
    shown = isogloss("recipe", "guess", file)
    assert "cmmlu" in shown.told


def test_guessing_from_nothing_is_told(isogloss: Isogloss, tmp_path: Path) -> None:
    for name, content in (("none.jsonl", ""), ("bad.jsonl", "{oops\n")):
        (tmp_path / name).write_text(content)
        failed = isogloss("recipe", "guess", tmp_path / name)
        assert failed.code == 2
        assert "Traceback" not in failed.err


def test_a_recipe_of_ones_own_with_a_known_name_is_not_mistaken_by_a_service(
    isogloss: Isogloss, tmp_path: Path
) -> None:
    """A corrected copy of ``cmmlu`` keeps its name; the service must not use its own instead."""
    mine = tmp_path / "cmmlu.yaml"
    recipe = {"name": "cmmlu", "source_language": "zh-CN", "fields": {"frage": "text"}}
    mine.write_text(yaml.safe_dump(recipe), encoding="utf-8")
    file = jsonl(tmp_path / "f.jsonl", {"frage": "什么颜色？"})
    out = tmp_path / "run"
    with served(Settings()) as address:
        args = ("translate", file, "--recipe", mine, "--to", "zh-TW", "--out", out)
        assert isogloss(*args, "--server", address).code == 0
    assert read_jsonl(out / "items.jsonl") == [{"frage": "什麼顏色？"}]
