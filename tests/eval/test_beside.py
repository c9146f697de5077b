"""A translated item laid beside its source: texts by segment, and all that is otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.beside import Laid, lay_beside
from eval.benchmarks.item import read_item
from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import read_recipe
from eval.errors import BadText

SHAPES = yaml.safe_load((Path(__file__).parent / "shapes.yaml").read_text("utf-8"))
QUESTION = {
    "id": "q1",
    "question": "Which planet has the most moons?",
    "A": "Saturn",
    "B": "4",
    "C": "$20",
    "D": "None of the above",
    "answer": "A",
}
TRANSLATED = {
    "id": "q1",
    "question": "哪一顆行星的衛星最多？",
    "A": "土星",
    "B": "4",
    "C": "20 美元",
    "D": "以上皆非",
    "answer": "A",
}


def lay(source: Any, target: Any, recipe: str | dict[str, Any]) -> Laid:
    read = load_recipe(recipe) if isinstance(recipe, str) else read_recipe(recipe)
    return lay_beside(read_item(source, read), target, read)


def differences(laid: Laid) -> list[tuple[str, bool]]:
    return [(each.place, each.serious) for each in laid.differences]


def test_texts_come_by_segment() -> None:
    laid = lay(QUESTION, TRANSLATED, "mmlu")
    assert laid.translations == {key: TRANSLATED[key] for key in ("question", "A", "D")}
    assert laid.differences == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"answer": "B"}, "answer"),
        ({"id": "q2"}, "id"),
        ({"B": "5"}, "B"),
        ({"C": "30 美元"}, "C"),
        ({"B": 4}, "B"),
        ({"question": ["哪一顆行星的衛星最多？"]}, "question"),
        ({"D": None}, "D"),
    ],
)
def test_what_the_recipe_reads_must_be_there_as_it_was(change: dict[str, Any], place: str) -> None:
    assert differences(lay(QUESTION, TRANSLATED | change, "mmlu")) == [(place, True)]


def test_a_missing_option_is_serious_and_an_extra_column_is_not() -> None:
    target = {key: value for key, value in TRANSLATED.items() if key != "D"}
    assert differences(lay(QUESTION, target, "mmlu")) == [("D", True)]
    laid = lay(QUESTION, TRANSLATED | {"translator": "someone"}, "mmlu")
    assert differences(laid) == [("translator", False)]


def test_metadata_that_the_recipe_does_not_name() -> None:
    source, fields = {"q": "Why?", "tag": "easy"}, {"fields": {"q": "text"}}
    assert differences(lay(source, {"q": "為什麼？", "tag": "容易"}, fields)) == [("tag", False)]
    assert differences(lay(source, {"q": "為什麼？"}, fields)) == [("tag", False)]


@pytest.mark.parametrize("choices", [["a", "b", "c"], ["a", "b", "c", "d", "e"]])
def test_another_number_of_options(choices: list[str]) -> None:
    source = {"question": "Why?", "choices": ["one", "two", "three", "four"], "answer": 1}
    target = {"question": "為什麼？", "choices": choices, "answer": 1}
    laid = lay(source, target, "mmlu")
    assert differences(laid) == [("choices", True)]
    assert (
        laid.differences[0].message
        == f"4 options in the source, {len(choices)} in the translation."
    )


def test_something_that_is_no_item_is_one_difference() -> None:
    targets: list[Any] = [None, "text", [], 3]
    for target in targets:
        laid = lay(QUESTION, target, "mmlu")
        assert differences(laid) == [("(item)", True)]
        assert laid.translations == {}


SOLUTION = {"question": "Tom has 5 apples. How many?", "answer": "He has 5.\n#### 5"}


@pytest.mark.parametrize(
    ("answer", "translation", "wrong"),
    [
        ("他有 5 顆。\n#### 5", "他有 5 顆。", False),
        ("他有 5 顆。\n#### 6", "他有 5 顆。", True),
        ("他有 5 顆。\n#### 5 顆", "他有 5 顆。", True),
        ("他有 5 顆。", "他有 5 顆。", True),
    ],
)
def test_the_last_line_of_a_solution_stays(answer: str, translation: str, wrong: bool) -> None:
    laid = lay(SOLUTION, {"question": "湯姆有 5 顆蘋果。有幾顆？", "answer": answer}, "gsm8k")
    assert laid.translations["answer"] == translation
    assert differences(laid) == [("answer", True)] * wrong


INLINE = {"fields": {"q": "inline_options"}}


def test_options_inside_a_string_are_found_by_their_letters() -> None:
    source = {"q": "3. Which is red? (A) blood (B) grass (C) 7"}
    laid = lay(source, {"q": "3、何者是紅色的？（A）血（B）草（C）7"}, INLINE)
    assert laid.differences == []
    assert list(laid.translations.values()) == ["何者是紅色的？", "血", "草"]
    (lost,) = lay(source, {"q": "3. 何者是紅色的？(A) 血 (B) 草"}, INLINE).differences
    assert (lost.expected, lost.found) == ("A, B, C", "A, B")
    (changed,) = lay(source, {"q": "3. 何者是紅色的？(A) 血 (B) 草 (C) 8"}, INLINE).differences
    assert (changed.expected, changed.found) == ("7", "8")


def test_letters_inside_the_options() -> None:
    fields = {"fields": {"o[*]": "option"}}
    source = {"o": ["(A) red", "(B) green"]}
    laid = lay(source, {"o": ["（A）紅", "（B）綠"]}, fields)
    assert (list(laid.translations.values()), laid.differences) == (["紅", "綠"], [])
    assert differences(lay(source, {"o": ["(A) 紅", "綠"]}, fields)) == [("o[1]", True)]
    assert differences(lay(source, {"o": ["(A) 紅", "(C) 綠"]}, fields)) == [("o[1]", True)]


PROGRAM = 'def f(x):\n    """Return x.\n\n    Twice.\n\n    >>> f(1)\n    2\n    """\n'


@pytest.mark.parametrize(
    ("old", "new", "serious"),
    [
        ("def f(x)", "def g(x)", [True]),
        ("    2\n", "    3\n", [True]),
        ("    Twice.\n\n", "", [False]),
        ('"""Return', '"""傳回', []),
    ],
)
def test_a_program_stays_the_same(old: str, new: str, serious: list[bool]) -> None:
    laid = lay({"p": PROGRAM}, {"p": PROGRAM.replace(old, new)}, {"fields": {"p": "code"}})
    assert [each.serious for each in laid.differences] == serious


READING = {
    "c": "Paris is big. Paris is old.",
    "a": [{"text": "Paris", "start": 14}],
}
READING_FIELDS = {
    "fields": {
        "c": "text",
        "a[*].text": {"kind": "answer_span", "context": "c"},
        "a[*].start": {"kind": "answer_start", "span": "a[*].text", "context": "c"},
    }
}


@pytest.mark.parametrize(("start", "right"), [(0, True), (6, True), (5, False), (14, False)])
def test_an_offset_is_right_where_the_answer_stands(start: int, right: bool) -> None:
    target: dict[str, Any] = {
        "c": "巴黎真的大。巴黎很老。",
        "a": [{"text": "巴黎", "start": start}],
    }
    laid = lay(READING, target, READING_FIELDS)
    assert differences(laid) == ([] if right else [("a[0].start", True)])


def test_a_gold_answer_is_rendered_like_the_option_that_it_repeats() -> None:
    fields = {"fields": {"o[*]": "option", "gold": "answer_text"}}
    source = {"o": ["red", "green"], "gold": "green"}
    assert lay(source, {"o": ["紅", "綠"], "gold": "綠"}, fields).differences == []
    laid = lay(source, {"o": ["紅", "綠"], "gold": "綠色"}, fields)
    assert differences(laid) == [("o[1]", True)]


def test_a_text_list_keeps_its_number_of_texts() -> None:
    fields = {"fields": {"t": {"kind": "text_list", "separator": "; "}}}
    laid = lay({"t": "one; two"}, {"t": "一; 二"}, fields)
    assert (list(laid.translations.values()), laid.differences) == (["一", "二"], [])
    assert differences(lay({"t": "one; two"}, {"t": "一、二"}, fields)) == [("t#1", True)]


def test_messages_are_laid_beside_one_by_one() -> None:
    fields = {"fields": {"m": "messages"}}
    source = {"m": [{"role": "user", "content": "Hello"}]}
    laid = lay(source, {"m": [{"role": "user", "content": "안녕"}]}, fields)
    assert (list(laid.translations.values()), laid.differences) == (["안녕"], [])
    laid = lay(source, {"m": [{"role": "사용자", "content": "안녕"}]}, fields)
    assert differences(laid) == [("m[0].role", True)]


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(BadText):
        lay(QUESTION, TRANSLATED | {"A": "\ud800"}, "mmlu")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "question", "A", "answer", "x"]), inner)
    ),
    max_leaves=8,
)


@given(ANYTHING)
def test_no_target_breaks_it(target: Any) -> None:
    recipe = load_recipe("mmlu")
    item = read_item(QUESTION, recipe)
    try:
        laid = lay_beside(item, target, recipe)
    except BadText:
        return
    assert laid.translations.keys() <= {segment.id for segment in item.segments}
    assert (laid.differences == []) == (target == QUESTION)


@pytest.mark.parametrize("entry", SHAPES, ids=lambda entry: f"{entry['recipe']}-{entry['layout']}")
@pytest.mark.parametrize("mark", ["", "乙"])
def test_what_was_rebuilt_is_laid_beside_its_source_again(entry: dict[str, Any], mark: str) -> None:
    recipe = load_recipe(entry["recipe"])
    item = read_item(entry["item"], recipe)
    translations = {segment.id: segment.text + mark for segment in item.segments}
    laid = lay_beside(item, item.rebuild(translations), recipe)
    assert laid.differences == []
    assert laid.translations == translations
