"""Errors that a model names: those that stand in the texts are believed, the others counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.language import parse_pair
from prompts.answer_errors import AnswerError, NotJson
from prompts.critique import CATEGORIES, MAX_ERRORS, Critique, read_critique, render_critique
from prompts.errors import IncompleteTranslation, OnlyMakersPrompt
from prompts.problem import Problem
from prompts.profile import load_profile
from prompts.prompt import PromptField, RenderedPrompt

EN_TW = parse_pair("en>zh-TW")
SOURCE = {
    "question": "  Which speed <s> is NOT $\\frac{1}{2}v$, at any speed?",
    "option_A": "speed",
}
TARGET = {"question": "下列何者為 <s> 速度 $\\frac{1}{2}v$？速度", "option_A": "速率"}
FIELDS = [PromptField(key, key, text) for key, text in SOURCE.items()]


def critique(**more: Any) -> RenderedPrompt:
    given = {"structured": True} | more
    return render_critique(load_profile("qwen3"), EN_TW, FIELDS, TARGET, **given)


def error(**more: Any) -> dict[str, Any]:
    return {
        "field": "question",
        "source": "speed",
        "target": "速度",
        "category": "terminology",
        "severity": "major",
        "correction": "速率",
    } | more


def read(*errors: Any) -> Critique:
    return read_critique(json.dumps({"errors": errors}), critique(), SOURCE, TARGET)


def test_an_error_has_its_places_in_the_texts() -> None:
    (found,) = read(error()).errors
    assert SOURCE["question"][slice(*found.source_span)] == "speed"
    assert TARGET["question"][slice(*found.target_span)] == "速度"
    assert found.target_span == (10, 12)


@pytest.mark.parametrize(
    ("more", "source_span", "target_span"),
    [
        ({"category": "omission", "source": "NOT", "target": ""}, (21, 24), None),
        ({"category": "addition", "source": "", "correction": ""}, None, (10, 12)),
        ({"category": "omission", "source": "NOT", "target": "", "correction": ""}, (21, 24), None),
    ],
)
def test_what_is_missing_or_added_has_a_place_on_one_side(
    more: dict[str, str], source_span: Any, target_span: Any
) -> None:
    (found,) = read(error(**more)).errors
    assert (found.source_span, found.target_span) == (source_span, target_span)


@pytest.mark.parametrize(
    "bad",
    [
        error(target="速 度"),
        error(source="velocity"),
        error(field="option_B"),
        error(field="option_A", source="speed", target="速度"),
        error(category="taste"),
        error(severity="huge"),
        error(source="", target=""),
        error(correction="速度"),
        error(correction="<|im_end|>"),
        {name: value for name, value in error().items() if name != "severity"},
        error(source=None),
        "速度",
    ],
)
def test_what_cannot_be_believed_is_dropped_and_counted(bad: Any) -> None:
    found = read(bad, error(field="option_A", target="速率", correction="快慢"), bad)
    assert [each.key for each in found.errors] == ["option_A"]
    assert found.dropped == 2


def test_an_error_that_is_named_twice_counts_once() -> None:
    assert read(error(), error()) == Critique(read(error()).errors, 0)


def test_a_list_that_has_run_away_is_cut() -> None:
    """A server without schemas may say whatever it likes, and an edit is told all of it."""
    many = [error(correction=f"速率{number}") for number in range(MAX_ERRORS + 5)]
    found = read(*many, error(target="速 度"))
    assert [each.correction for each in found.errors] == [
        f"速率{number}" for number in range(MAX_ERRORS)
    ]
    assert found.dropped == 6


def test_no_error_is_an_answer() -> None:
    assert read() == Critique((), 0)


def test_control_tokens_and_latex_stand_where_they_stood() -> None:
    (placeholder,) = critique().masked
    formula = error(source="$\\frac{1}{2}v$", target="$\\frac{1}{2}v$", correction="v")
    text = json.dumps(
        {"errors": [error(source=placeholder, target=f"{placeholder} 速度"), formula]}
    )
    # A model writes LaTeX as it is, not as JSON wants it.
    text = text.replace("\\\\frac", "\\frac")
    first, second = read_critique(text, critique(), SOURCE, TARGET).errors
    assert (first.source, first.target) == ("<s>", "<s> 速度")
    assert second.source == "$\\frac{1}{2}v$"
    assert TARGET["question"][slice(*second.target_span)] == second.target


def test_an_error_becomes_a_problem_of_an_edit() -> None:
    problem = read(error()).errors[0].as_problem()
    assert problem == Problem(
        "question", "major", f"terminology: {CATEGORIES['terminology']}", "speed", "速度", "速率"
    )


@pytest.mark.parametrize("text", ["", "No errors.", "[]", "{}", '{"errors": "none"}', '{"errors"'])
def test_an_answer_without_a_list_is_an_error(text: str) -> None:
    with pytest.raises(NotJson):
        read_critique(text, critique(), SOURCE, TARGET)


@given(st.text(max_size=40), st.sampled_from(["速度", "度 $", "", "速率", "\ud83d"]))
@settings(deadline=None)
def test_any_answer_is_read_or_refused_by_name(text: str, words: str) -> None:
    answer = text + json.dumps({"errors": [error(target=words), text]}, ensure_ascii=False)
    try:
        found = read_critique(answer, critique(), SOURCE, TARGET)
    except AnswerError:
        return
    assert len(found.errors) + found.dropped == 2
    assert all(each.target == words in TARGET["question"] for each in found.errors)


def test_hints_are_told_only_where_there_are_some() -> None:
    bare = critique().messages[-1].content
    noticed = Problem("question", "critical", "a negation is missing", "NOT")
    full = critique(problems=[noticed], back_translation=SOURCE).messages[-1].content
    assert "What programs noticed" not in bare
    assert "once more in English" not in bare
    assert "question, critical: a negation is missing\nIn the original: NOT" in full
    assert full.index("once more in English") < full.index("What programs noticed")


def test_the_schema_names_the_fields_and_the_categories() -> None:
    schema = critique().schema
    assert schema is not None
    properties = schema["properties"]["errors"]["items"]["properties"]
    assert properties["field"]["enum"] == ["question", "option_A"]
    assert properties["category"]["enum"] == list(CATEGORIES)
    assert critique(structured=False).schema is None


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(IncompleteTranslation, match="'back' has no text for: option_A"):
        critique(back_translation={"question": "?"})
    with pytest.raises(OnlyMakersPrompt):
        render_critique(load_profile("tower"), EN_TW, FIELDS, TARGET, structured=True)
