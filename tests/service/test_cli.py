"""The commands: what they explain, and what they say when something is wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.service.conftest import Outcome
from tests.service.rig import question, served
from tests.service.test_files import jsonl

Isogloss = Callable[..., Outcome]
ROOT = Path(__file__).resolve().parents[2]
COMMANDS = [
    "translate",
    "check",
    "serve",
    "demo",
    "round-trip",
    "recipe",
    "recipe list",
    "recipe show",
    "recipe guess",
    "regress",
    "regress run",
    "regress snapshot",
    "regress compare",
    "select",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "mine.jsonl", *[question(number) for number in range(3)])


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help is laid out for the width of the terminal."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERMINAL_WIDTH", "200")


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_and_option_explains_itself(isogloss: Isogloss, command: str) -> None:
    shown = isogloss(*command.split(), "--help")
    assert shown.code == 0
    usage, about, *_ = (line.strip() for line in shown.out.splitlines() if line.strip())
    assert usage.startswith("Usage:")
    assert len(about.split()) >= 3
    options = re.findall(r"^│ +(?:\* +)?([A-Za-z-]\S*)(.*)│$", shown.out, re.MULTILINE)
    assert options
    for name, explained in options:
        assert len(re.sub(r"\[.*?\]|<.*?>|-\w\b", "", explained).split()) >= 2, (command, name)


def test_without_arguments_the_help_is_shown(isogloss: Isogloss) -> None:
    shown = isogloss()
    assert "translate" in shown.out + shown.err


OF_MODELS = {"torch", "transformers", "opencc", "pandas", "numpy"}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("service.cli.main", OF_MODELS | {"fastapi", "nicegui", "sqlalchemy"}),
        ("service.api.app", OF_MODELS),
    ],
)
def test_who_looks_at_the_help_does_not_wait_for_heavy_packages(
    module: str, heavy: set[str]
) -> None:
    program = f"import sys; import {module}; print([m for m in sys.modules if m in {heavy}])"
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


WRONG = {
    "no benchmark": ([], "--benchmark NAME"),
    "unknown benchmark": (["-b", "cmmul"], "Did you mean cmmlu"),
    "bare zh": (["-b", "cmmlu", "--to", "zh"], "zh-TW"),
    "unknown language": (["-b", "cmmlu", "--to", "tlh"], "Use one of"),
    "bare zh from": (["-b", "cmmlu", "--from", "zh"], "zh-CN"),
    "unknown engine": (["-b", "cmmlu", "--engine", "opnecc"], "Did you mean opencc"),
    "pair not served": (["-b", "cmmlu", "--to", "ko"], "vLLM"),
    "same language": (["-b", "cmmlu", "--to", "zh-CN"], "--from"),
    "no server": (["-b", "cmmlu", "--base-url", "http://127.0.0.1:9"], "server runs"),
    "no address": (["-b", "cmmlu", "--base-url", "nowhere"], "address"),
    "unknown profile": (
        ["-b", "cmmlu", "--base-url", "http://127.0.0.1:9", "--profile", "qwn"],
        "qwen",
    ),
    "profile of nothing": (["-b", "cmmlu", "--profile", "qwen3"], "--base-url"),
    "no service": (["-b", "cmmlu", "--server", "http://127.0.0.1:9"], "isogloss serve"),
    "no address of a service": (["-b", "cmmlu", "--server", "nowhere"], "isogloss serve"),
    "service and engine": (
        ["-b", "cmmlu", "--server", "http://x", "--base-url", "http://y"],
        "--engine",
    ),
    "too many candidates": (["-b", "cmmlu", "-n", "17"], "limit 16"),
    "no candidates": (["-b", "cmmlu", "-n", "0"], "1"),
    "negative seed": (["-b", "cmmlu", "--seed", "-1"], "seed"),
    "no recipe file": (["--recipe", "nowhere.yaml"], "nowhere.yaml"),
    "no glossary file": (["-b", "cmmlu", "--glossary", "no.csv"], "Check the path"),
    "unknown way back": (["-b", "cmmlu", "--round-trip", "opnecc"], "Did you mean opencc"),
    "unknown metric": (["-b", "cmmlu", "--round-trip", "opencc", "--metric", "blue"], "bleu"),
    "metric of nothing": (["-b", "cmmlu", "--metric", "chrf"], "--round-trip"),
    "unknown solver": (["-b", "cmmlu", "--solver", "opnecc"], "Did you mean opencc"),
    "who cannot solve": (["-b", "cmmlu", "--solver", "opencc"], "follows instructions"),
    "tries of nobody": (["-b", "cmmlu", "--solve-times", "5"], "--solver"),
    "both recipes": (["--recipe", "nowhere.yaml", "-b", "cmmlu"], "either"),
}


@pytest.mark.parametrize(("arguments", "word"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_a_remedy_and_status_2(
    isogloss: Isogloss, file: Path, tmp_path: Path, arguments: list[str], word: str
) -> None:
    to = [] if "--to" in arguments else ["--to", "zh-TW"]
    failed = isogloss("translate", file, *to, "--out", tmp_path / "run", *arguments)
    assert failed.code == 2
    assert word in failed.told
    assert "Traceback" not in failed.err
    assert not (tmp_path / "run").exists()


def test_an_error_stands_without_a_bar_of_what_never_began(
    isogloss: Isogloss, file: Path, tmp_path: Path
) -> None:
    run = ("-b", "cmmlu", "--to", "zh-TW", "--out", tmp_path / "run")
    failed = isogloss("translate", tmp_path / "missing.jsonl", *run)
    assert failed.told.startswith("Error:")
    assert isogloss("translate", file, *run).code == 0
    assert isogloss("translate", file, *run, "-n", 2).told.startswith("Error:")


def test_a_port_that_cannot_be_is_refused(isogloss: Isogloss) -> None:
    failed = isogloss("serve", "--port", 99999)
    assert failed.code == 2
    assert "--port" in failed.told


def test_the_help_of_many_options_is_in_parts(isogloss: Isogloss) -> None:
    shown = isogloss("translate", "--help").out
    parts = [
        shown.index(f"─ {name} ─") for name in ("Options", "Who translates", "What is found out")
    ]
    assert parts == sorted(parts)
    assert shown.index("--restart") < parts[1] < shown.index("│ --engine ") < parts[2]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("missing.jsonl", None, "Check the path"),
        ("empty.jsonl", b"", "no records"),
        ("blank.jsonl", b"\n \n", "no records"),
        ("latin.jsonl", b'{"question": "caf\xe9"}', "UTF-8"),
        ("prose.txt", b"once upon a time", ".jsonl"),
        ("broken.json", b'[{"a": 1},', "not JSON"),
        ("object.json", b'{"a": 1}', "items"),
        ("twice.csv", b"a,a\n1,2\n", "repeat"),
        ("[b].jsonl", b"", "[b].jsonl"),
        ("[/b].jsonl", b"", "[/b].jsonl"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    isogloss: Isogloss, tmp_path: Path, name: str, content: bytes | None, word: str
) -> None:
    path = tmp_path / name.replace("/", "_") if "/" in name else tmp_path / name
    if content is not None:
        path.write_bytes(content)
    failed = isogloss("translate", path, "-b", "cmmlu", "--to", "zh-TW", "--out", tmp_path / "run")
    assert failed.code == 2
    assert word.replace("/", "_") in failed.told
    assert "Traceback" not in failed.err


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("fields: [", "YAML"),
        ("fields: {a: txt}", "fields.a"),
        ("just words", "recipe"),
        ("", "recipe"),
        ("fields: {'a[': text}", "a["),
        ("fields: {a: text}\nid: '[red]'", "[red]"),
    ],
)
def test_a_recipe_of_ones_own_that_is_wrong_is_told(
    isogloss: Isogloss, file: Path, tmp_path: Path, text: str, word: str
) -> None:
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(text)
    failed = isogloss("translate", file, "--recipe", recipe, "--to", "zh-TW", "--from", "zh-CN")
    assert failed.code == 2
    assert word in failed.told
    assert "mine.yaml" in failed.told


def test_a_remedy_with_brackets_is_shown_whole(
    isogloss: Isogloss, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``pip install 'isogloss[transformers]'`` looks like markup to a terminal library."""
    monkeypatch.setitem(sys.modules, "transformers", None)
    args = ("translate", file, "-b", "cmmlu", "--to", "ko", "--out", tmp_path / "run")
    failed = isogloss(*args, "--model", "any/model")
    assert failed.code == 2
    assert "isogloss[transformers]" in failed.told


