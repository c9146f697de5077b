"""Bodies of requests and answers, with the examples that /docs shows."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from eval.checks.base import Finding
from eval.metrics.base import Score
from eval.round_trip.outcomes import ProbeOutcome
from eval.run_log import ItemError, ItemRecord, Provenance, RunInfo, TermRecord, Verdict
from glossary.language import Language
from service.api.fields import CleanText, InlineRecipe, LanguageTag, Levels, Texts
from service.engines.purse import Budget
from service.pipeline.levels import THOROUGH_CANDIDATES, Effort, Method
from service.pipeline.preview import ItemPreview
from service.round_trip.options import RoundTripOptions, SolveOptions


class Order(StrEnum):
    """In which order results come."""

    INPUT = "input"
    FINISHED = "finished"


class Directed(BaseModel):
    """What every request about texts in two languages says."""

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


class ItemBudget(BaseModel):
    """The most that translating one item may cost; what is left out has no limit."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"calls": 4, "seconds": 60}}
    )

    calls: int | None = Field(None, ge=1, strict=True, description="Questions to the model.")
    tokens: int | None = Field(None, ge=1, strict=True, description="That the model writes.")
    seconds: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="From when the item's turn has come."
    )

    @property
    def limits(self) -> Budget:
        """As the pipeline keeps it."""
        return Budget(self.calls, self.tokens, self.seconds)


class _Request(Directed):
    engine: CleanText | None = Field(
        None, description="Name of a configured engine; default: the first that serves the pair."
    )
    effort: Effort = Field(
        Effort.CHECKED,
        description="How much is done for each item (docs/effort.md): `draft` is one call, "
        "`checked` mends what the checks find, `thorough` adds candidates and a critique.",
        examples=["thorough"],
    )
    method: Method | None = Field(
        None,
        description="With `thorough`: what becomes of the candidates. Default: `best_of_n`.",
        examples=["fuse"],
    )
    candidates: int | None = Field(
        None,
        ge=1,
        strict=True,
        description="Translations per item to choose from; with `thorough` the most of them. "
        f"Default: 1, with `thorough` {THOROUGH_CANDIDATES}.",
    )
    budget: ItemBudget | None = Field(
        None, description="The most that translating each item may cost."
    )
    seed: int | None = Field(
        None,
        ge=0,
        le=2**53 - 1,
        strict=True,
        description="Makes sampling repeatable where it can be.",
    )
    select_by: CleanText | None = Field(
        None,
        description="With `thorough`: a metric that helps to choose (GET /scoring-metrics).",
        examples=["comet"],
    )
    round_trip: RoundTripOptions | None = Field(
        None, description="Translate back, blindly, and score the way back (docs/round-trip.md)."
    )
    metrics: list[CleanText] = Field(
        [],
        max_length=20,
        description="Metrics that score each item: GET /scoring-metrics. `chrf` always scores the "
        "way back.",
    )

    @model_validator(mode="after")
    def _method_for_candidates(self) -> Self:
        if self.method is not None and self.effort is not Effort.THOROUGH:
            raise ValueError("`method` is for `effort`: `thorough`; leave it out, or ask for that")
        if self.select_by is not None and self.effort is not Effort.THOROUGH:
            raise ValueError("`select_by` chooses among candidates: ask for `effort`: `thorough`")
        return self


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
    solve: SolveOptions | None = Field(
        None, description="Have items answered in both languages; flipped answers are flagged."
    )
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
    terms: list[TermRecord] = Field([], description="Applied, missed and violated terms.")
    back_translation: str | None = Field(None, description="With `round_trip`, made blindly.")
    scores: dict[str, Score] = Field({}, description="By use and metric: `round_trip.comet`.")
    probe: ProbeOutcome | None = Field(None, description="Where its way back was probed.")
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
