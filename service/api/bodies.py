"""Bodies of requests and answers, with the examples that /docs shows."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from eval.checks.base import Finding
from eval.run_log import ItemError, ItemRecord, Provenance, RunInfo, TermRecord, Verdict
from glossary.language import Language
from service.api.fields import AnyText, CleanText, InlineRecipe, LanguageTag, Levels, Texts
from service.pipeline.preview import ItemPreview


class Order(StrEnum):
    """In which order results come."""

    INPUT = "input"
    FINISHED = "finished"


class _Directed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    target: LanguageTag
    source: LanguageTag | None = Field(
        None, description="BCP 47 tag; default: the recipe's source language."
    )
    checks: Levels = {}
    glossaries: list[CleanText] = Field(
        [],
        max_length=20,
        description="Names of glossaries whose terms are to be obeyed; the first has precedence.",
        examples=[["exams", "school"]],
    )


class _Request(_Directed):
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
    recipe: InlineRecipe | None = Field(
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


class GivenText(BaseModel):
    """A text and its translation."""

    model_config = ConfigDict(extra="forbid")

    source: AnyText
    target: AnyText
    kind: Literal["text", "option", "answer_text", "solution", "code", "inline_options"] = Field(
        "text", description="What the text is in its benchmark (docs/recipes.md)."
    )


class GivenItem(BaseModel):
    """An item and its translation in the same shape."""

    model_config = ConfigDict(extra="forbid")

    source: Any
    target: Any


class ScoreRequest(_Directed):
    """Translations made elsewhere: either `texts`, or `items` of a benchmark."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "source": "en",
                    "target": "zh-TW",
                    "texts": [
                        {
                            "source": "Which of these is NOT a mammal?",
                            "target": "下列何者是哺乳類動物？",
                        }
                    ],
                },
                {
                    "benchmark": "mmlu",
                    "target": "ko",
                    "items": [
                        {
                            "source": {
                                "question": "Which quantity is a scalar?",
                                "choices": ["velocity", "speed", "force", "momentum"],
                                "answer": 1,
                            },
                            "target": {
                                "question": "다음 중 스칼라량은?",
                                "choices": ["속도", "속력", "힘", "운동량"],
                                "answer": 1,
                            },
                        }
                    ],
                },
            ]
        },
    )

    texts: list[GivenText] | None = Field(None, min_length=1)
    benchmark: CleanText | None = Field(None, description="Name of a recipe: GET /benchmarks.")
    recipe: InlineRecipe | None = Field(
        None, description="Instead of `benchmark`: which fields of the items are what."
    )
    items: list[GivenItem] | None = Field(
        None, min_length=1, description="The items; one that is bad fails alone."
    )

    @model_validator(mode="after")
    def _texts_or_items(self) -> ScoreRequest:
        if (self.texts is None) == (self.items is None):
            raise ValueError("give either `texts` or `items`")
        described = (self.benchmark is not None) + (self.recipe is not None)
        if described != (self.items is not None):
            raise ValueError("give either `benchmark` or `recipe` with `items`, none with `texts`")
        return self


class TranslatedText(BaseModel):
    """One text's translation; ``hypothesis`` is ``null`` exactly when the verdict is ``failed``."""

    text: str
    hypothesis: str | None
    verdict: Verdict
    findings: list[Finding] = []
    terms: list[TermRecord] = Field([], description="Applied, missed and violated terms.")
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
    findings: dict[int, list[Finding]] = Field(
        default={}, description="By index of the item: what shows only when all items are there."
    )


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
