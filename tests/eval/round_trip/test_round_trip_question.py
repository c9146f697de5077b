"""What a solver sees of an item, over all recipes that can be solved."""

from __future__ import annotations

from typing import Any

import pytest

from eval.benchmarks.item import read_item
from eval.benchmarks.library import load_recipe
from eval.round_trip.question import Question, question_of


def asked(benchmark: str, item: dict[str, Any]) -> Question | None:
    recipe = load_recipe(benchmark)
    return question_of(read_item(item, recipe), recipe)


def test_options_stand_by_position_and_the_key_is_not_there() -> None:
    item = {
        "question": "Which is a scalar?",
        "choices": ["velocity", "speed", "12", "42 N"],
        "answer": 1,
        "subject": "physics",
    }
    question = asked("mmlu", item)
    assert question == Question(
        (("question", "Which is a scalar?"),), ("velocity", "speed", "12", "42 N"), "question"
    )
    assert question.labels == ("A", "B", "C", "D")


@pytest.mark.parametrize(
    ("benchmark", "item", "secrets"),
    [
        (
            "gsm8k",
            {"question": "How many eggs are 3 dozen?", "answer": "3*12 = 36 eggs\n#### 36"},
            ["36"],
        ),
        (
            "mmlu_pro",
            {
                "question_id": 7,
                "question": "Which is a metal?",
                "options": ["iron", "sulphur"],
                "answer": "A",
                "answer_index": 0,
                "cot_content": "Iron conducts, so the right one is the first.",
            },
            ["conducts"],
        ),
        (
            "gpqa",
            {
                "Record ID": "r1",
                "Question": "Which decays?",
                "Correct Answer": "a muon",
                "Incorrect Answer 1": "a proton",
                "Incorrect Answer 2": "an electron",
                "Incorrect Answer 3": "a photon",
                "Explanation": "Muons live two microseconds.",
            },
            ["microseconds", "Correct"],
        ),
    ],
)
def test_neither_key_nor_solution_is_shown(
    benchmark: str, item: dict[str, Any], secrets: list[str]
) -> None:
    question = asked(benchmark, item)
    assert question is not None
    assert not [secret for secret in secrets if secret in repr(question)]


def test_a_number_without_words_is_an_option_too() -> None:
    item = {"question": "What is 6 times 7?", "choices": [40, "42", "$44$", "46"], "answer": 1}
    question = asked("mmlu", item)
    assert question is not None
    assert question.options == ("40", "42", "$44$", "46")


def test_options_inside_the_text_are_told_from_it() -> None:
    text = "3. 下列何者為顏色(A)紅色(B)書本(C)網路(D)聲音。"
    item = {"id": "1", "subject": "art", "content.Q": text, "content.A": "A"}
    question = asked("tmmlu", item)
    assert question is not None
    assert question.options == ("紅色", "書本", "網路", "聲音")
    assert [text for _, text in question.texts] == ["3. 下列何者為顏色"]


@pytest.mark.parametrize(
    ("benchmark", "item"),
    [
        ("ifeval", {"key": 1, "prompt": "Write a poem.", "instruction_id_list": [], "kwargs": []}),
        ("klue_nli", {"premise": "비가 온다.", "hypothesis": "날이 맑다.", "label": 2}),
        (
            "c3",
            {
                "document_id": "1",
                "documents": ["一段话。"],
                "questions": [
                    {"question": "谁？", "choice": ["他", "她"], "answer": "他"},
                    {"question": "哪里？", "choice": ["家", "学校"], "answer": "家"},
                ],
            },
        ),
    ],
)
def test_what_has_no_single_answer_is_not_asked(benchmark: str, item: dict[str, Any]) -> None:
    assert asked(benchmark, item) is None
