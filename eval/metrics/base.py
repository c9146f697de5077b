"""What a metric is: rows of text in, a number per row out, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from glossary.language import Language


class Use(StrEnum):
    """What a hypothesis is laid beside; a score is kept under ``USE.METRIC``.

    ``REFERENCE``: a human translation of the same source. ``SOURCE``: nothing but its source.
    ``ROUND_TRIP``: the source itself, the hypothesis being the translation back from the target.
    """

    REFERENCE = "reference"
    SOURCE = "source"
    ROUND_TRIP = "round_trip"


@dataclass(frozen=True, slots=True)
class Row:
    """One hypothesis with what it is measured against.

    ``language`` is that of hypothesis and reference. On a round trip the source is the translation,
    the hypothesis its back-translation, and the reference the text that all began with.
    """

    source: str
    hypothesis: str
    reference: str | None
    language: Language


class Score(BaseModel):
    """A number, or ``None`` with the reason: what was not measured is never 0."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    reason: str = Field("", description="Why there is no value; empty where there is one.")


class MetricInfo(BaseModel):
    """What is known of a metric once it is ready, and what a number of it must be quoted with.

    Two metrics of one family share their blind spots: what selected by one is not judged by the
    other alone.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    family: str = Field(description="lexical, comet, embedding, ...")
    needs_reference: bool
    higher_is_better: bool = True
    signature: str = Field(description="Equal signatures may be compared, others not.")
    licence: str = Field("", description="Of the checkpoint, where it says one.")
    caveats: tuple[str, ...] = ()


class Metric(Protocol):
    """Port of everything that scores."""

    name: str

    async def info(self) -> MetricInfo:
        """Make ready (load) and say what it is; cheap from the second call on.

        Raises:
            MetricError: it cannot be made ready.
        """
        ...

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        """A score per row, in their order; a failure costs scores, never the caller's work."""
        ...

    async def close(self) -> None:
        """Let go of processes and memory."""
        ...
