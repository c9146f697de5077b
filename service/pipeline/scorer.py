"""What others must offer to take part in working out an item: a metric, a back-translator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from eval.segment import Segment
from service.engines.base import TranslationRequest
from service.engines.errors import EngineError
from service.engines.purse import Purse, Usage


class CandidateScorer(Protocol):
    """Scores translations of one item beside their source, without a reference.

    What selected by a metric must not be judged by one of the same ``family`` alone.
    """

    family: str

    @property
    def signature(self) -> str:
        """``FAMILY/...``: another one where numbers are made in another way."""
        ...

    async def scores(
        self, request: TranslationRequest, candidates: Sequence[Mapping[str, str]]
    ) -> list[float | None]:
        """A score per candidate (texts by segment id), higher being better.

        ``None`` where there is none; a failure costs scores, never the translation.
        """
        ...


class BackTranslating(Protocol):
    """Translates the target language back, so that a critique may see what came of the source."""

    @property
    def signature(self) -> str:
        """Who does it, and how."""
        ...

    async def translated(
        self, segments: Iterable[Segment], purse: Purse | None = None, leave: int = 0
    ) -> tuple[Mapping[str, str] | EngineError, Usage]:
        """Texts of the target language in the source's, by segment, or why there are none.

        ``leave``: calls that must be left in the purse.

        Raises:
            BudgetSpent: the purse does not suffice.
            EngineError: the engine failed.
            PromptError: the texts cannot be worded for its model.
        """
        ...
