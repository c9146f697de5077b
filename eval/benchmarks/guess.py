"""Guessing a recipe from items, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from eval.benchmarks.library import all_recipes
from eval.benchmarks.recipe import Recipe
from eval.segment import FieldKind
from glossary.language import Language

_ID = re.compile(r"(?:^|_)(?:id|uid|guid|key|qid|index)$", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:answer|label|gold|target|correct|golden)", re.IGNORECASE)
_OPTION_KEY = re.compile(r"^(?:[A-J]|option_?[A-Ja-j1-9]|choice_?[1-9A-J]|[1-9])$")
_OPTION_LIST = re.compile(r"choice|option|ending|alternative|candidates", re.IGNORECASE)
_TURNS = re.compile(r"turn", re.IGNORECASE)
_INLINE = re.compile(r"[(（]A[)）].+[(（]B[)）]", re.DOTALL)
_LABEL = re.compile(r"^(?:[A-J]|[A-J]{2,5}|\d{1,2}|true|false)$", re.IGNORECASE)
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u4e00-\u9fff]")


def known_recipes(items: Sequence[Any]) -> list[Recipe]:
    """Recipes of which some layout fits every item; those that name most fields first."""
    fitting = []
    for recipe in all_recipes():
        sizes = [
            len(layout.fields)
            for layout in recipe.layouts
            if all(not layout.missing(item) for item in items)
        ]
        if sizes:
            fitting.append((max(sizes), recipe))
    return [recipe for _, recipe in sorted(fitting, key=lambda pair: -pair[0])]


def guess_recipe(items: Sequence[Any], name: str = "mine") -> dict[str, Any]:
    """A recipe in plain values that fits the items as far as can be seen."""
    dicts = [item for item in items if isinstance(item, dict)]
    fields: dict[str, Any] = {}
    id_path = None
    for key in dict.fromkeys(key for item in dicts for key in item):
        values = [item[key] for item in dicts if item.get(key) is not None]
        path = key if re.fullmatch(r"[^.\[\]']+", key) else f"['{key}']"
        if id_path is None and _ID.search(key) and len(set(map(str, values))) == len(values):
            id_path = path
            continue
        for inner, kind in _kinds(path, key, values):
            optional = any(key not in item for item in dicts)
            fields[inner] = {"kind": str(kind), "optional": True} if optional else str(kind)
    texts = [value for item in dicts for value in item.values() if isinstance(value, str)]
    recipe: dict[str, Any] = {
        "name": name,
        "source_language": str(guess_language(" ".join(texts))),
        "category": "knowledge",
        "fields": fields,
    }
    return {**recipe, "id": id_path} if id_path else recipe


def guess_language(text: str) -> Language:
    """By script: Hangul, Han (Simplified or Traditional by Big5), else English."""
    if len(_HANGUL.findall(text)) > len(text) / 20:
        return Language.KO
    han = "".join(_HAN.findall(text))
    if len(han) > len(text) / 20:
        lost = len(han) - len(han.encode("cp950", "ignore").decode("cp950"))
        return Language.ZH_CN if lost > len(han) / 20 else Language.ZH_TW
    return Language.EN


def _kinds(path: str, key: str, values: list[Any]) -> list[tuple[str, FieldKind]]:
    if all(isinstance(value, str) for value in values) and values:
        return [(path, _string_kind(key, values))]
    if all(isinstance(value, list) for value in values) and values:
        flat = [element for value in values for element in value]
        if flat and all(isinstance(element, str) for element in flat):
            if _OPTION_LIST.search(key):
                return [(f"{path}[*]", FieldKind.OPTION)]
            kind = FieldKind.TURN if _TURNS.search(key) else FieldKind.TEXT
            return [(f"{path}[*]", kind)]
        if flat and all(isinstance(each, dict) and "role" in each for each in flat):
            return [(path, FieldKind.MESSAGES)]
    if all(isinstance(value, dict) for value in values) and values:
        inner: dict[str, list[Any]] = {}
        for value in values:
            for name, each in value.items():
                inner.setdefault(name, []).append(each)
        return [
            found
            for name, each in inner.items()
            for found in _kinds(f"{path}.{name}", f"{key}_{name}", each)
        ]
    return [(path, FieldKind.ANSWER_LABEL)] if _ANSWER.search(key) else [(path, FieldKind.KEEP)]


def _string_kind(key: str, values: list[str]) -> FieldKind:
    if _OPTION_KEY.match(key):
        return FieldKind.OPTION
    if _ANSWER.search(key):
        if all(_LABEL.match(value.strip()) for value in values):
            return FieldKind.ANSWER_LABEL
        marked = sum("####" in value for value in values)
        return FieldKind.SOLUTION if marked > len(values) / 2 else FieldKind.ANSWER_TEXT
    if sum("def " in value and '"""' in value for value in values) > len(values) / 2:
        return FieldKind.CODE
    if sum(bool(_INLINE.search(value)) for value in values) > len(values) / 2:
        return FieldKind.INLINE_OPTIONS
    few = len(set(values)) <= max(1, len(values) // 4)
    prose = any(len(value) > 12 for value in values)
    return FieldKind.KEEP if few or not prose else FieldKind.TEXT


def as_yaml(recipe: dict[str, Any]) -> str:
    """The recipe as a file to edit."""
    return yaml.safe_dump(recipe, allow_unicode=True, sort_keys=False)
