"""Reading an item by its recipe and putting it together again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.item import BenchmarkItem, item_id, read_item
from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import Recipe
from eval.errors import BadText, WrongType

Read = Callable[..., BenchmarkItem]


def test_the_gold_answer_follows_the_option_it_repeats(read: Read) -> None:
    data = {"choices": ["a red fox", "a grey wolf"], "answer": " a grey wolf\n"}
    item = read(data, {"choices[*]": "option", "answer": "answer_text"})
    assert [segment.text for segment in item.segments] == ["a red fox", "a grey wolf"]
    target = item.rebuild({"choices[0]": "紅狐", "choices[1]": "灰狼"})
    assert target == {"choices": ["紅狐", "灰狼"], "answer": " 灰狼\n"}


def test_the_answer_follows_although_the_recipe_names_it_first(read: Read) -> None:
    data = {"best": "No one knows", "right": ["No one knows", "It is unclear"], "wrong": ["Mars"]}
    item = read(data, {"best": "answer_text", "right[*]": "option", "wrong[*]": "option"})
    translated = {segment.id: f"<{segment.text}>" for segment in item.segments}
    target = item.rebuild(translated)
    assert target["best"] == target["right"][0]


def test_options_keep_the_letters_they_carry(read: Read) -> None:
    data = {"options": ["(A)red", "(B) blue", "（C）green"], "answer": "(B) blue"}
    item = read(data, {"options[*]": "option", "answer": "answer_text"})
    assert [segment.text for segment in item.segments] == ["red", "blue", "green"]
    target = item.rebuild({"options[0]": "紅", "options[1]": "藍", "options[2]": "綠"})
    assert target == {"options": ["(A)紅", "(B) 藍", "（C）綠"], "answer": "(B) 藍"}


@pytest.mark.parametrize(
    "options",
    [
        ["A. niger", "C. elegans", "D. melanogaster", "E. coli"],
        ["B. Franklin", "A. Lincoln"],
        ["A. only", "mixed"],
        ["C. elegans"],
    ],
)
def test_initials_are_not_letters_of_options(read: Read, options: list[str]) -> None:
    item = read({"options": options}, {"options[*]": "option"})
    assert [segment.text for segment in item.segments] == options


def test_each_question_has_its_own_letters(read: Read) -> None:
    data = {"q": [{"o": ["A. red", "B. blue"]}, {"o": ["A. cat", "B. dog", "C. hen"]}]}
    item = read(data, {"q[*].o[*]": "option"})
    assert [segment.text for segment in item.segments] == ["red", "blue", "cat", "dog", "hen"]


def test_a_number_among_the_options_is_kept(read: Read) -> None:
    data = {"A": 12, "B": "3.50", "C": "none", "D": 1.5}
    item = read(data, dict.fromkeys("ABCD", "option"))
    assert [segment.id for segment in item.segments] == ["C"]
    assert item.rebuild({"C": "無"}) == {"A": 12, "B": "3.50", "C": "無", "D": 1.5}


# Lists, solutions, messages, literals


def test_a_list_in_one_string(read: Read) -> None:
    data = {"answers": "red; blue ; 7; "}
    item = read(data, {"answers": {"kind": "text_list", "separator": "; "}})
    assert [(s.id, s.text) for s in item.segments] == [("answers#1", "red"), ("answers#2", "blue")]
    target = item.rebuild({"answers#1": "紅", "answers#2": "藍"})
    assert target == {"answers": "紅; 藍 ; 7; "}


@pytest.mark.parametrize(
    ("solution", "text", "tail"),
    [
        ("So 3*4=<<3*4=12>>12.\n#### 12", "So 3*4=<<3*4=12>>12.", "\n#### 12"),
        ("It is so.\n#### 1,234 \n\n", "It is so.", "\n#### 1,234 \n\n"),
        ("It is #### 5", "It is", " #### 5"),
        ("It is so.\n####42", "It is so.", "\n####42"),
        ("#### Step 1\nAdd them.", "#### Step 1\nAdd them.", ""),
        ("No mark at all", "No mark at all", ""),
    ],
)
def test_a_solution_keeps_its_final_answer(read: Read, solution: str, text: str, tail: str) -> None:
    item = read({"s": solution}, {"s": "solution"})
    assert [segment.text for segment in item.segments] == [text]
    assert item.rebuild({"s": "解"}) == {"s": "解" + tail}


def test_messages_with_plain_and_structured_content(read: Read) -> None:
    data = {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
                    {"type": "text", "text": "And that?"},
                ],
            },
            {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
            {"role": "user", "content": ""},
        ]
    }
    item = read(data, {"messages": "messages"})
    assert [segment.text for segment in item.segments] == [
        "Be brief.",
        "What is this?",
        "And that?",
    ]
    target = item.rebuild({segment.id: "譯" for segment in item.segments})
    assert target["messages"][1]["content"][1] == data["messages"][1]["content"][1]
    assert target["messages"][1]["content"][2] == {"type": "text", "text": "譯"}
    assert target["messages"][2:] == data["messages"][2:]


@pytest.mark.parametrize(
    ("messages", "field"),
    [
        ("hello", "m"),
        ({"role": "user", "content": "hi"}, "m"),
        (["hello"], "m[0]"),
        ([{"role": "user", "content": 5}], "m[0].content"),
        ([{"role": "user", "content": {"text": "hi"}}], "m[0].content"),
    ],
)
def test_messages_of_another_shape_are_an_error(read: Read, messages: Any, field: str) -> None:
    with pytest.raises(WrongType) as caught:
        read({"m": messages}, {"m": "messages"})
    assert caught.value.field == field


def test_literals_come_from_the_item_itself(read: Read) -> None:
    data = {"p": "Say cat and dog.", "kw": [{"words": ["cat", None, 3, "cat"]}, {}]}
    fields = {"p": {"kind": "text", "protect_from": ["kw[*].words[*]", "nothing"]}}
    assert [segment.literals for segment in read(data, fields).segments] == [("cat",)]


def test_a_text_that_is_a_literal_only_is_kept(read: Read) -> None:
    fields = {"p": {"kind": "text", "protect_from": ["w"]}}
    assert read({"p": "cat", "w": "cat"}, fields).segments == ()


# Identity


@given(st.sampled_from(["text", "option", "solution", "inline_options", "code", "turn"]), st.text())
def test_identity_keeps_every_character(kind: str, text: str) -> None:
    recipe = Recipe.model_validate(
        {"layouts": [{"name": "x", "fields": {"q": {"kind": kind, "optional": True}}}]}
    )
    try:
        item = read_item({"q": text}, recipe)
    except BadText:
        return
    same = {segment.id: segment.text for segment in item.segments}
    assert item.rebuild(same) == {"q": text}
    assert all(segment.text.strip() == segment.text for segment in item.segments)


def test_rebuilding_leaves_the_source_alone(read: Read) -> None:
    data = {"q": "Why?", "o": ["a", "b"]}
    item = read(data, {"q": "text", "o[*]": "option"})
    item.rebuild({"q": "為何？", "o[0]": "甲", "o[1]": "乙"})
    assert data == {"q": "Why?", "o": ["a", "b"]}


def test_a_missing_translation_leaves_the_source_and_is_a_finding(
    read: Read, check: Callable[..., Any]
) -> None:
    item = read({"q": "Why?"}, {"q": "text"})
    assert item.rebuild({}) == {"q": "Why?"}
    assert [f.message for f in check({"q": "Why?"}, {"q": "text"}, {"q": " "})] == [
        "The translation is empty."
    ]


@pytest.mark.parametrize(
    ("data", "id_"),
    [
        ({"id": "x-1"}, "x-1"),
        ({"id": 0}, "0"),
        ({"id": ""}, "7"),
        ({"id": None}, "7"),
        ({"id": {"a": 1}}, "7"),
        ({}, "7"),
        (None, "7"),
        ([1, 2], "7"),
    ],
)
def test_an_item_is_called_by_its_id_or_its_position(data: Any, id_: str) -> None:
    assert item_id(data, load_recipe("gsm8k"), 7) == id_


def test_the_item_and_its_record_have_the_same_id() -> None:
    """Also where the layout that fits is not the one that names the id."""
    data = {"id": "mine", "question": "How many?", "answer": "Two.\n#### 2"}
    recipe = load_recipe("gsm8k")
    assert read_item(data, recipe, 4).id == item_id(data, recipe, 4) == "mine"


def test_segments_of_one_item_have_different_ids(read: Read) -> None:
    data = {"a": {"b": "x y"}, "a.b": "z w", "['q']": "u v"}
    item = read(data, {"a.b": "text", "['a.b']": "text", r"['[\'q\']']": "text"})
    assert len({segment.id for segment in item.segments}) == 3
