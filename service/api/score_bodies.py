"""Bodies of requests and answers about scores."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.bodies import Directed
from service.api.fields import AnyText, CleanText, InlineRecipe


class GivenText(BaseModel):
    """A text and its translation."""

    model_config = ConfigDict(extra="forbid")

    source: AnyText
    target: AnyText
    reference: AnyText | None = Field(None, description="A human translation of the source.")
    back_translation: AnyText | None = Field(
        None, description="The target, translated back by another engine."
    )
    kind: Literal["text", "option", "answer_text", "solution", "code", "inline_options"] = Field(
        "text", description="What the text is in its benchmark (docs/recipes.md)."
    )


class GivenItem(BaseModel):
    """An item and its translation in the same shape."""

    model_config = ConfigDict(extra="forbid")

    source: Any
    target: Any
    reference: Any = Field(None, description="A human translation, in the shape of the item.")
    back_translation: Any = Field(
        None, description="The target, translated back, in the shape of the item."
    )


class ScoreRequest(Directed):
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
                            "reference": "下列何者不是哺乳類動物？",
                        }
                    ],
                    "metrics": ["chrf", "bleu"],
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
    metrics: list[CleanText] = Field(
        [],
        max_length=20,
        description="Names of metrics: GET /scoring-metrics. Without any chrf scores what has a "
        "reference or a back-translation.",
    )
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


class MetricStatus(BaseModel):
    """A configured metric."""

    name: str
    kind: str
    ready: bool
    family: str | None = Field(None, description="Metrics of one family share their blind spots.")
    needs_reference: bool | None = None
    signature: str | None = Field(None, description="Only equal signatures may be compared.")
    licence: str = ""
    caveats: list[str] = []
    error: str | None = Field(None, description="Why it is not ready.")
