"""Items that cannot be used: a typed error names the field and the remedy."""

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
