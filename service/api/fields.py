"""Kinds of fields in request bodies, with what they refuse."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from eval.checks.rules import Level
from glossary.errors import GlossaryError
from glossary.language import Language, parse_language


def _language(tag: Any) -> Any:
    if not isinstance(tag, str):
        return tag
    try:
        return parse_language(tag)
    except GlossaryError as error:
        raise ValueError(str(error)) from error


LanguageTag = Annotated[
    Language,
    BeforeValidator(_language, json_schema_input_type=str),
    Field(description="BCP 47 tag: en, zh-TW (zh-Hant), zh-CN (zh-Hans) or ko; never bare zh."),
]


def _no_bad_characters(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("holds a lone surrogate")
    return text


CleanText = Annotated[str, AfterValidator(_no_bad_characters)]


def _texts(value: Any) -> list[str]:
    """One text or several, as a list.

    Not pydantic's ``str``: it refuses the whole request for one lone surrogate, but one bad text
    fails alone.
    """
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise ValueError("is an empty list")
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            where = f"entry {place}" if texts is value else "it"
            raise ValueError(f"must be a string or a list of strings; {where} is neither")  # noqa: TRY004
    return texts


Texts = Annotated[
    list[str],
    PlainValidator(_texts, json_schema_input_type=str | Annotated[list[str], Field(min_length=1)]),
]


def _sendable(recipe: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(recipe, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds a lone surrogate") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    return recipe


InlineRecipe = Annotated[dict[str, Any], AfterValidator(_sendable)]

Levels = Annotated[
    dict[str, Level],
    Field(
        description="Level of a check by its name, instead of the recipe's or its own: "
        "hard, soft or off.",
        examples=[{"wording": "off"}],
    ),
]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a string")  # noqa: TRY004
    return value


AnyText = Annotated[str, PlainValidator(_text, json_schema_input_type=str)]
"""One bad text fails alone; see ``_texts``."""
