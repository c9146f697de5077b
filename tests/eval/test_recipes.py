"""Every recipe, in every shape in which its benchmark is published."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from eval.benchmarks.item import read_item
from eval.benchmarks.library import all_recipes, load_recipe, recipe_names
from eval.benchmarks.path import Location, locate, show
from eval.benchmarks.raw_json import edit_json
from eval.benchmarks.recipe import read_recipe
from eval.errors import BadRecipe, MissingFields, UnknownBenchmark

SHAPES = yaml.safe_load((Path(__file__).parent / "shapes.yaml").read_text("utf-8"))
each_shape = pytest.mark.parametrize(
    "shape", SHAPES, ids=[f"{shape['recipe']}-{shape['layout']}" for shape in SHAPES]
)


def shape_of(recipe: str, layout: str) -> dict[str, Any]:
    (shape,) = [s for s in SHAPES if (s["recipe"], s["layout"]) == (recipe, layout)]
    return shape


def leaves(value: Any, at: Location = ()) -> Iterator[tuple[Location, Any]]:
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*at, step))
    else:
        yield at, value


def test_the_table_has_every_layout_of_every_recipe_once() -> None:
    published = [
        (recipe.name, layout.name) for recipe in all_recipes() for layout in recipe.layouts
    ]
    assert sorted((shape["recipe"], shape["layout"]) for shape in SHAPES) == sorted(published)


@each_shape
def test_shape_is_recognised_and_taken_apart(shape: dict[str, Any]) -> None:
    item = read_item(shape["item"], load_recipe(shape["recipe"]), index=3)
    assert item.layout == shape["layout"]
    assert [(s.id, str(s.kind)) for s in item.segments] == list(shape["segments"].items())
    assert all(segment.text == segment.text.strip() for segment in item.segments)


@pytest.mark.parametrize(
    ("recipe", "layout", "labels"),
    [
        ("mmlu", "flat", "ABCD"),
        ("mmlu_pro", "hub", "ABCDE"),
        ("arc", "hub", "ABCD"),
        ("arc", "original", "ABC"),
        ("hae_rae", "hub", "ABCDE"),
        ("tmmlu", "original", "ABCD"),
    ],
)
def test_options_are_called_by_their_letters(recipe: str, layout: str, labels: str) -> None:
    item = read_item(shape_of(recipe, layout)["item"], load_recipe(recipe))
    options = [segment.label for segment in item.segments if segment.kind == "option"]
    assert options == [f"option {letter}" for letter in labels]


@each_shape
def test_identity_gives_the_item_back(shape: dict[str, Any]) -> None:
    item = read_item(shape["item"], load_recipe(shape["recipe"]))
    same = {segment.id: segment.text for segment in item.segments}
    assert item.edits(same) == {}
    assert json.dumps(item.rebuild(same)) == json.dumps(shape["item"])


@each_shape
def test_only_what_is_translated_changes(shape: dict[str, Any], move: Callable[[str], str]) -> None:
    source = shape["item"]
    item = read_item(source, load_recipe(shape["recipe"]))
    target = item.rebuild({segment.id: move(segment.text) for segment in item.segments})
    places = [name.partition("#")[0] for name in shape["segments"]] + shape.get("follows", [])
    expected = {found for place in places for found, _ in locate(place, source)}
    before, after = dict(leaves(source)), dict(leaves(target))
    assert list(before) == list(after), "the same keys in the same order"
    assert {place for place in before if before[place] != after[place]} == expected
    assert all(type(before[place]) is type(after[place]) for place in before)
    assert all(len(before[place]) == len(after[place]) for place in expected)


@each_shape
def test_rebuilt_item_is_read_the_same_way(
    shape: dict[str, Any], move: Callable[[str], str]
) -> None:
    recipe = load_recipe(shape["recipe"])
    item = read_item(shape["item"], recipe)
    targets = {s.id: s.text if "cue" in s.label else move(s.text) for s in item.segments}
    again = read_item(item.rebuild(targets), recipe)
    assert (again.id, again.layout) == (item.id, item.layout)
    assert {segment.id: segment.text for segment in again.segments} == targets


@each_shape
def test_editing_the_text_of_a_file_gives_the_same_item(
    shape: dict[str, Any], move: Callable[[str], str]
) -> None:
    item = read_item(shape["item"], load_recipe(shape["recipe"]))
    translations = {segment.id: move(segment.text) for segment in item.segments}
    for raw in (json.dumps(shape["item"]), json.dumps(shape["item"], ensure_ascii=False, indent=3)):
        edited = edit_json(raw, item.edits(translations))
        assert json.loads(edited) == item.rebuild(translations)


@pytest.mark.parametrize("name", recipe_names())
def test_recipe_says_what_a_user_must_know(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.name == name
    assert recipe.title
    assert recipe.source_language is not None
    assert recipe.homepage.startswith("https://")
    assert recipe.paper.startswith("https://arxiv.org/")
    assert recipe.licence.name
    assert len(recipe.traps) >= 3
    assert all(trap.endswith((".", ")")) and len(trap) > 40 for trap in recipe.traps)
    assert all(layout.where for layout in recipe.layouts)
    restricted = ("NC", "ND", "SA", "non-commercial", "not stated")
    if any(word in recipe.licence.name for word in restricted):
        assert recipe.licence.note, "a restricting licence says what it means for a copy"


def test_recipe_survives_its_own_json() -> None:
    """A recipe is sent to a server as JSON; it must be the same recipe there."""
    for recipe in all_recipes():
        again = read_recipe(json.loads(recipe.model_dump_json(exclude_unset=True)))
        assert again.fingerprint == recipe.fingerprint


def test_fingerprints_differ() -> None:
    assert len({recipe.fingerprint for recipe in all_recipes()}) == len(recipe_names())


def test_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownBenchmark) as caught:
        load_recipe("cmlu")
    assert "cmmlu" in caught.value.remedy


def test_missing_field_names_the_nearest_layout_and_what_is_there() -> None:
    item = {"question": "Why?", "choices": ["a", "b"], "subject": "x"}
    with pytest.raises(MissingFields) as caught:
        load_recipe("mmlu").layout_of(item)
    assert caught.value.missing == ["answer"]
    assert "'hub'" in str(caught.value)
    assert "choices" in caught.value.remedy


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("text", "recipe"),
        ([], "recipe"),
        ({}, "layouts"),
        ({"fields": {}}, "fields"),
        ({"fields": {"a": "prose"}}, "fields.a"),
        ({"fields": {"a": None}}, "fields.a"),
        ({"fields": {"a[": "text"}}, "fields"),
        ({"fields": {"a": "text"}, "source_language": "zh"}, "source_language"),
        ({"fields": {"a": "text"}, "source_language": "fr"}, "source_language"),
        ({"fields": {"a": "text"}, "source_language": 5}, "source_language"),
        ({"fields": {"a": "text"}, "category": "cooking"}, "category"),
        ({"fields": {"a": "text"}, "colour": "red"}, "colour"),
        ({"fields": {"a": "text"}, "items": "data"}, "items"),
        ({"fields": {"a": "answer_span"}}, "context"),
        ({"fields": {"a": {"kind": "answer_span", "context": "b"}}}, "context 'b'"),
        ({"fields": {"a": {"kind": "text_list", "separator": ""}}}, "separator"),
        ({"fields": {"a": {"kind": "text", "kund": 1}}}, "kund"),
        ({"fields": {"a": "text"}, "layouts": []}, ""),
    ],
)
def test_bad_recipe_is_refused_with_the_place(data: Any, place: str) -> None:
    with pytest.raises(BadRecipe) as caught:
        read_recipe(data)
    assert place in str(caught.value)
    assert caught.value.remedy


def test_table_places_exist() -> None:
    for shape in SHAPES:
        for name in shape.get("follows", []):
            found = locate(name, shape["item"])
            assert found, (shape["recipe"], name)
            assert show(found[0][0]) == name
