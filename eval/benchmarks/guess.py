"""Guessing a recipe from items, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from eval.benchmarks.library import all_recipes
from eval.benchmarks.path import locate, show
from eval.benchmarks.recipe import Layout, Recipe
from eval.segment import FieldKind
from glossary.language import Language

_ID = re.compile(r"(?:^|_)(?:id|uid|guid|key|qid|index)$", re.IGNORECASE)
_ANSWER = re.compile(r"(?:^|[_ ])(?:answer|label|gold|target|correct|final)", re.IGNORECASE)
_OPTION_KEY = re.compile(
    r"^(?:[A-J]|[1-9]|(?:option|choice|ending|alternative|candidate|opt)_?[1-9A-Ja-j])$",
    re.IGNORECASE,
)
_OPTION_LIST = re.compile(r"choice|option|ending|alternative|candidates", re.IGNORECASE)
_TURNS = re.compile(r"turn", re.IGNORECASE)
_START = re.compile(r"start", re.IGNORECASE)
_INLINE = re.compile(r"[(（]A[)）].+[(（]B[)）]", re.DOTALL)
_PROGRAM = re.compile(r"^(?:def |import |\s+(?:return|for|if|while|assert|def)\b)", re.MULTILINE)
_MACHINE = re.compile(r"^(?:(?:kw)?args|meta(?:data)?|config|params?)$", re.IGNORECASE)
_LIST_SEPARATOR = "; "
_LABEL = re.compile(r"^(?:[A-J]|[A-J]{2,5}|\d{1,2}|true|false)$", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[A-Za-z0-9_./:#-]*")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u4e00-\u9fff]")

Fields = dict[str, dict[str, Any]]


def known_recipes(items: Sequence[Any]) -> list[Recipe]:
    """Recipes of which some layout fits every item, the likeliest first.

    Those that need most of the items' fields, of these the ones in the items' language, of these
    the ones that name most fields; recipes that name half as many as another are left out.
    """
    if not items:
        return []
    language = guess_language(" ".join(text for item in items for text in _strings(item)))
    ranked: list[tuple[tuple[int, bool, int], Recipe]] = []
    for recipe in all_recipes():
        fits = [
            (len(layout.fields) - _spare(layout), _named(layout, items[0]))
            for layout in recipe.layouts
            if not any(layout.missing(item) for item in items)
        ]
        if fits:
            needed, named = max(fits)
            ranked.append(((needed, recipe.source_language == language, named), recipe))
    most = max((rank[-1] for rank, _ in ranked), default=0)
    ranked.sort(key=lambda entry: entry[0], reverse=True)
    return [recipe for rank, recipe in ranked if rank[-1] > most / 2]


def _named(layout: Layout, item: Any) -> int:
    return sum(bool(locate(path, item)) for path in layout.fields)


def _spare(layout: Layout) -> int:
    """How many fields an item may lack."""
    return sum(spec.optional or spec.kind is FieldKind.KEEP for spec in layout.fields.values())


def guess_recipe(items: Sequence[Any], name: str = "mine") -> dict[str, Any]:
    """A recipe in plain values that fits the items as far as can be seen.

    A field that some item has not, or has empty, is optional. Items that are no objects give a
    recipe without fields: their places have no names to go by.
    """
    objects = [item for item in items if isinstance(item, dict)]
    fields: Fields = {}
    id_path = None
    for key in dict.fromkeys(key for item in objects for key in item):
        values = [item[key] for item in objects if item.get(key) is not None]
        if id_path is None and _is_id(key, values, len(objects)):
            id_path = show((key,))
            continue
        fields |= _fields(show((key,)), key, values)
    _find_spans(fields, objects)
    for path, spec in fields.items():
        if spec["kind"] is not FieldKind.KEEP and not _always_filled(path, objects):
            spec["optional"] = True
    texts = [text for item in objects for text in _strings(item)]
    recipe: dict[str, Any] = {
        "name": name,
        "source_language": str(guess_language(" ".join(texts))),
        "category": "knowledge",
        "fields": {path: _short(spec) for path, spec in fields.items()},
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


def as_yaml(recipe: dict[str, Any]) -> str:
    """The recipe as a file to edit."""
    return yaml.safe_dump(recipe, allow_unicode=True, sort_keys=False)


def _is_id(key: str, values: list[Any], count: int) -> bool:
    if not _ID.search(key) or _ANSWER.search(key) or len(values) < count:
        return False
    scalars = all(isinstance(value, str | int) for value in values)
    return scalars and len(set(map(str, values))) == len(values)


def _fields(path: str, key: str, values: list[Any]) -> Fields:
    """The fields at ``path`` and below it; ``values`` are what the items have there."""
    if _MACHINE.search(key):
        return {path: {"kind": FieldKind.KEEP}}
    if values and all(isinstance(value, str) for value in values):
        kind = _string_kind(key, values)
        if kind is FieldKind.TEXT_LIST:
            return {path: {"kind": kind, "separator": _LIST_SEPARATOR}}
        return {path: {"kind": kind}}
    if values and all(isinstance(value, list) for value in values):
        return _list_fields(path, key, [element for value in values for element in value])
    if values and all(isinstance(value, dict) for value in values):
        return _inner_fields(path, key, values)
    kind = FieldKind.ANSWER_LABEL if _ANSWER.search(key) else FieldKind.KEEP
    return {path: {"kind": kind}}


def _list_fields(path: str, key: str, elements: list[Any]) -> Fields:
    if elements and all(isinstance(each, dict) and "role" in each for each in elements):
        return {path: {"kind": FieldKind.MESSAGES}}
    if elements and all(isinstance(each, str) for each in elements):
        kind = FieldKind.TURN if _TURNS.search(key) else _string_kind(key, elements)
        return {f"{path}[*]": {"kind": kind}}
    if elements and all(isinstance(each, dict | list) for each in elements):
        return _fields(f"{path}[*]", key, elements)
    return {path: {"kind": FieldKind.KEEP}}


def _inner_fields(path: str, key: str, values: list[dict[str, Any]]) -> Fields:
    inner: dict[str, list[Any]] = {}
    for value in values:
        for name, each in value.items():
            inner.setdefault(name, []).append(each)
    fields: Fields = {}
    for name, each in inner.items():
        step = show((name,))
        place = path + (step if step.startswith("[") else f".{step}")
        full = [value for value in each if value is not None]
        fields |= _fields(place, name if _OPTION_KEY.match(name) else f"{key}_{name}", full)
    return fields


def _string_kind(key: str, values: list[str]) -> FieldKind:
    filled = [value for value in values if value.strip()]
    few = len(filled) > 1 and len(set(filled)) <= max(1, len(filled) // 4)
    if _OPTION_KEY.match(key) or (_OPTION_LIST.search(key) and not _are_labels(filled)):
        return FieldKind.OPTION
    if _ANSWER.search(key):
        if few or _are_labels(filled):
            return FieldKind.ANSWER_LABEL
        if key.lower().endswith("answers") and _mostly(filled, re.escape(_LIST_SEPARATOR)):
            return FieldKind.TEXT_LIST
        return FieldKind.SOLUTION if _mostly(filled, "####") else FieldKind.ANSWER_TEXT
    if _mostly(filled, r"def [\s\S]*(?:\"\"\"|''')"):
        return FieldKind.CODE
    if _mostly(filled, _INLINE):
        return FieldKind.INLINE_OPTIONS
    machine = _mostly(filled, _PROGRAM) or _mostly(filled, r"^https?://")
    prose = any(len(value) > 12 for value in filled)
    identifiers = all(_IDENTIFIER.fullmatch(value) for value in filled)
    return FieldKind.KEEP if few or machine or identifiers or not prose else FieldKind.TEXT


def _mostly(values: list[str], pattern: str | re.Pattern[str]) -> bool:
    return sum(bool(re.search(pattern, value)) for value in values) > len(values) / 2


def _are_labels(values: list[str]) -> bool:
    """Letters, class names or numbers: nothing to translate."""
    return all(
        _LABEL.match(value.strip()) or not any(char.isalpha() for char in value) for value in values
    )


def _find_spans(fields: Fields, items: list[dict[str, Any]]) -> None:
    """Answers that always stand in a longer text of their item, and the offsets beside them."""
    contexts = [path for path, spec in fields.items() if spec["kind"] is FieldKind.TEXT]
    for path, spec in fields.items():
        if spec["kind"] is not FieldKind.ANSWER_TEXT:
            continue
        for context in contexts:
            if "[*]" not in context and _stands_in(path, context, items):
                spec |= {"kind": FieldKind.ANSWER_SPAN, "context": context}
                break
    for path, spec in fields.items():
        if spec["kind"] is FieldKind.ANSWER_SPAN:
            _find_offset(path, spec["context"], fields, items)


def _stands_in(path: str, context: str, items: list[dict[str, Any]]) -> bool:
    pairs = [
        (str(span), str(whole))
        for item in items
        for _, whole in locate(context, item)
        for _, span in locate(path, item)
    ]
    return bool(pairs) and all(span in whole and len(whole) > len(span) for span, whole in pairs)


def _find_offset(span: str, context: str, fields: Fields, items: list[dict[str, Any]]) -> None:
    parent = re.sub(r"\.?[^.\]]+(?:\[\*\])?$", "", span)
    for path in list(fields):
        if not (_START.search(path) and path.startswith(parent)):
            continue
        for full in (path, f"{path}[*]"):
            values = [value for item in items for _, value in locate(full, item)]
            if values and all(type(value) is int for value in values):
                del fields[path]
                fields[full] = {"kind": FieldKind.ANSWER_START, "span": span, "context": context}
                return


def _always_filled(path: str, items: list[dict[str, Any]]) -> bool:
    found = [locate(path, item) for item in items]
    values = [value for places in found for _, value in places]
    return all(found) and all(value is not None and str(value).strip() for value in values)


def _short(spec: dict[str, Any]) -> Any:
    plain = {name: str(each) if name == "kind" else each for name, each in spec.items()}
    return plain["kind"] if len(plain) == 1 else plain


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