def test_ids_that_look_like_markup_are_shown_as_they_are(
    isogloss: Isogloss, tmp_path: Path
) -> None:
    file = jsonl(tmp_path / "f.jsonl", question(0, id="[/x]", question=""), question(1))
    done = isogloss("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", tmp_path / "[run]")
    assert done.code == 0
    assert "[/x]" in done.told
    assert "[run]" in done.told


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("ISOGLOSS_PORT", "http", "ISOGLOSS_PORT"),
        ("ISOGLOSS_LOG_LEVEL", "loud", "ISOGLOSS_LOG_LEVEL"),
        ("ISOGLOSS_ENGINES", "{oops", "engines"),
        ("ISOGLOSS_ENGINES__Q__KIND", "vllm", "ISOGLOSS_ENGINES__Q__KIND"),
        ("ISOGLOSS_ENGINES__Q__KIND", "openai", "base_url"),
    ],
)
def test_settings_that_are_wrong_are_told_by_their_variables(
    isogloss: Isogloss,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    word: str,
) -> None:
    monkeypatch.setenv(name, value)
    for arguments in (("serve",), ("translate", file, "-b", "cmmlu", "--to", "zh-TW")):
        failed = isogloss(*arguments)
        assert failed.code == 2
        assert word in failed.told
        assert "docs/settings.md" in failed.told


