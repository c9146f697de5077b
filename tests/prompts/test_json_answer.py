"""One value out of an answer that may say more around it."""

from __future__ import annotations

import time

import pytest

from prompts.answer_errors import NotJson
from prompts.json_answer import find_value


@pytest.mark.parametrize(
    "text",
    [
        '{"x": [1]}',
        'So {a} or {"y": 2}? {"x": [2]}? No: {"x": [1]}. {done}',
        '{"answer": {"x": [1]}}',
        '{"x": [1], "y": {"x": [2]}}',
        '{"y": "\\q", "x": [1]}',
    ],
)
def test_the_last_object_with_the_name_counts(text: str) -> None:
    assert find_value(text, "x") == [1]


def test_latex_is_read_as_such_where_the_texts_have_it() -> None:
    assert find_value('{"x": "\\frac\\n"}', "x", frozenset({"frac"})) == "\\frac\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"x": [1',
        '"x": [1]',
        '{"y": {"z": 1}}',
        '{"x": "\\ud83d"}',
        '{"x": ' + "9" * 5000 + "}",
        '{"x": ' * 20_000,
        "{" * 20_000,
    ],
)
def test_what_has_no_such_object_is_refused_soon(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(NotJson):
        find_value(text, "x")
    assert time.monotonic() - started < 2
