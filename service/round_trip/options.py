"""What a request may choose about the way back and about solving."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RoundTripOptions(BaseModel):
    """Translating back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: str | None = Field(
        None, description="Name of a configured engine; default: one of another model family."
    )
    probes: int = Field(
        0, ge=0, description="In so many items a number is changed to see whether it comes back."
    )


class SolveOptions(BaseModel):
    """Having items answered on both sides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: str = Field(description="Name of a configured engine whose model answers questions.")
    times: int = Field(
        3, ge=3, le=32, description="Answers to each side of an item; of fewer none can be told."
    )
