"""What a metric must offer to take part in choosing among candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from service.engines.base import TranslationRequest


class CandidateScorer(Protocol):
    """Scores translations of one item beside their source, without a reference.

    What selected by a metric must not be judged by one of the same ``family`` alone.
    """

    family: str

    async def scores(
        self, request: TranslationRequest, candidates: Sequence[Mapping[str, str]]
    ) -> list[float | None]:
        """A score per candidate (texts by segment id), higher being better.

        ``None`` where there is none; a failure costs scores, never the translation.
        """
        ...
