"""``isogloss terms import``, ``export``, ``convert``: what a linguist does with files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.conftest import Outcome

Isogloss = Callable[..., Outcome]
TABLE = "en,ko,note\nqueue,대기열,자료 구조인 경우\nAPI,API,\nstack,스택,\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ISOGLOSS_DATABASE", f"sqlite:///{tmp_path}/terms.db")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "mine.csv").write_text(TABLE, "utf-8")
    return tmp_path


def test_a_dry_run_changes_nothing(isogloss: Isogloss) -> None:
    shown = isogloss("terms", "import", "mine.csv", "--into", "mine", "--dry-run")
    assert shown.code == 0
    assert "3 concepts would be written" in shown.told
    assert isogloss("terms", "export", "mine").code == 2


def test_out_and_in_again(isogloss: Isogloss, place: Path) -> None:
    assert isogloss("terms", "import", "mine.csv", "--into", "mine").code == 0
    for name in ("xlsx", "tbx", "tbx-v2", "csv", "json"):
        out = f"out.{name}"
        assert isogloss("terms", "export", "mine", "--as", name, "--out", out).code == 0
        again = isogloss("terms", "import", out, "--into", "mine")
        assert again.code == 0
        assert "There is nothing to change." in again.told
    assert (place / "out.tbx").read_bytes().startswith(b"<?xml")


def test_a_conflict_is_left_until_it_is_accepted(isogloss: Isogloss, place: Path) -> None:
    isogloss("terms", "import", "mine.csv", "--into", "mine")
    (place / "other.csv").write_text("en,ko\nqueue,줄\n", "utf-8")
    command = ("terms", "import", "other.csv", "--into", "mine")
    refused = isogloss(*command)
    assert refused.code == 1
    assert "the glossary has 대기열, the file 줄" in refused.told
    assert isogloss(*command, "--accept", "queue").code == 0
    assert isogloss("terms", "export", "mine", "--as", "omegat", "--pair", "en>ko").code == 0
    lines = (place / "mine.txt").read_text("utf-8").splitlines()
    assert lines[0].split("\t")[:2] == ["queue", "줄"]


def test_rows_left_out_are_shown_with_what_to_do(isogloss: Isogloss, place: Path) -> None:
    (place / "bad.csv").write_text("en,ko\nqueue,\nstack,스택\n", "utf-8")
    shown = isogloss("terms", "import", "bad.csv", "--into", "mine")
    assert shown.code == 1
    assert "row 2" in shown.told
    assert "or remove the row" in shown.told


def test_converting_needs_no_glossary(isogloss: Isogloss, place: Path) -> None:
    assert isogloss("terms", "convert", "mine.csv", "mine.tbx").code == 0
    assert isogloss("terms", "convert", "mine.tbx", "mine.xlsx").code == 0
    refused = isogloss("terms", "convert", "mine.xlsx", "mine.csv")
    assert refused.code == 2
    assert "--force" in refused.told
    assert isogloss("terms", "convert", "mine.xlsx", "mine.csv", "--force").code == 0
    assert "자료 구조인 경우" in (place / "mine.csv").read_text("utf-8-sig")


def test_losses_are_told(isogloss: Isogloss) -> None:
    shown = isogloss("terms", "convert", "mine.csv", "mine.txt", "--pair", "en>ko")
    assert shown.code == 0
    assert "do not translate" in shown.told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "none.csv", "--into", "x"), "Check the path"),
        (("import", "mine.csv", "--into", "x", "--columns", "fr=A"), "columns="),
        (("import", "mine.csv", "--into", "x", "--format", "tbxx"), "tbx"),
        (("convert", "mine.csv", "mine.doc"), "Known"),
        (("convert", "mine.csv", "a.csv", "--as", "deepl", "--pair", "en-ko"), "en>zh-TW"),
        (("export", "none"), "none"),
    ],
)
def test_errors_say_what_to_do(isogloss: Isogloss, arguments: tuple[str, ...], said: str) -> None:
    shown = isogloss("terms", *arguments)
    assert shown.code == 2
    assert said in shown.told
    assert "Traceback" not in shown.told
