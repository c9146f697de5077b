"""What an item must be before anything looks at it closely."""

from __future__ import annotations

import math
from typing import Any

from eval.benchmarks.path import Location, locate, show
from eval.benchmarks.recipe import Recipe
from eval.errors import ItemTooLarge, WrongType
from eval.segment import FieldKind

_NOT_READ = {FieldKind.KEEP, FieldKind.ANSWER_LABEL, FieldKind.ANSWER_START}
_FIELD_TO_TEXT = 4
"""A field may hold more than its text to translate, code above all, but hardly more than this."""


def refuse_too_large(data: Any, recipe: Recipe, limit: int) -> None:
    """Refuse a huge item by the size of its fields, before it is searched for what to translate.

    Args:
        data: the item.
        recipe: says which fields are read at all; the others may have any size.
        limit: characters to translate.

    Raises:
        ItemTooLarge: there is far more in its fields than may be translated.
        MissingFields: no layout fits.
    """
    if not isinstance(data, dict | list):
        return
    characters = sum(
        _characters(value)
        for path, spec in recipe.layout_of(data).fields.items()
        if spec.kind not in _NOT_READ
        for _, value in locate(path, data)
    )
    if characters > _FIELD_TO_TEXT * limit:
        raise ItemTooLarge(characters, limit)


def _characters(value: Any) -> int:
    """Length of a text, or of all texts in a list of messages."""
    if isinstance(value, str):
        return len(value)
    messages = [
        text for path in ("[*].content", "[*].content[*].text") for text in locate(path, value)
    ]
    return sum(len(text) for _, text in messages if isinstance(text, str))


def refuse_unknown_numbers(value: Any, location: Location = ()) -> None:
    """Refuse NaN and infinity, which Python reads and writes but JSON does not have.

    Raises:
        WrongType: with the place.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise WrongType(show(location), "a number that JSON has", repr(value))
    if isinstance(value, dict):
        for key, inner in value.items():
            refuse_unknown_numbers(inner, (*location, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            refuse_unknown_numbers(inner, (*location, index))
