"""Bodies of requests and answers, with the examples that /docs shows."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)

from eval.checks.base import Finding
from eval.run_log import ItemError, ItemRecord, Provenance, RunInfo, Verdict
from glossary.errors import GlossaryError
from glossary.language import Language, parse_language
from service.pipeline.preview import ItemPreview


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


class Order(StrEnum):
    """In which order results come."""

    INPUT = "input"
    FINISHED = "finished"


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    target: LanguageTag
    source: LanguageTag | None = Field(
        None, description="BCP 47 tag; default: the recipe's source language."
    )
    engine: CleanText | None = Field(
        None, description="Name of a configured engine; default: the first that serves the pair."
    )
    candidates: int = Field(
        1, ge=1, strict=True, description="Translations per item to choose from; checks choose."
    )
    seed: int | None = Field(
        None,
        ge=0,
        le=2**53 - 1,
        strict=True,
        description="Makes sampling repeatable where it can be.",
    )


class TranslateRequest(_Request):
    """Texts without any structure."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "text": "下列哪一项是光的速度？约为 $3\\times10^8$ m/s",
                "source": "zh-CN",
                "target": "zh-TW",
                "engine": "opencc",
            }
        },
    )

    source: LanguageTag
    text: Texts = Field(description="One text or a list; each is translated by itself.")


class BenchmarkRequest(_Request):
    """Items of one benchmark, in the shape in which it is published."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "benchmark": "cmmlu",
                "target": "zh-TW",
                "engine": "opencc",
                "items": [
                    {
                        "id": "physics-1",
                        "question": "下列哪个量是标量？",
                        "A": "速度",
                        "B": "速率",
                        "C": "加速度",
                        "D": "位移",
                        "answer": "B",
                    }
                ],
            }
        },
    )

    benchmark: CleanText | None = Field(None, description="Name of a recipe: GET /benchmarks.")
    recipe: Annotated[dict[str, Any], AfterValidator(_sendable)] | None = Field(
        None, description="Instead of `benchmark`: which fields of the items are what."
    )
    items: list[Any] = Field(min_length=1, description="The items; one that is bad fails alone.")
    order: Order = Field(Order.INPUT, description="Order of the results.")
    dry_run: bool = Field(False, strict=True, description="Show what would be sent; send nothing.")

    @model_validator(mode="after")
    def _one_of_both(self) -> BenchmarkRequest:
        if (self.benchmark is None) == (self.recipe is None):
            raise ValueError("give either `benchmark` or `recipe`")
        return self


class TranslatedText(BaseModel):
    """One text's translation; ``hypothesis`` is ``null`` exactly when the verdict is ``failed``."""

    text: str
    hypothesis: str | None
    verdict: Verdict
    findings: list[Finding] = []
    error: ItemError | None = None
    provenance: Provenance


class TranslateAnswer(BaseModel):
    """Translations in the order of the texts."""

    run: RunInfo
    results: list[TranslatedText]


class BenchmarkAnswer(BaseModel):
    """Records of all items."""

    run: RunInfo
    results: list[ItemRecord]


class DryRunAnswer(BaseModel):
    """What a request would do."""

    run: RunInfo
    dry_run: Literal[True] = True
    results: list[ItemPreview]


class StreamEnd(BaseModel):
    """The last line of the NDJSON stream: a stream without it was cut off."""

    type: Literal["end"] = "end"
    run: RunInfo


class LanguageInfo(BaseModel):
    """A language that can be a side of a pair."""

    tag: Language
    english_name: str
    native_name: str


class EngineStatus(BaseModel):
    """A configured engine."""

    name: str
    kind: str
    ready: bool
    model: str | None = None
    revision: str | None = None
    profile: str | None = None
    answer_format: str | None = None
    pairs: list[str]
    max_concurrency: int
    licence_notes: list[str] = []
    error: str | None = Field(None, description="Why it is not ready.")


class BenchmarkInfo(BaseModel):
    """A recipe in short."""

    name: str
    title: str
    source_language: Language | None
    category: str
    scoring: str
    licence: str
    licence_note: str
    layouts: list[str]
