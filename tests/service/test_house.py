"""Settings from the environment, the tree of errors, and every engine by its name."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import service.engines.errors
import service.errors
from eval.errors import EvalError
from glossary.errors import GlossaryError
from glossary.language import parse_pair
from prompts.errors import PromptError
from service.api.problem import STATUS
from service.engines.base import ALL_PAIRS, Engine
from service.engines.errors import EngineError
from service.errors import BadSettings, PairNotServed, ServiceError, UnknownEngine
from service.settings import EngineKind, EngineSettings, Settings, load_settings
from service.wiring import ENGINES, Engines, make_engine, make_engines

SERVICE = Path(service.errors.__file__).parent


def subclasses(kind: type[Any]) -> list[type[Any]]:
    return [each for child in kind.__subclasses__() for each in (child, *subclasses(child))]


MODULES = {"ServiceError": service.errors, "EngineError": service.engines.errors}
"""Root of each tree, and the module whose docstring shows it."""
ERRORS = [
    each
    for each in subclasses(ServiceError)
    if each.__module__ in {module.__name__ for module in MODULES.values()}
]


# Settings


def test_an_engine_comes_from_nested_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "KIND": "openai",
        "BASE_URL": "http://gpu:8000",
        "API_KEY": "sk-secret\n",
        "MAX_CONCURRENCY": "256",
        "STREAM": "true",
        "RETRY_WAIT_S": "0.25",
    }.items():
        monkeypatch.setenv(f"ISOGLOSS_ENGINES__QWEN__{name}", value)
    engine = load_settings().engines["qwen"]
    assert engine.kind is EngineKind.OPENAI
    assert engine.base_url == "http://gpu:8000"
    assert (engine.max_concurrency, engine.stream, engine.retry_wait_s) == (256, True, 0.25)
    assert engine.api_key is not None
    assert engine.api_key.get_secret_value() == "sk-secret", "a line end cannot stand in a header"


def test_engines_come_from_json_and_names_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "ISOGLOSS_ENGINES", '{"a": {"kind": "openai", "base_url": "http://a", "attempts": 2}}'
    )
    monkeypatch.setenv("ISOGLOSS_ENGINES__A__ATTEMPTS", "7")
    monkeypatch.setenv("ISOGLOSS_ENGINES__B__KIND", "identity")
    engines = load_settings().engines
    assert engines["a"].attempts == 7
    assert engines["b"].kind is EngineKind.IDENTITY


def test_embedded_engines_are_there_unless_their_name_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert {"opencc", "identity"} <= load_settings().engines.keys()
    monkeypatch.setenv("ISOGLOSS_ENGINES__OPENCC__KIND", "identity")
    assert load_settings().engines["opencc"].kind is EngineKind.IDENTITY
    monkeypatch.undo()
    assert load_settings().engines["opencc"].kind is EngineKind.OPENCC


def test_two_settings_do_not_share_engines() -> None:
    one, other = Settings(), Settings()
    one.engines["x"] = EngineSettings(kind=EngineKind.IDENTITY)
    assert "x" not in other.engines


def test_plain_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_PORT", "0")
    monkeypatch.setenv("ISOGLOSS_MAX_ITEMS", "5")
    monkeypatch.setenv("ISOGLOSS_UNKNOWN", "ignored")
    settings = load_settings()
    assert (settings.port, settings.max_items) == (0, 5)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MAX_ITEMS", "0", ("ISOGLOSS_MAX_ITEMS", "1")),
        ("MAX_BODY_BYTES", "big", ("ISOGLOSS_MAX_BODY_BYTES",)),
        ("LOG_LEVEL", "loud", ("ISOGLOSS_LOG_LEVEL", "debug")),
        ("ENGINES__Q__KIND", "replay", ("ISOGLOSS_ENGINES__Q", "recordings")),
        ("ENGINES__Q__KIND", "transformers", ("ISOGLOSS_ENGINES__Q", "model")),
        ("ENGINES__OPENCC__TYPO", "1", ("ISOGLOSS_ENGINES__OPENCC",)),
        ("ENGINES", "[]", ("ENGINES",)),
        ("ENGINES", "not json", ("engines",)),
    ],
)
def test_a_wrong_setting_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv(f"ISOGLOSS_{name}", value)
    with pytest.raises(BadSettings) as refused:
        load_settings()
    for word in words:
        assert word in str(refused.value)


def test_a_secret_is_not_shown() -> None:
    engine = EngineSettings(kind=EngineKind.OPENAI, base_url="http://x", api_key="sk-secret")
    assert "sk-secret" not in repr(engine) + str(engine) + engine.model_dump_json()


@pytest.mark.parametrize(
    "wrong",
    [{"max_concurrency": 0}, {"attempts": 0}, {"timeout_s": 0}, {"temperature": 3}, {"colour": 1}],
    ids=str,
)
def test_limits_of_an_engine_have_bounds(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EngineSettings(kind=EngineKind.IDENTITY, **wrong)


def test_only_the_settings_read_the_environment() -> None:
    for path in SERVICE.rglob("*.py"):
        text = path.read_text("utf-8")
        if path.name != "settings.py":
            assert "os.environ" not in text, path
            assert "getenv" not in text, path


# Errors


@pytest.mark.parametrize("root", MODULES)
def test_every_error_stands_in_the_tree_at_its_place(root: str) -> None:
    module = MODULES[root]
    tree = inspect.getdoc(module) or ""
    rows = re.findall(r"^((?:│   |    )?[├└]── )(\w+) ", tree, re.MULTILINE)
    depth = {name: len(lead) // 4 for lead, name in rows if name not in MODULES}
    above = len(getattr(module, root).__mro__)
    mine = [each for each in ERRORS if each.__module__ == module.__name__ and each.__name__ != root]
    assert depth == {each.__name__: len(each.__mro__) - above for each in mine}
    parents: dict[int, str] = {0: root}
    for lead, name in rows:
        level = len(lead) // 4
        parents[level] = name
        if name in depth:
            assert getattr(module, name).__bases__[0].__name__ == parents[level - 1]


def test_every_error_has_a_code_of_its_own_and_a_status() -> None:
    codes = [each.code for each in ERRORS]
    assert len(set(codes)) == len(codes)
    for each in ERRORS:
        assert "code" in vars(each), each
        assert re.fullmatch("[a-z]+(_[a-z]+)*", each.code)
        assert 400 <= each.status <= 599
        assert each.__doc__
    assert ServiceError.code not in codes


def test_no_code_is_used_on_two_floors() -> None:
    floors = [subclasses(kind) for kind in (EvalError, GlossaryError, PromptError)]
    codes = [each.code for floor in floors for each in floor if "code" in vars(each)]
    assert not set(codes) & {each.code for each in ERRORS}


def test_every_error_of_the_lower_floors_has_a_status() -> None:
    for kind in (EvalError, GlossaryError, PromptError):
        for each in (kind, *subclasses(kind)):
            assert any(issubclass(each, known) for known in STATUS), each


def test_errors_of_the_client_are_4xx_and_of_engines_5xx() -> None:
    for each in ERRORS:
        if issubclass(each, EngineError):
            assert each.status >= 500, each
        if issubclass(each, service.errors.RequestError):
            assert each.status < 500, each


def test_no_bare_or_broad_silent_except() -> None:
    """A broad one must tell the log or raise."""
    for path in SERVICE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ExceptHandler):
                continue
            assert node.type is not None, path
            if ast.unparse(node.type) in ("Exception", "BaseException"):
                body = ast.unparse(ast.Module(body=node.body, type_ignores=[]))
                told = ("raise", "_LOG.exception", "results.put(error)")
                assert any(word in body for word in told), path


# Wiring


SETTINGS = {
    EngineKind.OPENAI: {"base_url": "http://127.0.0.1:9"},
    EngineKind.TRANSFORMERS: {"model": "any/model"},
    EngineKind.OPENCC: {},
    EngineKind.IDENTITY: {},
    EngineKind.REPLAY: {"recordings": "FILE"},
}


@pytest.mark.parametrize("kind", EngineKind)
async def test_every_kind_makes_an_engine(kind: EngineKind, tmp_path: Path) -> None:
    """Also those whose server or packages are not there: they tell so when they are used."""
    assert ENGINES.keys() == set(EngineKind)
    file = tmp_path / "r.jsonl"
    file.write_text('{"pair": "en>ko", "source": "a", "hypotheses": ["b"]}')
    given = {name: file if value == "FILE" else value for name, value in SETTINGS[kind].items()}
    engine: Engine = make_engine("mine", EngineSettings(kind=kind, **given))
    assert engine.name == "mine"
    assert engine.max_concurrency >= 1
    assert any(engine.serves(pair) for pair in ALL_PAIRS)
    await engine.close()
    await engine.close()


async def test_an_engine_is_made_once() -> None:
    engines = make_engines(Settings())
    assert engines.get("opencc") is engines.get("opencc")
    await engines.close()


def test_unknown_engines_name_the_nearest() -> None:
    with pytest.raises(UnknownEngine) as refused:
        make_engines(Settings()).get("identiy")
    assert "identity" in refused.value.remedy


def test_the_control_run_is_never_chosen_by_itself() -> None:
    engines = Engines({"identity": EngineSettings(kind=EngineKind.IDENTITY)})
    with pytest.raises(PairNotServed):
        engines.choose(None, parse_pair("en>ko"))
    assert engines.choose("identity", parse_pair("en>ko")).name == "identity"


def test_what_was_configured_comes_before_what_is_embedded() -> None:
    settings = Settings()
    assert make_engines(settings).choose(None, parse_pair("zh-CN>zh-TW")).name == "opencc"
    settings.engines["zzz"] = EngineSettings(kind=EngineKind.OPENAI, base_url="http://x")
    assert make_engines(settings).choose(None, parse_pair("zh-CN>zh-TW")).name == "zzz"
