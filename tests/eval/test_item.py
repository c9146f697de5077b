"""Reading an item by its recipe and putting it together again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.item import BenchmarkItem, item_id, read_item
from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import Recipe
from eval.errors import BadText, EmptyText, ItemError, MissingFields, WrongType

Read = Callable[..., BenchmarkItem]
SPAN = {"context": "text", "answer": {"kind": "answer_span", "context": "context"}}
START = {"kind": "answer_start", "span": "answer", "context": "context"}
COLUMNS = {
    "context": "text",
    "answers.text[*]": {"kind": "answer_span", "context": "context"},
    "answers.start[*]": {"kind": "answer_start", "span": "answers.text[*]", "context": "context"},
}


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


# Answer spans and their offsets


def test_the_offset_is_found_again(read: Read) -> None:
    data = {"context": "He lives in Rome.", "answer": "Rome", "start": 12}
    item = read(data, {**SPAN, "start": START})
    target = item.rebuild({"context": "他住在羅馬。", "answer": "羅馬"})
    assert target == {"context": "他住在羅馬。", "answer": "羅馬", "start": 3}


@pytest.mark.parametrize(("start", "expected"), [(0, 0), (15, 5), (31, 10)])
def test_of_several_occurrences_the_same_one_is_meant(
    read: Read, start: int, expected: int
) -> None:
    context = "Rome is old, b Rome is big, ok Rome"
    item = read({"context": context, "answer": "Rome", "start": start}, {**SPAN, "start": START})
    target = item.rebuild({"context": "羅馬很舊，羅馬很大，羅馬", "answer": "羅馬"})
    assert target["start"] == expected


def test_of_fewer_occurrences_the_nearest_in_proportion_is_taken(read: Read) -> None:
    data = {"context": "x Rome x Rome x Rome xx", "answer": "Rome", "start": 16}
    item = read(data, {**SPAN, "start": START})
    assert item.rebuild({"context": "甲羅馬乙丙丁戊羅馬", "answer": "羅馬"})["start"] == 7


def test_offsets_in_columns_of_lists(read: Read) -> None:
    data = {"context": "one two three", "answers": {"text": ["two", "three"], "start": [4, 8]}}
    item = read(data, COLUMNS)
    texts = {"context": "eins zwei drei", "answers.text[0]": "zwei", "answers.text[1]": "drei"}
    assert item.rebuild(texts)["answers"] == {"text": ["zwei", "drei"], "start": [5, 10]}


def test_a_lost_span_gets_minus_one_and_a_hard_finding(check: Callable[..., Any]) -> None:
    data = {"context": "He lives in Rome.", "answer": "Rome", "start": 12}
    fields = {**SPAN, "start": START}
    (finding,) = check(data, fields, {"context": "他住在那裡。", "answer": "羅馬"})
    assert (finding.check, finding.hard, finding.segment) == ("structure", True, "answer")
    assert finding.target_span == (0, 2)


def test_a_lost_number_is_a_finding_too(check: Callable[..., Any]) -> None:
    data = {"context": "It was built in 1902.", "answer": "1902", "start": 16}
    findings = check(data, {**SPAN, "start": START}, {"context": "建於一九〇二年。"})
    assert [(f.segment, f.expected) for f in findings if f.check == "structure"] == [
        ("context", "1902")
    ]


def test_a_lost_span_of_a_plain_text_field_is_a_finding(
    read: Read, check: Callable[..., Any]
) -> None:
    data = {"context": "He lives in Rome.", "answer": "Rome", "start": 12}
    fields = {"context": "text", "answer": "text", "start": START}
    translations = {"context": "他住在那裡。", "answer": "羅馬"}
    assert read(data, fields).rebuild(translations)["start"] == -1
    assert [f.check for f in check(data, fields, translations)] == ["structure"]


@pytest.mark.parametrize("start", [-1, 0, 5])
def test_a_blank_span_keeps_its_offset(read: Read, start: int) -> None:
    data = {"context": "Nobody knows.", "answers": {"text": [""], "start": [start]}}
    item = read(data, COLUMNS)
    assert item.rebuild({"context": "沒有人知道。"})["answers"] == {"text": [""], "start": [start]}


def test_an_offset_counts_code_points(read: Read) -> None:
    data = {"context": "ab Rome", "answer": "Rome", "start": 3}
    item = read(data, {**SPAN, "start": START})
    assert item.rebuild({"context": "𠮷😀羅馬", "answer": "羅馬"})["start"] == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"context": "c", "answers": {"text": ["a"], "start": [1, 2]}}, "answers.start[1]"),
        ({"context": "c", "answers": {"text": ["a"], "start": ["1"]}}, "answers.start[0]"),
        ({"context": "c", "answers": {"text": ["a"], "start": [True]}}, "answers.start[0]"),
        ({"context": "c", "answers": {"text": ["a"], "start": [1.5]}}, "answers.start[0]"),
        ({"context": "c", "answers": {"text": [None], "start": [1]}}, "answers.text[0]"),
        ({"context": ["c"], "answers": {"text": ["a"], "start": [0]}}, "context"),
        ({"context": None, "answers": {"text": ["a"], "start": [0]}}, "context"),
    ],
)
def test_spans_that_do_not_fit_are_an_error_with_the_field(
    read: Read, data: Any, field: str
) -> None:
    with pytest.raises(WrongType) as caught:
        read(data, COLUMNS)
    assert caught.value.field == field
    assert caught.value.remedy


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


# What cannot be used


@pytest.mark.parametrize("text", ["", " ", "\n\t", "　", "\u2003"])
def test_empty_text_is_an_error_unless_optional(read: Read, text: str) -> None:
    with pytest.raises(EmptyText) as caught:
        read({"q": text}, {"q": "text"})
    assert caught.value.field == "q"
    assert "optional" in caught.value.remedy
    assert read({"q": text}, {"q": {"kind": "text", "optional": True}}).segments == ()
    assert read({"q": text}, {"q": "option"}).segments == ()


@pytest.mark.parametrize("value", [None, 5, 1.5, True, ["a"], {"a": "b"}])
def test_another_type_is_an_error_with_field_and_type(read: Read, value: Any) -> None:
    with pytest.raises(WrongType) as caught:
        read({"q": {"t": value}}, {"q.t": "text"})
    assert caught.value.field == "q.t"
    assert "must be a string" in str(caught.value)


@pytest.mark.parametrize("data", [None, 5, "text", True])
def test_an_item_is_an_object(read: Read, data: Any) -> None:
    with pytest.raises(WrongType):
        read(data, {"q": "text"})


def test_null_is_kept_where_the_field_is_optional(read: Read) -> None:
    fields = {"q": "text", "note": {"kind": "text", "optional": True}}
    item = read({"q": "Why?", "note": None}, fields)
    assert item.rebuild({"q": "為何？"}) == {"q": "為何？", "note": None}


@pytest.mark.parametrize("kind", ["text", "option", "solution", "code", "turn", "inline_options"])
def test_nul_and_lone_surrogates_are_errors_with_their_place(read: Read, kind: str) -> None:
    for bad, name in (("ab\x00c", "NUL"), ("ab\ud83dc", "lone surrogate")):
        with pytest.raises(BadText) as caught:
            read({"q": bad}, {"q": kind})
        assert (caught.value.field, caught.value.position) == ("q", 2)
        assert name in str(caught.value)
        assert caught.value.remedy


@pytest.mark.parametrize("data", [{"q": "ok", "kept": ["x\ud800"]}, {"q": "ok", "k\udc00": 1}])
def test_a_lone_surrogate_in_a_kept_field_cannot_be_written_either(read: Read, data: Any) -> None:
    with pytest.raises(BadText):
        read(data, {"q": "text"})


def test_a_kept_field_may_be_nested_but_not_without_end(read: Read) -> None:
    kept: Any = "x"
    for _ in range(40):
        kept = [kept]
    assert read({"q": "Why?", "kept": kept}, {"q": "text"}).rebuild({"q": "?"})["kept"] == kept
    for _ in range(5_000):
        kept = [kept]
    with pytest.raises(WrongType) as caught:
        read({"q": "Why?", "kept": kept}, {"q": "text"})
    assert caught.value.field == "kept"


def test_missing_fields_are_named(recipe_of: Callable[..., Recipe]) -> None:
    recipe = recipe_of({"q": "text", "o[*]": "option", "x": {"kind": "text", "optional": True}})
    with pytest.raises(MissingFields) as caught:
        read_item({"q": "Why?", "o": []}, recipe)
    assert caught.value.missing == ["o[*]"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
ANY_ITEM = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ["id", "question", "choices", "answer", "answers", "context", "options", "prompt", "turns"],
        JSON,
    ),
)


@given(ANY_ITEM | JSON)
def test_any_json_is_read_or_refused_with_a_typed_error(data: Any) -> None:
    refused: list[ItemError] = []
    for name in ("mmlu", "gsm8k", "cmrc2018", "c3", "humaneval", "mt_bench", "ifeval", "tmmlu"):
        recipe = load_recipe(name)
        assert item_id(data, recipe, 7)
        try:
            item = read_item(data, recipe, 7)
        except ItemError as error:
            refused.append(error)
            continue
        same = {segment.id: segment.text for segment in item.segments}
        assert json.dumps(item.rebuild(same)) == json.dumps(data)
    assert all(error.code and error.remedy for error in refused)


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
