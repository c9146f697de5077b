"""A recipe is guessed from items that nobody described before."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.guess import as_yaml, guess_language, guess_recipe, known_recipes
from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import Recipe, read_recipe
from eval.errors import BadRecipe, ItemError
from glossary.language import Language

SHAPES = yaml.safe_load((Path(__file__).parent / "shapes.yaml").read_text("utf-8"))
SAMPLES = Path(__file__).parents[2] / "samples" / "zh-CN"


def sample(name: str) -> list[Any]:
    lines = (SAMPLES / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def guessed(items: list[Any]) -> Recipe:
    return read_recipe(yaml.safe_load(as_yaml(guess_recipe(items))))


def kinds(items: list[Any]) -> dict[str, str]:
    return {path: str(spec.kind) for path, spec in guessed(items).layouts[0].fields.items()}


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("multiple_choice", "cmmlu"),
        ("reading", "cmrc2018"),
        ("code", "humaneval"),
        ("two_turns", "mt_bench"),
        ("instructions", "ifeval"),
        ("school_math", "gsm8k"),
    ],
)
def test_the_recipe_of_each_sample_is_known(name: str, recipe: str) -> None:
    assert known_recipes(sample(name))[0].name == recipe


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape['recipe']}-{shape['layout']}")
def test_every_published_shape_is_known(shape: dict[str, Any]) -> None:
    names = [recipe.name for recipe in known_recipes([shape["item"]])]
    assert shape["recipe"] in names


@pytest.mark.parametrize("items", [[], [None], [[]], ["text"], [{}], [{"unheard_of": 1}]])
def test_nothing_is_known_of_other_items(items: list[Any]) -> None:
    assert known_recipes(items) == []


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape['recipe']}-{shape['layout']}")
def test_a_guess_for_every_published_shape_loads_and_reads(shape: dict[str, Any]) -> None:
    item = shape["item"]
    if not isinstance(item, dict):
        with pytest.raises(BadRecipe):
            guessed([item])
        return
    read_item(item, guessed([item]))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "multiple_choice",
            {"question": "text", "A": "option", "D": "option", "answer": "answer_label"}
            | {"subject": "keep"},
        ),
        (
            "reading",
            {"context": "text", "question": "text", "answers.text[*]": "answer_span"}
            | {"answers.answer_start[*]": "answer_start"},
        ),
        ("code", {"prompt": "code", "canonical_solution": "keep", "test": "keep"}),
        ("two_turns", {"turns[*]": "turn"}),
        ("instructions", {"prompt": "text", "kwargs": "keep", "instruction_id_list[*]": "keep"}),
        ("school_math", {"question": "text", "answer": "solution"}),
    ],
)
def test_the_fields_of_each_sample(name: str, expected: dict[str, str]) -> None:
    items = sample(name)
    found = kinds(items)
    assert found | expected == found
    recipe = guessed(items)
    assert recipe.source_language is Language.ZH_CN
    for index, item in enumerate(items):
        assert read_item(item, recipe, index).segments


CHOICES = [{"label": "A", "text": "another hour"}, {"label": "B", "text": "the same hour"}]
FOREIGN: list[tuple[list[Any], dict[str, str]]] = [
    (
        [
            {"uid": "a", "Frage": "Welche Farbe hat Gras?", "option_1": "Grün", "option_2": "Rot"},
            {"uid": "b", "Frage": "Welche Farbe hat Blut?", "option_1": "Blau", "option_2": "Rot"},
        ],
        {"Frage": "text", "option_1": "option", "option_2": "option"},
    ),
    (
        [
            {"premise": f"The {n} dogs run.", "label": ["entailment", "neutral"][n % 2]}
            for n in range(8)
        ],
        {"premise": "text", "label": "answer_label"},
    ),
    (
        [
            {"stem": f"What comes after {n} o'clock?", "choices": CHOICES, "answerKey": "A"}
            for n in range(4)
        ],
        {"stem": "text", "choices[*].text": "option", "answerKey": "answer_label"},
    ),
    (
        [{"chat": [{"role": "user", "content": f"Tell me story number {n}."}]} for n in range(3)],
        {"chat": "messages"},
    ),
    (
        [{"meta.data": {"the 'id'": f"text number {n} of several"}} for n in range(3)],
        {r"['meta.data']['the \'id\'']": "text"},
    ),
    (
        [{"question": f"Legs of {n} cats?", "answer": str(4 * n + 100)} for n in range(9)],
        {"question": "text", "answer": "answer_label"},
    ),
    (
        [
            {"passage": f"The old mill number {n} stands by a river.", "gold": f"mill number {n}"}
            for n in range(9)
        ],
        {"passage": "text", "gold": "answer_span"},
    ),
    ([{"question": "One item is all there is.", "answer": "So be it then."}], {"question": "text"}),
]


@pytest.mark.parametrize(("items", "expected"), FOREIGN)
def test_a_foreign_shape(items: list[Any], expected: dict[str, str]) -> None:
    found = kinds(items)
    assert found | expected == found
    recipe = guessed(items)
    for index, item in enumerate(items):
        read_item(item, recipe, index)


def test_fields_that_are_not_always_filled_are_optional() -> None:
    items = [
        {"q": "What is the first question?", "note": "Only here and nowhere else."},
        {"q": "What is the second question?", "note": None},
        {"q": "What is the third question?", "note": ""},
        {"q": "And what is the fourth question?"},
    ]
    fields = guessed(items).layouts[0].fields
    assert fields["note"].optional
    assert not fields["q"].optional


def test_the_id_is_unique_and_not_an_answer() -> None:
    items = [{"answer_id": n, "group_id": 1, "item_id": f"i{n}", "q": "x"} for n in range(3)]
    assert guess_recipe(items)["id"] == "item_id"
    assert "id" not in guess_recipe([{"id": 1}, {"id": 1}])
    assert "id" not in guess_recipe([{"id": 1}, {"q": "x"}])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("What is 数?", "zh-TW"),
        ("The character 大 means big, and there is nothing else to say about it.", "en"),
        ("这是一个关于机器学习的问题", "zh-CN"),
        ("這是一個關於機器學習的問題", "zh-TW"),
        ("다음 중 옳은 것은? (漢字 포함)", "ko"),
    ],
)
def test_the_language_is_seen_by_its_script(text: str, language: str) -> None:
    if text.startswith("What is"):
        assert guess_language(text).is_chinese
        return
    assert guess_language(text) == language


KEYS = st.text(max_size=6) | st.sampled_from(["id", "question", "answer", "A", "choices", "turns"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_objects_give_a_recipe_that_loads(items: list[dict[str, Any]]) -> None:
    draft = guess_recipe(items)
    assert isinstance(known_recipes(items), list)
    if not draft["fields"]:
        return
    recipe = read_recipe(draft)
    for index, item in enumerate(items):
        with contextlib.suppress(ItemError):
            read_item(item, recipe, index)
