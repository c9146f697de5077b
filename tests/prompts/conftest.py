"""Items, and the places of their texts in a prompt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from prompts.fence import end_mark, fenced, field_mark
from prompts.profile import PROFILE_NAMES, Profile, load_profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/prompts/golden anew instead of comparing; then read what changed",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden", default=False))


@pytest.fixture(scope="session")
def injections() -> list[dict[str, str]]:
    lines = (HERE / "injections.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def profiles_and_formats() -> list[tuple[Profile, AnswerFormat]]:
    return [
        (profile, answer_format)
        for profile in map(load_profile, PROFILE_NAMES)
        for answer_format in profile.formats
    ]


@pytest.fixture(scope="session")
def mcq() -> list[PromptField]:
    """A question with four options, as a recipe for MMLU would give it."""
    return [
        PromptField("question", "question", "Which quantity is measured in newtons?"),
        PromptField("option_A", "option A", "mass"),
        PromptField("option_B", "option B", "weight"),
        PromptField("option_C", "option C", "speed"),
        PromptField("option_D", "option D", "velocity"),
    ]


def whole_text(rendered: RenderedPrompt) -> str:
    """Everything that is sent as text, in order."""
    if rendered.prompt is not None:
        return rendered.prompt
    return "\n".join(f"<{message.role}>\n{message.content}" for message in rendered.messages)


def item_block(rendered: RenderedPrompt) -> str:
    """The item's texts as they stand in the prompt, with their marks."""
    if rendered.fence:
        return fenced(rendered.fence, rendered.shown)
    if rendered.format is AnswerFormat.JSON:
        return json.dumps(dict(rendered.shown), ensure_ascii=False, indent=2)
    return next(iter(rendered.shown.values()))


def around_item(rendered: RenderedPrompt) -> tuple[str, str]:
    """What stands before and after the item, with the item's code made neutral."""
    block = item_block(rendered)
    before, found, after = whole_text(rendered).partition(block)
    assert found, "the item does not stand in the prompt as one piece"
    assert block not in after
    fence = rendered.fence or "no fence"
    return before.replace(fence, "code"), after.replace(fence, "code")


def echo(rendered: RenderedPrompt) -> str:
    """The answer of a model that translates nothing and keeps to the form."""
    if rendered.format is AnswerFormat.JSON:
        return json.dumps(dict(rendered.shown), ensure_ascii=False)
    if rendered.format is AnswerFormat.SECTIONS:
        marks = [
            f"{field_mark(rendered.fence, key)}\n{text}" for key, text in rendered.shown.items()
        ]
        return "\n".join([*marks, end_mark(rendered.fence)])
    return next(iter(rendered.shown.values()))


@pytest.fixture(scope="session")
def places() -> Callable[[RenderedPrompt], tuple[str, str]]:
    return around_item


@pytest.fixture(scope="session")
def sent() -> Callable[[RenderedPrompt], str]:
    return whole_text


@pytest.fixture(scope="session")
def echoed() -> Callable[[RenderedPrompt], str]:
    return echo