def test_a_wrong_key_is_not_repeated_by_the_error(
    isogloss: Isogloss, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_ENGINES__Q__API_KEY", "sk-secret")
    monkeypatch.setenv("ISOGLOSS_ENGINES__Q__KIND", "vllm")
    failed = isogloss("serve")
    assert failed.code == 2
    assert "sk-secret" not in failed.err


def test_something_else_at_the_services_address_is_told(
    isogloss: Isogloss, file: Path, tmp_path: Path, threaded_upstream: Any
) -> None:
    args = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", tmp_path / "run")
    failed = isogloss(*args, "--server", threaded_upstream.url)
    assert failed.code == 2
    assert "Isogloss service" in failed.told
    assert "Traceback" not in failed.err


def test_a_refusal_of_the_service_is_told_with_its_remedy(
    isogloss: Isogloss, file: Path, tmp_path: Path
) -> None:
    with served(Settings()) as address:
        args = ("translate", file, "-b", "cmmlu", "--to", "ko", "--out", tmp_path / "run")
        failed = isogloss(*args, "--server", address)
    assert failed.code == 2
    assert "zh-CN>ko" in failed.told
    assert "vLLM" in failed.told


def test_the_demo_ends_by_itself_when_asked(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service", "demo", "--once", "--limit", "2", "--out", tmp_path],
        cwd=ROOT,
        env={**os.environ, "ISOGLOSS_PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.html").exists()
    told = " ".join(done.stderr.split())
    assert "0 failed" in told or "failed" in told
    folders = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert len(folders) >= 6
    for each in folders:
        about = json.loads((each / "manifest.json").read_text("utf-8"))
        assert about["counts"]["items"] == 2
        assert about["counts"]["failed"] == 0
