"""What came of a probe of the back-translator, and of having an item answered on each side."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class ProbeResult(StrEnum):
    """What a back-translator made of a number that was changed in the translation.

    ``FROM_MEMORY``: it wrote the number of the source, which it was not shown. ``UNCLEAR``: it
    wrote both numbers or neither.
    """

    FOLLOWED = "followed"
    FROM_MEMORY = "from_memory"
    UNCLEAR = "unclear"


class ProbeOutcome(BaseModel):
    """One number that was changed in a translation, and what came back."""

    model_config = ConfigDict(frozen=True)

    segment: str
    original: str = Field(description="The number as the translation has it.")
    changed: str = Field(description="What the back-translator was shown instead.")
    back_translation: str
    result: ProbeResult


class Invariance(StrEnum):
    """Does a solver give a translated item the answer that it gives the source?

    ``UNDECIDED``: no answer prevails on one side, or the difference may be chance.
    """

    SAME = "same"
    FLIPPED = "flipped"
    UNDECIDED = "undecided"


class Solved(BaseModel):
    """A solver's answers to an item, by how often it gave them; unreadable ones are left out.

    ``back`` and ``back_outcome`` are of the back-translation, which is laid beside the source;
    ``None`` where it was not asked.
    """

    model_config = ConfigDict(frozen=True)

    outcome: Invariance
    times: int = Field(description="How often each side was asked.")
    source: dict[str, int] = {}
    target: dict[str, int] = {}
    back: dict[str, int] | None = None
    note: str = Field("", description="Why it is undecided.")
    back_outcome: Invariance | None = None
