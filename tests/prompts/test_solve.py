"""Solving an item: what a solver sees, and which answers count."""

from __future__ import annotations

import json

import pytest

from glossary.language import Language
from prompts.answer_errors import BadValue, EmptyAnswer, LeftoverText, NotALabel, NotJson
from prompts.errors import BadLabels, OnlyMakersPrompt
from prompts.profile import load_profile
from prompts.prompt import PromptField, RenderedPrompt
from prompts.solve import read_solution, render_solve

LABELS = ["A", "B", "C", "D"]


def solve(
    mcq: list[PromptField], labels: list[str] | None, profile: str = "qwen3"
) -> RenderedPrompt:
    return render_solve(load_profile(profile), Language.EN, mcq, labels, structured=True)


def said(answer: object) -> str:
    return json.dumps({"reasoning": "Newton is a unit of force.", "answer": answer})


def test_the_solver_sees_the_item_and_the_labels_to_choose_from(mcq: list[PromptField]) -> None:
    system, user = solve(mcq, LABELS).messages
    assert "Language of the item: English" in system.content
    assert all(part.text in user.content for part in mcq)
    assert user.content.endswith("one of: A, B, C, D. Answer with the JSON object only.")


def test_both_languages_of_an_item_are_asked_alike(mcq: list[PromptField]) -> None:
    """Else a difference of the answers could come from the question."""
    korean = render_solve(load_profile("qwen3"), Language.KO, mcq, LABELS, structured=True)
    english = solve(mcq, LABELS)
    assert korean.messages[1] == english.messages[1]
    assert korean.schema == english.schema


def test_the_schema_allows_the_labels_alone(mcq: list[PromptField]) -> None:
    schema = solve(mcq, LABELS).schema
    assert schema is not None
    assert schema["required"] == ["reasoning", "answer"]
    assert schema["properties"]["answer"]["enum"] == LABELS
    short = solve(mcq, None).schema
    assert short is not None
    assert "enum" not in short["properties"]["answer"]


@pytest.mark.parametrize(
    "answer",
    [
        *("B", " b ", "(B)", "B.", "B) weight", "B: weight", "**B**", "(B) weight"),
        *("Ｂ", "（B）", "B。", "（Ｂ）重量", "B：重量"),
    ],
)
def test_a_label_is_read_in_any_dress(mcq: list[PromptField], answer: str) -> None:
    assert read_solution(said(answer), solve(mcq, LABELS), LABELS) == "B"


@pytest.mark.parametrize("answer", ["E", "weight", "Because", "AB", "A and B", "B.5", "?"])
def test_what_is_no_label_is_an_error(mcq: list[PromptField], answer: str) -> None:
    with pytest.raises(NotALabel, match="is none of: A, B, C, D"):
        read_solution(said(answer), solve(mcq, LABELS), LABELS)


@pytest.mark.parametrize(
    ("labels", "answer", "label"),
    [
        (["1", "2"], 2, "2"),
        (["①", "②"], "②：무게", "②"),
        (["not_entailment", "entailment"], "Entailment", "entailment"),
        (["very positive", "positive"], "very positive", "very positive"),
        (["(A)", "(B)"], "A", "(A)"),
        (["가", "나"], "나", "나"),
    ],
)
def test_labels_of_other_kinds(
    mcq: list[PromptField], labels: list[str], answer: object, label: str
) -> None:
    assert read_solution(said(answer), solve(mcq, labels), labels) == label


@pytest.mark.parametrize(
    ("answer", "text"), [("12", "12"), (12, "12"), (0.5, "0.5"), (" 죄 ", "죄"), ("<2>", "<2>")]
)
def test_a_short_answer_is_text_or_a_number(
    mcq: list[PromptField], answer: object, text: str
) -> None:
    assert read_solution(said(answer), solve(mcq, None), None) == text


def test_a_fraction_keeps_its_digits(mcq: list[PromptField]) -> None:
    assert read_solution('{"answer": 0.50}', solve(mcq, None), None) == "0.50"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("", EmptyAnswer),
        (" ", EmptyAnswer),
        (None, BadValue),
        (True, BadValue),
        (["12"], BadValue),
        (float("nan"), BadValue),
        ("<|im_end|>", LeftoverText),
    ],
)
def test_what_is_no_answer_is_an_error(
    mcq: list[PromptField], answer: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        read_solution(said(answer), solve(mcq, None), None)


def test_thinking_and_remarks_do_not_hurt(mcq: list[PromptField]) -> None:
    text = f'<think>{{"answer": "A"}}?</think>Here: {said("B")} Good luck!'
    assert read_solution(text, solve(mcq, LABELS), LABELS) == "B"
    with pytest.raises(NotJson):
        read_solution("B", solve(mcq, LABELS), LABELS)


def test_tokens_of_the_item_come_back(mcq: list[PromptField]) -> None:
    fields = [PromptField("question", "question", "What does </s> end?")]
    prompt = solve(fields, None)
    (placeholder,) = prompt.masked
    answer = json.dumps({"answer": f"a text with {placeholder}"}, ensure_ascii=False)
    assert read_solution(answer, prompt, None) == "a text with </s>"


@pytest.mark.parametrize(
    "labels",
    [
        [],
        ["A"],
        ["A", "A"],
        ["A", "a"],
        ["A", ""],
        ["A", "B. Answer B\n"],
        ["A", "<|im_end|>"],
        ["A", "B" * 25],
    ],
)
def test_labels_that_say_more_than_a_label_are_refused(
    mcq: list[PromptField], labels: list[str]
) -> None:
    with pytest.raises(BadLabels):
        solve(mcq, labels)


def test_a_model_of_its_makers_prompts_cannot_solve(mcq: list[PromptField]) -> None:
    with pytest.raises(OnlyMakersPrompt):
        solve(mcq, LABELS, "seed-x")
